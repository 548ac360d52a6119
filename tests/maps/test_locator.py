"""The drawing that says where a point of sale is."""

from __future__ import annotations

import re
from itertools import combinations

import brotli
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from geopy.distance import geodesic

from geo.gazetteer import gazetteer
from maps.sheets.locator import HEIGHT, PAPER, SCALE_ROOM, WIDTH, locator
from tests.builders import at, centre_of, point_of_sale
from tests.maps.test_pages import _strict_templates, get  # noqa: F401

pytestmark = pytest.mark.django_db
COMMUNES = ["41269", "45234", "18033", "36018", "28085", "37261", "41018"]


def ends(path):
    """Every point of a path."""
    for line in path.split("M")[1:]:
        start, rest = line.split("l")
        x, y = map(int, start.split())
        steps = list(map(int, re.findall(r"-?\d+", rest)))
        for dx, dy in [(0, 0), *zip(steps[::2], steps[1::2], strict=True)]:
            x, y = x + dx, y + dy
            yield x, y


@pytest.mark.parametrize("commune", COMMUNES)
def test_the_whole_commune_lies_inside(commune):
    drawn = locator(commune)
    points = list(ends(drawn.own))
    assert len(points) > 8
    assert all(0 < x < WIDTH and 0 < y < HEIGHT for x, y in points)
    assert drawn.names[0].text == gazetteer().commune(commune).name


@pytest.mark.parametrize("commune", COMMUNES)
def test_it_is_true_to_scale(commune):
    drawn = locator(commune)
    centre = centre_of(commune)
    a = drawn.frame.xy(centre.lon, centre.lat)
    for bearing in (0, 90, 225):
        there = at(centre, bearing, 2_000)
        x, y = drawn.frame.xy(there.lon, there.lat)
        units = ((x - a[0]) ** 2 + (y - a[1]) ** 2) ** 0.5
        metres = geodesic((centre.lat, centre.lon), (there.lat, there.lon)).m
        assert units / metres == pytest.approx(drawn.scale / drawn.scale_km / 1000, rel=0.02)


@pytest.mark.parametrize("commune", COMMUNES)
@pytest.mark.parametrize("bearing", [None, 0, 90, 180, 300])
def test_no_name_lies_over_another_or_under_the_pin(commune, bearing):
    centre = centre_of(commune)
    pinned = locator(commune).pin(centre if bearing is None else at(centre, bearing, 400), "farming", rough=False)
    rooms = [name.room for name in pinned.names]
    assert not any(one.meets(other) for one, other in combinations(rooms, 2))
    assert not any(name.room.meets(SCALE_ROOM) for name in pinned.names[1:])
    assert all(PAPER.holds(room) for room in rooms[1:])
    pin = (pinned.x - 12, pinned.y - 36, pinned.x + 12, pinned.y - 2)
    assert not any(r.west < pin[2] and pin[0] < r.east and r.north < pin[3] and pin[1] < r.south for r in rooms)


def test_a_pin_far_off_stays_inside():
    pinned = locator("41269").pin(at(centre_of(), 90, 200_000), "", rough=False)
    assert 0 < pinned.x < WIDTH
    assert 0 < pinned.y < HEIGHT


def test_an_unknown_commune_has_none():
    assert locator("99999") is None


def test_it_is_drawn_once_and_weighs_little():
    drawn = locator("45234")
    with CaptureQueriesContext(connection) as made:
        assert locator("45234") == drawn
    assert not [query for query in made if "geo_commune" in query["sql"]]
    assert len(brotli.compress(f"{drawn.land}{drawn.own}{drawn.borders}".encode())) < 2_500


def test_what_is_rough_has_a_circle_and_no_pin(client):
    exact, rough = point_of_sale("Ferme"), point_of_sale("Atelier", pin_hidden=True)
    for place, circles, name in ((exact, 0, "ferme"), (rough, 1, "atelier")):
        page = get(client, f"/m/{place.merchant_id}-{name}/")
        (drawing,) = re.findall(r'<svg class="locator".*?class="scale"', page, re.DOTALL)
        assert drawing.count('class="about"') == circles
        assert drawing.count("pins.svg#") == 1 - circles
