"""The statement of a question: one, whatever is asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from directory.hours import state
from directory.models.cluster import ALL
from directory.questions import Question, Sort
from directory.search.matching import (
    Piece,
    candidates,
    distance,
    filled,
    joined,
    near_enough,
    only_term,
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

# One term is asked, or nothing: the total is that of the clusters' cells (directory.clusters) with what changed since.
# The page is read along the index of its order, passing over what does not match, where that meets fewer than all that
# do; else these are sorted. Only the branch that holds is run. IS TRUE keeps the term from the index over terms.
BROWSE = """
WITH total AS MATERIALIZED (
    SELECT coalesce(n_cells, 0) + coalesce(n_changes, 0) AS n, NULL::bigint AS unknown
    FROM (SELECT sum(count)::bigint AS n_cells FROM directory_cluster_cell WHERE zoom = 8 AND term = {term}) AS cells,
        (SELECT sum(sign)::bigint AS n_changes FROM directory_cluster_change WHERE {changed}) AS changes
), common AS MATERIALIZED (
    SELECT coalesce((SELECT n::float8 ^ 2 FROM total) > 2 * {last}::float8 * (
        SELECT sum(count) FROM directory_cluster_cell WHERE zoom = 8 AND term = 0
    ), false) AS holds
), page AS (
    (
        SELECT id, NULL::float8 AS distance{key}
        FROM directory_search_entry
        WHERE (SELECT holds FROM common) AND ({held}) IS TRUE
        ORDER BY {order} {page}
    ) UNION ALL (
        SELECT id, NULL::float8 AS distance{key}
        FROM (
            SELECT id{key} FROM directory_search_entry WHERE (SELECT NOT holds FROM common) AND {what} OFFSET 0
        ) AS held
        ORDER BY {order} {same_page}
    )
)"""

# Along the index of the changes, all of them.
CHANGED = "lon BETWEEN -180000000 AND 180000000 AND terms OPERATOR(pg_catalog.@>) %s::int[]"

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
    if question.bbox is None and (term := only_term(question)) is not None:
        return _browsed(term, terms or Piece("true"), Piece(order), Piece(key), page)
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


def _browsed(term: int, what: Piece, order: Piece, key: Piece, page: Piece) -> Piece:
    return filled(
        BROWSE,
        term=Piece("%s", (term,)),
        changed=Piece("true") if term == ALL else Piece(CHANGED, ([term],)),
        last=Piece("%s", (sum(page.values),)),
        key=key,
        held=what,
        order=order,
        page=page,
        what=what,
        same_page=page,
    )


def _shown(question: Question, last: int) -> Piece:
    """WHERE: the hits that the first `last` may be among."""
    shown = Piece("true" if question.opening is None else "is_open")
    if question.circle is None or question.order is not Sort.DISTANCE:
        return shown
    spread = Plane.around(question.circle).spread
    return Piece(NEAREST.format(shown=shown.sql), (max(last - 1, 0), spread))
