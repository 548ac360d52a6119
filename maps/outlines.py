"""Our own outlines, the ground of every map: light enough for a slow line, cached for ever under their version.

Two kinds of file. The région's holds its land, the borders between its départements and its main towns. A
département's holds the borders and names of its communes, for close views. Both are drawn as lines, each border once,
as whole parts of a degree, every point given by its step from the one before, packed into letters: a quarter of the
bytes of GeoJSON.
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

MOST_TOWNS = 60
FORMAT = "3"  # changes with the shape of the files, so that no old copy is read by new code

FIRST_LETTER = 63  # "?": from there on are the 64 letters of packed lines

Line = list[tuple[int, int]]
Segment = tuple[tuple[int, int], tuple[int, int]]


@dataclass(frozen=True)
class Fineness:
    """How finely lines are drawn. `tolerance` is in degrees; `scale` is how many whole parts a degree has."""

    tolerance: float
    scale: int

    def whole(self, lon: float, lat: float) -> tuple[int, int]:
        return round(lon * self.scale), round(lat * self.scale)


REGION = Fineness(0.003, 2_000)  # three pixels at zoom 10, from where communes take over; half a pixel there
COMMUNES = Fineness(0.0004, 5_000)  # two pixels at zoom 12; one there


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
    shapes = simplified([row.contour for row in rows], REGION)
    departements = {row.pk: shape for row, shape in zip(rows, shapes, strict=True)}
    return Ground(version, departements, orjson.dumps(_region(rows, shapes)))


@lru_cache(maxsize=64)
def communes_content(version: str, departement: str) -> bytes:
    """The communes of a département. `version` is that of the ground: it makes the copy a new one after a load."""
    rows = list(Commune.objects.filter(departement=departement).order_by("code"))
    lines = borders(simplified([row.contour for row in rows], COMMUNES), COMMUNES)
    names = sorted(rows, key=lambda row: (-row.population, row.pk))
    return orjson.dumps(
        {
            "scale": COMMUNES.scale,
            "inner": [packed(steps(line)) for line in lines.inner],
            "outer": [packed(steps(line)) for line in lines.outer],
            "names": [[row.name, *COMMUNES.whole(row.centre.x, row.centre.y)] for row in names],
        }
    )


def _region(rows: list[Departement], shapes: list[shapely.Geometry]) -> dict[str, Any]:
    main = main_towns()
    towns = [*main, *(entry for entry in gazetteer().entries[:MOST_TOWNS] if entry not in main)]
    return {
        "scale": REGION.scale,
        "land": [packed(steps(ring)) for ring in _rings(shapely.union_all(shapes), REGION)] if shapes else [],
        "inner": [packed(steps(line)) for line in borders(shapes, REGION).inner],
        "main": len(main),
        "names": [[town.name, *REGION.whole(town.position.lon, town.position.lat)] for town in towns],
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


def simplified(contours: Iterable[Any], fineness: Fineness) -> list[shapely.Geometry]:
    """Contours of a coverage with fewer points, on the grid of the files; shared edges stay shared."""
    shapes = np.array([shapely.from_wkb(bytes(contour.wkb)) for contour in contours], dtype=object)
    if not len(shapes):
        return []
    fewer = shapely.coverage_simplify(shapes, fineness.tolerance)
    return list(shapely.transform(fewer, lambda points: np.round(points * fineness.scale) / fineness.scale))


def borders(shapes: Iterable[shapely.Geometry], fineness: Fineness) -> Borders:
    """Every border once: a segment that two areas share is inner, another outer."""
    shared: Counter[Segment] = Counter()
    for shape in shapes:
        for ring in _rings(shape, fineness):
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


def _rings(shape: shapely.Geometry, fineness: Fineness) -> Iterator[Line]:
    for ring in shapely.get_rings(shapely.get_parts(shape)):
        yield [fineness.whole(x, y) for x, y in ring.coords]


def steps(line: Line) -> list[int]:
    """[x, y, dx, dy, …]: the first point, then every step that moves."""
    flat = list(line[0])
    for (x0, y0), (x1, y1) in pairwise(line):
        if (x0, y0) != (x1, y1):
            flat += [x1 - x0, y1 - y0]
    return flat


def packed(numbers: Iterable[int]) -> str:
    """Whole numbers as letters, as Google's polylines have them: five bits a letter, the sign last and lowest."""
    letters = []
    for number in numbers:
        rest = 2 * number if number >= 0 else -2 * number - 1
        while rest >= 32:
            letters.append(32 | rest & 31)
            rest >>= 5
        letters.append(rest)
    return "".join(chr(FIRST_LETTER + letter) for letter in letters)


def region_bounds() -> tuple[float, float, float, float]:
    """West, south, east, north of what a map shows before any question."""
    west, south, east, north = settings.REGION["bbox"]
    return west, south, east, north


def extent_of(departements: Iterable[str]) -> tuple[float, float, float, float]:
    """West, south, east, north of those départements; of the région where none is named."""
    shapes = [shape for code in departements if (shape := ground().departements.get(code))]
    return tuple(map(float, shapely.total_bounds(shapes))) if shapes else region_bounds()  # type: ignore[return-value]
