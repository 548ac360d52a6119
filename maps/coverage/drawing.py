"""A choropleth drawn on the server as inline SVG: complete without JavaScript, a few kilobytes.

Outlines are kept for each view; classes are put on them for each answer.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import shapely

from geo import arcs
from geo.coverage.figures import LEVELS, Figures
from geo.coverage.steps import rank
from geo.gazetteer import CommuneEntry, Gazetteer, gazetteer
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
    figures: Figures,
    indicator: str,
    level: str,
    departement: str | None = None,
    marked: Iterable[str] = (),
    *,
    epci: str | None = None,
) -> Choropleth:
    """The région, a département or an EPCI, by commune, EPCI or département. `marked` are codes that stand out."""

    def key(entry: CommuneEntry) -> str | None:
        return LEVELS[level](entry) if departement in (None, entry.departement) else None

    counts = figures.summed(key)  # of an EPCI that lies in two départements, the part that is drawn

    def step(code: str) -> int | None:
        count = counts.get(code, {}).get(indicator)
        return None if count is None else rank(indicator, count)

    return painted(figures.ground, level, step, departement, marked, epci=epci)


def painted(
    ground: Gazetteer,
    level: str,
    step: Callable[[str], int | None],
    departement: str | None = None,
    marked: Iterable[str] = (),
    *,
    epci: str | None = None,
) -> Choropleth:
    """The same of anything: `step` tells the class of an area by its code."""
    drawn = _outlines(arcs.version(), level, departement, epci)
    standing_out = set(marked)
    areas = [
        Area(code, name_of(ground, level, code), path, step(code), code in standing_out)
        for code, path in drawn.paths.items()
    ]
    areas.sort(key=lambda area: area.marked)  # the last lies over the others
    return Choropleth(drawn.width, drawn.height, tuple(areas), drawn.borders)


def name_of(ground: Gazetteer, level: str, code: str) -> str:
    if level == "commune":
        entry = ground.commune(code)
        return entry.name if entry else code
    return (ground.epcis if level == "epci" else ground.departements).get(code, code)


@lru_cache(maxsize=64)
def _outlines(version: str, level: str, departement: str | None, epci: str | None) -> Outlines:
    """`version` is that of the communes: it makes the outlines new ones after a load."""
    communes = arcs.communes(arcs.CLOSE if epci else arcs.REGION).shapes
    groups: dict[str, list[shapely.Geometry]] = {}
    departements: dict[str, list[shapely.Geometry]] = {}
    for entry in gazetteer().entries:
        code = LEVELS[level](entry)
        if code is not None and departement in (None, entry.departement) and epci in (None, entry.epci):
            groups.setdefault(code, []).append(communes[entry.code])
            departements.setdefault(entry.departement, []).append(communes[entry.code])
    if not groups:
        return Outlines(WIDTH, 0, {}, "")
    land = _joined(departements)
    frame = frame_of(*shapely.total_bounds(land))
    paths = [path(shape) for shape in frame.drawn(_joined(groups))]
    return Outlines(
        frame.width,
        frame.height,
        dict(zip(groups, paths, strict=True)),
        "".join(path(shape) for shape in frame.drawn(land)),
    )


def _joined(groups: dict[str, list[shapely.Geometry]]) -> np.ndarray:
    return np.array([shapely.coverage_union_all(parts) for parts in groups.values()], dtype=object)


@dataclass(frozen=True)
class Frame:
    """Where a box lies on the paper: its north-west corner, and how many units a degree has."""

    width: int
    height: int
    corner: tuple[float, float]
    scale: tuple[float, float]

    def drawn(self, shapes: np.ndarray) -> np.ndarray:
        """Shapes of a coverage in units, with the points that show."""
        placed = shapely.transform(shapes, lambda points: (points - self.corner) * self.scale + MARGIN)
        return shapely.coverage_simplify(placed, TOLERANCE)


def frame_of(west: float, south: float, east: float, north: float) -> Frame:
    tall = (north - south) / ((east - west) * math.cos(math.radians((south + north) / 2)))
    wide = min(WIDTH, MOST_HEIGHT / tall) - 2 * MARGIN
    scale = wide / (east - west), -wide * tall / (north - south)
    return Frame(round(wide) + 2 * MARGIN, round(wide * tall) + 2 * MARGIN, (west, north), scale)


def path(shape: shapely.Geometry) -> str:
    """Rings in whole units, every point given by its step from the one before."""
    found = []
    for ring in shapely.get_rings(shapely.get_parts(shape)):
        x, y, *rest = steps([(round(x), round(y)) for x, y in ring.coords])
        if len(rest) > 2:
            found.append(f"M{x} {y}l{' '.join(map(str, rest))}z".replace(" -", "-"))
    return "".join(found)
