"""How many published points of sale hold each term of the vocabulary, wherever they are."""

from __future__ import annotations

from django.db import connection

from directory.places import VOCABULARY_IDS_BELOW

TOTALS = """
SELECT term, sum(n)
FROM (
    SELECT term, count AS n FROM directory_cluster_cell WHERE zoom = 8 AND term < {places}
    UNION ALL
    SELECT term, sign FROM directory_cluster_change CROSS JOIN unnest(terms) AS term WHERE term < {places}
) AS part
GROUP BY term
HAVING sum(n) > 0
"""


def totals() -> dict[int, int]:
    """The number of points of sale by the id of a term, descendants included; those without any are left out."""
    with connection.cursor() as cursor:
        cursor.execute(TOTALS.format(places=VOCABULARY_IDS_BELOW))
        return {term: int(n) for term, n in cursor.fetchall()}
