"""Borders as shared arcs: each once, nothing between neighbours, whatever part of the région a file holds."""

from __future__ import annotations

from itertools import pairwise

import pytest
import shapely

from geo import arcs
from geo.arcs import CLOSE, REGION, Fineness
from geo.packing import packed, packed_areas, steps

UNITS = Fineness(0.001, 1)
# Two squares side by side, and an island in the right one.
ISLAND = shapely.box(12, 2, 14, 4)
SQUARES = {"A": shapely.box(0, 0, 10, 10), "B": shapely.box(10, 0, 20, 10) - ISLAND, "C": ISLAND}


def rings(coverage, code):
    """The rings of an area, put together from its arcs, every joint checked."""
    for refs in coverage.rings[code]:
        parts = [coverage.arcs[ref] if ref >= 0 else coverage.arcs[~ref][::-1] for ref in refs]
        for before, after in pairwise([*parts, parts[0]]):
            assert before[-1] == after[0]
        yield [point for part in parts for point in part[1:]]


def unpacked(text):
    """Numbers of packed letters, written anew from their description."""
    number = shift = 0
    for letter in text:
        bits = ord(letter) - 63
        number |= (bits & 31) << shift
        shift += 5
        if bits < 32:
            yield -(number + 1) // 2 if number & 1 else number // 2
            number = shift = 0


def read(content, codes):
    """Rings by code of a file's areas."""
    lines, (x, y) = [], (0, 0)
    for text in content["arcs"].split(" "):
        line, numbers = [], iter(unpacked(text))
        for dx in numbers:
            x, y = x + dx, y + next(numbers)
            line.append((x, y))
        lines.append(line)
    found, seen = {}, 0
    for code, area in zip(codes, content["rings"].split(","), strict=True):
        found[code] = []
        for ring in area.split(" "):
            points = []
            for back in unpacked(ring):
                points += lines[seen - back][::-1][1:] if back > 0 else lines[seen + back][1:]
                seen += not back
            found[code].append(points)
    return found


def test_each_border_is_there_once():
    coverage = arcs.cut(SQUARES, UNITS)
    sides = sorted(tuple(sorted(codes)) for codes in coverage.sides)
    assert sides == [("A",), ("A", "B"), ("B",), ("B", "C")]
    length = sum(abs(x1 - x0) + abs(y1 - y0) for arc in coverage.arcs for (x0, y0), (x1, y1) in pairwise(arc))
    assert length == 70 + 8


def test_areas_come_back_from_their_arcs():
    coverage = arcs.cut(SQUARES, UNITS)
    for code, shape in SQUARES.items():
        outer, *holes = rings(coverage, code)
        assert shapely.equals(shapely.Polygon(outer, holes), shape)


@pytest.mark.parametrize("turn", range(7))
def test_a_spike_and_what_shrank_to_a_line_are_left_out(turn):
    """Wherever its ring begins, in the spike too."""
    square = [(0, 0), (10, 0), (15, 0), (17, 1), (15, 0), (10, 0), (10, 10)]
    spike = shapely.Polygon([*square[turn:], *square[:turn]])
    line = shapely.Polygon([(0.1, 0), (0.2, 5), (0.3, 0)])
    coverage = arcs.cut({"A": spike, "B": line}, UNITS)
    (ring,) = rings(coverage, "A")
    assert sorted(ring) == [(0, 0), (10, 0), (10, 10)]
    assert coverage.rings["B"] == []


@pytest.mark.django_db
@pytest.mark.parametrize("fineness", [REGION, CLOSE], ids=["region", "close"])
def test_no_commune_is_lost_and_no_border_has_three_sides(communes, fineness):
    coverage = arcs.communes(fineness)
    assert set(coverage.rings) == set(communes.values_list("code", flat=True))
    assert all(coverage.rings.values())
    assert {len(codes) for codes in coverage.sides} == {1, 2}


@pytest.mark.django_db
def test_files_of_neighbours_agree_to_the_unit():
    """Loir-et-Cher's file and Loiret's, each read alone, have the same points along their border; and the région's
    land is what the areas of all files add up to."""
    coverage = arcs.communes(CLOSE)
    by_departement = {}
    for code in coverage.rings:
        by_departement.setdefault(code[:2], []).append(code)
    files = {dep: read(packed_areas(coverage, codes), codes) for dep, codes in by_departement.items()}
    segments = {
        dep: {frozenset(pair) for rings in areas.values() for ring in rings for pair in pairwise([ring[-1], *ring])}
        for dep, areas in files.items()
    }
    shared = segments["41"] & segments["45"]
    between = [
        arc
        for arc, sides in zip(coverage.arcs, coverage.sides, strict=True)
        if {code[:2] for code in sides} == {"41", "45"}
    ]
    assert len(shared) == sum(len(arc) - 1 for arc in between) > 100
    areas = [shapely.Polygon(rings[0], rings[1:]).area for file in files.values() for rings in file.values()]
    whole = shapely.union_all([shape.buffer(0) for shape in coverage.shapes.values()]).area * CLOSE.scale**2
    assert sum(areas) == pytest.approx(whole, rel=1e-3)


def test_packed_areas_read_back():
    coverage = arcs.cut(SQUARES, UNITS)
    assert read(packed_areas(coverage, SQUARES), SQUARES) == {code: list(rings(coverage, code)) for code in SQUARES}


def test_steps_lead_back_to_the_line():
    assert steps([(5, 5), (5, 5), (7, 4), (0, 0)]) == [5, 5, 2, -1, -7, -4]
    assert list(unpacked(packed([5, 5, 2, -1, -7, -4000]))) == [5, 5, 2, -1, -7, -4000]
