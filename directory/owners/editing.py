"""A change of an entry by its owner: under a lock, in one transaction, confirmed, and seen by moderators after it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.shortcuts import get_object_or_404

from directory.first_states import keep_first_state
from directory.hours.timetable import Timetable
from directory.hours.writing import write
from directory.indexing import deferred_indexing
from directory.models import Merchant, PointOfSale, Schedule
from directory.models.schedule import validate_opening_hours
from directory.moderating.reviews import mark
from directory.owners.access import places_of
from directory.owners.freshness import confirm


@contextmanager
def editing(place: PointOfSale, by: Any) -> Iterator[PointOfSale]:
    """Change what is given, and its merchant, in memory; both are saved at the end, and the search follows at once.

    Whoever edits says by it that the entry is alive. What everybody reads first (names, texts, trades) is looked at by
    a moderator after it is changed, while it is published.
    """
    with deferred_indexing() as written:
        get_object_or_404(Merchant.objects.select_for_update(), pk=place.merchant_id)
        row = get_object_or_404(places_of(by).select_for_update(of=("self",)), pk=place.pk)
        keep_first_state(PointOfSale, row.pk)
        keep_first_state(Merchant, row.merchant_id)
        before, merchant = _read_first(row), _values(row.merchant)
        yield row
        if row.status == PointOfSale.Status.PUBLISHED and _read_first(row) != before:
            mark(row, PointOfSale.Review.CHANGED)
        confirm(row)
        for one in (row.merchant, row):
            one._history_user = by  # type: ignore[union-attr]  # django-simple-history reads it off the row
        if _values(row.merchant) != merchant:
            row.merchant.save()
        row.save()
        written.extend(row.merchant.points_of_sale.values_list("pk", flat=True))


def set_hours(place: PointOfSale, timetable: Timetable) -> None:
    """The hours of a point of sale, in memory; none where nothing is known.

    Raises ValidationError for what the parser would not read: hours that are there are not lost for it.
    """
    text = write(timetable)
    if text:
        validate_opening_hours(text)
    place.schedule_id = Schedule.objects.ids_of([text])[text] if text else None


def _read_first(place: PointOfSale) -> tuple[Any, ...]:
    merchant = place.merchant
    activities = sorted(place.activities.values_list("pk", flat=True))
    return place.name, merchant.name, merchant.description_fr, merchant.description_en, activities


def _values(merchant: Merchant) -> dict[str, Any]:
    return {field.attname: getattr(merchant, field.attname) for field in Merchant._meta.concrete_fields}
