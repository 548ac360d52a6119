"""Which platforms are also near: at the edges of their territories, and for what they sell."""

from __future__ import annotations

import pytest
import shapely
from django.contrib.gis.measure import D

from directory.models import Platform
from directory.platforms import also_near
from directory.platforms.finding import sold_of
from directory.platforms.keeping import keep
from directory.questions import Question
from directory.vocabulary import vocabulary
from geo.models import Commune, Departement, Epci
from geo.points import Position
from geo.shapes import to_multipolygon, to_shapely
from tests.builders import at, centre_of
from tests.platform_data import platform

ORLEANS, OLIVET, TOURS, VENDOME = "45234", "45232", "37261", "41269"
METROPOLE = "244500468"
pytestmark = pytest.mark.django_db


def found(position: Position, *products: str) -> list[str]:
    question = Question(centre=position, radius=D(km=10), products=products)
    return [one.name for one in also_near(question).platforms]


def on_the_edge(row: Commune | Epci | Departement) -> Position:
    """A corner of the outline, as it is stored."""
    x, y = to_shapely(row.contour).geoms[0].exterior.coords[0]
    return Position(x, y)


def either_side(row: Commune | Epci | Departement, metres: float = 30) -> tuple[Position, Position]:
    """A little inside of the outline and a little outside, across the middle of one of its longer sides."""
    shape = to_shapely(row.contour)
    ring = max((part.exterior for part in shape.geoms), key=lambda ring: ring.length)
    ends = max(zip(ring.coords, ring.coords[1:], strict=False), key=lambda pair: shapely.LineString(pair).length)
    middle = shapely.LineString(ends).interpolate(0.5, normalized=True)
    sides = [at(Position(middle.x, middle.y), bearing, metres) for bearing in range(0, 360, 10)]
    inside = next(side for side in sides if shape.contains(shapely.Point(side.lon, side.lat)))
    outside = next(side for side in sides if not shape.intersects(shapely.Point(side.lon, side.lat)))
    return inside, outside


class TestWhere:
    @pytest.mark.parametrize(
        ("model", "key", "field"),
        [(Commune, ORLEANS, "communes"), (Epci, METROPOLE, "epcis"), (Departement, "45", "departements")],
    )
    def test_at_the_edge_of_a_territory(self, model, key, field):
        platform("Ici", **{field: [key]})
        area = model.objects.get(pk=key)
        inside, outside = either_side(area)
        assert found(inside) == ["Ici"]
        assert found(outside) == []
        assert found(on_the_edge(area)) == ["Ici"]

    def test_both_sides_of_a_border_serve_what_lies_on_it(self):
        platform("Orléans", communes=[ORLEANS])
        platform("Olivet", communes=[OLIVET])
        own, other = (to_shapely(Commune.objects.get(pk=code).contour) for code in (ORLEANS, OLIVET))
        corners = {point for part in own.geoms for point in part.exterior.coords}
        shared = next(point for part in other.geoms for point in part.exterior.coords if point in corners)
        assert set(found(Position(*shared))) == {"Orléans", "Olivet"}

    def test_not_between_the_parts_of_a_territory(self):
        platform("Deux villes", communes=[ORLEANS, TOURS])
        assert found(centre_of(ORLEANS)) == found(centre_of(TOURS)) == ["Deux villes"]
        assert found(centre_of(VENDOME)) == []

    def test_the_most_local_first(self):
        platform("Région", departements=["18", "28", "36", "37", "41", "45"])
        platform("Ville", communes=[ORLEANS])
        platform("Département", departements=["45"])
        platform("Métropole", epcis=[METROPOLE])
        near = also_near(Question(centre=centre_of(ORLEANS), radius=D(km=10)))
        assert [one.name for one in near.platforms] == ["Ville", "Métropole", "Département"]
        assert near.total == 4

    @pytest.mark.parametrize(
        ("asked", "expected"),
        [
            ({"communes": (ORLEANS,)}, {"Ville", "Métropole", "Département"}),
            ({"communes": (OLIVET,)}, {"Métropole", "Département"}),
            ({"epcis": (METROPOLE,)}, {"Ville", "Métropole", "Département"}),
            ({"departements": ("45",)}, {"Ville", "Métropole", "Département"}),
            ({"departements": ("37",)}, set()),
            ({"communes": (ORLEANS,), "departements": ("37",)}, set()),
            ({}, set()),
        ],
    )
    def test_where_a_question_names_a_place_without_a_centre(self, asked, expected):
        platform("Ville", communes=[ORLEANS])
        platform("Métropole", epcis=[METROPOLE])
        platform("Département", departements=["45"])
        assert {one.name for one in also_near(Question(**asked)).platforms} == expected

    def test_one_whose_territory_is_nowhere_serves_nobody(self):
        platform("Nulle part")
        assert found(centre_of(ORLEANS)) == []


class TestWhat:
    @pytest.mark.parametrize(
        ("sells", "asked", "expected"),
        [
            (["food"], "cheese", True),  # what is a part of what it sells
            (["goat_cheese"], "cheese", True),  # what it sells is a part of what is asked
            (["cheese"], "cheese", True),
            (["craft_goods"], "cheese", False),
            (["honey"], "cheese", False),
            ([], "cheese", False),
        ],
    )
    def test_what_is_asked(self, sells, asked, expected):
        platform("Ici", communes=[ORLEANS], products=sells)
        assert (found(centre_of(ORLEANS), asked) == ["Ici"]) is expected

    def test_one_of_what_is_asked_will_do(self):
        platform("Ici", communes=[ORLEANS], products=["eggs"])
        assert found(centre_of(ORLEANS), "cheese", "eggs") == ["Ici"]

    @pytest.mark.parametrize(
        ("asked", "expected"),
        [
            (("cheese",), ["cheese"]),  # all of it, as a part of dairy
            (("honey_products",), ["honey"]),  # of it, only that
            (("cheese", "honey_products"), ["cheese", "honey"]),
            ((), ["dairy", "honey"]),
        ],
    )
    def test_what_of_it_is_sold(self, asked, expected):
        platform("Ici", communes=[ORLEANS], products=["dairy", "honey"])
        (one,) = Platform.objects.told()
        assert [vocabulary().by_id[id_].code for id_ in sold_of(one, asked)] == expected


class TestShown:
    @pytest.mark.parametrize(
        "fields", [{"status": "draft"}, {"status": "hidden"}, {"link": Platform.Link.HIDDEN}], ids=str
    )
    def test_not_one_that_is_hidden(self, fields):
        platform("Ici", communes=[ORLEANS], **fields)
        assert found(centre_of(ORLEANS)) == []

    def test_one_that_is_flagged_still_is(self):
        platform("Ici", communes=[ORLEANS], link=Platform.Link.FLAGGED)
        assert found(centre_of(ORLEANS)) == ["Ici"]


class TestKeeping:
    def test_follows_the_communes(self):
        one = platform("Ici", communes=[ORLEANS])
        commune = Commune.objects.get(pk=ORLEANS)
        half = to_shapely(commune.contour).intersection(shapely.box(-5, 40, commune.centre.x - 0.001, 60))
        Commune.objects.filter(pk=ORLEANS).update(contour=to_multipolygon(half))
        assert found(Position.from_geos(commune.centre)) == ["Ici"]
        assert keep() == 1
        assert found(Position.from_geos(commune.centre)) == []
        assert keep() == 0
        one.refresh_from_db()
        assert one.reach_km2 < 28

    def test_writes_nothing_where_nothing_changed(self):
        platform("Ici", departements=["45"])
        platform("Là", communes=[ORLEANS, OLIVET], products=["cheese"])
        assert keep() == 0
