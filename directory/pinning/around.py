"""What is around a pin: its commune's limit, the commune it stands in."""

from __future__ import annotations

from django.contrib.gis.geos import Point

from geo import outside
from geo.models import Commune
from geo.points import Position

# How far outside its commune a pin may stand unasked: the contours are generalised, and a farm may straddle the limit.
TOLERANCE_M = 2000


def metres_outside(commune: Commune, pin: Point) -> float:
    """How far the pin is from the commune's contour: 0 inside."""
    (metres,) = outside.metres_outside([(commune.pk, Position.from_geos(pin))])
    return metres


def commune_at(pin: Point) -> Commune | None:
    """The commune in which the pin is."""
    return Commune.objects.containing(Position.from_geos(pin)).defer("contour").first()
