"""The statement of a question: one, whatever is asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from directory.hours import state
from directory.questions import Question, Sort
from directory.search.matching import Piece, candidates, filled, is_boundless, near_enough, opening, what

# How each order sorts, and the column that it needs besides id and distance.
ORDERS = {
    Sort.DISTANCE: ("distance, id", ""),
    Sort.RELEVANCE: ("rank DESC, id", ", detail.rank"),
    Sort.NAME: ("name, id", ", name"),
    Sort.UPDATED: ("updated_at DESC, id", ", updated_at"),
}

# All that match, enumerated once: they are the total, and the page is cut from them.
ENUMERATE = """
WITH hit AS MATERIALIZED (
    SELECT candidate.id, distance{key}
    FROM {candidates}
    WHERE {near_enough}
), page AS (
    SELECT * FROM hit ORDER BY {order} LIMIT %s OFFSET %s
), total AS (
    SELECT count(*) AS n, NULL::bigint AS unknown FROM hit
)"""

# With an opening filter: the open ones are the hits, and those whose hours are not known are counted apart.
ENUMERATE_OPEN = """
WITH hit AS MATERIALIZED (
    SELECT candidate.id, distance{key}, hours.is_open
    FROM {candidates}
    {opening}
    WHERE {near_enough} AND hours.is_open IS NOT FALSE
), page AS (
    SELECT * FROM hit WHERE is_open ORDER BY {order} LIMIT %s OFFSET %s
), total AS (
    SELECT count(*) FILTER (WHERE is_open) AS n, count(*) FILTER (WHERE is_open IS NULL) AS unknown FROM hit
)"""

# Nothing is asked: the page is read along an index.
BROWSE = """
WITH page AS (
    SELECT id, NULL::float8 AS distance{key}
    FROM directory_search_entry ORDER BY {order} LIMIT %s OFFSET %s
), total AS (
    SELECT count(*) AS n, NULL::bigint AS unknown FROM directory_search_entry
)"""

# What is shown of a page's entries, whether they are open among it. Seconds, since psycopg takes 20 µs to read a time.
SHOW = """
SELECT
    total.n, page.id, page.distance, ST_X(entry.public_point), ST_Y(entry.public_point), entry.card,
    state.open_now, extract(epoch FROM state.changes_at)::float8, total.unknown
FROM total
LEFT JOIN page ON true
LEFT JOIN directory_search_entry AS entry ON entry.id = page.id
{state}
ORDER BY {page_order}
"""
# A file does not say what is open: it is read later.
STATE_UNTOLD = "CROSS JOIN (SELECT NULL::boolean AS open_now, NULL::timestamptz AS changes_at) AS state"


@dataclass(frozen=True, slots=True)
class Statement:
    """SQL, and its parameters in order. The total stands first in every row, which then has an id, or NULL."""

    sql: str
    parameters: list[Any]


def statement(
    question: Question,
    limit: int | None = None,
    offset: int | None = None,
    now: datetime | None = None,
    *,
    with_state: bool = True,
) -> Statement:
    """The SQL of a question asked at `now`; `limit` and `offset` are the question's own unless given."""
    now = now or timezone.now()
    page = (question.limit if limit is None else limit, question.offset if offset is None else offset)
    order, key = ORDERS[question.order]
    page_order = ", ".join(f"page.{column}" for column in order.split(", "))
    show = filled(
        SHOW, state=Piece(state.AT, (now,)) if with_state else Piece(STATE_UNTOLD), page_order=Piece(page_order)
    )
    matched = _matched(question, now, order, key)
    return Statement(matched.sql + show.sql, [*matched.values, *page, *show.values])


def _matched(question: Question, now: datetime, order: str, key: str) -> Piece:
    """The first part of a statement: its last two parameters, still to be given, are a limit and an offset."""
    slots = {"key": Piece(key), "order": Piece(order)}
    terms = what(question)
    if not terms and is_boundless(question):
        return filled(BROWSE, **slots)
    columns = "" if question.order is Sort.RELEVANCE else key
    opened = opening(question, now)
    slots |= {
        "candidates": candidates(question, now, columns + (", schedule_id" if opened else ""), terms),
        "near_enough": near_enough(question),
    }
    return filled(ENUMERATE_OPEN, opening=opened, **slots) if opened else filled(ENUMERATE, **slots)
