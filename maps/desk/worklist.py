"""The worklist: a département's cases in the order in which to act, and what they add up to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from directory.gaps import worklist
from directory.gaps.refreshing import refreshed_at
from directory.gaps.worklist import PAGE, Filters, Page, Tally
from directory.models import GapCase
from geo.coverage import rule
from geo.coverage.figures import editions
from geo.coverage.wording import dated
from geo.models import Departement
from maps import wording
from maps.desk import words
from maps.desk.common import desk_context, desk_path, official_page
from maps.desk.filters import as_query, page_number, read_filters, sheet_path
from maps.desk.lines import lines


@dataclass(frozen=True)
class Total:
    """A number that is a link to the cases that it counts."""

    text: str
    number: str
    href: str
    current: bool
    tone: str = ""


@require_safe
@official_page
def worklist_page(request: HttpRequest, departement: Departement) -> HttpResponse:
    filters, form = read_filters(request.GET, departement, request.user)
    today = timezone.localdate()
    found = worklist.page(filters, today, page_number(form))
    mistakes = form.mistakes
    if found.number > found.pages:
        mistakes.append(_("Il n'y a pas de page {page} : voici la dernière.").format(page=found.number))
        found = worklist.page(filters, today, found.pages)
    listed = lines(departement, found.cases, today)
    context = {
        "heading": heading(departement),
        "form": form,
        "mistakes": mistakes,
        "lines": listed,
        "totals": totals(departement, filters, worklist.tally(filters, today)),
        "clear": desk_path(departement) if as_query(filters) else "",
        "own_query": as_query(filters),
        "sheet_href": sheet_path(departement, filters) if filters.epci else "",
        "page": pages(departement, filters, found),
        "basis": basis(),
        "shows_demo": any(line.demo for line in listed) or figures_are_demo(),
    }
    return render(request, "maps/desk/worklist.html", desk_context(departement) | context, status=status_of(mistakes))


def heading(departement: Departement) -> str:
    """ "Commerces à suivre dans l'Indre", "… in Indre"."""
    where = wording.in_the_departement(departement.code, departement.name)
    return _("Commerces à suivre {where}").format(where=where)


def status_of(mistakes: list[str]) -> int:
    return 400 if mistakes else 200


def totals(departement: Departement, filters: Filters, tally: Tally) -> list[Total]:
    """Of every state, then what presses. Each leads to the cases that it counts; one that is chosen, back to all."""
    every = filters.but(state="", overdue=False)

    def total(text: str, number: int, narrowed: Filters, tone: str = "") -> Total:
        current = narrowed == filters
        query = as_query(every if current else narrowed)
        return Total(text, wording.whole(number), f"{desk_path(departement)}?{query}", current, tone)

    found = [
        total(str(GapCase.State(state).label), number, every.but(state=state))
        for state, number in tally.by_state.items()
    ]
    found.append(total(_("en retard"), tally.overdue, every.but(overdue=True), "late" if tally.overdue else ""))
    if filters.assignee is None:
        found.append(total(_("suivis par personne"), tally.unassigned, every.but(assignee=0)))
    return found


def pages(departement: Departement, filters: Filters, found: Page) -> dict[str, Any]:
    """Where the list stands, and the pages beside it."""
    first = (found.number - 1) * PAGE + 1
    last = min(found.number * PAGE, found.total)

    def href(number: int) -> str:
        return f"{desk_path(departement)}?{as_query(filters, page=number if number > 1 else None)}"

    return {
        "count": found.total,
        "total": wording.whole(found.total),
        "start": first,
        "span": wording.span(first, last, found.total) if found.total else "",
        "previous": href(found.number - 1) if found.number > 1 else "",
        "next": href(found.number + 1) if found.number < found.pages else "",
    }


def basis() -> dict[str, str]:
    """What the list rests on: the rule and its numbers, the weights, the edition, when it was last brought in step."""
    edition, at = editions().default, refreshed_at()
    return {
        "rule": rule.in_words(),
        "weights": words.weights(),
        "edition": dated(edition) if edition else "",
        "refreshed": words.moment(at) if at else "",
    }


def figures_are_demo() -> bool:
    default = editions().default
    return default is not None and default.demo
