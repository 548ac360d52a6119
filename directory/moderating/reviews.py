"""What a point of sale is to be looked at for, in memory. Who calls saves."""

from __future__ import annotations

from directory.models import PointOfSale

Review = PointOfSale.Review


def mark(place: PointOfSale, review: str) -> None:
    """Somebody is to look at it."""
    if review not in place.reviews:
        place.reviews = [*place.reviews, review]


def settle(place: PointOfSale, *reviews: str) -> None:
    """Somebody has."""
    place.reviews = [review for review in place.reviews if review not in reviews]
