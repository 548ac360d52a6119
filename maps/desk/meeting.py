"""The Monday sheet: one page of A4 for the weekly meeting."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
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
from maps.wording import whole

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
    since = words.day(timezone.localdate(found.since))
    return [
        _("Depuis le {day} : {n} nouveaux dossiers").format(day=since, n=whole(found.flagged)),
        _("{n} sortis de la zone").format(n=whole(found.left)),
        _("{n} étapes notées").format(n=whole(found.steps)),
    ]


def since_last_edition(departement: Departement) -> list[str]:
    """Which communes entered, left, or got worse since the edition before; nothing without two editions."""
    known = editions()
    after = known.default
    before = known.before(after) if after else None
    if after is None or before is None:
        return []
    changed = between(departement, before, after)
    named = (
        (_("entrées dans la zone"), changed.entered),
        (_("sorties"), changed.left),
        (_("plus mal desservies"), changed.worse),
    )
    head = _("Depuis l'{edition}").format(edition=wording.edition_name(before.date, before.demo))
    return [head, *(named_communes(title, [change.commune.name for change in changes]) for title, changes in named)]


def named_communes(title: str, names: list[str]) -> str:
    """ "2 entrées dans la zone : Tilly, Argy"; beyond a few, how many more."""
    text = f"{whole(len(names))} {title}"
    if not names:
        return text
    more = _(" et {n} autres").format(n=len(names) - NAMES) if len(names) > NAMES else ""
    return _("{text} : {names}{more}").format(text=text, names=", ".join(names[:NAMES]), more=more)


def done(event: CaseEvent) -> Done:
    place = event.case.point_of_sale
    return Done(
        day=words.short_day(timezone.localdate(event.at)),
        name=place.display_name,
        commune=event.case.commune.name,
        change=event.get_after_display(),
        by=words.author(event.by),
    )
