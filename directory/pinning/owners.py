"""A change of a pin or an address by its owner: under a lock, dated, attributed, and not over somebody else's."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

from directory.models import PointOfSale
from directory.moderating.reviews import mark
from directory.owners.editing import editing
from directory.pinning.doubts import is_astray
from directory.pinning.history import ADDRESS

PIN = ("pin_precision", "pin_at", "pin_hidden")


class MovedMeanwhileError(Exception):
    """Somebody, or a batch, changed it since the page was opened. `now` is how it is."""

    def __init__(self, now: PointOfSale):
        super().__init__(f"{now.pk} was changed meanwhile")
        self.now = now


def seen(place: PointOfSale) -> str:
    """What a page knew of the pin and the address when it was opened, in a few letters."""
    at = "" if place.pin is None else f"{place.pin.x:.7f} {place.pin.y:.7f}"
    values = [at, *(str(getattr(place, name)) for name in (*PIN, *ADDRESS))]
    return hashlib.blake2b("|".join(values).encode(), digest_size=8).hexdigest()


def change(
    user: Any, place: PointOfSale, apply: Callable[[PointOfSale], None], reason: str, known: str = ""
) -> PointOfSale:
    """Apply to the row as it is now, and save it. `known`: what `seen` gave when the page was opened.

    Raises Http404 where the user owns it no more, and MovedMeanwhileError. Who confirms a pin far outside its commune
    is believed, and looked at; so is who moves to another commune.
    """
    with editing(place, user) as row:
        if known and seen(row) != known:
            raise MovedMeanwhileError(row)
        commune = row.commune_id
        apply(row)
        moved = row.commune_id != commune and row.status == PointOfSale.Status.PUBLISHED
        if moved or is_astray(row):
            mark(row, PointOfSale.Review.CHANGED)
        marked: Any = row
        marked._change_reason = reason  # django-simple-history reads it off the row
    return row
