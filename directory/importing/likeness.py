"""Names that are the same but for a slip, found among many without comparing each with each."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import islice
from typing import Generic, TypeVar

from rapidfuzz import fuzz

# How alike two folded names must be, of 100: one letter in ten.
ALIKE = 90
# So many names are compared one by one. Of more, those that share the rarest letters: a slip spares most of them.
MOST_COMPARED = 100
GRAM = 3

T = TypeVar("T")


def is_alike(name: str, other: str) -> bool:
    """Whether two folded names are the same but for a slip."""
    return name == other or fuzz.ratio(name, other, score_cutoff=ALIKE) > 0


class Names(Generic[T]):
    """Things by their folded names, in the order in which they were added."""

    def __init__(self) -> None:
        self._things: list[tuple[str, T]] = []
        self._same: dict[str, list[int]] = {}
        # The things that have three letters in a row; empty while the things are few.
        self._grams: dict[str, list[int]] = {}

    def add(self, name: str, thing: T) -> None:
        self._things.append((name, thing))
        count = len(self._things)
        if count > MOST_COMPARED:
            for number in (count - 1,) if self._grams else range(count):
                self._index(number)

    def alike(self, name: str) -> Iterator[T]:
        """The things whose names are alike, the first added first."""
        for number in self._worth_comparing(name):
            other, thing = self._things[number]
            if is_alike(name, other):
                yield thing

    def _index(self, number: int) -> None:
        name = self._things[number][0]
        self._same.setdefault(name, []).append(number)
        for gram in _grams(name):
            self._grams.setdefault(gram, []).append(number)

    def _worth_comparing(self, name: str) -> Collection[int]:
        """At most MOST_COMPARED things: those of the very name, then those that share its rarest letters."""
        if not self._grams:
            return range(len(self._things))
        found = dict.fromkeys(islice(self._same.get(name, ()), MOST_COMPARED))
        for having in sorted((self._grams.get(gram, []) for gram in _grams(name)), key=len):
            if len(found) >= MOST_COMPARED:
                break
            found |= dict.fromkeys(having[:MOST_COMPARED])
        return sorted(islice(found, MOST_COMPARED))


def _grams(name: str) -> set[str]:
    return {name[start : start + GRAM] for start in range(max(len(name) - GRAM, 0) + 1)}
