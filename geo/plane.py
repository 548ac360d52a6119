"""The flat map of a circle's surroundings: distances by two multiplications, and how far they may be wrong.

A distance along the ellipsoid takes 1 µs, one on this map a tenth of that. Since it is known between which bounds the
true one lies, the ellipsoid is asked only where the answer depends on it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Self

from geo.points import Circle

SEMI_MAJOR_M = 6_378_137.0  # of WGS 84
ECCENTRICITY_SQUARED = 0.0066943799901413165
# What rounding and the exact distance's own error may add, each a billionth at most.
SLACK = 1e-8


@dataclass(frozen=True, slots=True)
class Plane:
    """Degrees times `east` and `north` are metres, exact at the circle's centre.

    A point of the circle that lies `d` metres from the centre on the ellipsoid lies between `d / stretched` and
    `d / shrunk` from it on the plane; `shrunk` <= 1 <= `stretched`. Where no such map can be made, near a pole or
    across the antimeridian, `stretched` is infinite and `shrunk` 0: nothing is known.
    """

    east: float
    north: float
    shrunk: float
    stretched: float

    def within(self, metres: float) -> float:
        """Points nearer than this on the plane are within so many metres on the ellipsoid."""
        return metres / self.stretched

    def reach(self, metres: float) -> float:
        """Points within so many metres on the ellipsoid are no farther than this on the plane."""
        return metres / self.shrunk if self.shrunk else math.inf

    @property
    def spread(self) -> float:
        """Of points in the order of the plane, what lies so many times as far as another is farther in truth."""
        return self.stretched / self.shrunk if self.shrunk else 1.0

    @classmethod
    @lru_cache(maxsize=64)  # the pieces of one statement ask for it each
    def around(cls, circle: Circle) -> Self:
        """From the centre to a point of the circle, no path leaves its latitudes.

        Neither the geodesic, which stays in the circle, nor the straight line on the plane. Along both, true lengths
        and those on the plane have the ratio of the radii of curvature, and these change with the latitude alone:
        the meridian's grows from the equator to the poles, the parallel's shrinks.
        """
        box, lat = circle.envelope(), circle.centre.lat
        if box.west <= -180 or box.east >= 180 or box.south <= -90 or box.north >= 90:
            return cls(0.0, 0.0, 0.0, math.inf)
        meridian, parallel = radii(lat)
        edges = [radii(edge) for edge in (box.south, box.north, min(max(0.0, box.south), box.north))]
        ratios = [ratio for along, across in edges for ratio in (along / meridian, across / parallel)]
        shrunk, stretched = min(1.0, *ratios) * (1 - SLACK), max(1.0, *ratios) * (1 + SLACK)
        return cls(math.radians(parallel), math.radians(meridian), shrunk, stretched)


def radii(lat: float) -> tuple[float, float]:
    """The ellipsoid's radii of curvature at a latitude, in metres: of the meridian, and of the parallel as a circle."""
    sine = math.sin(math.radians(lat))
    flattened = 1 - ECCENTRICITY_SQUARED * sine * sine
    meridian = SEMI_MAJOR_M * (1 - ECCENTRICITY_SQUARED) / flattened**1.5
    return meridian, SEMI_MAJOR_M * math.cos(math.radians(lat)) / math.sqrt(flattened)
