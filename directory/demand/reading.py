"""Unmet demand as it may be shown: never a number that tells of fewer than five searches, by itself or by subtraction.

Every number is a whole multiple of five, rounded down, and those below five are left out; so whatever is subtracted
from whatever (a wider period, an EPCI less its communes) is nothing or at least five too, and says nothing exact. The
current week is not shown: a number cannot be watched while it grows. Sums are of the numbers shown.

Five searches are not five people. Within a week and a commune they came from five addresses, unless the service was
restarted meanwhile; over several weeks, or several communes, one address may be behind them all.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Sum
from django.utils.timezone import localdate

from directory.demand.recording import monday
from directory.models import UnmetDemand
from directory.vocabulary import TermEntry, vocabulary

LEAST = 5
KEPT_WEEKS = 104
# How each level groups communes.
COLUMNS = {"commune": "commune_id", "epci": "commune__epci_id", "departement": "commune__departement_id"}


@dataclass(frozen=True, slots=True)
class Cell:
    """At least so many searches for a term in an area (its code at the level that was asked)."""

    term: TermEntry
    area: str
    times: int


def weeks_back(weeks: int, today: date | None = None) -> tuple[date, date]:
    """The first and the last day of the last whole weeks."""
    this = monday(today or localdate())
    return this - timedelta(weeks=weeks), this - timedelta(days=1)


def cells(
    weeks: int, level: str, departement: str | None = None, term: str | None = None, today: date | None = None
) -> list[Cell]:
    """What was looked for in vain in the last whole weeks, the most wanted first.

    `level` is "commune", "epci" or "departement"; `term` is a code: with what lies below it.
    """
    words, column = vocabulary(), COLUMNS[level]
    first, last = weeks_back(weeks, today)
    counted = UnmetDemand.objects.filter(week__range=(first, last), **{f"{column}__isnull": False})
    if departement is not None:
        counted = counted.filter(commune__departement=departement)
    sums = counted.values_list("term_id", column).annotate(n=Sum("times")).filter(n__gte=LEAST)
    wanted = words.by_code[term] if term else None
    found = [
        Cell(entry, area, number - number % LEAST)
        for id_, area, number in sums
        if (entry := words.by_id.get(id_)) and (wanted is None or wanted.id in entry.path)
    ]
    return sorted(found, key=lambda cell: (-cell.times, cell.term.code, cell.area))


def forget(today: date | None = None) -> int:
    """Delete what is older than two years; how many rows."""
    first, _last = weeks_back(KEPT_WEEKS, today)
    return UnmetDemand.objects.filter(week__lt=first).delete()[0]
