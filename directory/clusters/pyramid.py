"""Keeping the cells of the clusters (directory.models.cluster): changes folded in, or all cells made anew."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


def fold() -> int:
    """Take into the cells what changed; how many changes. In one statement: readers see all of it or nothing."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT directory_fold_clusters()")
        return int(cursor.fetchone()[0])


def rebuild() -> None:
    """Make all cells anew from the entries; readers see the old ones until it is done. 30 µs an entry."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT directory_rebuild_clusters()")


@contextmanager
def left_to_rebuild() -> Iterator[None]:
    """Within the block, what this connection writes is not noted; the caller sees to rebuild()."""
    with connection.cursor() as cursor:
        cursor.execute("SET directory.clusters = 'rebuilt'")
        try:
            yield
        finally:
            cursor.execute("RESET directory.clusters")
