"""Facets: each count is what the question gives with that parameter set to that code alone."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.contrib.gis.measure import D
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from directory import facets as faceting
from directory import search
from directory.clusters import pyramid
from directory.facets import Facet, facets
from directory.questions import Now, On, Question
from directory.vocabulary import vocabulary
from geo.points import Bbox
from tests.builders import centre_of, point_of_sale
from tests.directory.catalogue import NOW, questions, schedule, stock

pytestmark = pytest.mark.django_db
FIELDS = {"activity": "activities", "product": "products", "label": "labels", "service": "services"}


def counts(question: Question, name: str) -> dict[str, int]:
    return {facet.code: facet.count for facet in facets(question, NOW)[name]}


@pytest.fixture
def village():
    point_of_sale("A", activities=["goat_farm"], products=["valencay"], labels=["organic"], schedule=schedule("24/7"))
    point_of_sale("B", activities=["goat_farm"], products=["valencay", "honey"])
    point_of_sale("C", activities=["beekeeper"], products=["honey"], services=["delivery"])
    point_of_sale("D", activities=["bakery"], products=["bread"], schedule=schedule("Mo 09:00-12:00"))


def test_ancestors_are_counted_and_the_most_come_first(village):
    assert [facet.code for facet in facets(Question(), NOW)["activity"]][:2] == ["farming", "farm"]
    assert counts(Question(), "product")["cheese"] == 2
    assert counts(Question(), "label") == {"organic": 1}
    assert facets(Question(), NOW)["open"] == [Facet("now", 1)]


def test_equal_counts_stand_in_the_order_of_the_vocabulary(village):
    shown = [facet.code for facet in facets(Question(), NOW)["product"] if facet.count == 2]
    order = [term.code for term in vocabulary().of("product")]
    assert shown == sorted(shown, key=order.index)


def test_what_is_asked_does_not_narrow_its_own_parameter(village):
    question = Question(activities=("farm",), products=("honey",))
    assert counts(question, "product") == counts(Question(activities=("farm",)), "product")
    assert counts(question, "activity") == counts(Question(products=("honey",)), "activity")
    assert counts(question, "service") == {"delivery": 1}


def test_open_now_takes_the_place_of_another_time(village):
    assert counts(Question(opening=On(1, "morning")), "open") == {"now": 1}
    assert counts(Question(opening=On(1, "morning")), "activity")["bakery"] == 1
    assert counts(Question(opening=Now(), labels=("organic",)), "label") == {"organic": 1}
    assert "bakery" not in counts(Question(opening=Now()), "activity")


def test_another_product_of_the_season_is_counted():
    point_of_sale("E", products=["strawberries"])
    point_of_sale("F", products=["asparagus", "bread"])
    question = Question(products=("strawberries",), season=5)
    assert counts(question, "product")["asparagus"] == 1
    assert "bread" not in counts(question, "product")
    assert sum(counts(question, "activity").values()) == sum(
        counts(Question(products=("strawberries",)), "activity").values()
    )


def test_places_are_no_facet(village):
    assert set(facets(Question(), NOW)) == {"activity", "product", "label", "service", "open"}


def test_above_the_most_only_what_is_not_asked_is_told(village, monkeypatch):
    monkeypatch.setattr(faceting, "MOST", 3)
    asked = Question(products=("honey",), communes=("41269",))
    assert facets(asked, NOW)["product"] is None
    assert facets(asked, NOW)["service"] == [Facet("delivery", 1)]
    assert counts(Question(communes=("41269",), activities=("farm",), products=("honey",)), "product")["valencay"] == 2
    monkeypatch.setattr(faceting, "MOST", 1)
    assert facets(asked, NOW) is None


def test_above_the_most_the_catalogue_s_own_totals_tell_what_each_code_gives_alone(village, monkeypatch):
    nothing, honey = facets(Question(), NOW), facets(Question(products=("honey",)), NOW)
    monkeypatch.setattr(faceting, "MOST", 0)
    for bring_in_step in (int, pyramid.fold):  # as changes, then as cells
        bring_in_step()
        assert facets(Question(), NOW) == nothing | {"open": None}
        alone = facets(Question(products=("honey",)), NOW)
        assert alone == dict.fromkeys(honey) | {"product": honey["product"]}
    for more in (
        {"opening": Now()},
        {"text": "A"},
        {"season": 6},
        {"bbox": Bbox(0, 47, 2, 48)},
        {"labels": ("organic",)},
    ):
        found = facets(Question(products=("honey",), **more), NOW)
        assert found is None or found["product"] is None


def test_one_query(village, django_assert_num_queries):
    facets(Question(), NOW)
    question = Question(
        products=("honey",), activities=("farm",), opening=Now(), text="A", season=6, centre=centre_of(), radius=D(km=1)
    )
    with django_assert_num_queries(1):
        facets(question, NOW)


@pytest.fixture
def catalogue():
    return stock()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(question=questions(), other=st.data())
def test_a_count_is_what_the_question_then_gives(catalogue, question, other):
    found = facets(question, NOW)
    for name, field in FIELDS.items():
        told = {facet.code: facet.count for facet in found[name]}
        assert 0 not in told.values()
        untold = other.draw(st.sampled_from(sorted({code for entry in catalogue for code in entry.codes[field]})))
        few = other.draw(st.lists(st.sampled_from(sorted(told)), max_size=4)) if told else []
        for code in {*few, untold}:
            assert told.get(code, 0) == search.count(replace(question, **{field: (code,)}), NOW), (name, code)
    now = search.count(replace(question, opening=Now()), NOW)
    assert found["open"] == ([Facet("now", now)] if now else [])


def test_what_is_known_to_be_too_much_is_not_looked_at(village, monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(faceting, "MOST", 1)
    facets(Question(products=("honey",)), NOW)
    with django_assert_num_queries(2):  # the totals of the term and of all, and those of the catalogue
        facets(Question(products=("honey",)), NOW)
