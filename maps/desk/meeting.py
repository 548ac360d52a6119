"""The Monday sheet: one page of A4 for the weekly meeting."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from directory.gaps.meeting import Meeting, meeting
from directory.models import CaseEvent, GapCase
from geo.coverage import wording
from geo.coverage.figures import editions
from geo.coverage.steps import MAPPED
from geo.models import Departement
from maps.coverage.drawing import choropleth
from maps.coverage.scale import scale
from maps.desk import words
from maps.desk.common import desk_context, official_page
from maps.desk.compare import between
from maps.desk.lines import lines
from maps.desk.worklist import basis, figures_are_demo
from maps.wording import headed, whole

NAMES = 4  # communes named of each change


@dataclass(frozen=True)
class Done:
    day: str
    name: str
    commune: str
    change: str
    by: str


@require_safe
@official_page
def meeting_page(request: HttpRequest, departement: Departement) -> HttpResponse:
    now = timezone.now()
    today, found = timezone.localdate(now), meeting(departement.code, now)
    first, late = lines(departement, found.first, today), lines(departement, found.late, today)
    context = {
        "today": words.long_day(now),
        "drawing": drawing(departement, found),
        "states": [(capfirst(GapCase.State(state).label), whole(n)) for state, n in found.tally.by_state.items()],
        "total": whole(found.tally.total),
        "total_number": found.tally.total,
        "to_contact": words.mean_days(found.tally.days_to_contact),
        "to_solution": words.mean_days(found.tally.days_to_solution),
        "week": week(found),
        "editions": since_last_edition(departement),
        "first": first,
        "late": late,
        "late_in_all": found.tally.overdue,
        "done": [done(event) for event in found.done],
        "done_in_all": found.done_in_all,
        "basis": basis(),
        "shows_demo": figures_are_demo() or any(line.demo for line in (*first, *late)),
    }
    return render(request, "maps/desk/meeting.html", desk_context(departement) | context)


def drawing(departement: Departement, found: Meeting) -> dict[str, Any] | None:
    """The map of what decides most, by commune, those with cases marked; None without figures."""
    default = editions().default
    indicator = next((name for name in MAPPED if default and name in default.indicators), None)
    if default is None or indicator is None:
        return None
    figures = editions().figures(default)
    return {
        "choropleth": choropleth(figures, indicator, "commune", departement.code, found.communes),
        "scale": scale(indicator),
        "title": _("Part des locaux {eligible}").format(eligible=wording.eligible(indicator)),
    }


def week(found: Meeting) -> list[str]:
    """What the last seven days brought."""
    flagged = counted(ngettext("{n} nouveau dossier", "{n} nouveaux dossiers", found.flagged), found.flagged)
    left = counted(ngettext("{n} sorti de la zone", "{n} sortis de la zone", found.left), found.left)
    steps = counted(ngettext("{n} étape notée", "{n} étapes notées", found.steps), found.steps)
    head = _("Depuis le {day}").format(day=words.day(timezone.localdate(found.since)))
    return [headed(head, flagged), left, steps]


def since_last_edition(departement: Departement) -> list[str]:
    """Which communes entered, left, or got worse since the edition before; nothing without two editions."""
    known = editions()
    after = known.default
    before = known.before(after) if after else None
    if after is None or before is None:
        return []
    changed = between(departement, before, after)
    entered, left, worse = len(changed.entered), len(changed.left), len(changed.worse)
    named = (
        (ngettext("{n} commune entrée dans la zone", "{n} communes entrées dans la zone", entered), changed.entered),
        (ngettext("{n} sortie", "{n} sorties", left), changed.left),
        (ngettext("{n} plus mal desservie", "{n} plus mal desservies", worse), changed.worse),
    )
    head = _("Depuis l'{edition}").format(edition=wording.edition_name(before.date, before.demo))
    return [head, *(named_communes(text, [change.commune.name for change in changes]) for text, changes in named)]


def counted(text: str, number: int) -> str:
    return text.format(n=whole(number))


def named_communes(text: str, names: list[str]) -> str:
    """ "2 communes entrées dans la zone : Tilly, Argy"; beyond a few, how many more."""
    said = counted(text, len(names))
    if not names:
        return said
    shown = ", ".join(names[:NAMES])
    if len(names) > NAMES:
        shown = _("{names} et {n} de plus").format(names=shown, n=len(names) - NAMES)
    return headed(said, shown)


def done(event: CaseEvent) -> Done:
    place = event.case.point_of_sale
    return Done(
        day=words.short_day(timezone.localdate(event.at)),
        name=place.display_name,
        commune=event.case.commune.name,
        change=event.get_after_display(),
        by=words.author(event.by),
    )
