"""The one rule of who may move a pin."""

from __future__ import annotations

from directory.models import PointOfSale

Precision = PointOfSale.Precision
BY_HAND = "manual"  # `pin_source` of what a person placed


def may_move(place: PointOfSale) -> bool:
    """Whether a batch (the queue, an import) may move the pin: never one that a person placed, chose or confirmed.

    A person's is `manual`, or says who it is by. Alone the commune's centre that stood in for an address, whoever
    asked for it, is still waiting for something better; chosen as such, its source is `manual` too.
    """
    if BY_HAND in (place.pin_precision, place.pin_source):
        return False
    return place.pin_by_id is None or place.pin_precision == Precision.COMMUNE
