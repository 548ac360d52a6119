"""What a merchant says of its own line: written down once, and brought to the officials' list."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any

from django.db import DatabaseError, transaction
from django.utils import timezone

from directory.gaps.refreshing import refresh
from directory.models import ConnectionReport, GapCase, PointOfSale, Remedy

# The same words again within this time are a second tap, not a second report.
SAME_REPORT = timedelta(minutes=10)
# The link is anybody's who has it: this many a day say all that a line can do.
MOST_A_DAY = 5
logger = logging.getLogger(__name__)


class TooManyReportsError(Exception):
    """The point of sale has all the reports of a day."""


def report(place: PointOfSale, by: Any, said: dict[str, Any]) -> ConnectionReport:
    """Write down what is `said` (fields of ConnectionReport), by a person or, with None, whoever has the link.

    Raises TooManyReportsError.
    """
    with transaction.atomic():
        PointOfSale.objects.select_for_update(no_key=True).get(pk=place.pk)  # a second tap waits for the first
        latest = place.connection_reports.filter(at__gte=timezone.now() - SAME_REPORT).first()
        if latest is not None and all(getattr(latest, name) == value for name, value in said.items()):
            return latest
        if is_full(place):
            raise TooManyReportsError
        made = ConnectionReport.objects.create(point_of_sale=place, by=by, **said)
    try:
        refresh([place.pk])
    except DatabaseError:  # the report is kept: the next refresh, within ten minutes, sees it
        logger.exception("the case of a report is brought in step later")
    return made


def is_full(place: PointOfSale) -> bool:
    """Whether the point of sale has all the reports of a day."""
    return place.connection_reports.filter(at__gt=timezone.now() - timedelta(days=1)).count() >= MOST_A_DAY


def in_gap(place: PointOfSale) -> bool:
    return GapCase.objects.filter(point_of_sale=place, in_gap=True).exists()


def remedies(departement: str) -> tuple[list[Remedy], list[Remedy]]:
    """What the département keeps for its merchants: (whom to call, what can be done now)."""
    kept = list(Remedy.objects.filter(departement=departement))
    contacts = [remedy for remedy in kept if remedy.kind == Remedy.Kind.CONTACT]
    return contacts, [remedy for remedy in kept if remedy.kind != Remedy.Kind.CONTACT]
