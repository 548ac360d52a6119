"""Where a point of sale is, drawn on the server as inline SVG: its commune, the neighbours, a scale.

A kilobyte over the wire, complete without JavaScript, in the colours of the page in light, dark and print. What is kept
is drawn once for a commune; the pin comes on top.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
import shapely
from django.contrib.gis.geos import Polygon

from geo.gazetteer import CommuneEntry, gazetteer
from geo.models import Commune
from geo.packing import steps
from geo.points import Position
from maps.outlines import ground

WIDTH, HEIGHT = 360, 240  # units, about a pixel each
LEAST_WIDTH_M = 15_000
MARGIN = 1.5  # of the commune, so that its neighbours show
TOLERANCE = 1.2  # units
EDGE = 4  # lines run on beyond the frame, so that no end of theirs shows
LETTER_WIDTH = 6.4  # of names in a system font, generously
BELOW = 13  # from a point down to the line of its name
SCALES_KM = (1, 2, 5, 10)
METRES_A_DEGREE = 111_195


@dataclass(frozen=True)
class Box:
    west: float
    north: float
    east: float
    south: float

    def meets(self, other: Box) -> bool:
        return (
            self.west < other.east and other.west < self.east and self.north < other.south and other.north < self.south
        )

    def holds(self, other: Box) -> bool:
        return (
            self.west <= other.west
            and other.east <= self.east
            and self.north <= other.north
            and other.south <= self.south
        )


PAPER = Box(2, 2, WIDTH - 2, HEIGHT - 2)
SCALE_ROOM = Box(0, HEIGHT - 36, WIDTH / 3 + 24, HEIGHT)


@dataclass(frozen=True)
class Name:
    """A commune's point, and the middle of its name, which stands below unless a pin does."""

    x: int
    y: int
    text: str
    text_x: int
    text_y: int

    @property
    def room(self) -> Box:
        half = len(self.text) * LETTER_WIDTH / 2
        return Box(self.text_x - half, self.text_y - 11, self.text_x + half, self.text_y + 3)


@dataclass(frozen=True)
class Frame:
    """A plate carrée around a commune, true to scale at its middle."""

    west: float
    north: float
    scale_x: float  # units a degree
    scale_y: float

    def xy(self, lon: float, lat: float) -> tuple[float, float]:
        return (lon - self.west) * self.scale_x, (self.north - lat) * self.scale_y

    def project(self, points: np.ndarray) -> np.ndarray:
        return (points - (self.west, self.north)) * (self.scale_x, -self.scale_y)

    @property
    def view(self) -> Polygon:
        east, south = self.west + WIDTH / self.scale_x, self.north - HEIGHT / self.scale_y
        return Polygon.from_bbox((self.west, south, east, self.north))


@dataclass(frozen=True)
class Locator:
    """The drawing without its pin: SVG paths, the commune's own name first, and how long its scale is."""

    frame: Frame
    land: str
    own: str
    borders: str
    names: tuple[Name, ...]
    scale_km: int
    scale: int

    def pin(self, position: Position, family: str, rough: bool) -> Pinned:
        """With a pin on top: within the drawing, wherever it is, and over no name."""
        x, y = self.frame.xy(position.lon, position.lat)
        x, y = round(min(max(x, 18), WIDTH - 18)), round(min(max(y, 42), HEIGHT - 18))
        if rough:
            return Pinned(self, x, y, family, rough, self.names)
        room = Box(x - 16, y - 40, x + 16, y + 2)
        own, *others = self.names
        if own.room.meets(room):
            own = replace(own, text_x=x, text_y=y + BELOW)
        clear = (name for name in others if not name.room.meets(room) and not name.room.meets(own.room))
        return Pinned(self, x, y, family, rough, (own, *clear))


@dataclass(frozen=True)
class Pinned:
    """A drawing with the tip of its pin; `rough` where that stands for the whole commune."""

    drawn: Locator
    x: int
    y: int
    family: str
    rough: bool
    names: tuple[Name, ...]


def locator(commune: str) -> Locator | None:
    """The drawing of a commune, by its code; None where it is not known."""
    entry = gazetteer().commune(commune)
    return _drawn(ground().version, entry) if entry else None


@lru_cache(maxsize=512)
def _drawn(version: str, commune: CommuneEntry) -> Locator | None:
    """`version` is that of the ground: it makes the drawing a new one after a load."""
    own = Commune.objects.filter(pk=commune.code).values_list("contour", flat=True).first()
    if own is None:
        return None
    frame = _around(*own.extent)
    rows = Commune.objects.filter(contour__bboverlaps=frame.view).order_by("code").values_list("code", "contour")
    codes = [code for code, _ in rows]
    contours = [shapely.from_wkb(bytes(contour.wkb)) for _, contour in rows]
    shapes = shapely.coverage_simplify(shapely.transform(contours, frame.project), TOLERANCE)
    kilometre = frame.scale_y * 1000 / METRES_A_DEGREE
    scale_km = max(km for km in SCALES_KM if km * kilometre < WIDTH / 3)
    return Locator(
        frame=frame,
        land=_path(shapely.union_all(shapes)),
        own=_path(shapes[codes.index(commune.code)]),
        borders=_path(shapely.line_merge(shapely.union_all(shapely.boundary(shapes)))),
        names=tuple(_names(frame, commune, codes)),
        scale_km=scale_km,
        scale=round(scale_km * kilometre),
    )


def _around(west: float, south: float, east: float, north: float) -> Frame:
    """The frame in which a box stands in the middle, with room around it."""
    lat = (south + north) / 2
    metres_x = METRES_A_DEGREE * math.cos(math.radians(lat))
    wide = max((east - west) * metres_x, (north - south) * METRES_A_DEGREE * WIDTH / HEIGHT) * MARGIN
    unit = max(wide, LEAST_WIDTH_M) / WIDTH  # metres
    scale_x, scale_y = metres_x / unit, METRES_A_DEGREE / unit
    return Frame((west + east) / 2 - WIDTH / 2 / scale_x, lat + HEIGHT / 2 / scale_y, scale_x, scale_y)


def _path(shape: shapely.Geometry) -> str:
    """What lies in the frame, in whole units: rings or lines, every point given by its step from the one before."""
    seen = shapely.clip_by_rect(shape, -EDGE, -EDGE, WIDTH + EDGE, HEIGHT + EDGE)
    found = []
    for part in shapely.get_parts(seen):
        for line in shapely.get_rings(part) if isinstance(part, shapely.Polygon) else [part]:
            x, y, *rest = steps([(round(x), round(y)) for x, y in line.coords])
            if rest:
                found.append(f"M{x} {y}l{' '.join(map(str, rest))}".replace(" -", "-"))
    return "".join(found)


def _names(frame: Frame, commune: CommuneEntry, codes: Iterable[str]) -> Iterator[Name]:
    """Names of communes, the own first, then by population; none over another, none cut off."""
    known = gazetteer()
    others = [entry for code in codes if code != commune.code and (entry := known.commune(code))]
    taken = [SCALE_ROOM]
    for entry in [commune, *sorted(others, key=lambda entry: known.rank(entry.code))]:
        x, y = (round(value) for value in frame.xy(entry.position.lon, entry.position.lat))
        name = Name(x, y, entry.name, x, y + BELOW)
        if entry is commune or (PAPER.holds(name.room) and not any(name.room.meets(room) for room in taken)):
            taken.append(name.room)
            yield name
