"""What changed from one version of a row to another, read from the history of many rows at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db import models
from simple_history.utils import get_history_model_for_model

from directory.first_states import FIRST_STATE

# What is written beside a change, and says nothing of it to a person.
BESIDE = frozenset({
    "id", "created_at", "updated_at", "reviews", "reminded_at", "confirmed_at", "stale_since", "pin_at", "pin_by_id",
    "pin_source", "pin_score", "pin_label", "pin_precision", "merged_into_id",
})  # fmt: skip


class Change(NamedTuple):
    """One field that is not what it was; of a list, the ids."""

    field: Any
    old: Any
    new: Any


@dataclass(slots=True)
class Version:
    """One historical record: `values` by column, and the ids of lists by name."""

    record: int
    row: int
    at: datetime
    kind: str
    user: int | None
    staff: bool
    reason: str
    values: dict[str, Any]


def versions(model: type[models.Model], ids: Iterable[int], key: str = "id") -> dict[int, list[Version]]:
    """The versions of the rows whose `key` is among the ids, by row, the oldest first: a query, and one a list."""
    history: Any = get_history_model_for_model(model)
    columns = [field for field in history.tracked_fields if field.attname not in BESIDE]
    names = [field.attname for field in columns]
    about = (
        "history_id", "id", "history_date", "history_type", "history_user_id", "history_user__is_staff",
        "history_change_reason",
    )  # fmt: skip
    rows = history.objects.filter(**{f"{key}__in": list(ids)}).order_by("id", "history_date", "history_id")
    found: dict[int, list[Version]] = defaultdict(list)
    by_record: dict[int, Version] = {}
    for record, row, at, kind, user, staff, reason, *values in rows.values_list(*about, *names):
        version = Version(record, row, at, kind, user, bool(staff), reason or "", dict(zip(names, values, strict=True)))
        found[version.row].append(version)
        by_record[version.record] = version
    for many in history._history_m2m_fields:
        _read_list(history, many, by_record)
    return found


def _read_list(history: Any, many: Any, by_record: dict[int, Version]) -> None:
    """Add the ids of a list to each version."""
    for version in by_record.values():
        version.values[many.name] = set()
    links = getattr(history, many.name).model
    column = f"{many.m2m_reverse_field_name()}_id"
    for record, id_ in links.objects.filter(history__in=list(by_record)).values_list("history_id", column):
        by_record[record].values[many.name].add(id_)


def between(model: type[models.Model], old: Version, new: Version) -> list[Change]:
    """What the newer says otherwise than the older."""
    fields = {
        getattr(field, "attname", field.name): field for field in model._meta.get_fields() if hasattr(field, "name")
    }
    return [
        Change(fields[name], old.values[name], value)
        for name, value in new.values.items()
        if value != old.values.get(name) and name in fields
    ]


def steps(model: type[models.Model], rows: Sequence[Version]) -> Iterator[tuple[Version, list[Change]]]:
    """Each version but the first with what it changed; additions and deletions with nothing."""
    older: Version | None = None
    for version in rows:
        if version.kind == "~" and older is not None:
            yield version, between(model, older, version)
        elif version.kind != "~" and version.reason != FIRST_STATE:
            yield version, []
        older = version
