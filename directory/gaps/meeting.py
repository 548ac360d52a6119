"""What a département's weekly meeting goes through: whom to call, what was done, what is late, what changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F
from django.utils import timezone

from directory.gaps import worklist
from directory.gaps.access import with_contacts
from directory.gaps.worklist import Filters, Tally
from directory.models import CaseEvent, GapCase

DAYS = 7
FIRST = 10  # to call
MOST_LINES = 6  # lines of what was done, and of what is late: the sheet is one page
TO_CALL = (GapCase.State.TO_VERIFY, GapCase.State.TO_CONTACT)


@dataclass(frozen=True)
class Meeting:
    """Counts are of the whole département; `first`, `done` and `late` are the beginnings of what they count."""

    tally: Tally
    flagged: int  # cases since `since`, and those that left
    left: int
    steps: int
    first: tuple[GapCase, ...]
    done: tuple[CaseEvent, ...]
    done_in_all: int
    late: tuple[GapCase, ...]
    communes: frozenset[str]  # where there are cases
    since: datetime


def meeting(departement: str, now: datetime) -> Meeting:
    """The last seven days, and what comes next."""
    since, today = now - timedelta(days=DAYS), timezone.localdate(now)
    every = Filters(departement)
    there = GapCase.objects.filter(departement=departement)
    steps = CaseEvent.objects.filter(case__departement=departement, at__gte=since)
    done = steps.exclude(before=F("after")).select_related("by", "case__point_of_sale__merchant", "case__commune")
    late = worklist.cases(every.but(overdue=True, sort="next"), today)
    return Meeting(
        tally=worklist.tally(every, today),
        flagged=there.filter(in_gap=True, flagged_at__gte=since).count(),
        left=there.filter(in_gap=False, left_at__gte=since).count(),
        steps=steps.count(),
        first=tuple(with_contacts(worklist.cases(every, today).filter(state__in=TO_CALL))[:FIRST]),
        done=tuple(done.defer("case__commune__contour", "case__commune__centre")[:MOST_LINES]),
        done_in_all=done.count(),
        late=tuple(with_contacts(late)[:MOST_LINES]),
        communes=frozenset(there.filter(in_gap=True).order_by().values_list("commune", flat=True).distinct()),
        since=since,
    )
