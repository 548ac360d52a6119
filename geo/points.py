"""Points, boxes, circles and tiles: parsed once at the border, typed values inside.

This is the only module that decides axis order. Inside the project a position is always a `Position`
with named `lon` and `lat` (WGS 84, degrees); lists and tuples are (lon, lat) as in GeoJSON (RFC 7946).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from django.contrib.gis.geos import Point
from django.contrib.gis.measure import D
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from geographiclib.geodesic import Geodesic

SRID = 4326
DECIMALS = 6  # RFC 7946 advises 6: 11 cm at the equator
MAX_ZOOM = 22
MIN_RADIUS_KM, MAX_RADIUS_KM = 0.1, 200.0
# The shortest radius of curvature of the WGS 84 ellipsoid (the meridian's, at the equator): an arc of s metres
# spans at most s / this many radians, so a box made with it always contains the geodesic circle.
SHORTEST_CURVATURE_RADIUS_M = 6_335_439.0


class GeoValueError(ValueError):
    """A value that is not a position, box, radius or tile.

    `what` names the value, `code` is stable for machines, `str(error)` says what would do, in the active language.
    """

    def __init__(self, what: str, code: str, message: str):
        super().__init__(f"{what} : {message}" if get_language() == "fr" else f"{what}: {message}")
        self.what, self.code = what, code


@dataclass(frozen=True, slots=True)
class Position:
    """A WGS 84 position in degrees: `lon` in [-180, 180], `lat` in [-90, 90]."""

    lon: float
    lat: float

    @classmethod
    def from_geos(cls, point: Point) -> Position:
        """From a GEOS point in SRID 4326, whose x is the longitude."""
        return cls(point.x, point.y)

    def to_geos(self) -> Point:
        """As a GEOS point in SRID 4326, x the longitude."""
        return Point(self.lon, self.lat, srid=SRID)

    def rounded(self, decimals: int = DECIMALS) -> list[float]:
        """[lon, lat] as GeoJSON coordinates."""
        return [round(self.lon, decimals), round(self.lat, decimals)]

    def distance_to(self, other: Position) -> float:
        """Geodesic distance in metres on the WGS 84 ellipsoid (Karney)."""
        line = Geodesic.WGS84.Inverse(self.lat, self.lon, other.lat, other.lon, Geodesic.DISTANCE)
        return float(line["s12"])


@dataclass(frozen=True, slots=True)
class Bbox:
    """A box in degrees, edges included. Never crosses the antimeridian: `west` <= `east`."""

    west: float
    south: float
    east: float
    north: float

    @property
    def centre(self) -> Position:
        return Position((self.west + self.east) / 2, (self.south + self.north) / 2)

    def contains(self, position: Position) -> bool:
        return self.west <= position.lon <= self.east and self.south <= position.lat <= self.north


@dataclass(frozen=True, slots=True)
class Circle:
    """All positions within `radius` of `centre`, along the ellipsoid."""

    centre: Position
    radius: D

    def envelope(self) -> Bbox:
        """A box that contains the circle, a little larger than it: for the index, never for the answer."""
        angle = self.radius.m / SHORTEST_CURVATURE_RADIUS_M * 1.0001
        south = self.centre.lat - math.degrees(angle)
        north = self.centre.lat + math.degrees(angle)
        if south <= -90 or north >= 90:
            return Bbox(-180.0, max(south, -90.0), 180.0, min(north, 90.0))
        # The widest half-angle in longitude of a circle on a sphere.
        half = math.degrees(math.asin(min(1.0, math.sin(angle) / math.cos(math.radians(self.centre.lat)))))
        west, east = self.centre.lon - half * 1.005, self.centre.lon + half * 1.005
        if west < -180 or east > 180:
            return Bbox(-180.0, south, 180.0, north)
        return Bbox(west, south, east, north)


def parse_number(text: str, low: float, high: float, what: str) -> float:
    """A finite decimal in [low, high].

    Raises GeoValueError `not_a_number` or `out_of_range`. Forms such as `nan`, `1e5`, `0x1` and `1_0` that Python
    would accept but nobody means are refused.
    """
    stripped = text.strip()
    unsigned = stripped[1:] if stripped[:1] in ("-", "+") else stripped
    digits = unsigned.replace(".", "", 1)
    if not digits or not (digits.isascii() and digits.isdigit()) or len(digits) > 30:
        message = _("un nombre décimal est attendu, par exemple {example}.").format(example=_example(low, high))
        raise GeoValueError(what, "not_a_number", message)
    value = float(stripped)
    if not low <= value <= high:
        message = _("une valeur de {low} à {high} est attendue.").format(low=f"{low:g}", high=f"{high:g}")
        raise GeoValueError(what, "out_of_range", message)
    return value


def _example(low: float, high: float) -> str:
    return f"{min(max(47.79, low), high):g}"


def parse_position(lat: str, lon: str) -> Position:
    """A position from two texts. Raises GeoValueError."""
    return Position(parse_number(lon, -180, 180, "lon"), parse_number(lat, -90, 90, "lat"))


def parse_bbox(text: str) -> Bbox:
    """`west,south,east,north` in degrees. Raises GeoValueError (`not_a_bbox`, `out_of_range`, `reversed_bbox`)."""
    parts = text.split(",")
    if len(parts) != 4:
        raise GeoValueError("bbox", "not_a_bbox", _("quatre nombres sont attendus : ouest,sud,est,nord."))
    west, east = (parse_number(parts[i], -180, 180, f"bbox ({name})") for i, name in ((0, "west"), (2, "east")))
    south, north = (parse_number(parts[i], -90, 90, f"bbox ({name})") for i, name in ((1, "south"), (3, "north")))
    if west > east or south > north:
        message = _("l'ouest ne doit pas dépasser l'est, ni le sud le nord.")
        raise GeoValueError("bbox", "reversed_bbox", message)
    return Bbox(west, south, east, north)


def parse_radius_km(text: str, low: float = MIN_RADIUS_KM, high: float = MAX_RADIUS_KM) -> D:
    """A radius given in kilometres, as a distance with its unit. Raises GeoValueError."""
    return D(m=round(parse_number(text, low, high, "radius_km") * 1000, 3))


def position_from(value: Any) -> Position | None:
    """A Position from what a model field holds (GEOS point or None)."""
    return None if value is None else Position.from_geos(value)
