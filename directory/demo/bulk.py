"""Indexes and foreign keys out of the way of a bulk load, and back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.db import connection, models, transaction

# Foreign keys, unique constraints, and the indexes that stand for no constraint, each with what drops it and what makes
# it again. Primary keys and partial unique indexes stay: the latter come back worded otherwise.
FOUND = """
SELECT format('ALTER TABLE %%s DROP CONSTRAINT %%I', conrelid::regclass, conname),
       format('ALTER TABLE %%s ADD CONSTRAINT %%I %%s', conrelid::regclass, conname, pg_get_constraintdef(oid)),
       contype = 'f' AS last
FROM pg_constraint
WHERE conrelid = ANY (%(tables)s::text[]::regclass[]) AND contype IN ('f', 'u')
UNION ALL
SELECT format('DROP INDEX %%s', indexrelid::regclass), pg_get_indexdef(indexrelid), false
FROM pg_index
WHERE indrelid = ANY (%(tables)s::text[]::regclass[]) AND NOT indisprimary AND NOT (indisunique AND indpred IS NOT NULL)
  AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid AND contype IN ('p', 'u', 'x'))
  AND NOT (indnatts = 1 AND EXISTS (
      SELECT FROM pg_attribute
      WHERE attrelid = indrelid AND attnum = ALL (indkey::int2[]) AND attname = ANY (%(keep)s::text[])
  ))
ORDER BY last, 2
"""


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
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(FOUND, {"tables": [model._meta.db_table for model in tables], "keep": [*keep]})
        found = cursor.fetchall()
        for drop, _, _ in sorted(found, key=lambda row: not row[2]):
            cursor.execute(drop)
        yield
        cursor.execute("SET LOCAL maintenance_work_mem = '512MB'")
        for _, make, _ in found:
            cursor.execute(make)
