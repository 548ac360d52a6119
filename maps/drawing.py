"""The région drawn on the server as inline SVG: complete without JavaScript, a few kilobytes."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import shapely

from geo.gazetteer import Place, gazetteer
from geo.models import Departement
from geo.packing import steps
from geo.points import Position
from geo.revisions import refreshed
from maps.outlines import ground, main_towns

WIDTH = 480  # units of the drawing
MARGIN = 4
TOLERANCE = 0.02  # degrees, about three units: the drawing is an emblem as much as a map


@dataclass(frozen=True)
class Area:
    """A département: its outline as an SVG path."""

    place: Place
    path: str


@dataclass(frozen=True)
class Dot:
    name: str
    x: float
    y: float
    departement: str = ""


@dataclass(frozen=True)
class Drawing:
    """A plate carrée, true to scale at the région's middle latitude."""

    width: float
    height: float
    areas: tuple[Area, ...]
    towns: tuple[Dot, ...]
    west: float
    north: float
    scale_x: float
    scale_y: float

    def dot(self, name: str, position: Position, departement: str = "") -> Dot:
        x = (position.lon - self.west) * self.scale_x + MARGIN
        y = (self.north - position.lat) * self.scale_y + MARGIN
        return Dot(name, round(x, 1), round(y, 1), departement)


@refreshed("communes")
def drawing() -> Drawing | None:
    """The région and the largest town of each département; None while no commune is loaded."""
    shapes = ground().departements
    if not shapes:
        return None
    west, south, east, north = (float(edge) for edge in shapely.total_bounds(list(shapes.values())))
    scale_x = (WIDTH - 2 * MARGIN) / (east - west)
    scale_y = scale_x / math.cos(math.radians((south + north) / 2))
    empty = Drawing(WIDTH, round((north - south) * scale_y + 2 * MARGIN), (), (), west, north, scale_x, scale_y)
    fewer = shapely.coverage_simplify(list(shapes.values()), TOLERANCE)
    names = dict(Departement.objects.values_list("code", "name"))
    areas = tuple(_area(empty, code, names[code], shape) for code, shape in zip(shapes, fewer, strict=True))
    return Drawing(empty.width, empty.height, areas, tuple(_towns(empty)), west, north, scale_x, scale_y)


def _area(on: Drawing, code: str, name: str, shape: shapely.Geometry) -> Area:
    path = "".join(_path(on, ring.coords) for ring in shapely.get_rings(shapely.get_parts(shape)))
    return Area(Place("departement", code, name, None, code, 1.0), path)


def _path(on: Drawing, points: Iterable[tuple[float, ...]]) -> str:
    """A ring in whole units, every point given by its step from the one before."""
    dots = [on.dot("", Position(x, y)) for x, y in points]
    first, *line = steps([(round(dot.x), round(dot.y)) for dot in dots])
    return f"M{first} {line[0]}l" + " ".join(map(str, line[1:])) + "z"


def _towns(on: Drawing) -> list[Dot]:
    names = gazetteer().departements
    return [on.dot(town.name, town.position, names.get(town.departement, "")) for town in main_towns()]
