"""Whether a point of sale shows its pin unless its owner decides otherwise."""

from __future__ import annotations

from collections.abc import Iterable

# Trades that come to the customer: their address is mostly a home or a depot, and nobody buys there.
WITHOUT_PUBLIC_DOOR = frozenset({"plumber", "electrician", "mason", "house_painter", "caterer"})


def hides_pin_by_default(activities: Iterable[str]) -> bool:
    """Whether all of the activity codes, and there is one, are of trades without a public door.

    A caterer that is also a butcher has a shop, and a plumber that sells hardware has a counter: their pin is shown.
    """
    codes = set(activities)
    return bool(codes) and codes <= WITHOUT_PUBLIC_DOOR
