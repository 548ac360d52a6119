"""The search entries and their details: rebuilt by the database, in step with every write.

Why triggers: entries must follow *every* write (a form, the admin, an import, a line of SQL), in the same
transaction, and a bulk write must cost one statement, not one per row. The SQL stands in
migrations/sql: 0002_search_entry.sql, 0004_search_detail.sql and 0006_faster_entries.sql; here is how Python speaks
with it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.db import OperationalError, connection, transaction
from psycopg.errors import LockNotAvailable

CHUNK = 20_000


@contextmanager
def deferred_indexing() -> Iterator[list[int]]:
    """Within the block, writes do not rebuild entries; append the ids of the points of sale that you write.

    They are rebuilt when the block ends, in the same transaction. For bulk writers, which would otherwise rebuild an
    entry after each of the several tables that make it.
    """
    ids: list[int] = []
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL directory.indexing = 'deferred'")
            yield ids
            cursor.execute("SET LOCAL directory.indexing = ''")
        refresh_entries(ids)


def refresh_entries(ids: Sequence[int]) -> None:
    """Rebuild the entries of these points of sale, in one transaction."""
    unique = sorted(set(ids))
    with transaction.atomic(), connection.cursor() as cursor:
        for start in range(0, len(unique), CHUNK):
            cursor.execute("SELECT directory_refresh_entries(%s::bigint[])", [unique[start : start + CHUNK]])


def forget_words() -> int:
    """Remove the words of names that no published point of sale bears any more; how many."""
    with transaction.atomic(), connection.cursor() as cursor:
        # Whoever is adding a word, or finds it there already, is waited for.
        cursor.execute("LOCK TABLE directory_name_word IN SHARE ROW EXCLUSIVE MODE")
        cursor.execute(
            """
            DELETE FROM directory_name_word WHERE word NOT IN (
                SELECT unnest(string_to_array(folded_name, ' ')) FROM directory_search_detail
            )
            """
        )
        return int(cursor.rowcount)


def restore_order() -> bool:
    """Write the entries anew, neighbours side by side; False, and nothing done, where others are at work on the table.

    Whoever asks waits meanwhile, 8 µs an entry. Its rows are new to PostgreSQL: vacuum the table afterwards.
    """
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            # Whoever asks after us waits behind us.
            cursor.execute("SET LOCAL lock_timeout = '1s'")
            cursor.execute("CLUSTER directory_search_entry USING entry_point_terms")
    except OperationalError as error:
        if isinstance(error.__cause__, LockNotAvailable):
            return False
        raise
    return True


# What entries and details should be, beside what they are.
OUT_OF_STEP = """
SELECT count(*)
FROM directory_public_points_of_sale((SELECT array_agg(id) FROM directory_pointofsale)) AS shown
FULL JOIN directory_search_entry AS entry ON entry.id = shown.id
FULL JOIN directory_search_detail AS detail ON detail.id = coalesce(shown.id, entry.id)
WHERE (entry.id, entry.terms, entry.name, entry.card, ST_AsBinary(entry.public_point))
      IS DISTINCT FROM (shown.id, shown.terms, shown.name, shown.card, ST_AsBinary(shown.public_point))
   OR (detail.id, detail.document, detail.folded_name, detail.seasons)
      IS DISTINCT FROM (shown.id, shown.document, shown.folded_name, shown.seasons)
"""


def entries_out_of_step() -> int:
    """How many entries, or their details, differ from what they should be: 0 unless a trigger was switched off.

    Reads everything.
    """
    with connection.cursor() as cursor:
        cursor.execute(OUT_OF_STEP)
        return int(cursor.fetchone()[0])
