"""Each verb's plan, on a filled table: the index it must use, and no sequential scan."""

from __future__ import annotations

import random

import pytest
from django.contrib.gis.measure import D
from django.db import connection

from directory import search
from directory.clusters import pyramid
from directory.models import PointOfSale, SearchEntry, Term
from directory.questions import Question, Sort
from geo.models import Commune
from tests.plans.filling import AROUND, BOX, CENTRE, CHEESE, FARMS, KEYS, ROWS, explain, indexes, nodes

PINS = """
INSERT INTO directory_pointofsale (merchant_id, kind, name, street, postcode, pin, pin_precision, pin_source, pin_label,
    pin_hidden, status, reviews, demo, created_at, updated_at)
SELECT 1, 'shop', '', '', '', ST_SetSRID(ST_MakePoint(0.1 + 3 * random(), 46.4 + 2.5 * random()), 4326), 'street', '',
       '',
       false, 'draft', '{}', true, now(), now()
FROM generate_series(1, %s)
"""


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        (Question(**AROUND, **CHEESE, **FARMS), {"entry_point_terms", *KEYS}),
        (Question(**AROUND, **CHEESE), {"entry_point_terms", *KEYS}),
        (Question(**AROUND), {"entry_point_terms", *KEYS}),
        (Question(**AROUND, **CHEESE, departements=("18", "28")), {"entry_point_terms", *KEYS}),
        (Question(**AROUND, **CHEESE, sort=Sort.NAME), {"entry_point_terms", *KEYS}),
        (Question(**BOX, **CHEESE), {"entry_point_terms", *KEYS}),
        (Question(**BOX), {"entry_point_terms", *KEYS}),
        (Question(**CHEESE, **FARMS), {"entry_terms", *KEYS}),
        (Question(**CHEESE, departements=("18",)), {"entry_terms", *KEYS}),
    ],
    ids=lambda value: "" if isinstance(value, set) else value.query_string() or "nothing",
)
@pytest.mark.parametrize("mode", ["force_custom_plan", "force_generic_plan"])
def test_a_question_uses_its_index(filled, question, expected, mode):
    assert indexes(question, mode) == expected


@pytest.mark.parametrize(("sort", "index"), [(None, "entry_name"), (Sort.UPDATED, "entry_updated")])
def test_the_page_of_everything_is_read_along_an_index(filled, sort, index):
    built = search.statement(Question(sort=sort))
    page = [node for node in explain(built.sql, built.parameters) if node.get("Index Name") == index]
    assert page, "the page is cut from the index of its order"


@pytest.mark.parametrize(
    ("question", "index"),
    [
        (Question(departements=("18",)), "entry_name"),  # a sixth of all
        (Question(departements=("18",), sort=Sort.UPDATED), "entry_updated"),
        (Question(departements=("18",), offset=2_000), "entry_terms"),  # so far down, most of them are met before
        (Question(products=("valencay",)), "entry_terms"),
    ],
)
def test_one_term_is_sorted_where_it_is_rare_and_met_in_order_where_it_is_common(filled, question, index):
    pyramid.rebuild()
    point = SearchEntry.objects.order_by("pk").first()
    SearchEntry.objects.filter(pk=point.pk).delete()
    built = search.statement(question)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")  # as in the service
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {built.sql}", built.parameters)
        (answer,) = cursor.fetchone()
    read = [node for node in nodes(answer[0]["Plan"]) if node["Actual Loops"] and node.get("Index Name")]
    assert {node["Index Name"] for node in read} & {"entry_name", "entry_updated", "entry_terms"} == {index}
    assert "Seq Scan" not in {node["Node Type"] for node in nodes(answer[0]["Plan"])}


def test_a_radius_reads_only_what_lies_near(filled):
    """A hundredth of the table, not all of it: the box is an index condition, the circle a filter."""
    built = search.statement(Question(**AROUND))
    (scan,) = [node for node in explain(built.sql, built.parameters) if node.get("Index Name") == "entry_point_terms"]
    assert "public_point && " in scan["Index Cond"]
    assert scan["Plan Rows"] < ROWS / 20


def test_true_pins_within_a_distance_use_the_geography_index(db):
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO directory_merchant (id, name, description_fr, description_en, website, shop_url, phone,"
            " email, natural_person, created_at, updated_at)"
            " VALUES (1, 'M', '', '', '', '', '', '', false, now(), now())"
        )
        cursor.execute(PINS, [5_000])
        cursor.execute("ANALYZE directory_pointofsale")
    sql, parameters = PointOfSale.objects.within(CENTRE, D(m=150)).query.sql_with_params()
    assert "pos_pin_geography" in {node.get("Index Name") for node in explain(sql, list(parameters))}


def test_the_commune_under_a_point_uses_the_contour_s_index(db):
    sql, parameters = Commune.objects.containing(CENTRE).query.sql_with_params()
    plan = explain(sql, list(parameters))
    assert any("contour" in str(node.get("Index Name")) for node in plan), plan


def test_a_term_is_found_in_entries_by_index(filled):
    """What the trigger on the vocabulary asks."""
    some = random.Random(1).choice(list(Term.objects.values_list("pk", flat=True)))
    sql = "SELECT id FROM directory_search_entry WHERE terms OPERATOR(pg_catalog.&&) %s::int[]"
    assert "entry_terms" in {node.get("Index Name") for node in explain(sql, [[some]])}


def test_one_query_answers_one_question(filled, django_assert_num_queries):
    from directory.vocabulary import vocabulary

    vocabulary()
    with django_assert_num_queries(1):
        search.answer(Question(**AROUND, **CHEESE))
