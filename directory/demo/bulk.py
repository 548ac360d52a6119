"""Indexes and foreign keys out of the way of a bulk load, and back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import chain
from typing import NamedTuple

from django.db import DatabaseError, connection, models, transaction

# Foreign keys, unique constraints, and the indexes that stand for no constraint, each with what drops it and what makes
# it again. Primary keys and partial unique indexes stay: the latter come back worded otherwise.
FOUND = """
SELECT conrelid::regclass::text AS bears, contype = 'f' AS foreign_key,
       format('ALTER TABLE %%s DROP CONSTRAINT %%I', conrelid::regclass, conname),
       format('ALTER TABLE %%s ADD CONSTRAINT %%I %%s', conrelid::regclass, conname, pg_get_constraintdef(oid)) AS make
FROM pg_constraint
WHERE conrelid = ANY (%(tables)s::text[]::regclass[]) AND contype IN ('f', 'u')
UNION ALL
SELECT indrelid::regclass::text, false, format('DROP INDEX %%s', indexrelid::regclass), pg_get_indexdef(indexrelid)
FROM pg_index
WHERE indrelid = ANY (%(tables)s::text[]::regclass[]) AND NOT indisprimary AND NOT (indisunique AND indpred IS NOT NULL)
  AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid AND contype IN ('p', 'u', 'x'))
  AND NOT (indnatts = 1 AND EXISTS (
      SELECT FROM pg_attribute
      WHERE attrelid = indrelid AND attnum = ALL (indkey::int2[]) AND attname = ANY (%(keep)s::text[])
  ))
ORDER BY foreign_key, bears, make
"""
MEMORY = "512MB"


class Aside(NamedTuple):
    """A constraint or an index, by the statements that drop it and make it."""

    table: str
    foreign_key: bool
    drop: str
    make: str


@contextmanager
def set_aside(tables: Sequence[type[models.Model]], keep: Sequence[str] = (), when: bool = True) -> Iterator[None]:
    """Within the block these tables bear no foreign key, and no index but their primary keys and those on one column of
    `keep`; then all are made again.

    In one transaction, which locks the tables: a failure leaves them as they were. Does nothing unless `when`.
    """
    if not when:
        yield
        return
    with transaction.atomic(), connection.cursor() as cursor:
        aside = drop(tables, keep)
        yield
        cursor.execute(f"SET LOCAL maintenance_work_mem = '{MEMORY}'")
        for each in aside:
            cursor.execute(each.make)


def drop(tables: Sequence[type[models.Model]], keep: Sequence[str] = ()) -> list[Aside]:
    """Drop them, in one transaction; what is to be made again, in that order."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(FOUND, {"tables": [model._meta.db_table for model in tables], "keep": [*keep]})
        aside = [Aside(*row) for row in cursor.fetchall()]
        for each in reversed(aside):
            cursor.execute(each.drop)
    return aside


def make_again(aside: Sequence[Aside], connections: int) -> None:
    """Make them by several connections at once, one by one; then foreign keys, while the tables are counted.

    All are tried whatever fails. Raises RuntimeError with the statements that did, to be run by hand.
    """
    sizes = _sizes({each.table for each in aside})
    # What takes longest first: indexes of words and places, and the largest tables.
    indexes = sorted(
        (each for each in aside if not each.foreign_key),
        key=lambda each: (" USING gi" not in each.make, -sizes[each.table]),
    )
    foreign_keys = [each.make for each in aside if each.foreign_key]
    with ThreadPoolExecutor(connections) as pool:
        failed = list(chain.from_iterable(pool.map(_run, ([each.make] for each in indexes))))
        others = [foreign_keys, *([f"ANALYZE {table}"] for table in sizes)]
        failed += chain.from_iterable(pool.map(_run, others))
    if failed:
        raise RuntimeError("Not made, mend the cause and run them by hand:\n" + "\n".join(failed))


def _sizes(tables: Iterable[str]) -> dict[str, int]:
    """In bytes, the largest first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name, pg_table_size(name) AS bytes FROM unnest(%s::text[]) AS name ORDER BY bytes DESC", [[*tables]]
        )
        return dict(cursor.fetchall())


def _run(statements: Iterable[str]) -> list[str]:
    """In a thread, hence on a connection of its own; the statements that failed, each with its reason."""
    failed = []
    for statement in statements:
        try:
            with connection.cursor() as cursor:
                cursor.execute(f"SET maintenance_work_mem = '{MEMORY}'; SET max_parallel_maintenance_workers = 0")
                cursor.execute(statement)
        except DatabaseError as error:
            failed.append(f"{statement};  -- {' '.join(str(error).split())}")
    connection.close()
    return failed
