"""What a merchant says of its own line: written down once, and brought to the officials' list."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any

from django.db import OperationalError, transaction
from django.utils import timezone

from directory.gaps.refreshing import refresh
from directory.models import ConnectionReport, GapCase, PointOfSale, Remedy

# The same words again within this time are a second tap, not a second report.
SAME_REPORT = timedelta(minutes=10)
logger = logging.getLogger(__name__)


def report(place: PointOfSale, by: Any, said: dict[str, Any]) -> ConnectionReport:
    """Write down what is `said` (fields of ConnectionReport), by a person or, with None, whoever has the link."""
    with transaction.atomic():
        PointOfSale.objects.select_for_update(no_key=True).get(pk=place.pk)  # a second tap waits for the first
        latest = place.connection_reports.filter(at__gte=timezone.now() - SAME_REPORT).first()
        if latest is not None and all(getattr(latest, name) == value for name, value in said.items()):
            return latest
        made = ConnectionReport.objects.create(point_of_sale=place, by=by, **said)
    try:
        refresh([place.pk])
    except OperationalError:  # a long refresh is under way: the next one, within ten minutes, sees the report
        logger.warning("the case of a report is brought in step later")
    return made


def in_gap(place: PointOfSale) -> bool:
    return GapCase.objects.filter(point_of_sale=place, in_gap=True).exists()


def remedies(departement: str) -> tuple[list[Remedy], list[Remedy]]:
    """What the département keeps for its merchants: (whom to call, what can be done now)."""
    kept = list(Remedy.objects.filter(departement=departement))
    contacts = [remedy for remedy in kept if remedy.kind == Remedy.Kind.CONTACT]
    return contacts, [remedy for remedy in kept if remedy.kind != Remedy.Kind.CONTACT]
