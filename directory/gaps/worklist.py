"""The worklist of a département: which cases, in which order, and what they add up to."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import Avg, Count, Exists, F, OuterRef, Q, QuerySet

from directory.gaps.access import with_contacts
from directory.models import ConnectionReport, GapCase
from directory.vocabulary import vocabulary

PAGE = 50
SORTS: dict[str, tuple[Any, ...]] = {
    "priority": ("-priority", "id"),
    "next": (F("next_on").asc(nulls_last=True), "-priority", "id"),
    "commune": ("commune__name", "-priority", "id"),
    "name": ("point_of_sale__merchant__name", "id"),
    "flagged": ("flagged_at", "id"),
}


@dataclass(frozen=True)
class Filters:
    """What of a département's cases is asked for. Empty means any; `assignee` is a user's id, 0 for nobody."""

    departement: str
    epci: str = ""
    commune: str = ""
    activity: str = ""
    state: str = ""
    need: str = ""
    assignee: int | None = None
    overdue: bool = False
    reported: bool = False  # whose merchant said something
    left: bool = False  # those that left the gap, instead of those in it
    sort: str = "priority"

    def but(self, **changes: Any) -> Filters:
        return replace(self, **changes)


@dataclass(frozen=True)
class Page:
    """One page of the list. `number` counts from 1."""

    cases: tuple[GapCase, ...]
    total: int
    number: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // PAGE))


@dataclass(frozen=True)
class Tally:
    """What the cases add up to, whatever their state. Times are in days from the first flag, None without any."""

    total: int
    by_state: dict[str, int]
    by_need: dict[str, int]
    overdue: int
    unassigned: int
    days_to_contact: float | None
    days_to_solution: float | None


def cases(filters: Filters, today: date) -> QuerySet[GapCase]:
    """The cases that the filters ask for, in order, without what else a line shows."""
    found = GapCase.objects.filter(departement=filters.departement, in_gap=not filters.left)
    if filters.left:  # those still in the gap are published
        found = found.filter(point_of_sale__merchant__deletion=None)
    exact = {
        "epci": filters.epci,
        "commune": filters.commune,
        "state": filters.state,
        "need": filters.need,
    }
    found = found.filter(**{name: value for name, value in exact.items() if value})
    if filters.assignee is not None:
        found = found.filter(assignee=filters.assignee or None)
    if filters.activity:
        term = vocabulary().find("activity", filters.activity)
        found = found.filter(point_of_sale__entry__terms__contains=[term.id]) if term else found.none()
    if filters.overdue:
        found = found.filter(overdue(today))
    if filters.reported:
        found = found.filter(Exists(ConnectionReport.objects.filter(point_of_sale=OuterRef("point_of_sale"))))
    return found.order_by(*SORTS[filters.sort])


def overdue(today: date) -> Q:
    """Open cases whose next date is past."""
    return Q(next_on__lt=today, state__in=GapCase.OPEN)


def page(filters: Filters, today: date, number: int = 1) -> Page:
    found = cases(filters, today)
    total = found.order_by().count()
    start = (number - 1) * PAGE
    # The keys first: sorting 100,000 lines with all that they show takes 0.5 s, keys alone a tenth of it.
    keys = list(found.values_list("pk", flat=True)[start : start + PAGE])
    shown = {case.pk: case for case in with_contacts(GapCase.objects.filter(pk__in=keys))}
    return Page(tuple(shown[key] for key in keys if key in shown), total, number)


def tally(filters: Filters, today: date) -> Tally:
    """Sums over the filters' cases, of every state: the state filter chooses among what is counted here."""
    found = cases(filters.but(state="", overdue=False), today).order_by()
    sums = found.aggregate(
        total=Count("pk"),
        overdue=Count("pk", filter=overdue(today)),
        unassigned=Count("pk", filter=Q(assignee=None)),
        to_contact=Avg(F("contacted_at") - F("flagged_at")),
        to_solution=Avg(F("solved_at") - F("flagged_at")),
        **{f"state_{state}": Count("pk", filter=Q(state=state)) for state in GapCase.State.values},
        **{f"need_{need}": Count("pk", filter=Q(need=need)) for need in GapCase.Need.values},
    )
    return Tally(
        total=sums["total"],
        by_state={state: sums[f"state_{state}"] for state in GapCase.State.values},
        by_need={need: sums[f"need_{need}"] for need in GapCase.Need.values},
        overdue=sums["overdue"],
        unassigned=sums["unassigned"],
        days_to_contact=_days(sums["to_contact"]),
        days_to_solution=_days(sums["to_solution"]),
    )


def _days(span: Any) -> float | None:
    return None if span is None else span.total_seconds() / 86_400
