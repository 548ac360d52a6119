"""A choropleth drawn on the server as inline SVG: complete without JavaScript, a few kilobytes.

Outlines are kept for each view; classes are put on them for each answer.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import shapely

from geo import arcs
from geo.coverage.figures import LEVELS, Figures
from geo.coverage.steps import rank
from geo.gazetteer import Gazetteer, gazetteer
from geo.packing import steps

WIDTH = 480  # units of the drawing
MOST_HEIGHT = 560
MARGIN = 4
TOLERANCE = 1.6  # units


@dataclass(frozen=True)
class Area:
    """`step` is the class's number, 0 for the widest gap; None where nothing is known."""

    code: str
    name: str
    path: str
    step: int | None
    marked: bool


@dataclass(frozen=True)
class Choropleth:
    """A plate carrée, true to scale at its middle latitude; `borders` are those between départements."""

    width: int
    height: int
    areas: tuple[Area, ...]
    borders: str = ""


@dataclass(frozen=True)
class Outlines:
    width: int
    height: int
    paths: dict[str, str]
    borders: str


def choropleth(
    figures: Figures, indicator: str, level: str, departement: str | None = None, marked: Iterable[str] = ()
) -> Choropleth:
    """The région, or a département, by commune, EPCI or département. `marked` are codes of the level to stand out."""
    drawn = _outlines(arcs.version(), level, departement)
    counts = figures.by(level)
    ground, standing_out = figures.ground, set(marked)
    areas = []
    for code, path in drawn.paths.items():
        count = counts.get(code, {}).get(indicator)
        step = None if count is None else rank(indicator, count)
        areas.append(Area(code, name_of(ground, level, code), path, step, code in standing_out))
    areas.sort(key=lambda area: area.marked)  # the last lies over the others
    return Choropleth(drawn.width, drawn.height, tuple(areas), drawn.borders)


def name_of(ground: Gazetteer, level: str, code: str) -> str:
    if level == "commune":
        entry = ground.commune(code)
        return entry.name if entry else code
    return (ground.epcis if level == "epci" else ground.departements).get(code, code)


@lru_cache(maxsize=32)
def _outlines(version: str, level: str, departement: str | None) -> Outlines:
    """`version` is that of the communes: it makes the outlines new ones after a load."""
    communes = arcs.communes(arcs.REGION).shapes
    groups: dict[str, list[shapely.Geometry]] = {}
    within: dict[str, list[shapely.Geometry]] = {}
    for entry in gazetteer().entries:
        code = LEVELS[level](entry)
        if code is not None and departement in (None, entry.departement):
            groups.setdefault(code, []).append(communes[entry.code])
            within.setdefault(entry.departement, []).append(communes[entry.code])
    if not groups:
        return Outlines(WIDTH, 0, {}, "")
    shapes = np.array([shapely.coverage_union_all(parts) for parts in groups.values()], dtype=object)
    west, south, east, north = shapely.total_bounds(shapes)
    tall = (north - south) / ((east - west) * math.cos(math.radians((south + north) / 2)))
    width = min(WIDTH, round(MOST_HEIGHT / tall))
    scale_x = (width - 2 * MARGIN) / (east - west)
    scale_y = (width - 2 * MARGIN) * tall / (north - south)

    def project(points: np.ndarray) -> np.ndarray:
        return (points - (west, north)) * (scale_x, -scale_y) + MARGIN

    drawn = shapely.coverage_simplify(shapely.transform(shapes, project), TOLERANCE)
    land = np.array([shapely.coverage_union_all(parts) for parts in within.values()], dtype=object)
    borders = shapely.coverage_simplify(shapely.transform(land, project), TOLERANCE)
    return Outlines(
        width,
        round((width - 2 * MARGIN) * tall) + 2 * MARGIN,
        {code: path(shape) for code, shape in zip(groups, drawn, strict=True)},
        "".join(path(shape) for shape in borders),
    )


def path(shape: shapely.Geometry) -> str:
    """Rings in whole units, every point given by its step from the one before."""
    found = []
    for ring in shapely.get_rings(shapely.get_parts(shape)):
        x, y, *rest = steps([(round(x), round(y)) for x, y in ring.coords])
        if len(rest) > 2:
            found.append(f"M{x} {y}l{' '.join(map(str, rest))}z".replace(" -", "-"))
    return "".join(found)
