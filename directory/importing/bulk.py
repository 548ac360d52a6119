"""Many rows of one model at once, through COPY, and their history in one statement.

Measured on 50,000 new points of sale with their merchants, activities, records and history (2 cores, the database on
the same machine): docs/importing.md. `bulk_create_with_history` builds two Python objects a row and sends them as
parameters; here rows are dictionaries, and the history is copied by the database from the rows themselves, so that it
is what was written.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from django.db import connection, models
from psycopg import sql
from simple_history.utils import get_history_model_for_model

from geo.points import SRID, Position

Values = dict[str, Any]
# A table that doubled, and not by a handful of rows.
GROWN, WORTH_COUNTING = 1.0, 1000
_EWKB_POINT = struct.Struct("<BIIdd")
_POINT_WITH_SRID = 0x20000001


def ewkb(position: Position | None) -> str | None:
    """A position as the hexadecimal text in which PostGIS reads and writes a point."""
    if position is None:
        return None
    return _EWKB_POINT.pack(1, _POINT_WITH_SRID, SRID, position.lon, position.lat).hex()


def array(values: Iterable[object]) -> str:
    """Numbers or codes (letters, digits, underscores) as PostgreSQL writes an array, to be cast in the statement.

    For 50,000 values this is ten times as fast as the driver's lists, which look at each for its type and quotes.
    """
    return f"{{{','.join(map(str, values))}}}"


def columns_of(model: type[models.Model]) -> list[models.Field[Any, Any]]:
    """The concrete fields that are written: all but those that the database computes."""
    return [each for each in model._meta.concrete_fields if not each.generated]


def take_ids(model: type[models.Model], count: int) -> Iterator[int]:
    """Ids from the model's sequence, in order."""
    if not count:
        return iter(())
    with connection.cursor() as cursor:
        cursor.execute(
            # The sequence is looked up once, not for every id: 0.2 s for 50,000 against 0.6.
            "SELECT nextval(sequence) "
            "FROM (SELECT pg_get_serial_sequence(%s, %s)::regclass AS sequence OFFSET 0) AS its, "
            "generate_series(1, %s)",
            [model._meta.db_table, model._meta.pk.column, count],
        )
        return iter([id_ for (id_,) in cursor.fetchall()])


def insert(model: type[models.Model], rows: Iterable[Values]) -> None:
    """Insert rows given by column; a column not given has its field's default. Ids are given, or the sequence's."""
    fields = columns_of(model)
    first = next(iter(rows := iter(rows)), None)
    if first is None:
        return
    if model._meta.pk.column not in first:
        fields = [each for each in fields if not each.primary_key]
    names = [str(each.column) for each in fields]
    defaults = [default_of(each) for each in fields]
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(_table(model), _names(names))
    # Django turns the driver's errors into its own around execute(), not around copy().
    with connection.wrap_database_errors, connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in _with(first, rows):
            get = row.get
            copy.write_row([get(name, default) for name, default in zip(names, defaults, strict=True)])


def default_of(field: models.Field[Any, Any]) -> Any:
    """What a column holds when it is not given, ready for COPY."""
    value = field.get_default()
    return None if value == "" and field.null else value


def _with(first: Values, rest: Iterator[Values]) -> Iterator[Values]:
    yield first
    yield from rest


def update(model: type[models.Model], names: Sequence[str], rows: Sequence[Values]) -> None:
    """Set the columns `names` of rows given with their `id`: through a temporary table, in one statement."""
    if not rows or not names:
        return
    key = str(model._meta.pk.column)
    draft = sql.Identifier(f"import_{model._meta.model_name}")
    with connection.cursor() as cursor:
        cursor.execute(
            sql.SQL("CREATE TEMPORARY TABLE {} ON COMMIT DROP AS SELECT {} FROM {} WITH NO DATA").format(
                draft, _names([key, *names]), _table(model)
            )
        )
        statement = sql.SQL("COPY {} ({}) FROM STDIN").format(draft, _names([key, *names]))
        with connection.wrap_database_errors, cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row([row[key], *(row[name] for name in names)])
        pairs = [sql.SQL("{} = draft.{}").format(sql.Identifier(name), sql.Identifier(name)) for name in names]
        cursor.execute(
            sql.SQL("UPDATE {} AS old SET {} FROM {} AS draft WHERE old.{} = draft.{}").format(
                _table(model), sql.SQL(", ").join(pairs), draft, sql.Identifier(key), sql.Identifier(key)
            )
        )
        cursor.execute(sql.SQL("DROP TABLE {}").format(draft))


def record_history(model: type[models.Model], ids: Sequence[int], kind: str, at: datetime, reason: str) -> None:
    """The history of these rows as they now stand; `kind` is "+", "~" or "-". Many-to-many fields as well.

    The cast matters: the driver sends small ids as int4[], which PostgreSQL cannot hash against a bigint; where it then
    reads the whole table, 20,000 ids took 4 s instead of 0.1.
    """
    if not ids:
        return
    history = get_history_model_for_model(model)
    names = _names([str(each.column) for each in history.tracked_fields])
    with connection.cursor() as cursor:
        cursor.execute(
            sql.SQL(
                "INSERT INTO {} ({}, history_date, history_change_reason, history_type) "
                "SELECT {}, %s, %s, %s FROM {} WHERE id = ANY(%s::bigint[]) ORDER BY id RETURNING history_id, id"
            ).format(_table(history), names, names, _table(model)),
            [at, reason, kind, list(ids)],
        )
        written = cursor.fetchall()
        for many in history._history_m2m_fields:
            _record_many(cursor, getattr(history, many.name).model, many, written)


def refresh_statistics(models_grown: Iterable[type[models.Model]], rows: int) -> None:
    """Count the tables anew when `rows` more rows change them beyond what the planner knows.

    Otherwise only the commit would tell it, and what follows in the transaction is planned for tables as they were:
    rebuilding 50,000 search entries on tables that had been empty took 10 s instead of 2.
    """
    with connection.cursor() as cursor:
        for model in models_grown:
            cursor.execute("SELECT reltuples FROM pg_class WHERE oid = %s::regclass", [model._meta.db_table])
            if rows >= WORTH_COUNTING + cursor.fetchone()[0] * GROWN:
                cursor.execute(sql.SQL("ANALYZE {}").format(_table(model)))


def _record_many(cursor: Any, history: type[models.Model], many: Any, written: list[Any]) -> None:
    through = many.remote_field.through
    names = [str(each.column) for each in through._meta.concrete_fields]
    owner = sql.Identifier(many.m2m_column_name())
    cursor.execute(
        sql.SQL(
            "INSERT INTO {} (history_id, {}) SELECT version.history_id, {} "
            "FROM unnest(%s::int[], %s::bigint[]) AS version(history_id, owner) "
            "JOIN {} AS link ON link.{} = version.owner"
        ).format(
            _table(history),
            _names(names),
            sql.SQL(", ").join(sql.SQL("link.{}").format(sql.Identifier(name)) for name in names),
            _table(through),
            owner,
        ),
        [[version for version, _ in written], [id_ for _, id_ in written]],
    )


def _table(model: type[models.Model]) -> sql.Identifier:
    return sql.Identifier(model._meta.db_table)


def _names(names: Iterable[str]) -> sql.Composed:
    return sql.SQL(", ").join(map(sql.Identifier, names))
