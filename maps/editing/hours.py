"""When a point of sale is open: its usual week, public holidays, and dates that differ, each in one tap."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, time, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from directory.hours.editing import read
from directory.hours.timetable import CLOSED, MIDNIGHT, Dated, Timetable, Week
from directory.hours.weeks import Day
from directory.hours.writing import write
from directory.models import PointOfSale, Schedule
from directory.owners.editing import editing, set_hours
from directory.questions.phrasing import DAYS
from maps.editing.common import done, shown
from maps.editing.hours_form import STRETCHES, DatesForm, OpenForm, TextForm, WeekForm, as_typed
from maps.sheets import opening
from maps.space.common import place_page
from maps.wording import language


@dataclass
class Page:
    """The forms of the page, one of them perhaps as it was sent; `preview` is what was understood, not yet saved."""

    timetable: Timetable
    today: date
    preview: Timetable | None = None
    unreadable: str = ""  # why what was asked would have been no hours
    forms: dict[str, Any] = field(default_factory=dict)

    @property
    def usual_form(self) -> type[WeekForm] | type[TextForm]:
        return TextForm if isinstance(self.timetable.usual, str) and self.timetable.usual else WeekForm

    def context(self) -> dict[str, Any]:
        shown_hours = self.preview or self.timetable
        forms: dict[str, Any] = {
            "usual": self.usual_form(timetable=self.timetable),
            "leave": DatesForm(today=self.today, prefix="leave"),
            "special": OpenForm(today=self.today, prefix="special"),
        }
        return forms | self.forms | {
            "as_text": self.usual_form is TextForm,
            "unreadable": self.unreadable,
            "previewed": self.preview is not None,
            "hours": in_words(shown_hours),
            "otherwise": shown_hours.otherwise,
            "notes": list(notes(shown_hours)),
            "dates": [(one, as_dates(one), as_hours(one)) for one in sorted(self.timetable.dated, key=_by_date)],
        }  # fmt: skip


def timetable_of(place: PointOfSale) -> Timetable:
    """What can be edited. A day of more stretches than the form has is edited as a text, and so lost to nobody."""
    timetable = read(place.schedule.text) if place.schedule else Timetable()
    week = timetable.usual
    if isinstance(week, Week) and any(len(hours) > STRETCHES for hours in (*week.days, week.holidays or CLOSED)):
        return replace(timetable, usual=write(Timetable(week)))
    return timetable


@require_http_methods(["GET", "HEAD", "POST"])
@place_page
def own_hours(request: HttpRequest, place: PointOfSale) -> HttpResponse:
    page = Page(timetable_of(place), timezone.localdate())
    if request.method == "POST" and (change := asked(request, page)) is not None:
        said, apply = change
        try:
            with editing(place, request.user) as row:
                # Anew from the row: another tap may have written meanwhile.
                set_hours(row, apply(timetable_of(row)).since(page.today))
        except ValidationError as error:
            page.unreadable = error.messages[0]
        else:
            return done(request, place, "own_hours", said)
    refused = bool(page.unreadable) or any(form.errors for form in page.forms.values())
    return shown(request, place, "hours", page.context(), refused)


Change = tuple[str, Callable[[Timetable], Timetable]]


def asked(request: HttpRequest, page: Page) -> Change | None:
    """What is to be changed, and what to say of it; None where a form needs another look."""
    today, tomorrow = page.today, page.today + timedelta(days=1)
    match request.POST.get("do"):
        case "closed_today":
            return _("Fermé aujourd'hui : c'est affiché."), _but(today, today)
        case "closed_tomorrow":
            return _("Fermé demain : c'est affiché."), _but(tomorrow, tomorrow)
        case "leave":
            return _leave(request, page)
        case "special":
            return _special(request, page)
        case "remove":
            return _remove(request)
        case "save" | "preview" as what:
            return _usual(request, page, what == "preview")
    return None


def _but(first: date, last: date) -> Callable[[Timetable], Timetable]:
    return lambda timetable: timetable.but(Dated(first, last, CLOSED))


def _leave(request: HttpRequest, page: Page) -> Change | None:
    form = page.forms["leave"] = DatesForm(request.POST, today=page.today, prefix="leave")
    if not form.is_valid():
        return None
    dated = Dated(form.cleaned_data["first"], form.cleaned_data["last"], CLOSED)
    return _("Fermé {dates} : c'est affiché.").format(dates=as_dates(dated)), _but(dated.first, dated.last)


def _special(request: HttpRequest, page: Page) -> Change | None:
    form = page.forms["special"] = OpenForm(request.POST, today=page.today, prefix="special")
    if not form.is_valid():
        return None
    dated = Dated(form.cleaned_data["first"], form.cleaned_data["first"], form.cleaned_data["day"])
    said = _("Ouvert {dates}, {hours} : c'est affiché.")
    return said.format(dates=as_dates(dated), hours=as_hours(dated)), lambda timetable: timetable.but(dated)


def _remove(request: HttpRequest) -> Change | None:
    first, _sep, last = request.POST.get("dates", "").partition("/")
    try:
        dates = date.fromisoformat(first), date.fromisoformat(last)
    except ValueError:
        return None
    return _("C'est retiré."), lambda timetable: timetable.without(*dates)


def _usual(request: HttpRequest, page: Page, preview: bool) -> Change | None:
    form = page.forms["usual"] = page.usual_form(request.POST, timetable=page.timetable)
    if not form.is_valid():
        return None
    typed = form.over(page.timetable)
    if preview:
        page.preview = typed
        return None
    said = _("Vos horaires sont enregistrés : relisez-les ci-dessous.")
    if not write(typed):
        said = _("Vos horaires sont effacés : la fiche dit « horaires inconnus ».")
    return said, form.over


# --- In words --------------------------------------------------------------------------------------------------------
def in_words(timetable: Timetable) -> opening.Hours | None:
    """What everybody reads of it; None where nothing is known."""
    text, now = write(timetable), timezone.now()
    if not text:
        return None
    return opening.hours(text, opening.usual_weeks(Schedule(text=text), now), now)


def notes(timetable: Timetable) -> Iterator[str]:
    """What is unusual, so that a mistyped time is seen."""
    if not isinstance(timetable.usual, Week):
        return
    for name, hours in zip(DAYS[language()], timetable.usual.days, strict=True):
        for opens, closes in hours:
            if closes > MIDNIGHT:
                until = _("{day} : de {opens} jusqu'à {closes} le lendemain.")
                yield until.format(day=name, opens=as_typed(opens), closes=as_typed(closes)).capitalize()
            elif opens < 5 * 60 and (opens, closes) != (0, MIDNIGHT):
                early = _("{day} : ouvert dès {opens}, la nuit.")
                yield early.format(day=name, opens=as_typed(opens)).capitalize()


def as_dates(dated: Dated) -> str:
    """ "du 24 décembre au 2 janvier"; with the years, where they are not this one or the next."""
    said, this = opening.dates(dated.first, dated.last), timezone.localdate().year
    years = sorted({dated.first.year, dated.last.year})
    return said if {*years} <= {this, this + 1} else f"{said} ({' – '.join(map(str, years))})"


def as_hours(dated: Dated) -> str:
    """ "fermé", "9 h – 12 h 30"."""
    return opening.said(Day(tuple((_clock(opens), _clock(closes)) for opens, closes in dated.day), known=True))


def _clock(minutes: int) -> time:
    return time(*divmod(minutes % MIDNIGHT, 60))


def _by_date(dated: Dated) -> tuple[date, date]:
    return dated.first, dated.last
