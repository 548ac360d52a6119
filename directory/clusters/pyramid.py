"""Keeping the cells of the clusters (directory.models.cluster): changes folded in, or all cells made anew."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from directory.clusters.cover import KEPT
from directory.models import ClusterCell
from geo.models import Revision
from geo.revisions import checksum_of

# From so many changes on, and from a fifth of all entries: cells are then made anew, and divided by what is there now.
MANY = 1_000
MUCH = 0.2
BEHIND = """
SELECT count(*), (SELECT coalesce(sum(count), 0)::bigint FROM directory_cluster_cell WHERE zoom = 8 AND term = 0)
FROM directory_cluster_change
"""

STALE = "stale"
LOADING = 0x636C7573  # a lock that loaders share while they write
# Cells of ALL and changes, beside the entries: how many, where, and which.
OUT_OF_STEP = """
SELECT count(*) > 0
FROM (
    SELECT
    FROM (
        SELECT count, lon_sum, lat_sum, id_sum FROM directory_cluster_cell WHERE zoom = 8 AND term = 0
        UNION ALL
        SELECT sign, sign * lon::bigint, sign * lat::bigint, sign * entry FROM directory_cluster_change
        UNION ALL
        SELECT -1, -round(ST_X(public_point) * 1e6)::bigint, -round(ST_Y(public_point) * 1e6)::bigint, -id
        FROM directory_search_entry
    ) AS part (n, lon, lat, id)
    HAVING sum(n) <> 0 OR sum(lon) <> 0 OR sum(lat) <> 0 OR sum(id) <> 0
) AS difference
"""
# Twice what a cell is divided at: until then its entries are counted in a few milliseconds.
GROWN = 500


def catch_up() -> int:
    """Bring the cells in step with the entries; how many changes that took. Readers see all of it or nothing."""
    changes, known = behind()
    if was_cut_off():
        _rebuild_what_was_left()
    elif changes > max(MANY, MUCH * known):
        rebuild()
    elif changes:
        return fold()
    return changes


def behind() -> tuple[int, int]:
    """How many changes wait to be folded in, and how many entries the cells know of."""
    with connection.cursor() as cursor:
        cursor.execute(BEHIND)
        return tuple(cursor.fetchone())


def is_stale() -> bool:
    """Whether a loader has begun whose entries are not noted, and not ended with its rebuild."""
    return checksum_of("clusters") == STALE


def was_cut_off() -> bool:
    """Whether such a loader is no more at work: its lock went with its connection."""
    if not is_stale():
        return False
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOADING])
        return bool(cursor.fetchone()[0])


def fold() -> int:
    """Take into the cells what changed; how many changes."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT directory_fold_clusters()")
        return int(cursor.fetchone()[0])


def rebuild() -> None:
    """Make all cells anew from the entries."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT directory_rebuild_clusters()")


def mend() -> bool:
    """Make all cells anew if some have grown large undivided, since folds divide none, or if they are out of step with
    the entries, which only a trigger that was switched off can have caused; whether that was done. Reads everything.
    """
    if not _have_grown() and not out_of_step():
        return False
    rebuild()
    return True


def _have_grown() -> bool:
    return ClusterCell.objects.filter(zoom__in=KEPT[:-2], divided=False, count__gt=GROWN).exists()


def out_of_step() -> bool:
    """Whether the entries are not those of which cells and changes were made. Reads everything."""
    with connection.cursor() as cursor:
        cursor.execute(OUT_OF_STEP)
        return bool(cursor.fetchone()[0])


def leave_to_rebuild() -> None:
    """From here on, what this connection writes is not noted: the caller sees to rebuild()."""
    with connection.cursor() as cursor:
        cursor.execute("SET directory.clusters = 'rebuilt'")


@contextmanager
def left_to_rebuild() -> Iterator[None]:
    """Within the block, what this connection writes is not noted; the cells are made anew when it ends.

    Where the machine stops in the midst of it, the next catch_up() does that.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock_shared(%s)", [LOADING])
    Revision.objects.update_or_create(name="clusters", defaults={"checksum": STALE})
    leave_to_rebuild()
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("RESET directory.clusters")
            _rebuild_what_was_left()
            cursor.execute("SELECT pg_advisory_unlock_shared(%s)", [LOADING])


def _rebuild_what_was_left() -> None:
    rebuild()
    Revision.objects.filter(name="clusters").update(checksum="")
