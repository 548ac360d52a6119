"""The history of a row as an agent reads it: who changed what, why, from what to what; then its lines'."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from itertools import groupby
from typing import Any

from django.contrib.gis.geos import Point
from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.formats import date_format, localize
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from simple_history.admin import SimpleHistoryAdmin
from simple_history.models import DeletedObject
from simple_history.template_utils import HistoricalRecordContextHelper

from directory.first_states import keep_first_state
from geo.points import Position
from maps.admin.common import PlainAdmin, distance_text, position_text

# Records of lines (offers, labels, consents) shown below the row's own history, newest first.
LINES = 100


class ReadableDiff(HistoricalRecordContextHelper):
    """Values as in the form: labels of choices, dates and positions in French, a moved pin with its distance."""

    def __init__(self, model: type[Model], record: Any):
        super().__init__(model, record, max_displayed_delta_change_chars=300)

    def prepare_delta_change_value(self, change: Any, value: Any) -> Any:
        field = self.model._meta.get_field(change.field)
        text = readable(field, super().prepare_delta_change_value(change, value))
        moved = isinstance(change.old, Point) and isinstance(change.new, Point) and value is change.new
        return f"{text} ({_moved(change.old, change.new)})" if moved else text


def _moved(old: Point, new: Point) -> str:
    metres = Position.from_geos(old).distance_to(Position.from_geos(new))
    return _("déplacée de %s") % distance_text(metres)


def readable(field: Any, value: Any) -> str:
    """A field's value in words."""
    if value is None or value == "" or value == []:
        return "—"
    if isinstance(value, DeletedObject):  # which is also how the library says "none"
        return "—" if value.pk is None else _("supprimé (nº %s)") % value.pk
    if isinstance(value, bool):
        return _("oui") if value else _("non")
    if isinstance(value, Point):
        return position_text(value)
    if isinstance(value, datetime):
        return date_format(timezone.localtime(value), "SHORT_DATETIME_FORMAT")
    if isinstance(value, date):
        return date_format(value, "SHORT_DATE_FORMAT")
    choices = _choices(field)
    if isinstance(value, list | tuple):
        return ", ".join(choices.get(item, str(item)) if isinstance(item, str) else str(item) for item in value)
    return choices.get(value, value) if isinstance(value, str) else localize(value)


def _choices(field: Any) -> dict[str, str]:
    of = getattr(field, "base_field", field)  # an array's choices are its items'
    return {key: str(label) for key, label in getattr(of, "flatchoices", None) or []}


def changes_between(model: type[Model], newer: Any, older: Any) -> list[dict[str, Any]]:
    """What changed from a historical record to the next, field by field, escaped."""
    delta = newer.diff_against(older, foreign_keys_are_objs=True)
    return ReadableDiff(model, newer).context_for_delta_changes(delta)


class HistoryAdmin(SimpleHistoryAdmin, PlainAdmin):
    """`history_lines`: (model, its foreign key to this one) of the lines shown below the row's own history."""

    object_history_list_template = "maps/admin/history_list.html"
    history_list_per_page = 25
    history_lines: Sequence[tuple[type[Model], str]] = ()

    def set_history_delta_changes(
        self, request: HttpRequest, historical_records: Any, foreign_keys_are_objs: bool = True
    ) -> None:
        records = list(historical_records)
        for newer, older in zip(records, [*records[1:], None], strict=False):  # there may be no record at all
            newer.history_delta_changes = changes_between(self.model, newer, older) if older else []

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        lines = [entry for model, key in self.history_lines for entry in _line_history(model, key, object_id)]
        lines.sort(key=lambda entry: entry["record"].history_date, reverse=True)
        return super().history_view(request, object_id, {"line_history": lines[:LINES], **(extra_context or {})})

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if change:
            keep_first_state(type(obj), obj.pk)
        if reason := form.cleaned_data.get("change_reason"):
            obj._change_reason = reason
        super().save_model(request, obj, form, change)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        for line in formset.initial_forms:
            if line.has_changed():
                keep_first_state(formset.model, line.instance.pk)
        super().save_formset(request, form, formset, change)


def _line_history(model: type[Model], key: str, owner_id: str) -> list[dict[str, Any]]:
    """Each record of the lines of one row, with what changed since that line's record before."""
    if not owner_id.isdigit():
        return []
    history: QuerySet[Any] = model.history.filter(**{f"{key}_id": owner_id})  # type: ignore[attr-defined]
    records = history.select_related("history_user").order_by("id", "-history_date", "-history_id")[: 4 * LINES]
    entries: list[dict[str, Any]] = []
    for _id, group in groupby(records, key=lambda record: record.id):
        own = list(group)
        name = f"{capfirst(model._meta.verbose_name)} : {_name_of(own[0])}"
        for newer, older in zip(own, [*own[1:], None], strict=True):
            changed = older is not None and newer.history_type == "~"
            changes = changes_between(model, newer, older) if changed else []
            entries.append({"record": newer, "name": name, "changes": changes})
    return entries


def _name_of(record: Any) -> str:
    """A line as it was; what it was about may be gone since."""
    try:
        return str(record.instance)
    except ObjectDoesNotExist:
        return f"nº {record.id}"
