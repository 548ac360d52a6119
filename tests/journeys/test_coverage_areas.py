"""The module that puts areas together from the service's files, asked in a browser by itself."""

from __future__ import annotations

import json

import pytest
import shapely

from geo import arcs
from geo.arcs import Fineness
from geo.packing import packed_areas
from geo.sheets import CLOSE, sheets
from tests.journeys.conftest import CHROMIUM

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"no browser at {CHROMIUM}"),
]
UNITS = Fineness(0.001, 1)
ISLAND = shapely.box(12, 2, 14, 4)
SQUARES = {"A": shapely.box(0, 0, 10, 10), "B": shapely.box(10, 0, 20, 10) - ISLAND, "C": ISLAND}


def file_of(*codes):
    groups = [["41", code, [code]] for code in codes]
    return {"scale": 1, "groups": groups} | packed_areas(arcs.cut(SQUARES, UNITS), codes)


@pytest.fixture
def ask(visit):
    """Adds files to new areas, and asks something of them in JavaScript."""
    page = visit("/aide/")

    def ask(files, question):
        return page.evaluate(
            "async ([files, question]) => {"
            '  const { Areas } = await import("/static/maps/js/coverage_areas.js");'
            "  const areas = new Areas();"
            "  for (const file of files) areas.add(file);"
            f"  return ({question})(areas);"
            "}",
            [files, question],
        )

    return ask


def area(rings):
    """By the even-odd rule, in square units."""
    found = shapely.Polygon()
    for ring in rings:
        found = found.symmetric_difference(shapely.Polygon(ring).buffer(0))
    return found.area


@pytest.mark.parametrize("files", [[file_of("A", "B", "C")], [file_of("C", "B"), file_of("A")]], ids=["one", "two"])
class TestShapes:
    def test_of_each_area(self, ask, files):
        shapes = ask(files, "(areas) => [...areas.shapes(({ code }) => code)]")
        assert {key: area(rings) for key, rings in shapes} == {"A": 100, "B": 96, "C": 4}

    def test_of_neighbours_of_one_class_are_one(self, ask, files):
        """One ring around both, nothing of the border between them, whichever file each came in."""
        ((_, rings),) = ask(files, "(areas) => [...areas.shapes(() => 'same')]")
        assert [area([ring]) for ring in rings] == [200]

    def test_have_holes(self, ask, files):
        shapes = dict(ask(files, "(areas) => [...areas.shapes(({ code }) => String(code === 'C'))]"))
        assert area(shapes["false"]) == 196
        assert len(shapes["false"]) == 2

    def test_borders_are_where_two_sides_differ_and_around_everything(self, ask, files):
        def length(key):
            return shapely.MultiLineString(ask(files, f"(areas) => areas.borders({key})")).length

        assert length("({ code }) => code") == 60 + 10 + 8
        assert length("({ departement }) => departement") == 60

    def test_tell_what_lies_over_a_position(self, ask, files):
        for position, code in ((5, 5), "A"), ((5, 11), "B"), ((3, 13), "C"), ((5, 25), None), ((-1, 5), None):
            assert ask(files, f"(areas) => areas.at{position}?.code ?? null") == code


def test_sheets_join_without_a_gap(ask):
    """All sheets as one class are the land of the communes, in as many rings as it has: no sliver between two."""
    files = [json.loads(sheet.content) for sheet in sheets().close.values()]
    ((_, rings),) = ask(files, "(areas) => [...areas.shapes(() => 'all')]")
    whole = shapely.coverage_union_all(list(arcs.communes(CLOSE).shapes.values()))
    assert len(rings) == len(shapely.get_rings(shapely.get_parts(whole)))
    assert area(rings) == pytest.approx(whole.area, rel=1e-6)
