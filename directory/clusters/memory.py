"""Clusters that took long to count, kept by each process until an entry changes."""

from __future__ import annotations

from typing import Any

from django.db import connection

from geo.points import Bbox
from geo.revisions import refreshed

MOST_KEPT = 32  # up to half a megabyte each
REVISION = """
SELECT coalesce((SELECT number FROM geo_revision WHERE name = 'clusters'), 0),
       (SELECT count(*) FROM directory_cluster_change)
"""

Revision = tuple[int, int]
Key = tuple[str, Bbox | None, int, Revision]


def revision() -> Revision:
    """One state of the entries' places and terms: folds and rebuilds until now, and the changes since."""
    with connection.cursor() as cursor:
        cursor.execute(REVISION)
        folds, changes = cursor.fetchone()
        return int(folds), int(changes)


@refreshed("clusters")
def remembered() -> dict[Key, Any]:
    """By question, zoom and revision: a later one is not mistaken for it."""
    return {}


def remember(key: Key, value: Any) -> None:
    """Keep it; what was kept first is let go."""
    kept = remembered()
    kept[key] = value
    for oldest in list(kept)[:-MOST_KEPT]:
        kept.pop(oldest, None)
