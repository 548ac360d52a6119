"""Copies of small tables held in memory, refreshed when a loader says that the table changed.

A loader calls `bump(name)` in its transaction. Readers wrap the function that builds their copy in
`refreshed(name)`: the copy is kept for the process and rebuilt when the revision has moved. The revision is read
at most every `CHECK_EVERY_S` seconds, so a request normally costs no query.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, Generic, TypeVar

from django.db.models import F

from geo.models import Revision

T = TypeVar("T")
CHECK_EVERY_S = 30.0
_copies: list[Refreshed[Any]] = []


def bump(name: str, checksum: str = "") -> None:
    """Say that the table behind `name` changed; `checksum` identifies what was loaded."""
    revision, _ = Revision.objects.get_or_create(name=name)
    Revision.objects.filter(pk=revision.pk).update(number=F("number") + 1, checksum=checksum)
    for copy in _copies:
        if copy.name == name:
            copy.forget()


def checksum_of(name: str) -> str:
    """The checksum given at the last `bump(name, …)`, or an empty string."""
    return Revision.objects.filter(name=name).values_list("checksum", flat=True).first() or ""


def forget() -> None:
    """Drop every copy held by this process, whatever it is of (between tests)."""
    for copy in _copies:
        copy.forget()


class Refreshed(Generic[T]):
    """The value of `build()`, kept until the revision called `name` moves. Call it to get the value."""

    def __init__(self, name: str, build: Callable[[], T]):
        self.name, self._build = name, build
        self._held: tuple[int, T] | None = None
        self._checked_at = float("-inf")
        _copies.append(self)

    def __call__(self) -> T:
        held = self._held
        if held is not None and time.monotonic() - self._checked_at < CHECK_EVERY_S:
            return held[1]
        number = Revision.objects.filter(name=self.name).values_list("number", flat=True).first() or 0
        if held is None or held[0] != number:
            held = (number, self._build())
            self._held = held
        self._checked_at = time.monotonic()
        return held[1]

    def forget(self) -> None:
        self._held = None


def refreshed(name: str) -> Callable[[Callable[[], T]], Refreshed[T]]:
    """Decorator form of `Refreshed`."""
    return lambda build: Refreshed(name, build)
