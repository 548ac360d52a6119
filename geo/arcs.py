"""The communes as shared arcs: every border once, on a grid of whole parts of a degree, areas made of references to it.

The région is simplified as one and cut where three areas meet, so that whatever part of it a file holds agrees to the
unit with any other of the same fineness: nothing shows between neighbours at any zoom, nor between two files.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Any

import numpy as np
import shapely

from geo.models import Commune
from geo.revisions import checksum_of, refreshed

Vertex = tuple[int, int]
Line = list[Vertex]
Segment = tuple[Vertex, Vertex]


@dataclass(frozen=True)
class Fineness:
    """How finely lines are drawn. `tolerance` is in degrees; `scale` is how many whole parts a degree has."""

    tolerance: float
    scale: int

    def whole(self, lon: float, lat: float) -> Vertex:
        return round(lon * self.scale), round(lat * self.scale)


REGION = Fineness(0.004, 1_000)  # a pixel and a half at zoom 9; half a pixel there
CLOSE = Fineness(0.0004, 5_000)  # two pixels at zoom 12; one there


@dataclass(frozen=True)
class Coverage:
    """Areas without gap or overlap. `sides` are the codes on both sides of each arc; around the whole, there is one.

    `rings` are each area's, as numbers of arcs in the order in which they follow one another; ~n is arc n backwards.
    """

    shapes: Mapping[str, shapely.Geometry]
    arcs: tuple[Line, ...]
    sides: tuple[tuple[str, ...], ...]
    rings: Mapping[str, list[list[int]]]


@refreshed("communes")
def version() -> str:
    """Names the communes of today: what is made of them is kept for ever under it."""
    return checksum_of("communes")[:10]


def communes(fineness: Fineness) -> Coverage:
    """All communes of today, by their code."""
    return _communes(version(), fineness)


@lru_cache(maxsize=3)
def _communes(version: str, fineness: Fineness) -> Coverage:
    rows = list(Commune.objects.order_by("code").values_list("code", "contour"))
    shapes = simplified([contour for _, contour in rows], fineness)
    return cut({code: shape for (code, _), shape in zip(rows, shapes, strict=True)}, fineness)


def simplified(contours: Iterable[Any], fineness: Fineness) -> list[shapely.Geometry]:
    """Contours of a coverage with fewer points, on the grid; shared edges stay shared."""
    shapes = np.array([shapely.from_wkb(bytes(contour.wkb)) for contour in contours], dtype=object)
    if not len(shapes):
        return []
    fewer = shapely.coverage_simplify(shapes, fineness.tolerance)
    return list(shapely.transform(fewer, lambda points: np.round(points * fineness.scale) / fineness.scale))


def cut(shapes: Mapping[str, shapely.Geometry], fineness: Fineness) -> Coverage:
    """The arcs of a coverage whose points lie on the grid."""
    rings = {code: list(grid_rings(shape, fineness)) for code, shape in shapes.items()}
    sides = _sides(rings)
    ends = _ends(sides)
    numbers: dict[tuple[Vertex, ...], int] = {}
    made: dict[str, list[list[int]]] = {code: [] for code in rings}
    for code, own in rings.items():
        for ring in own:
            refs = []
            for part in _parts(ring, ends):
                back = numbers.get(part[::-1])
                refs.append(numbers.setdefault(part, len(numbers)) if back is None else ~back)
            made[code].append(refs)
    between = tuple(tuple(dict.fromkeys(sides[_segment(*arc[:2])])) for arc in numbers)
    return Coverage(shapes, tuple(list(arc) for arc in numbers), between, made)


def _sides(rings: Mapping[str, list[Line]]) -> dict[Segment, list[str]]:
    """The areas along each segment."""
    found: defaultdict[Segment, list[str]] = defaultdict(list)
    for code, own in rings.items():
        for ring in own:
            for a, b in pairwise(ring):
                found[_segment(a, b)].append(code)
    return found


def _ends(sides: Mapping[Segment, list[str]]) -> set[Vertex]:
    """Points where arcs end: all but those in the middle of one border."""
    around: defaultdict[Vertex, list[list[str]]] = defaultdict(list)
    for (a, b), codes in sides.items():
        around[a].append(codes)
        around[b].append(codes)
    return {vertex for vertex, found in around.items() if len(found) != 2 or found[0] != found[1]}


def _parts(ring: Line, ends: set[Vertex]) -> Iterator[tuple[Vertex, ...]]:
    """A closed ring cut at its ends; where it has none, whole, from its least point, as its other side begins too."""
    points = ring[:-1]
    first = next((i for i, vertex in enumerate(points) if vertex in ends), points.index(min(points)))
    turned = [*points[first:], *points[: first + 1]]
    part = [turned[0]]
    for vertex in turned[1:]:
        part.append(vertex)
        if vertex in ends or len(part) == len(turned):
            yield tuple(part)
            part = [vertex]


def grid_rings(shape: shapely.Geometry, fineness: Fineness) -> Iterator[Line]:
    """Its rings in whole parts, without what the grid has shrunk: steps that stay, ways there and back, lines."""
    for ring in shapely.get_rings(shapely.get_parts(shape)):
        kept: Line = []
        for x, y in ring.coords[:-1]:
            _go(kept, fineness.whole(x, y))
        while len(kept) > 2:  # a way there and back may run over the ring's own beginning
            if kept[0] in kept[-2:]:
                kept.pop()
            elif kept[-1] == kept[1]:
                kept.pop(0)
            else:
                break
        if len(kept) > 2:
            yield [*kept, kept[0]]


def _go(line: Line, to: Vertex) -> None:
    """Goes on to a point; a way there and back is none."""
    if line and line[-1] == to:
        return
    if len(line) > 1 and line[-2] == to:
        line.pop()
    else:
        line.append(to)


def _segment(a: Vertex, b: Vertex) -> Segment:
    return (a, b) if a < b else (b, a)
