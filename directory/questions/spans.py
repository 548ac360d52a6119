"""Readings of runs of words, and the choice among them: the longest and surest ones that do not overlap."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

# A reading of several words is worth more than readings of each: the longest match wins.
JOINING = 0.5


@dataclass(frozen=True, slots=True)
class Span:
    """Words [start, end) read as `kind` with a value. `sure` is from 0 to 1 a word; `bonus` what speaks for it."""

    start: int
    end: int
    kind: str
    value: Any
    sure: float = 1.0
    bonus: float = 0.0

    @property
    def worth(self) -> float:
        length = self.end - self.start
        return self.sure * (length + JOINING * (length - 1)) + self.bonus

    def overlaps(self, other: Span) -> bool:
        return self.start < other.end and other.start < self.end


def best(spans: Iterable[Span], length: int) -> list[Span]:
    """The readings that together are worth the most, none overlapping, in order; of equals the earlier."""
    ending: list[list[Span]] = [[] for _ in range(length + 1)]
    for span in spans:
        ending[span.end].append(span)
    worth = [0.0] * (length + 1)
    chosen: list[Span | None] = [None] * (length + 1)
    for end in range(1, length + 1):
        worth[end] = worth[end - 1]
        for span in ending[end]:
            total = worth[span.start] + span.worth
            if total > worth[end] + 1e-9:
                worth[end], chosen[end] = total, span
    kept: list[Span] = []
    end = length
    while end > 0:
        last = chosen[end]
        if last is None:
            end -= 1
        else:
            kept.append(last)
            end = last.start
    return kept[::-1]


def covered(spans: Sequence[Span], length: int) -> list[bool]:
    """For each word, whether one of the readings takes it."""
    taken = [False] * length
    for span in spans:
        for i in range(span.start, span.end):
            taken[i] = True
    return taken
