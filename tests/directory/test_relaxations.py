"""No dead ends: from a question that nothing answers, every way on has its true count."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace

import pytest
from django.contrib.gis.measure import D
from django.db import OperationalError
from django.http import QueryDict
from hypothesis import HealthCheck, assume, given, settings
from psycopg.errors import QueryCanceled

from directory import search
from directory.api.parameters import parse_question
from directory.questions import Now, On, Question, Sort
from directory.relaxations import MOST, RADII_KM, Relaxation, relaxations
from geo.points import Position
from tests.builders import at, centre_of, point_of_sale
from tests.directory.catalogue import NOW, questions, schedule, stock

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("plenty_of_time")]
NOWHERE = Position(5.37, 43.3)  # Marseille


@pytest.fixture
def plenty_of_time(monkeypatch):
    """Others use this machine as well."""
    monkeypatch.setattr("directory.relaxations.BUDGET_S", 600.0)


def ways(question: Question) -> dict[str, int]:
    return {said(found): found.count for found in relaxations(question, NOW)}


def said(found: Relaxation) -> str:
    if found.radius_km is not None:
        return f"{found.radius_km} km"
    return ",".join(found.dropped) or "".join(f"{name}={codes}" for name, codes in found.broader.items())


def near(**asked) -> Question:
    return Question(centre=centre_of(), radius=D(km=10), **asked)


@pytest.fixture
def three():
    centre = centre_of()
    point_of_sale(
        "A", pin=at(centre, 90, 1_000), activities=["dairy_farm"], products=["cow_cheese"], labels=["organic"]
    )
    point_of_sale("Z", pin=at(centre, 0, 11_700), activities=["goat_farm"], products=["valencay"])
    point_of_sale("C", pin=at(centre, 90, 24_000), activities=["goat_farm"], products=["valencay"])


def test_the_circle_is_widened_to_the_nearest_match(three):
    assert ways(near(products=("valencay",))) == {"12 km": 1, "product": 1, "place": 2}
    assert ways(near(products=("valencay",), sort=Sort.NAME))["12 km"] == 1


def test_east_is_as_near_as_north_though_it_is_more_degrees():
    """Seen in degrees, the one in the north is nearer."""
    centre = centre_of()
    point_of_sale("Nord", pin=at(centre, 0, 19_000), products=["honey"])
    point_of_sale("Orient", pin=at(centre, 90, 14_000), products=["honey"])
    for sort in (None, Sort.NAME):
        assert ways(near(products=("honey",), sort=sort))["15 km"] == 1


def test_the_nearest_term_above_that_is_held_near(three):
    point_of_sale("Miel", products=["honey"])
    assert ways(near(products=("sainte_maure_de_touraine",)))["product=cheese"] == 1
    assert ways(Question(products=("sainte_maure_de_touraine",))) == {"product=goat_cheese": 2}
    point_of_sale("Fournil", activities=["bakery"])
    assert ways(near(activities=("market_garden",)))["activity=farm"] == 2


def test_a_broader_term_that_finds_just_what_none_does_is_not_offered(three):
    """Whoever sells food there sells cheese."""
    question = near(products=("valencay",))
    assert ways(question) == {"12 km": 1, "product": 1, "place": 2}
    point_of_sale("Miel", products=["honey"])
    assert ways(question) == {"12 km": 1, "product=cheese": 1, "product": 2, "place": 2}


def test_leftover_words_are_dropped_first(three):
    question = near(products=("cow_cheese",), text="zzyzx")
    assert list(ways(question)) == ["text"]
    point_of_sale("Zzyzx", pin=at(centre_of(), 0, 14_000), products=["honey", "cow_cheese"])
    point_of_sale("Zzyzx", products=["honey"])
    assert list(ways(question)) == ["text", "15 km", "product", "place"]


def test_opening_words_season_and_labels_are_dropped_one_by_one():
    point_of_sale("Chèvrerie", products=["honey"], schedule=schedule("Mo 09:00-12:00"))
    assert ways(near(products=("honey",), opening=Now())) == {"open": 1}
    assert ways(near(products=("honey",), text="zzyzx")) == {"text": 1}
    assert ways(near(products=("honey",), labels=("organic",))) == {"label": 1}
    assert ways(near(products=("honey",), season=1)) == {"season": 1}


def test_two_are_dropped_where_one_is_not_enough_and_the_place_last():
    point_of_sale("Chèvrerie", products=["honey"])
    question = near(products=("honey",), labels=("organic",), services=("delivery",))
    assert ways(question) == {"label,service": 1}
    much = Question(
        products=("honey",), labels=("organic",), services=("delivery",), text="zzyzx", centre=NOWHERE, radius=D(km=1)
    )
    assert ways(much) == {"text,label,service,product,place": 1}


def test_the_only_filter_gives_way_to_everything(three):
    assert ways(Question(services=("delivery",))) == {"service": 3}
    assert ways(Question(centre=NOWHERE, radius=D(km=200), sort=Sort.DISTANCE)) == {"place": 3}


def test_an_empty_catalogue_has_no_way_on():
    assert relaxations(near(products=("honey",), opening=Now()), NOW) == []


def test_a_departement_named_by_place_is_dropped_with_it(three):
    def addresses(query):
        return {way.question.query_string(): said(way) for way in relaxations(parse_question(QueryDict(query)), NOW)}

    assert addresses("place=Cher&product=cheese") == {"product=cheese": "place"}
    assert addresses("place=Cher&departement=28&product=cheese") == {"product=cheese": "departement,place"}
    assert addresses("place=Loir-et-Cher&departement=28&product=honey") == {
        "departement=28&place=Loir-et-Cher": "product",
    }
    point_of_sale("D", commune="18033", pin=centre_of("18033"), products=["honey"])
    assert addresses("place=Loir-et-Cher&departement=41&product=honey")["product=honey"] == "place"


def test_orders_that_start_from_what_is_dropped_are_let_go():
    point_of_sale("Chèvrerie", products=["honey"])
    (way,) = relaxations(Question(text="zzyzx", products=("honey",), sort=Sort.RELEVANCE), NOW)
    assert way.question == Question(products=("honey",))


def ticking(seconds: float) -> Callable[[], float]:
    """A clock that moves on by as much whenever somebody looks."""
    return itertools.count(0.0, seconds).__next__


@pytest.mark.parametrize(("seconds", "found"), [(0.0, 3), (0.15, 1), (0.3, 1), (0.4, 0), (1.0, 0), (30.0, 0)])
def test_when_time_is_up_what_was_found_is_told(three, monkeypatch, django_assert_max_num_queries, seconds, found):
    question = near(products=("valencay",), activities=("farm",))
    whole = relaxations(question, NOW)
    assert [said(way) for way in whole] == ["12 km", "product", "place"]
    monkeypatch.setattr("directory.relaxations.BUDGET_S", 1.0)
    with django_assert_max_num_queries(int(1 / seconds) if seconds else 99):
        assert relaxations(question, NOW, ticking(seconds)) == whole[:found]


def test_a_query_that_postgresql_cancels_ends_it(three, monkeypatch):
    def cancelled(*asked):
        raise OperationalError("canceling statement due to statement timeout") from QueryCanceled()

    def lost(*asked):
        raise OperationalError("the connection is lost")

    question = near(products=("valencay",), activities=("farm",))
    monkeypatch.setattr(search, "count", cancelled)
    assert relaxations(question, NOW) == []
    monkeypatch.setattr(search, "count", lost)
    with pytest.raises(OperationalError):
        relaxations(question, NOW)


def test_queries_are_bounded(three, django_assert_max_num_queries):
    usual = near(products=("valencay",), activities=("bakery",), opening=Now())
    relaxations(usual, NOW)
    with django_assert_max_num_queries(24):
        relaxations(usual, NOW)
    everything = Question(
        products=("honey", "bread"), activities=("potter",), labels=("aop",), services=("delivery",), text="zzyzx",
        opening=On(3), season=2, communes=("18033",), epcis=("200072072",), departements=("28",),
        centre=centre_of(), radius=D(km=1), bbox=near().circle.envelope(),
    )  # fmt: skip
    with django_assert_max_num_queries(60):
        assert relaxations(everything, NOW)


@pytest.fixture
def catalogue():
    return stock()


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(question=questions())
def test_each_count_is_true_and_there_is_always_a_way_on(catalogue, question):
    assume(not search.count(question, NOW))
    found = relaxations(question, NOW)
    assert 0 < len(found) <= MOST
    assert len({way.question.query_string() for way in found}) == len(found)
    for way in found:
        assert way.count == search.answer(way.question, NOW).total > 0
        assert way.question.offset == 0
        assert parse_question(QueryDict(way.question.query_string()), NOW).query_string() == way.question.query_string()
        if way.radius_km is not None:
            assert way.radius_km > question.radius.km
            narrower = [radius for radius in RADII_KM if question.radius.km < radius < way.radius_km]
            for radius in narrower[-1:]:
                assert search.count(replace(question, radius=D(km=radius)), NOW) == 0
