"""A case as a line of a list: the worklist's, the Monday sheet's."""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import dataclass
from datetime import date

from directory.gaps.access import contact
from directory.gaps.invented import invented_closures, is_demo
from directory.models import GapCase
from geo.models import Departement
from maps import wording
from maps.desk import words
from maps.desk.common import desk_path, name_of


@dataclass(frozen=True)
class Line:
    name: str
    href: str
    demo: bool
    commune: str
    epci: str
    activities: str
    found: str
    evidence: str
    priority: int
    arithmetic: str
    copper: str
    state: str
    state_code: str
    assignee: str
    next: str
    next_short: str
    late: bool
    phone: str  # as far as the merchant consents
    tel: str


def lines(departement: Departement, cases: Iterable[GapCase], today: date) -> list[Line]:
    """Of cases read `with_contacts`: asks the database for nothing more than the invented closures."""
    invented = invented_closures()
    return [line(departement, case, today, invented) for case in cases]


def line(departement: Departement, case: GapCase, today: date, invented: Container[str]) -> Line:
    place = case.point_of_sale
    phone = contact(place.merchant).get("phone", "")
    return Line(
        name=place.display_name,
        href=desk_path(departement, "case", case.pk),
        demo=is_demo(case, invented),
        commune=case.commune.name,
        epci=case.epci.name if case.epci else "",
        activities=", ".join(activity.label for activity in place.activities.all()),
        found=words.found(case),
        evidence=words.evidence(case),
        priority=case.priority,
        arithmetic=words.arithmetic(case),
        copper=words.day(words.copper(case)),
        state=str(case.get_state_display()),
        state_code=case.state,
        assignee=name_of(case.assignee) if case.assignee else "",
        next=words.day(case.next_on),
        next_short=words.short_day(case.next_on),
        late=is_late(case, today),
        phone=wording.phone(phone),
        tel=wording.international(phone),
    )


def is_late(case: GapCase, today: date) -> bool:
    """As directory.gaps.worklist.overdue asks the database."""
    return case.next_on is not None and case.next_on < today and case.state in GapCase.OPEN
