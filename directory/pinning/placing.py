"""Putting a pin on a point of sale, in memory: where, how it was found, by whom. Who calls saves."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.utils import timezone

from directory.models import PointOfSale
from geo.gazetteer import gazetteer
from geo.geocoding import Address, GeocodingError, ProviderUnavailable, Resolution, resolve
from geo.points import Position

DOUBTFUL = PointOfSale.Review.DOUBTFUL_PIN
MAX_LABEL = 250  # PointOfSale.pin_label; a stranger gives it


def find(street: str, postcode: str, commune: str) -> Resolution:
    """Where the address is; the commune's centre where it is not found there, or the address service is away.

    `commune` is an INSEE code of the région. `degraded` tells that only an outage stood in the way: the queue asks
    again. May wait for the address service: never call it in a transaction.
    """
    try:
        found = resolve(Address(street, postcode, commune_code=commune))
    except ProviderUnavailable:
        return replace(centre_of(commune), degraded=True, note="provider_away")
    except GeocodingError:
        return centre_of(commune)
    return found if found.commune == commune else centre_of(commune)


def centre_of(commune: str) -> Resolution:
    """The centre of a commune of the région, by its INSEE code."""
    entry = gazetteer().commune(commune)
    if entry is None:
        raise ValueError(f"{commune}: no commune of the région")
    return Resolution(
        position=entry.position,
        precision="commune",
        score=1.0,
        source="gazetteer",
        label=entry.name,
        type="municipality",
        commune=entry.code,
        resolved_at=timezone.now(),
        note="nothing_found",
    )


def place_at(place: PointOfSale, found: Resolution, by: Any = None) -> None:
    """The pin where the address was found; `by` is who asked for it, None for a batch."""
    place.pin = found.position.to_geos()
    place.pin_precision = found.precision
    place.pin_source = found.source
    place.pin_score = found.score
    place.pin_label = found.label[:MAX_LABEL]
    place.pin_at = found.resolved_at
    place.pin_by = by


def place_by_hand(place: PointOfSale, position: Position | None, by: Any) -> None:
    """The pin where a person put it, which settles that it was doubtful. None leaves room for the geocoder."""
    place.pin = None if position is None else position.to_geos()
    place.pin_precision = "" if position is None else PointOfSale.Precision.MANUAL
    place.pin_source = "" if position is None else "manual"
    place.pin_at = None if position is None else timezone.now()
    place.pin_by = None if position is None else by
    place.pin_score = None
    place.pin_label = ""
    settle_pin(place)


def settle_pin(place: PointOfSale) -> None:
    """Nobody needs to look at the pin any more."""
    place.reviews = [review for review in place.reviews if review != DOUBTFUL]
