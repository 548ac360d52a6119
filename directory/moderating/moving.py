"""Rows that belong to an entry, taken to another: each by a save, so that its history says so."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import IntegrityError, models, transaction

from directory.claims.claiming import TO_DECIDE
from directory.first_states import keep_first_state
from directory.models import (
    Claim,
    ConnectionReport,
    GapCase,
    MerchantLabel,
    Offer,
    OwnerNotice,
    Photo,
    Report,
    SoldOn,
    SourceRecord,
)
from directory.models.photo import MOST

PLACE, MERCHANT = "point_of_sale_id", "merchant_id"
# What follows a point of sale. What the other has already (an offer, a case) stays behind, where nobody sees it.
# So do letters, and claims that wait for a code: who has one proved nothing of the other.
OF_PLACE: tuple[Any, ...] = (SourceRecord, Offer, Photo, Report, Claim, ConnectionReport, GapCase)
ONLY: dict[Any, dict[str, Any]] = {Claim: {"state__in": TO_DECIDE}}
OF_MERCHANT: tuple[Any, ...] = (MerchantLabel, SoldOn, OwnerNotice)

# [model, id, {column: [before, after]}]
Step = list[Any]


def move_all(models_: Iterable[Any], key: str, source: int, target: int, by: Any, why: str) -> list[Step]:
    """Take to `target` all rows that point to `source`; what was done, for unmerging.py."""
    steps = []
    for model in models_:
        rows = model.objects.filter(**{key: source}, **ONLY.get(model, {})).order_by("pk")
        room = MOST - Photo.objects.filter(**{key: target}).count() if model is Photo else None
        for number, row in enumerate(rows[:room] if room is not None else rows):
            new = {key: target}
            if model is Photo:
                new["rank"] = MOST - (room or 0) + number  # after those that are there
            if step := change(row, new, by, why):
                steps.append(step)
    return steps


def change(row: models.Model, new: dict[str, Any], by: Any, why: str) -> Step | None:
    """Set columns of a row; what was done, or None where the database refuses it."""
    done = {name: [getattr(row, name), value] for name, value in new.items()}
    return [row._meta.label_lower, row.pk, done] if saved(row, new, by, why) else None


def saved(row: Any, values: dict[str, Any], by: Any, why: str) -> bool:
    """Write columns of a row, with its history; False where the database refuses it."""
    if hasattr(type(row), "history"):
        keep_first_state(type(row), row.pk)
    for name, value in values.items():
        setattr(row, name, value)
    row._history_user, row._change_reason = by, why
    try:
        with transaction.atomic():
            row.save(update_fields=[*values, *(["updated_at"] if hasattr(row, "updated_at") else [])])
    except IntegrityError:
        return False
    return True
