"""The map's pure modules, asked in a browser by themselves."""

from __future__ import annotations

import pytest

from directory.api.clusters import MICRO
from geo.grid import Box, cell_size
from geo.packing import packed, steps
from geo.points import parse_bbox
from tests.journeys.conftest import CHROMIUM

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"no browser at {CHROMIUM}"),
]
VIEWS = [(0.78, 47.59, 1.32, 47.98), (-0.31, 46.4, 3.2, 48.9), (1.065343, 47.792551, 1.065343, 47.792551)]


@pytest.fixture
def call(visit, settings):
    """Calls a function of a module, by name."""
    page = visit("/aide/")

    def call(module, function, *given):
        return page.evaluate(
            "([module, name, given]) => import(`/static/maps/js/${module}.js`).then((found) => found[name](...given))",
            [module, function, list(given)],
        )

    return call


def test_views_are_snapped_to_the_service_s_own_cells(call):
    for zoom in (5, 7, 11, 16, 22):
        for view in VIEWS:
            box = call("grid", "snapped", view, zoom)
            asked = Box.of(parse_bbox(call("grid", "written", box)))
            cells = asked.cells_within(zoom)
            assert cells == asked.cells_touched(zoom), "whole cells and nothing else"
            west, south, east, north = (round(edge * MICRO) for edge in view)
            assert asked.west <= west <= east <= asked.east
            assert asked.south <= south <= north <= asked.north
            width, height = cell_size(zoom)
            assert asked.east - asked.west < east - west + 2 * width, "no cell too many"
            assert asked.north - asked.south < north - south + 2 * height


def test_boxes(call):
    assert call("grid", "shared", [0, 0, 2, 2], [1, 1, 3, 3]) == [1, 1, 2, 2]
    assert call("grid", "shared", [0, 0, 1, 1], [2, 0, 3, 1]) is None
    assert call("grid", "shared", [0, 0, 1, 1], None) == [0, 0, 1, 1]
    assert call("grid", "union", [[0, 1, 2, 3], [-1, 2, 1, 4]]) == [-1, 1, 2, 4]
    assert call("grid", "holds", [0, 0, 1, 1], [1, 0])
    assert not call("grid", "holds", [0, 0, 1, 1], [1.000001, 0])


def test_an_area_loses_nothing_of_what_it_was(call):
    assert call("grid", "area", [1.06534, 47.79255, 1.06534, 47.79255]) == "1.0653,47.7925,1.0654,47.7926"
    assert call("grid", "area", [-0.00001, 47.1, 1.2, 47.9]) == "-0.0001,47.1000,1.2000,47.9000"


def lone(x, y, id_):
    return {"x": x, "y": y, "feature": {"id": id_, "properties": {"count": 1}}}


def disc(x, y, count):
    return {"x": x, "y": y, "feature": {"bbox": [x, y, x, y], "properties": {"count": count}}}


def test_marks_that_would_overlap_are_one_with_the_sum(call):
    found = call("pins", "marks", [lone(0, 0, 1), lone(20, 0, 2), lone(200, 0, 3)])
    assert [(mark["count"], len(mark["members"])) for mark in found] == [(2, 2), (1, 1)]


