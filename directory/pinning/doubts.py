"""What speaks against a pin: told to whoever places it, who decides."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from directory.models import PointOfSale
from directory.pinning.around import TOLERANCE_M, commune_at, metres_outside
from geo.geocoding import Candidate
from geo.models import Commune
from geo.points import Position

Precision = PointOfSale.Precision

# From where on a pin outside its commune is worth a word: the contours are generalised to about this.
OUTSIDE_M = 100
# How far from where its address was found a pin may stand: a farm's yard from its letter box, a long road's other end.
FAR_M = {"housenumber": 300, "street": 2000, "locality": 2000}


@dataclass(frozen=True, slots=True)
class Doubt:
    """`metres` is how far outside or away; `commune` the name of the one in which the pin lies, if any."""

    code: Literal["no_pin", "commune_only", "outside_commune", "far_from_address"]
    metres: float = 0.0
    commune: str = ""


def doubts(place: PointOfSale, found: Candidate | None = None) -> list[Doubt]:
    """What speaks against the pin where it is, the worst first. `found`: where the address service puts the address."""
    if place.pin is None:
        return [Doubt("no_pin")]
    told = []
    if place.commune is not None and (metres := metres_outside(place.commune, place.pin)) > OUTSIDE_M:
        there = commune_at(place.pin)
        told.append(Doubt("outside_commune", metres, there.name if there else ""))
    if found is not None and (far := FAR_M.get(found.precision)) is not None:
        metres = Position.from_geos(place.pin).distance_to(found.position)
        if metres > far:
            told.append(Doubt("far_from_address", metres))
    if place.pin_precision == Precision.COMMUNE:
        told.append(Doubt("commune_only"))
    return told


def is_astray(place: PointOfSale) -> bool:
    """Whether the pin is so far outside its commune that somebody is to look at it, whoever put it there."""
    if place.pin is None or place.commune is None:
        return False
    return metres_outside(place.commune, place.pin) > TOLERANCE_M


def is_beyond(position: Position) -> bool:
    """Whether it lies clearly outside the région: no pin goes there."""
    nearest: Any = Commune.objects.nearest(position).defer("contour").first()
    return nearest is None or nearest.gap.m > TOLERANCE_M


def swapped(position: Position) -> Position | None:
    """The same numbers the other way round, where those are in the région and these are not."""
    if not is_beyond(position) or abs(position.lon) > 90:
        return None
    other = Position(position.lat, position.lon)
    return None if is_beyond(other) else other
