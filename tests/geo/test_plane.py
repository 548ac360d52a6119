"""The plane about a circle never says more than it knows; the oracle is geographiclib."""

from __future__ import annotations

import math

import pytest
from django.contrib.gis.measure import D
from hypothesis import assume, example, given
from hypothesis import strategies as st

from geo.plane import Plane, radii
from geo.points import Circle, Position
from tests.builders import at

LATITUDES = st.one_of(st.floats(-90, 90), st.floats(84, 90), st.sampled_from([-90.0, 0.0, 47.8, 90.0]))
LONGITUDES = st.one_of(st.floats(-180, 180), st.floats(177, 180))
BEARINGS = st.one_of(st.floats(0, 360), st.sampled_from([0.0, 90.0, 180.0, 270.0]))
# Of the radius: most of them near the edge, where a wrong bound shows.
SHARES = st.one_of(st.floats(0, 2), st.floats(0.98, 1.02), st.floats(0.9999, 1.0001))


def on_plane(plane: Plane, one: Position, other: Position) -> float:
    return math.hypot((one.lon - other.lon) * plane.east, (one.lat - other.lat) * plane.north)


@given(LATITUDES, LONGITUDES, BEARINGS, st.floats(100, 200_000), SHARES)
@example(47.8, 1.0, 0.0, 200_000.0, 1.0)
@example(0.0, 1.0, 0.0, 200_000.0, 1.0)
@example(88.0, 1.0, 90.0, 200_000.0, 1.0)
def test_what_the_plane_tells_is_true(lat, lon, bearing, metres, share):
    circle = Circle(Position(lon, lat), D(m=metres))
    plane, end = Plane.around(circle), at(circle.centre, bearing, metres * share)
    assume(circle.envelope().contains(end))
    near, distance = on_plane(plane, circle.centre, end), metres * share
    if near < plane.within(metres):
        assert distance <= metres
    if near > plane.reach(metres):
        assert distance > metres


@given(LATITUDES, LONGITUDES, st.floats(100, 200_000), *[st.tuples(BEARINGS, st.floats(0, 1))] * 2)
def test_farther_than_the_spread_is_farther_in_truth(lat, lon, metres, one, other):
    circle = Circle(Position(lon, lat), D(m=metres))
    plane = Plane.around(circle)
    near, far = sorted(
        (on_plane(plane, circle.centre, at(circle.centre, b, share * metres)), share) for b, share in (one, other)
    )
    if far[0] > near[0] * plane.spread + 1e-6:
        assert far[1] > near[1]


@pytest.mark.parametrize(
    ("lon", "lat", "km"), [(12.0, 90.0, 1), (12.0, -89.999, 1), (179.9999, 10.0, 1), (-180.0, 67.0, 200)]
)
def test_where_there_is_no_such_plane_nothing_is_told(lon, lat, km):
    plane = Plane.around(Circle(Position(lon, lat), D(km=km)))
    assert (plane.east, plane.north, plane.within(km * 1000), plane.reach(km * 1000)) == (0, 0, 0, math.inf)


@pytest.mark.parametrize(("km", "ring"), [(10, 0.004), (50, 0.02), (200, 0.08)])
def test_the_ring_that_is_left_to_the_ellipsoid_is_narrow(km, ring):
    """A plane that tells nothing would pass the tests above."""
    plane = Plane.around(Circle(Position(1.06, 47.79), D(km=km)))
    assert plane.reach(1.0) - plane.within(1.0) < ring


def test_radii_of_curvature_are_the_ellipsoid_s():
    """WGS 84: b²/a at the equator and a²/b at the poles for the meridian, a at the equator for the parallel."""
    a, b = 6_378_137.0, 6_356_752.314245
    assert radii(0.0) == (pytest.approx(b * b / a), pytest.approx(a))
    assert radii(90.0) == (pytest.approx(a * a / b), pytest.approx(0.0, abs=1e-6))
