"""Our own outlines, the ground of every map: light enough for a slow line, cached for ever under their version.

Two kinds of file. The région's holds its land, the borders between its départements and its main towns. A
département's holds the borders and names of its communes, for close views. Both are drawn as lines, each border once,
as whole numbers of 1/SCALE degree, every point given by its step from the one before: a third of the bytes of GeoJSON.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Any

import numpy as np
import orjson
import shapely
from django.conf import settings

from geo.gazetteer import CommuneEntry, gazetteer
from geo.models import Commune, Departement, Revision
from geo.revisions import refreshed

SCALE = 10_000  # 11 m to the north, 7.5 m to the east
REGION_TOLERANCE = 0.0018  # degrees: a pixel and a half at zoom 10, from where communes take over
COMMUNE_TOLERANCE = 0.0004  # degrees: two pixels at zoom 12
MOST_TOWNS = 60
FORMAT = "2"  # changes with the shape of the files, so that no old copy is read by new code

Line = list[tuple[int, int]]
Segment = tuple[tuple[int, int], tuple[int, int]]


@dataclass(frozen=True)
class Borders:
    """Lines of a coverage: those between two of its areas, and those around it."""

    inner: list[Line]
    outer: list[Line]


@dataclass(frozen=True)
class Ground:
    """The région's outlines. `version` names the communes they were made of."""

    version: str
    departements: dict[str, shapely.Geometry]
    content: bytes


@refreshed("communes")
def ground() -> Ground:
    """The process's copy, made anew after the communes were loaded again."""
    revision = Revision.objects.filter(name="communes").first()
    version = f"{FORMAT}{revision.checksum[:10] if revision else ''}"
    rows = list(Departement.objects.order_by("code"))
    shapes = simplified([row.contour for row in rows], REGION_TOLERANCE)
    departements = {row.pk: shape for row, shape in zip(rows, shapes, strict=True)}
    return Ground(version, departements, orjson.dumps(_region(rows, shapes)))


@lru_cache(maxsize=64)
def communes_content(version: str, departement: str) -> bytes:
    """The communes of a département. `version` is that of the ground: it makes the copy a new one after a load."""
    rows = list(Commune.objects.filter(departement=departement).order_by("code"))
    lines = borders(simplified([row.contour for row in rows], COMMUNE_TOLERANCE))
    names = sorted(rows, key=lambda row: (-row.population, row.pk))
    return orjson.dumps(
        {
            "scale": SCALE,
            "inner": [steps(line) for line in lines.inner],
            "outer": [steps(line) for line in lines.outer],
            "names": [[row.name, *_whole(row.centre.x, row.centre.y)] for row in names],
        }
    )


def _region(rows: list[Departement], shapes: list[shapely.Geometry]) -> dict[str, Any]:
    main = main_towns()
    towns = [*main, *(entry for entry in gazetteer().entries[:MOST_TOWNS] if entry not in main)]
    return {
        "scale": SCALE,
        "land": [steps(ring) for ring in _rings(shapely.union_all(shapes))] if shapes else [],
        "inner": [steps(line) for line in borders(shapes).inner],
        "main": len(main),
        "names": [[town.name, *_whole(town.position.lon, town.position.lat)] for town in towns],
        "departements": [
            {"code": row.pk, "name": row.name, "bbox": [round(edge, 3) for edge in shape.bounds]}
            for row, shape in zip(rows, shapes, strict=True)
        ],
    }


def main_towns() -> list[CommuneEntry]:
    """The most populous commune of each département, the largest first."""
    found: dict[str, CommuneEntry] = {}
    for entry in gazetteer().entries:
        found.setdefault(entry.departement, entry)
    return list(found.values())


def simplified(contours: Iterable[Any], tolerance: float) -> list[shapely.Geometry]:
    """Contours of a coverage with fewer points, on the grid of the files; shared edges stay shared."""
    shapes = np.array([shapely.from_wkb(bytes(contour.wkb)) for contour in contours], dtype=object)
    if not len(shapes):
        return []
    fewer = shapely.coverage_simplify(shapes, tolerance)
    return list(shapely.transform(fewer, lambda points: np.round(points * SCALE) / SCALE))


def borders(shapes: Iterable[shapely.Geometry]) -> Borders:
    """Every border once: a segment that two areas share is inner, another outer."""
    shared: Counter[Segment] = Counter()
    for shape in shapes:
        for ring in _rings(shape):
            shared.update(min((a, b), (b, a)) for a, b in pairwise(ring) if a != b)
    return Borders(
        inner=_joined(segment for segment, count in shared.items() if count > 1),
        outer=_joined(segment for segment, count in shared.items() if count == 1),
    )


def _joined(segments: Iterable[Segment]) -> list[Line]:
    found = sorted(segments)
    if not found:
        return []
    merged = shapely.line_merge(shapely.multilinestrings(found))
    return [[(round(x), round(y)) for x, y in line.coords] for line in shapely.get_parts(merged)]


def _rings(shape: shapely.Geometry) -> Iterator[Line]:
    for ring in shapely.get_rings(shapely.get_parts(shape)):
        yield [_whole(x, y) for x, y in ring.coords]


def _whole(lon: float, lat: float) -> tuple[int, int]:
    return round(lon * SCALE), round(lat * SCALE)


def steps(line: Line) -> list[int]:
    """[x, y, dx, dy, …]: the first point, then every step that moves."""
    flat = list(line[0])
    for (x0, y0), (x1, y1) in pairwise(line):
        if (x0, y0) != (x1, y1):
            flat += [x1 - x0, y1 - y0]
    return flat


def region_bounds() -> tuple[float, float, float, float]:
    """West, south, east, north of what a map shows before any question."""
    west, south, east, north = settings.REGION["bbox"]
    return west, south, east, north
