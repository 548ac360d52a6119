"""What it takes to understand a question in plain words: those of the tests, and hostile ones at the limit."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from benchmarks.data import Bench
from benchmarks.lines.plan import Plan
from benchmarks.measure import Times
from benchmarks.report import Part, Table, Target, figure
from directory.questions.interpretation import interpret
from directory.questions.words import LONGEST_QUESTION

QUESTIONS = Path(settings.BASE_DIR) / "tests" / "directory" / "questions"
# Each is cut at the limit: long words, unknown ones, misspelt ones, and words that many readings begin with.
HOSTILE = tuple(
    (text * LONGEST_QUESTION)[:LONGEST_QUESTION]
    for text in (
        "a", "é", "bolanjerie ", "sain mortin dé champz ", "10 km ", "à ", "ouvert le dimanche matin ", "xqzjw kvbtp ",
        "fromaje de chaivre ", "s/ ", "1 ", "vingt ", "la ", "&", "12 rue ", "chinon reuilly ", "sainte ",
    )
)  # fmt: skip


def measure(benches: Sequence[Bench], plan: Plan) -> Part:
    asked = [
        json.loads(line)["q"]
        for path in sorted(QUESTIONS.glob("*.jsonl"))
        for line in path.read_text("utf-8").splitlines()
    ]
    for text in (*asked, *HOSTILE):
        interpret(text, timezone.now())
    usual, hostile = _times(asked, plan.rounds), _times(HOSTILE, plan.rounds)
    rows = [
        _row("questions of the tests", usual),
        _row(f"hostile ones, {LONGEST_QUESTION} characters", hostile),
    ]
    table = Table(
        "Understanding a question",
        ("", "questions", "p50 ms", "p95 ms", "slowest ms"),
        rows,
        "In process, words that were met before remembered, as in a service that has been running for a while.",
    )
    targets = [
        Target("understanding a question, p50", 3, 1, usual.p50, " ms", at_most=True),
        Target("… the slowest hostile one", 30, 10, max(hostile.milliseconds), " ms", at_most=True),
    ]
    return Part([table], targets)


def _row(title: str, times: Times) -> Sequence[str]:
    slowest = max(times.milliseconds)
    return (title, f"{len(times.milliseconds)}", figure(times.p50), figure(times.p95), figure(slowest))


def _times(texts: Iterable[str], rounds: int) -> Times:
    """Each text's quickest run of a few."""
    now = timezone.now()
    times = Times()
    for text in texts:
        taken = []
        for _ in range(rounds):
            began = time.perf_counter()
            interpret(text, now)
            taken.append((time.perf_counter() - began) * 1000)
        times.milliseconds.append(min(taken))
    return times
