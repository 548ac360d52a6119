"""Suggestions over HTTP, keystroke by keystroke: what people look for, where, merchants' names, typos, the worst."""

from __future__ import annotations

import random
from collections.abc import Sequence
from urllib.parse import urlencode

from django.db import connection

from benchmarks.data import Bench
from benchmarks.lines.plan import QUESTIONS_SEED, Plan
from benchmarks.load import One, crowd, request
from benchmarks.measure import CROWD, Times
from benchmarks.report import Part, Table, Target, figure
from benchmarks.servers import OURS, running
from directory.questions.words import LONGEST_QUESTION
from directory.vocabulary import vocabulary
from geo.gazetteer import gazetteer

PATH = "/api/v1/suggest/"
LARGEST_TARGETED = 100_000  # merchants
SHORTEST = 2  # the page's field asks from two letters on
NAMES = "SELECT name FROM directory_search_entry WHERE id = ANY (%s) ORDER BY id"


def measure(bench: Bench, plan: Plan) -> Part:
    kinds = _kinds(bench, plan.questions)
    with running([OURS], bench) as ports:
        everything = [text for texts in kinds.values() for text in texts]
        # Until every thread of both workers has its connection, and each worker its copies.
        crowd(ports[OURS.key], [_request(text) for text in everything], 2 * CROWD, plan.warm_up_s)
        times = {kind: Times(_timed(ports[OURS.key], texts)) for kind, texts in kinds.items()}
    rows = [_row(kind, one) for kind, one in times.items()]
    typed = Times([taken for kind, one in times.items() if kind != WORST for taken in one.milliseconds])
    rows.append(_row("all but the last", typed))
    note = f"{len(next(iter(kinds.values())))} keystrokes of each kind, one client, production middleware."
    table = Table("Suggestions while typing, over HTTP", ("", "p50 ms", "p95 ms", "most ms"), rows, note)
    if bench.rows > LARGEST_TARGETED:
        return Part([table])
    what = f"suggestions while typing, p95, {LARGEST_TARGETED:,} merchants at most"
    return Part([table], [Target(what, 20, 10, typed.p95, " ms", at_most=True)])


WORST = f"{LONGEST_QUESTION} characters that name nothing"


def _kinds(bench: Bench, count: int) -> dict[str, list[str]]:
    """Texts as they stand at some keystroke, by what is being typed."""
    chance = random.Random(QUESTIONS_SEED)
    labels = [term.label_fr for term in vocabulary().terms]
    communes = [entry.name for entry in gazetteer().entries]
    with connection.cursor() as cursor:
        cursor.execute(NAMES, [[chance.randrange(1, bench.points) for _ in range(count)]])
        names = [name for (name,) in cursor.fetchall()]
    things = chance.choices(labels, k=count)
    places = [f"{chance.choice(labels)} autour de {name}" for name in chance.choices(communes, k=count)]
    inner = [name.split(" ", 1)[-1] for name in names]
    return {
        "a thing": [_begun(text, chance) for text in things],
        "a thing around a place": [_begun(text, chance, at_least=text.index(" autour de ") + 13) for text in places],
        "a merchant's name": [_begun(text, chance) for text in names],
        "an inner part of a merchant's name": [_begun(text, chance, at_least=4) for text in inner],
        "a thing or name with a wrong letter": [
            _misspelt(_begun(text, chance, at_least=6), chance) for text in chance.sample([*things, *names], count)
        ],
        WORST: ["".join(chance.choices("aeiourstln ", k=LONGEST_QUESTION)) for _ in range(count)],
    }


def _begun(text: str, chance: random.Random, at_least: int = SHORTEST) -> str:
    return text[: chance.randint(min(at_least, len(text)), len(text))]


def _misspelt(text: str, chance: random.Random) -> str:
    at = chance.randrange(1, len(text)) if len(text) > 1 else 0
    return text[:at] + chance.choice("aeioujkmnrst") + text[at + 1 :]


def _timed(port: int, texts: Sequence[str]) -> list[float]:
    client = One(port)
    taken = [client.timed(_request(text)) for text in texts]
    client.close()
    return taken


def _request(text: str) -> bytes:
    return request(f"{PATH}?{urlencode({'q': text})}")


def _row(kind: str, times: Times) -> tuple[str, ...]:
    return kind, figure(times.p50), figure(times.p95), figure(max(times.milliseconds))
