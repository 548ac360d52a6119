"""The plans of questions of hours, words and seasons: found along an index, and the rest looked up by key."""

from __future__ import annotations

import pytest
from django.contrib.gis.measure import D
from django.utils import timezone

from directory import facets, relaxations, search
from directory.questions import Now, On, Question, Sort
from tests.plans.filling import AROUND, BOX, CENTRE, CHEESE, FARMS, KEYS, explain_prepared, indexes

DETAIL_KEY = "directory_search_detail_pkey"
SPACE, TERMS = {"entry_point_terms", *KEYS}, {"entry_terms", *KEYS}
WORDS, SEASONS = {"detail_document", "detail_name", *KEYS}, {"detail_seasons", *KEYS}
OPEN = {"opening": Now()}
VILLAGE = {"text": "village 42"}
JUNE = {"season": 6}
WIDE = {"centre": CENTRE, "radius": D(km=100)}
modes = pytest.mark.parametrize("mode", ["force_custom_plan", "force_generic_plan"])


@modes
@pytest.mark.parametrize(
    ("question", "expected"),
    [
        (Question(**AROUND, **CHEESE, **OPEN), SPACE),
        (Question(**AROUND, opening=On(7, "morning")), SPACE),
        (Question(**BOX, **FARMS, **OPEN), SPACE),
        (Question(**CHEESE, **OPEN), TERMS),
        (Question(products=("honey",), **OPEN, sort=Sort.UPDATED), TERMS),
        (Question(**AROUND, **CHEESE, **JUNE), {*SPACE, DETAIL_KEY}),
        (Question(**CHEESE, **JUNE), SEASONS),
        (Question(**JUNE), SEASONS),
        (Question(**JUNE, **WIDE), SEASONS),
        (Question(**CHEESE, **FARMS, **JUNE), {*TERMS, DETAIL_KEY}),
        (Question(**AROUND, **VILLAGE), {*SPACE, DETAIL_KEY}),
        (Question(**BOX, **CHEESE, **VILLAGE, **OPEN), {*SPACE, DETAIL_KEY}),
        (Question(**VILLAGE), WORDS),
        (Question(**VILLAGE, **CHEESE, **OPEN, **JUNE), WORDS),
        (Question(**VILLAGE, **WIDE, **FARMS), WORDS),
        (Question(**VILLAGE, sort=Sort.NAME), WORDS),
    ],
    ids=lambda value: "" if isinstance(value, set) else value.query_string(),
)
def test_a_question_uses_its_index(filled, question, expected, mode):
    assert indexes(question, mode) == expected


@modes
def test_hours_alone_look_each_schedule_up_once(filled, mode):
    built = search.statement(Question(**OPEN))
    plan = explain_prepared(built.sql, built.parameters, mode)
    assert "directory_schedule" not in {node.get("Relation Name") for node in plan if node["Node Type"] == "Seq Scan"}
    assert "Memoize" in {node["Node Type"] for node in plan}


@modes
@pytest.mark.parametrize(
    ("question", "expected"),
    [
        (Question(**AROUND, **CHEESE, **FARMS, **OPEN), "entry_point_terms"),
        (Question(**AROUND, **CHEESE), "entry_point_terms"),
        (Question(**BOX, **CHEESE, labels=("organic",), **FARMS), "entry_point_terms"),
        (Question(products=("honey",), labels=("organic",)), "entry_terms"),
        (Question(**VILLAGE, **CHEESE), "detail_document"),
    ],
    ids=lambda value: value if isinstance(value, str) else value.query_string(),
)
def test_facets_enumerate_along_an_index(filled, question, expected, mode):
    built = facets.statement(question, timezone.now(), 1)
    plan = explain_prepared(built.sql, list(built.values), mode)
    assert "Seq Scan" not in {node["Node Type"] for node in plan}
    assert expected in {node.get("Index Name") for node in plan}


@modes
@pytest.mark.parametrize("question", [Question(**AROUND, **CHEESE), Question(**AROUND, **CHEESE, **OPEN)], ids=str)
def test_the_nearest_match_is_read_in_the_order_of_the_index(filled, question, mode):
    built = relaxations.near(question, timezone.now())
    plan = explain_prepared(built.sql, list(built.values), mode)
    (scan,) = [node for node in plan if node.get("Index Name") == "entry_point_terms"]
    assert "public_point <->" in scan["Order By"]
    assert "terms @@" in scan["Index Cond"]
    assert not {"Seq Scan", "Sort"} & {node["Node Type"] for node in plan}
