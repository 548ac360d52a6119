"""Away with the demonstration: its rows, all that hangs on them, whoever put it there, and their history."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db import connection, models, transaction
from django.db.models import CASCADE, SET_NULL, QuerySet
from django.db.models.expressions import RawSQL

from directory.clusters import pyramid
from directory.indexing import deferred_indexing, forget_words
from directory.models import Merchant, Platform, PointOfSale, Schedule, Selection

# Merchants all of whose points of sale, those that are gone included, are the demonstration's.
MERCHANTS = """
CREATE TEMPORARY TABLE demo_merchant ON COMMIT DROP AS
SELECT merchant_id AS id
FROM (
    SELECT merchant_id, demo FROM directory_pointofsale
    UNION ALL SELECT merchant_id, demo FROM directory_historicalpointofsale
) AS held
GROUP BY merchant_id HAVING bool_and(demo)
"""


@transaction.atomic
def remove() -> int:
    """Delete every demonstration point of sale, and every merchant that has no other; how many points of sale."""
    points = PointOfSale.objects.filter(demo=True).order_by()
    schedules = list(points.exclude(schedule=None).values_list("schedule_id", flat=True).distinct())
    with deferred_indexing(), connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS demo_merchant")
        cursor.execute(MERCHANTS)
        # A real point of sale that somebody merged into one of these is not lost with it.
        PointOfSale.objects.filter(demo=False, merged_into__demo=True).update(
            status=PointOfSale.Status.HIDDEN, merged_into=None, reviews=[PointOfSale.Review.DUPLICATE]
        )
        removed = points.count()
        # What was deleted by hand since has left its history.
        real = PointOfSale.objects.filter(demo=False).order_by().values("pk")
        clear_around(PointOfSale, PointOfSale.history.filter(demo=True).exclude(id__in=real).order_by().values("id"))
        clear(points)
        clear(Platform.objects.filter(demo=True).order_by())
        clear(Selection.objects.filter(demo=True).order_by())
        clear_around(Merchant, RawSQL("SELECT id FROM demo_merchant", []))
        clear(Merchant.objects.filter(pk__in=RawSQL("SELECT id FROM demo_merchant", [])).order_by())
        clear(Schedule.objects.filter(pk__in=schedules).exclude(pk__in=_schedules_in_use()))
        cursor.execute("DROP TABLE demo_merchant")
    forget_words()
    pyramid.catch_up()
    return removed


def _schedules_in_use() -> QuerySet[PointOfSale, Any]:
    return PointOfSale.objects.exclude(schedule=None).order_by().values("schedule_id")


def clear(rows: QuerySet[Any, Any]) -> None:
    """Delete rows as `QuerySet.delete()` does, but by one statement a table, and with their history.

    No signal is sent, so that no history is written of what leaves no trace.
    """
    clear_around(rows.model, rows.values("pk"))
    rows._raw_delete(rows.db)


def clear_around(model: Any, keys: Any) -> None:
    """Delete what hangs on the rows of these keys, and their history: `keys` is a subquery."""
    for dependents, column, fate in _dependents(model, keys):
        if fate is SET_NULL:
            dependents.update(**{column: None})
        else:
            clear(dependents)
    manager = getattr(model._meta, "simple_history_manager_attribute", None)
    if manager is not None:
        history = getattr(model, manager).model
        clear(history.objects.filter(**{f"{model._meta.pk.attname}__in": keys}).order_by())


def _dependents(model: Any, keys: Any) -> Iterator[tuple[QuerySet[Any, Any], str, Any]]:
    """Rows of other tables that refer to these, with the column and what is to become of them."""
    for relation in model._meta.get_fields(include_hidden=True):
        if not isinstance(relation, models.ManyToOneRel):
            continue
        other, field = relation.related_model, relation.field
        fate = _fate_in_life(other, field.name) if hasattr(other, "instance_type") else relation.on_delete
        if fate in (CASCADE, SET_NULL):
            yield other._base_manager.filter(**{f"{field.attname}__in": keys}).order_by(), field.attname, fate


def _fate_in_life(history: Any, name: str) -> Any:
    """A historical row follows what the row that it tells of would follow."""
    if name == "history":
        return CASCADE
    fate = history.instance_type._meta.get_field(name).remote_field.on_delete
    return CASCADE if fate is CASCADE else None
