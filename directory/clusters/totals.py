"""How many published points of sale hold a term, wherever they are."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection

from directory.places import VOCABULARY_IDS_BELOW

TOTALS = """
SELECT term, sum(n)
FROM (
    SELECT term, count AS n FROM directory_cluster_cell WHERE zoom = 8 AND term {which}
    UNION ALL
    SELECT term, sign FROM directory_cluster_change CROSS JOIN unnest(terms) AS term WHERE term {which}
) AS part
GROUP BY term
HAVING sum(n) > 0
"""
WORDS, PLACES = (TOTALS.format(which=f"{sign} {VOCABULARY_IDS_BELOW}") for sign in ("<", ">="))

TOTALS_OF = """
SELECT asked.term, coalesce(cells.n, 0) + coalesce(changes.n, 0)
FROM unnest(%s::int[]) AS asked (term)
CROSS JOIN LATERAL (
    SELECT sum(count)::bigint AS n FROM directory_cluster_cell AS cell WHERE zoom = 8 AND cell.term = asked.term
) AS cells
CROSS JOIN LATERAL (
    SELECT sum(sign)::bigint AS n
    FROM directory_cluster_change
    WHERE lon BETWEEN -180000000 AND 180000000
        AND (asked.term = 0 OR terms OPERATOR(pg_catalog.@>) ARRAY[asked.term])
) AS changes
"""


def totals() -> dict[int, int]:
    """The number of points of sale by the id of a term, descendants included; those without any are left out."""
    return _read(WORDS)


def totals_of_places() -> dict[int, int]:
    """The same by the term of every commune, EPCI and département: 25 ms, however many points of sale there are."""
    return _read(PLACES)


def _read(statement: str) -> dict[int, int]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return {term: int(n) for term, n in cursor.fetchall()}


def totals_of(terms: Sequence[int]) -> dict[int, int]:
    """The same of these terms alone, places and ALL among them."""
    with connection.cursor() as cursor:
        cursor.execute(TOTALS_OF, [[*terms]])
        return dict(cursor.fetchall())
