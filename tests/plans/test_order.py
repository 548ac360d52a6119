"""Neighbours lie side by side in the table of entries, and are put there again when they do not."""

from __future__ import annotations

from django.db import connection
from django.utils import timezone

from directory import indexing, search
from directory.models import SearchEntry
from directory.questions import Question
from tests.plans.filling import BOX

# Pages of the table that the entries of the box stand on.
PAGES = """
SELECT count(DISTINCT (ctid::text::point)[0]) FROM directory_search_entry
WHERE public_point && ST_MakeEnvelope(%s, %s, %s, %s, 4326)
"""


def pages() -> int:
    box = BOX["bbox"]
    with connection.cursor() as cursor:
        cursor.execute(PAGES, [box.west, box.south, box.east, box.north])
        return int(cursor.fetchone()[0])


def test_neighbours_are_put_side_by_side_and_nothing_else_changes(filled):
    """The table is filled at random."""
    now = timezone.now()
    before, found = list(SearchEntry.objects.order_by("pk").values()), search.answer(Question(**BOX), now)
    scattered = pages()
    assert indexing.restore_order()
    assert pages() < scattered / 3
    assert list(SearchEntry.objects.order_by("pk").values()) == before
    assert search.answer(Question(**BOX), now).hits == found.hits


def test_a_table_in_use_is_left_alone(db):
    other = connection.copy()
    try:
        other.set_autocommit(False)
        with other.cursor() as cursor:
            cursor.execute("LOCK TABLE directory_search_entry IN ACCESS SHARE MODE")
            assert not indexing.restore_order()
            other.rollback()
    finally:
        other.close()
    assert indexing.restore_order()
