"""Many rows of one model at once, through COPY, and their history in one statement.

Measured on 50,000 new points of sale with their merchants, activities, records and history (2 cores, the database on
the same machine): docs/importing.md. `bulk_create_with_history` builds two Python objects a row and sends them as
parameters; here rows are text by column, and the history is copied by the database from the rows themselves, so that it
is what was written.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any

from django.db import connection, models
from psycopg import sql
from simple_history.utils import get_history_model_for_model

from geo.points import SRID, Position

# Values by column: one, or one for each row.
Values = Mapping[str, Any]
Columns = Mapping[str, Sequence[Any]]
NONE: Values = MappingProxyType({})
# Rows that are sent at once.
BLOCK = 1000
# A table that doubled, and not by a handful of rows.
GROWN, WORTH_COUNTING = 1.0, 1000
_EWKB_POINT = struct.Struct("<BIIdd")
_POINT_WITH_SRID = 0x20000001
# What means something to COPY within a value.
_ESCAPED = {"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"}
_ESCAPES = str.maketrans(_ESCAPED)


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


def take_ids(model: type[models.Model], count: int) -> list[int]:
    """Ids from the model's sequence, in order. It is looked up once: 0.3 µs an id instead of 3."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_serial_sequence(%s, %s)", [model._meta.db_table, model._meta.pk.column])
        sequence = cursor.fetchone()[0]
        cursor.execute("SELECT array_agg(nextval(%s::regclass)) FROM generate_series(1, %s)", [sequence, count])
        return cursor.fetchone()[0] or []


def insert(model: type[models.Model], columns: Columns, shared: Values = NONE) -> None:
    """Append rows to the model's table: a list of values for each column, and the values that all rows share.

    A column that is not given has its field's default. Ids are given, or the sequence's.
    """
    missing = [each for each in columns_of(model) if each.column not in columns.keys() | shared.keys()]
    defaults = {str(each.column): each.get_default() for each in missing if not each.primary_key}
    # What may be null is null without being told.
    needed = {name: value for name, value in defaults.items() if value is not None}
    copy(_table(model), columns, {**needed, **shared})


def copy(table: sql.Identifier, columns: Columns, shared: Values = NONE) -> None:
    """COPY rows given by column into a table; `shared` are values that all rows have. Any text is safe.

    Blocks are sent as they are made, so that PostgreSQL works on one while the next is made. By column, because what
    a value may need (to be escaped, to be null) is then found out for a thousand at once: 2 µs a row of 18 columns,
    against 7 with the driver's `write_row`, which looks up how to send each value.
    """
    count = len(next(iter(columns.values())))
    if not count:
        return
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(table, _names([*columns, *shared]))
    end = "".join(f"\t{text}" for value in shared.values() for text in _copied([value])) + "\n"
    # Django turns the driver's errors into its own around execute(), not around copy().
    with connection.wrap_database_errors, connection.cursor() as cursor, cursor.copy(statement) as copying:
        for start in range(0, count, BLOCK):
            block = [_copied(values[start : start + BLOCK]) for values in columns.values()]
            copying.write("".join(["\t".join(row) + end for row in zip(*block, strict=True)]))


def _copied(values: Sequence[Any]) -> list[str]:
    """Values of one column as COPY's text format has them."""
    texts = [*map(str, values)]
    together = "".join(texts)
    if any(char in together for char in _ESCAPED):
        texts = [text.translate(_ESCAPES) for text in texts]
    if None in values:
        texts = ["\\N" if value is None else text for value, text in zip(values, texts, strict=True)]
    return texts


def update(model: type[models.Model], columns: Columns, shared: Values = NONE) -> None:
    """Set columns of the rows that `id` names, in one statement, through a temporary table."""
    if not columns["id"]:
        return
    names = [*columns, *shared]
    draft = sql.Identifier(f"import_{model._meta.model_name}")
    with connection.cursor() as cursor:
        cursor.execute(
            sql.SQL("CREATE TEMPORARY TABLE {} ON COMMIT DROP AS SELECT {} FROM {} WITH NO DATA").format(
                draft, _names(names), _table(model)
            )
        )
        copy(draft, columns, shared)
        pairs = [sql.SQL("{0} = draft.{0}").format(sql.Identifier(name)) for name in names if name != "id"]
        cursor.execute(
            sql.SQL("UPDATE {} AS old SET {} FROM {} AS draft WHERE old.id = draft.id").format(
                _table(model), sql.SQL(", ").join(pairs), draft
            )
        )
        cursor.execute(sql.SQL("DROP TABLE {}").format(draft))


def stamp(model: type[models.Model], ids: Sequence[int], name: str, at: datetime) -> None:
    """Set one column of these rows to a time, in one statement."""
    statement = sql.SQL("UPDATE {} SET {} = %s WHERE id = ANY(%s::bigint[])").format(
        _table(model), sql.Identifier(name)
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [at, array(ids)])


def record_history(model: type[models.Model], ids: Sequence[int], kind: str, at: datetime, reason: str) -> None:
    """The history of these rows as they now stand; `kind` is "+", "~" or "-". Many-to-many fields as well.

    The cast matters: PostgreSQL cannot hash an int4[] against a bigint; where it then reads the whole table, 20,000 ids
    took 4 s instead of 0.1.
    """
    if not ids:
        return
    history = get_history_model_for_model(model)
    names = _names([str(each.column) for each in history.tracked_fields])
    versions = sql.SQL(
        "INSERT INTO {} ({}, history_date, history_change_reason, history_type) "
        "SELECT {}, %s, %s, %s FROM {} WHERE id = ANY(%s::bigint[]) ORDER BY id"
    ).format(_table(history), names, names, _table(model))
    if links := [_history_of_links(getattr(history, many.name).model, many) for many in history._history_m2m_fields]:
        steps = [versions + sql.SQL(" RETURNING history_id, id"), *links]
        named = [sql.SQL("{} AS ({})").format(sql.Identifier(f"step_{n}"), step) for n, step in enumerate(steps)]
        versions = sql.SQL("WITH {} SELECT").format(sql.SQL(", ").join(named))
    with connection.cursor() as cursor:
        cursor.execute(versions, [at, reason, kind, array(ids)])


def _history_of_links(history: type[models.Model], many: Any) -> sql.Composed:
    """The statement that copies the links of the versions made in step_0."""
    through = many.remote_field.through
    names = [str(each.column) for each in through._meta.concrete_fields]
    return sql.SQL(
        "INSERT INTO {} (history_id, {}) SELECT history_id, {} FROM step_0 JOIN {} AS link ON link.{} = step_0.id"
    ).format(
        _table(history),
        _names(names),
        sql.SQL(", ").join(sql.SQL("link.{}").format(sql.Identifier(name)) for name in names),
        _table(through),
        sql.Identifier(many.m2m_column_name()),
    )


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


def _table(model: type[models.Model]) -> sql.Identifier:
    return sql.Identifier(model._meta.db_table)


def _names(names: Iterable[str]) -> sql.Composed:
    return sql.SQL(", ").join(map(sql.Identifier, names))
