"""The statement of a question: one, whatever is asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from directory.hours import state
from directory.questions import Question, Sort
from directory.search.matching import (
    Piece,
    candidates,
    distance,
    filled,
    is_boundless,
    joined,
    near_enough,
    opening,
    what,
)
from geo.plane import Plane

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
    SELECT candidate.id{kept}
    FROM {candidates}
    {opening}
    WHERE {matching}
), page AS (
    SELECT hit.*, {distance} AS distance FROM hit WHERE {shown} ORDER BY {order} {page}
), total AS (
    SELECT {totals} FROM hit
)"""
TOTALS = "count(*) AS n, NULL::bigint AS unknown"
# With an opening filter: the open ones are the hits, and those whose hours are not known are counted apart.
TOTALS_OPEN = "count(*) FILTER (WHERE is_open) AS n, count(*) FILTER (WHERE is_open IS NULL) AS unknown"
# Those that may be among the nearest: no more than so many times as far, on the plane, as the last of as many.
NEAREST = """{shown} AND near <= coalesce(
        (SELECT near FROM hit WHERE {shown} ORDER BY near LIMIT 1 OFFSET %s) * %s, 'Infinity'
    )"""

# Nothing is asked: the page is read along an index, and the total is that of the clusters' cells (directory.clusters),
# with what changed since.
BROWSE = """
WITH page AS (
    SELECT id, NULL::float8 AS distance{key}
    FROM directory_search_entry ORDER BY {order} {page}
), total AS (
    SELECT coalesce(cells.n, 0) + coalesce(changes.n, 0) AS n, NULL::bigint AS unknown
    FROM (SELECT sum(count)::bigint AS n FROM directory_cluster_cell WHERE zoom = 8 AND term = 0) AS cells,
        (SELECT sum(sign)::bigint AS n FROM directory_cluster_change) AS changes
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
    order, _ = ORDERS[question.order]
    page_order = ", ".join(f"page.{column}" for column in order.split(", "))
    matched = _matched(
        question, now, question.limit if limit is None else limit, question.offset if offset is None else offset
    )
    show = filled(
        SHOW, state=Piece(state.AT, (now,)) if with_state else Piece(STATE_UNTOLD), page_order=Piece(page_order)
    )
    return Statement(matched.sql + show.sql, [*matched.values, *show.values])


def _matched(question: Question, now: datetime, limit: int, offset: int) -> Piece:
    """The first part of a statement: what matches, its page and its total."""
    order, key = ORDERS[question.order]
    page = Piece("LIMIT %s OFFSET %s", (limit, offset))
    terms = what(question)
    if not terms and is_boundless(question):
        return filled(BROWSE, key=Piece(key), order=Piece(order), page=page)
    columns = "" if question.order is Sort.RELEVANCE else key
    opened = opening(question, now)
    kept = (", near, public_point" if question.circle else "") + key + (", hours.is_open" if opened else "")
    return filled(
        ENUMERATE,
        kept=Piece(kept),
        candidates=candidates(question, now, columns + (", schedule_id" if opened else ""), terms),
        opening=opened,
        matching=joined([near_enough(question), Piece("hours.is_open IS NOT FALSE" if opened else "")], " AND "),
        distance=distance(question),
        shown=_shown(question, limit + offset),
        order=Piece(order),
        page=page,
        totals=Piece(TOTALS_OPEN if opened else TOTALS),
    )


def _shown(question: Question, last: int) -> Piece:
    """WHERE: the hits that the first `last` may be among."""
    shown = Piece("true" if question.opening is None else "is_open")
    if question.circle is None or question.order is not Sort.DISTANCE:
        return shown
    spread = Plane.around(question.circle).spread
    return Piece(NEAREST.format(shown=shown.sql), (max(last - 1, 0), spread))
