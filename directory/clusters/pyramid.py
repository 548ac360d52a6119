"""Keeping the cells of the clusters (directory.models.cluster): changes folded in, or all cells made anew."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from directory.clusters.cover import KEPT
from directory.models import ClusterCell

# From so many changes on, and from a fifth of all entries: cells are then made anew, and divided by what is there now.
MANY = 1_000
MUCH = 0.2
BEHIND = """
SELECT count(*), (SELECT coalesce(sum(count), 0)::bigint FROM directory_cluster_cell WHERE zoom = 8 AND term = 0)
FROM directory_cluster_change
"""

# Twice what a cell is divided at: until then its entries are counted in a few milliseconds.
GROWN = 500


def catch_up() -> int:
    """Bring the cells in step with the entries; how many changes that took. Readers see all of it or nothing."""
    with connection.cursor() as cursor:
        cursor.execute(BEHIND)
        changes, known = cursor.fetchone()
    if changes > max(MANY, MUCH * known):
        rebuild()
        return int(changes)
    return fold() if changes else 0


def fold() -> int:
    """Take into the cells what changed; how many changes."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT directory_fold_clusters()")
        return int(cursor.fetchone()[0])


def rebuild() -> None:
    """Make all cells anew from the entries."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT directory_rebuild_clusters()")


def redivide() -> bool:
    """Make all cells anew if some have grown large undivided, since folds divide none; whether that was done."""
    grown = ClusterCell.objects.filter(zoom__in=KEPT[:-2], divided=False, count__gt=GROWN)
    if not grown.exists():
        return False
    rebuild()
    return True


def leave_to_rebuild() -> None:
    """From here on, what this connection writes is not noted: the caller sees to rebuild()."""
    with connection.cursor() as cursor:
        cursor.execute("SET directory.clusters = 'rebuilt'")


@contextmanager
def left_to_rebuild() -> Iterator[None]:
    """Within the block, what this connection writes is not noted; the cells are made anew when it ends."""
    leave_to_rebuild()
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("RESET directory.clusters")
        rebuild()
