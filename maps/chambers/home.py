"""What an agent of a chamber can do here, its latest lists, and how the merchants that it registered fare."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Case, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from directory.chambers.access import Chamber
from directory.models import AssistedEntry, ChamberUpload
from maps.chambers.common import chamber_context, chamber_page, chamber_path
from maps.chips import Link
from maps.desk.common import name_of
from maps.desk.words import day, moment

PAGE = 20
# What waits for the agents.
FIRST = Case(When(correction="", then=1), default=0)


@dataclass(frozen=True)
class Line:
    """A list or an entry: where it leads, what became of it, by whom and when."""

    link: Link
    state: str
    said: str
    waits: bool = False


@dataclass(frozen=True)
class Lines:
    """A page of lines, and where the newer and the older ones are."""

    lines: list[Line]
    newer: str
    older: str


@require_safe
@chamber_page
def home_page(request: HttpRequest, chamber: Chamber) -> HttpResponse:
    uploads = ChamberUpload.objects.filter(chamber=chamber.kind).defer("content").select_related("by")
    entries = AssistedEntry.objects.filter(chamber=chamber.kind).select_related("by", "merchant")
    context = {
        "uploads": page(request, "listes", uploads.order_by("-at", "-id"), partial(upload_line, chamber)),
        "entries": page(request, "saisies", entries.order_by(FIRST, "-at", "-id"), partial(entry_line, chamber)),
    }
    return render(request, "maps/chambers/home.html", chamber_context(chamber) | context)


def page(request: HttpRequest, name: str, found: Any, line: Callable[[Any], Line]) -> Lines:
    """One page of a list; the other list stays at its own."""
    shown = Paginator(found, PAGE).get_page(request.GET.get(name))

    def leads(number: int) -> str:
        query = request.GET.copy()
        query[name] = str(number)
        return f"?{query.urlencode()}#{name}"

    return Lines(
        [line(each) for each in shown],
        leads(shown.previous_page_number()) if shown.has_previous() else "",
        leads(shown.next_page_number()) if shown.has_next() else "",
    )


def upload_line(chamber: Chamber, upload: ChamberUpload) -> Line:
    waits = upload.state == ChamberUpload.State.CHECKED
    link = Link(upload.name, chamber_path(chamber, "chamber_upload", upload.pk))
    return Line(link, str(upload.get_state_display()), said(moment(upload.at), upload.by), waits)


def entry_line(chamber: Chamber, entry: AssistedEntry) -> Line:
    link = Link(entry.merchant.name, chamber_path(chamber, "chamber_letter", entry.pk))
    return Line(link, state(entry), said(day(entry.at.date()), entry.by), bool(entry.correction))


def state(entry: AssistedEntry) -> str:
    """Where an entry is between its registration and its merchant."""
    if entry.withdrawn_at:
        return _("retirée par le commerçant le {day}").format(day=day(entry.withdrawn_at.date()))
    if entry.correction:
        return _("correction demandée")
    if entry.taken_over_at:
        return _("reprise par le commerçant le {day}").format(day=day(entry.taken_over_at.date()))
    if entry.told_at:
        return _("commerçant prévenu le {day}").format(day=day(entry.told_at.date()))
    return _("commerçant à prévenir")


def said(when: str, by: object) -> str:
    return f"{when}, {name_of(by)}" if by else when
