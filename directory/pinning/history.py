"""The states that a pin went through, and an earlier one put back: as a change of today, nothing is unwritten."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils import timezone

from directory.models import PointOfSale
from directory.pinning.placing import settle_pin
from geo.gazetteer import gazetteer

# Records that are read: most of them are changes of something else.
RECORDS = 200
LISTED = 20
UNDO_FOR = timedelta(hours=1)

ADDRESS = ("street", "postcode", "commune_id")
FOUND = ("pin", "pin_precision", "pin_source", "pin_score", "pin_label")


@dataclass(frozen=True, slots=True)
class State:
    """A row of the history in which pin, address or what is shown changed. `row` has the fields of a point of sale."""

    row: Any
    same_address: bool  # as today's
    current: bool

    @property
    def can_return(self) -> bool:
        return not self.current and self.row.pin is not None


def states(place: PointOfSale) -> list[State]:
    """The latest states, newest first; the first is today's."""
    records = place.history.select_related("history_user", "pin_by").order_by("-history_date", "-history_id")
    found: list[Any] = []
    for row in records[:RECORDS]:
        if found and _key(row) == _key(found[-1]):
            found[-1] = row  # since when, and by whom, the oldest of them tells
        else:
            found.append(row)
    return [State(row, _address(row) == _address(place), not n) for n, row in enumerate(found[:LISTED])]


def _key(row: Any) -> tuple[Any, ...]:
    at = None if row.pin is None else (row.pin.x, row.pin.y)
    return at, row.pin_precision, row.pin_at, row.pin_hidden, *_address(row)


def _address(row: Any) -> tuple[Any, ...]:
    return tuple(getattr(row, name) for name in ADDRESS)


def undoable(found: list[State], user: Any) -> State | None:
    """What the user's own last change can be undone to."""
    if len(found) < 2 or not found[1].can_return:
        return None
    last = found[0].row
    fresh = timezone.now() - last.history_date <= UNDO_FOR
    return found[1] if fresh and last.history_user_id == user.pk else None


def address_changed_since(found: list[State]) -> bool:
    """Whether the pin is still the one that was placed for another address."""
    now = found[0].row if found else None
    return now is not None and any(
        state.row.pin_at == now.pin_at and not state.same_address for state in found[1:] if state.row.pin is not None
    )


def put_back(place: PointOfSale, row: Any, by: Any, *, with_address: bool) -> None:
    """In memory: the pin as it was; with the address too where that is asked. What is hidden now stays hidden."""
    for name in FOUND:
        setattr(place, name, getattr(row, name))
    place.pin_at, place.pin_by, place.pin_hidden = timezone.now(), by, place.pin_hidden or row.pin_hidden
    if with_address and (row.commune_id is None or gazetteer().commune(row.commune_id)):
        for name in ADDRESS:
            setattr(place, name, getattr(row, name))
    settle_pin(place)


def undo(place: PointOfSale, row: Any, by: Any) -> None:
    """In memory: the user's own last change taken back, whatever it was; a pin that it hid is shown again."""
    put_back(place, row, by, with_address=True)
    place.pin_hidden = row.pin_hidden
