"""The grid of the clusters: cells that nest and tile, and boxes of whole micro-degrees."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.grid import MICRO, SOUTH, WEST, WORLD, Box, bbox_text, cell_size
from geo.points import Bbox, parse_bbox

degrees = st.floats(-179, 179)
zooms = st.integers(0, 22)
wholes = st.integers(-2_000_000, 50_000_000)


@st.composite
def boxes(draw):
    west, south = draw(wholes), draw(wholes)
    return Box(west, south, west + draw(st.integers(0, 9_000_000)), south + draw(st.integers(0, 9_000_000)))


@pytest.mark.parametrize(("zoom", "size"), [(22, (24, 16)), (17, (768, 512)), (8, (393_216, 262_144))])
def test_cells_double_from_zoom_to_zoom(zoom, size):
    assert cell_size(zoom) == size


@given(st.tuples(degrees, degrees).map(sorted), st.integers(-2, 2))
def test_a_box_holds_the_micro_degrees_that_a_comparison_of_degrees_lets_through(edges, step):
    west, east = edges
    box = Box.of(Bbox(west, -1, east, 1))
    for edge in (box.west, box.east):
        whole = edge + step
        assert (west <= whole / MICRO <= east) == (box.west <= whole <= box.east)


def test_the_edges_of_a_box_are_part_of_it():
    assert Box.of(Bbox(1.065343, 47.1, 1.065343, 47.1)) == Box(1_065_343, 47_100_000, 1_065_343, 47_100_000)
    assert not Box.of(Bbox(1.0653431, 47.1, 1.0653439, 47.1)), "between two micro-degrees there is nothing"


@given(boxes(), zooms)
def test_cells_within_a_box_are_all_those_that_fit(box, zoom):
    within, touched = box.cells_within(zoom), box.cells_touched(zoom)
    if within:
        ground = within.ground(zoom)
        assert ground.meet(box) == ground
        width, height = cell_size(zoom)
        assert ground.west - box.west < width
        assert box.east - ground.east < width
        assert ground.south - box.south < height
        assert box.north - ground.north < height
    assert touched.ground(zoom).meet(box) == box
    assert touched.ground(zoom).cells_within(zoom) == touched


@given(boxes(), boxes())
def test_a_box_without_another_is_pieces_that_do_not_overlap(box, other):
    inner = box.meet(other)
    pieces = list(box.without(inner))
    assert sum(piece.size for piece in pieces) == box.size - inner.size
    assert all(not one.meet(two) for n, one in enumerate(pieces) for two in [*pieces[:n], inner])
    assert all(piece.meet(box) == piece for piece in pieces)


def test_the_world_begins_at_the_antimeridian_and_the_south_pole():
    assert WORLD.cells_touched(22).west == WORLD.cells_touched(22).south == 0
    assert (WORLD.west, WORLD.south) == (WEST, SOUTH)


@given(st.tuples(degrees, degrees).map(sorted), st.tuples(st.floats(-80, 80), st.floats(-80, 80)).map(sorted))
def test_a_box_as_text_holds_just_the_same(across, along):
    bbox = Bbox(across[0], along[0], across[1], along[1])
    assert Box.of(parse_bbox(bbox_text(bbox))) == Box.of(bbox) or not Box.of(bbox)


def test_a_box_as_text_is_short():
    assert bbox_text(Bbox(1.0000004, 47.1, 2, 48.12345678)) == "1.000001,47.100000,2.000000,48.123456"
    assert not Box.of(parse_bbox(bbox_text(Bbox(1.0000004, 47.1, 1.0000006, 48))))
