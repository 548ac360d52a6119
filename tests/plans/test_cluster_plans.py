"""Clusters are read along indexes, from cells where cells are kept, and never by looking at every entry."""

from __future__ import annotations

import pytest
from django.db import connection
from django.utils import timezone

from directory import tallies
from directory.clusters import pyramid, reading, totals
from directory.places import place_term
from directory.questions import Question
from geo.gazetteer import gazetteer
from geo.points import Bbox
from tests.directory.cells import divide_early, snapped
from tests.plans.filling import AROUND, CHEESE, FARMS, explain, explain_prepared, nodes

VIEW = Bbox(0.9, 47.2, 1.6, 47.9)
CELLS, ENTRIES, CHANGES = "directory_cluster_cell_pkey", "entry_point_terms", "cluster_change_place"
LONE = "directory_search_entry_pkey"


@pytest.fixture(scope="module")
def _counted_once(_filled_once, django_db_blocker):
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        divide_early()
        pyramid.rebuild()
        cursor.execute("DELETE FROM directory_search_entry WHERE id % 100 = 7")
        cursor.execute("ANALYZE directory_cluster_cell, directory_cluster_change")


@pytest.fixture
def counted(_counted_once, filled):
    """Twenty thousand entries in their cells, and some that went since; no sequential scan, as in the service."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")


def plan(question: Question, zoom: int, mode: str) -> list[dict]:
    built = reading.statement(question, zoom, timezone.now())
    return explain_prepared(built.sql, list(built.values), mode)


@pytest.mark.parametrize("mode", ["force_custom_plan", "force_generic_plan"])
@pytest.mark.parametrize("zoom", [6, 9, 12, 16])
@pytest.mark.parametrize("asked", [{}, CHEESE, {"departements": ("18",)}])
def test_one_term_is_read_from_cells(counted, asked, zoom, mode):
    for bbox in (snapped(VIEW, zoom), VIEW, None):
        read = plan(Question(**asked, bbox=bbox), zoom, mode)
        assert not {"Seq Scan", "BitmapAnd"} & {node["Node Type"] for node in read}
        assert {node["Index Name"] for node in read if "Index Name" in node} == {CELLS, ENTRIES, CHANGES, LONE}


@pytest.mark.parametrize("mode", ["force_custom_plan", "force_generic_plan"])
@pytest.mark.parametrize(
    ("question", "index"),
    [
        (Question(**CHEESE, **FARMS, bbox=VIEW), ENTRIES),
        (Question(**CHEESE, **AROUND), ENTRIES),
        (Question(**CHEESE, **FARMS), "entry_terms"),
    ],
)
def test_more_is_counted_along_the_index_of_the_question(counted, question, index, mode):
    read = plan(question, 12, mode)
    assert "Seq Scan" not in {node["Node Type"] for node in read}
    assert {node["Index Name"] for node in read if "Index Name" in node} == {index, LONE}


def test_a_snapped_view_of_divided_cells_looks_at_no_entry(counted):
    built = reading.statement(Question(bbox=snapped(VIEW, 12)), 12, timezone.now())
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {built.sql}", built.values)
        (answer,) = cursor.fetchone()
    looked_at = [node for node in nodes(answer[0]["Plan"]) if node.get("Index Name") == ENTRIES]
    assert [node["Actual Loops"] for node in looked_at] == [0]


def test_one_plan_serves_all_views(counted):
    """Planning takes longer than reading: with a plan for each view, the same takes three times as long."""
    for zoom in range(4, 16):
        for bbox in (snapped(VIEW, zoom), VIEW):
            reading.cells(Question(bbox=bbox), zoom, timezone.now())
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), max(custom_plans), max(generic_plans) FROM pg_prepared_statements"
            " WHERE statement LIKE '%WITH RECURSIVE piece%' AND NOT from_sql"
        )
        statements, planned, reused = cursor.fetchone()
    assert (statements, planned) == (1, 5)
    assert reused > 10


@pytest.mark.parametrize("mode", ["force_custom_plan", "force_generic_plan"])
def test_cards_are_looked_up_by_key(counted, mode):
    """Not by a join with all entries, which a table of this size tempts PostgreSQL to."""
    for question in (Question(), Question(**CHEESE), Question(**CHEESE, **FARMS)):
        kinds = {node["Node Type"] for node in plan(question, 8, mode) if node.get("Index Name") == LONE}
        assert kinds == {"Index Scan"}
        assert not any(node["Node Type"].startswith(("Hash Join", "Merge Join")) for node in plan(question, 8, mode))


def test_every_place_is_counted_from_cells_and_as_its_entries_are(counted):
    plan = explain(totals.PLACES, [])
    assert CELLS in {node.get("Index Name") for node in plan}
    assert "directory_search_entry" not in {node.get("Relation Name") for node in plan}
    known = totals.totals_of_places()
    codes = [entry.code for entry in gazetteer().entries]
    assert {code: known.get(place_term(code), 0) for code in codes} == tallies.in_places(codes)
