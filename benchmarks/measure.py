"""Measuring: warm up, compare the answers, then A B A B. Milliseconds throughout."""

from __future__ import annotations

import math
import statistics
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from benchmarks.load import One, crowd
from benchmarks.servers import Contender, ask
from benchmarks.stream import Asked

CROWD = 8
FIRST_ON_A_CONNECTION = 2  # asked before what is timed


class MismatchError(RuntimeError):
    """Two contenders answer one question differently: nothing is timed."""


@dataclass(slots=True)
class Times:
    """Answer times of one contender; with one client, for each question the only one, by its place in the stream."""

    milliseconds: list[float] = field(default_factory=list)
    places: list[int] = field(default_factory=list)

    def against(self, other: Times) -> float:
        """How many times as long as another: medians over the questions that both answered."""
        both = set(self.places) & set(other.places)
        mine, theirs = (
            statistics.median(t for t, place in zip(one.milliseconds, one.places, strict=True) if place in both)
            for one in (self, other)
        )
        return mine / theirs

    @property
    def p50(self) -> float:
        return statistics.median(self.milliseconds)

    @property
    def p95(self) -> float:
        ordered = sorted(self.milliseconds)
        return ordered[min(len(ordered) - 1, math.ceil(0.95 * len(ordered)) - 1)]


@dataclass(slots=True)
class Throughput:
    """Answers a second of several clients: the median over the rounds; and their answer times."""

    rounds: list[float] = field(default_factory=list)
    times: Times = field(default_factory=Times)

    @property
    def per_second(self) -> float:
        return statistics.median(self.rounds)


def same_answers(
    contenders: Sequence[Contender], ports: Mapping[str, int], questions: Sequence[Asked], slow: int
) -> list[int]:
    """Ask every contender every question, slow ones the first `slow`; the totals.

    Raises MismatchError at the first difference.
    """
    first, *others = contenders
    totals = []
    for place, asked in enumerate(questions):
        expected = ask(ports[first.key], first, asked)
        for other in others:
            if other.slow and place >= slow:
                continue
            got = ask(ports[other.key], other, asked)
            if got != expected:
                raise MismatchError(
                    f"{other.title} and {first.title} answer {asked.query} differently:\n"
                    f"  {got.total} in all, {list(got.ids)}\n  {expected.total} in all, {list(expected.ids)}"
                )
        totals.append(expected.total)
    return totals


def warm_up(
    contenders: Sequence[Contender],
    ports: Mapping[str, int],
    questions: Sequence[Asked],
    seconds: float,
    clients: int = 2 * CROWD,
) -> None:
    """Until every thread of every server has its connection, and its statements are prepared."""
    for contender in contenders:
        messages = [contender.request(asked) for asked in questions]
        for _ in range(3):
            crowd(ports[contender.key], messages, clients, seconds / 3)


def one_client(
    contenders: Sequence[Contender], ports: Mapping[str, int], questions: Sequence[Asked], rounds: int, slow: int
) -> dict[str, Times]:
    """Every contender answers every question, a round's share each in turn: A B C, C B A, …; slow ones the first."""
    times = {c.key: Times() for c in contenders}
    for number in range(rounds):
        for contender in contenders if number % 2 == 0 else reversed(contenders):
            asked = questions[:slow] if contender.slow else questions
            places = range(len(asked))[number::rounds]
            messages = [contender.request(asked[place]) for place in places]
            one = times[contender.key]
            one.milliseconds += _timed(ports[contender.key], messages, 0 if contender.slow else FIRST_ON_A_CONNECTION)
            one.places += places
    return times


def _timed(port: int, messages: Sequence[bytes], first: int) -> list[float]:
    """Each answer's time, on one connection. Servers close those that wait while others are asked."""
    client = One(port)
    for message in messages[:first]:
        client.timed(message)
    taken = [client.timed(message) for message in messages]
    client.close()
    return taken


def several_clients(
    contenders: Sequence[Contender], ports: Mapping[str, int], questions: Sequence[Asked], rounds: int, seconds: float
) -> dict[str, Throughput]:
    """Eight clients at once for `seconds`, contender after contender, so many rounds; slow ones two."""
    results = {c.key: Throughput() for c in contenders}
    for number in range(rounds):
        for contender in contenders if number % 2 == 0 else reversed(contenders):
            if contender.slow and number > 1:
                continue
            messages = [contender.request(asked) for asked in questions]
            got = crowd(ports[contender.key], messages, CROWD, seconds)
            results[contender.key].rounds.append(got.per_second)
            results[contender.key].times.milliseconds += got.milliseconds
            time.sleep(0.05)
    return results
