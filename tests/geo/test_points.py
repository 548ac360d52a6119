"""Text at the border becomes a typed value or one clear error; a circle's box contains the whole circle."""

from __future__ import annotations

import math

import pytest
from django.contrib.gis.geos import Point
from django.contrib.gis.measure import D
from geographiclib.geodesic import Geodesic
from hypothesis import example, given
from hypothesis import strategies as st

from geo.points import (
    Bbox,
    Circle,
    GeoValueError,
    Position,
    parse_bbox,
    parse_number,
    parse_position,
    parse_radius_km,
    position_from,
)

NOT_NUMBERS = [
    *["", " ", ".", "-", "+", "+-1", "--1", "1-", "1.2.3", "1,5", "1 000", "abc", "1e3", "1E3", "0x1", "1_0", "½", "²"],
    *["nan", "NaN", "-nan", "inf", "-inf", "Infinity", "१२", "１２", "٣", "−5", "47\x00", "\x00", "4\x007", "1" * 31],
]


@pytest.mark.parametrize("text", NOT_NUMBERS)
def test_what_is_not_a_plain_decimal_is_refused(text):
    with pytest.raises(GeoValueError) as refused:
        parse_number(text, -180, 180, "lon")
    assert (refused.value.code, refused.value.what) == ("not_a_number", "lon")
    assert "lon" in str(refused.value)
    assert "\x00" not in str(refused.value)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("47.79", 47.79),
        (" 47.79 ", 47.79),
        ("+1", 1.0),
        ("-0", 0.0),
        (".5", 0.5),
        ("1.", 1.0),
        ("007", 7.0),
        ("0", 0.0),
    ],
)
def test_plain_decimals_are_read(text, value):
    assert parse_number(text, -180, 180, "lon") == value


@given(st.floats(-180, 180, allow_nan=False))
def test_every_number_written_out_is_read_back(value):
    assert parse_number(f"{value:.9f}", -180, 180, "lon") == pytest.approx(value, abs=1e-9)


@given(st.text(max_size=40))
def test_any_text_gives_a_number_in_range_or_one_error(text):
    try:
        value = parse_number(text, -90, 90, "lat")
    except GeoValueError as error:
        assert error.code in ("not_a_number", "out_of_range")  # noqa: PT017 - both outcomes are allowed
    else:
        assert math.isfinite(value)
        assert -90 <= value <= 90


@pytest.mark.parametrize(
    ("lat", "lon"), [("90.000001", "0"), ("-91", "0"), ("0", "180.1"), ("0", "-181"), ("1" * 30, "0")]
)
def test_positions_off_the_earth_are_refused(lat, lon):
    with pytest.raises(GeoValueError) as refused:
        parse_position(lat, lon)
    assert refused.value.code == "out_of_range"


def test_a_position_keeps_its_axes():
    position = parse_position("47.79", "1.06")
    assert (position.lat, position.lon) == (47.79, 1.06)
    assert position.rounded() == [1.06, 47.79]
    point = position.to_geos()
    assert (point.x, point.y, point.srid) == (1.06, 47.79, 4326)
    assert Position.from_geos(point) == position


def test_longitude_zero_is_a_longitude():
    assert parse_position("47", "0") == Position(0.0, 47.0)
    assert position_from(Point(0.0, 0.0, srid=4326)) == Position(0.0, 0.0)
    assert position_from(None) is None


def test_distances_are_those_of_the_ellipsoid():
    """Meridian and parallel differ on an ellipsoid: a degree of latitude here is 111.2 km, of longitude 74.9 km."""
    here = Position(1.0, 47.8)
    assert here.distance_to(Position(1.0, 48.8)) == pytest.approx(111_185, abs=20)
    assert here.distance_to(Position(2.0, 47.8)) == pytest.approx(74_911, abs=20)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "not_a_bbox"),
        ("1,2,3", "not_a_bbox"),
        ("1,2,3,4,5", "not_a_bbox"),
        ("nan,46,3,48", "not_a_number"),
        ("0,46,inf,48", "not_a_number"),
        ("0,46,,48", "not_a_number"),
        ("0\x00,46,3,48", "not_a_number"),
        ("0,46,181,48", "out_of_range"),
        ("0,-91,3,48", "out_of_range"),
        ("3,46,0,48", "reversed_bbox"),
        ("0,48,3,46", "reversed_bbox"),
    ],
)
def test_bad_boxes_are_refused(text, code):
    with pytest.raises(GeoValueError) as refused:
        parse_bbox(text)
    assert refused.value.code == code


def test_a_box_is_west_south_east_north_with_its_edges():
    box = parse_bbox("0.05,46.34,3.13,48.95")
    assert box == Bbox(west=0.05, south=46.34, east=3.13, north=48.95)
    assert box.contains(Position(0.05, 46.34))
    assert box.contains(Position(3.13, 48.95))
    assert not box.contains(Position(0.0499, 47))
    assert not box.contains(Position(1, 48.9501))
    assert box.centre.lon == pytest.approx(1.59)
    assert parse_bbox("1,47,1,47").contains(Position(1, 47))


@pytest.mark.parametrize("text", ["0", "0.09", "-1", "200.1", "1000000"])
def test_radii_out_of_range_are_refused(text):
    with pytest.raises(GeoValueError) as refused:
        parse_radius_km(text)
    assert (refused.value.code, refused.value.what) == ("out_of_range", "radius_km")


@pytest.mark.parametrize(
    ("text", "metres"), [("0.1", 100.0), ("10", 10_000.0), ("200", 200_000.0), ("2.3456789", 2345.679)]
)
def test_a_radius_is_a_distance_with_its_unit(text, metres):
    assert parse_radius_km(text).m == pytest.approx(metres)


LATITUDES = st.one_of(st.floats(-90, 90), st.floats(85, 90), st.floats(-90, -85), st.sampled_from([-90.0, 0.0, 90.0]))
LONGITUDES = st.one_of(st.floats(-180, 180), st.floats(177, 180), st.floats(-180, -177))
BEARINGS = st.one_of(st.floats(0, 360), st.sampled_from([0.0, 90.0, 180.0, 270.0]))


@given(LATITUDES, LONGITUDES, BEARINGS, st.floats(0.1, 200_000))
@example(88.3, 0.0, 90.0, 189_000.0)  # the pole just outside the circle
@example(47.8, 179.9, 90.0, 20_000.0)  # over the antimeridian
@example(-90.0, 12.0, 0.0, 100.0)
@example(0.0, 0.0, 0.0, 200_000.0)  # where the meridian bends most
def test_the_box_of_a_circle_contains_its_edge(lat, lon, bearing, metres):
    box = Circle(Position(lon, lat), D(m=metres)).envelope()
    end = Geodesic.WGS84.Direct(lat, lon, bearing, metres)
    assert box.contains(Position(end["lon2"], end["lat2"]))
    assert -180 <= box.west <= box.east <= 180
    assert -90 <= box.south <= box.north <= 90


@pytest.mark.parametrize("metres", [100, 10_000, 200_000])
def test_the_box_of_a_circle_is_hardly_larger_than_it(metres):
    """A box of the whole Earth would pass the test above: at our latitudes it is at most 2 % too large."""
    box = Circle(Position(1.06, 47.79), D(m=metres)).envelope()
    ends = [Geodesic.WGS84.Direct(47.79, 1.06, bearing / 2, metres) for bearing in range(720)]
    assert box.east - 1.06 < 1.02 * max(end["lon2"] - 1.06 for end in ends)
    assert box.north - 47.79 < 1.02 * max(end["lat2"] - 47.79 for end in ends)