def test_a_disc_that_has_grown_takes_what_it_then_touches(call):
    pair = [disc(0, 0, 100), disc(46.5, 0, 50)]
    assert [mark["count"] for mark in call("pins", "marks", pair)] == [100, 50]
    assert [mark["count"] for mark in call("pins", "marks", [*pair, disc(-5, 0, 20)])] == [170]
    crowded = [disc(31 * (i % 10), 29 * (i // 10), 1 + 7 * i % 50) for i in range(100)]
    marks = call("pins", "marks", crowded)
    assert sum(mark["count"] for mark in marks) == sum(point["feature"]["properties"]["count"] for point in crowded)
    size = [26 if mark["count"] == 1 else call("pins", "discSize", mark["count"]) for mark in marks]
    for i, mark in enumerate(marks):
        for j, other in enumerate(marks[:i]):
            apart = ((mark["x"] - other["x"]) ** 2 + (mark["y"] - other["y"]) ** 2) ** 0.5
            assert apart >= (size[i] + size[j]) / 2


def test_discs_grow_with_their_counts(call):
    sizes = [call("pins", "discSize", count) for count in (2, 10, 100, 10_000, 1_000_000)]
    assert sizes == sorted(set(sizes))
    assert sizes[0] >= 24, "a target of its own"
    assert sizes[-1] < 100


def test_the_note_says_how_many(call):
    words = {"none": "none of {total}", "some": "{shown} of {total}", "all": "all {total}"}
    words |= {"noneOne": "not it", "someOne": "one of {total}", "allOne": "it"}
    counts = (0, 5), (2, 5), (5, 5), (0, 1), (1, 5), (1, 1)
    said = [call("pins", "noteText", shown, total, words, "fr") for shown, total in counts]
    assert said == ["none of 5", "2 of 5", "all 5", "not it", "one of 5", "it"]


def test_the_state_of_an_address(call):
    view = {"zoom": 11, "lat": 47.7931, "lon": -1.0658}
    address = call("question", "withState", "http://x/?q=miel#resultats", {"view": view})
    assert address == "http://x/?q=miel#carte=11/47.79310/-1.06580"
    both = call("question", "withState", address, {"showsMap": True})
    assert both.endswith("#carte=11/47.79310/-1.06580&vue=carte")
    assert call("question", "readState", "#carte=11/47.79310/-1.06580&vue=carte") == {"view": view, "showsMap": True}
    assert call("question", "withState", both, {"view": None, "showsMap": False}) == "http://x/?q=miel"
    for bad in ("", "#resultats", "#carte=11/47", "#carte=99/47/1", "#carte=1/95/1", "#carte=x/<img>/1"):
        assert call("question", "readState", bad) == {"view": None, "showsMap": False}
    for ours in ("", "#carte=11/47/1", "#vue=carte"):
        assert call("question", "isState", ours)
    for part in ("#resultats", "#apres-carte", "#carte", "#q"):
        assert not call("question", "isState", part)


def test_lines_are_unpacked_as_they_were_packed(call):
    line = [(1000, 47000), (1001, 46990), (-5, 46990), (40_000, -3)]
    (found,) = call("viewport", "unpack", [packed(steps(line))], 1)
    assert [(lon, lat) for lat, lon in found] == line


def named(name, x, y, far=0):
    return {"name": name, "x": x, "y": y, "width": 40, "height": 20, "far": far}


def test_a_town_s_name_stands_beside_what_is_there(call):
    disc = {"x": 100, "y": 100, "width": 30, "height": 30}
    size = {"x": 200, "y": 200}
    (placed,) = call("viewport", "roomFor", [named("A", 100, 97, far=34)], [disc], size, 10)
    right, down = placed["shift"]
    assert abs(right) <= 6
    assert 25 <= abs(placed["y"] - 100) <= 29
    assert abs(down) <= 34
    walls = [disc | {"y": y} for y in (65, 135)]
    (placed,) = call("viewport", "roomFor", [named("A", 100, 97, far=34)], [disc, *walls], size, 10)
    assert 35 <= abs(placed["x"] - 100) <= 42
    assert call("viewport", "roomFor", [named("A", 100, 97, far=20)], [disc, *walls], size, 10) == []


def test_a_small_town_has_no_name_where_a_larger_one_had_no_room(call):
    disc = {"x": 100, "y": 100, "width": 80, "height": 80}
    names = [named("Large", 100, 100, far=20), named("Suburb", 140, 110, far=34), named("Other", 100, 170)]
    placed = call("viewport", "roomFor", names, [disc], {"x": 400, "y": 400}, 10)
    assert [name["name"] for name in placed] == ["Other"]


def test_names_keep_apart(call):
    names = [named("A", 100, 100), named("B", 130, 145), named("C", 149, 150), named("D", 175, 130)]
    placed = call("viewport", "roomFor", names, [], {"x": 400, "y": 400}, 10)
    assert [name["name"] for name in placed] == ["A", "B", "D"]
    assert [name["name"] for name in call("viewport", "roomFor", names, [], {"x": 400, "y": 400}, 1)] == ["A"]


def test_light_is_chosen_or_found(call):
    assert call("light", "isLight", None, {"saveData": True}, False)
    assert call("light", "isLight", None, {"effectiveType": "slow-2g"}, False)
    assert call("light", "isLight", None, None, True)
    assert call("light", "isLight", "on", None, False)
    assert not call("light", "isLight", "off", {"saveData": True}, True)
    assert not call("light", "isLight", None, {"effectiveType": "3g"}, False)


def test_distances_in_words(call):
    def said(metres, precision="street", language="fr"):
        properties = {"distance_m": metres, "pin": {"precision": precision}}
        return call("places", "distanceText", properties, {"about": "environ {distance}"}, language)

    assert [said(4), said(994), said(2_345)] == ["10\u00a0m", "990\u00a0m", "2,3\u00a0km"]
    assert [said(400, "commune"), said(4_200, "commune")] == ["", "environ 4\u00a0km"]
    assert said(2_345, language="en") == "2.3\u00a0km"
