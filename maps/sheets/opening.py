"""Opening hours in words: the usual week, today's line, the dates that differ, and the rules that no week tells."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from directory.hours.evaluation import DAYS_TO_SPARE, HORIZON_DAYS
from directory.hours.weeks import Day, Differing, Spell, spells
from directory.models import Schedule
from directory.questions.phrasing import DAYS
from directory.summary import times
from maps.sheets.rules import beyond_a_week
from maps.wording import language


@dataclass(frozen=True)
class Line:
    """A weekday; `unusual` where today is not as that day usually is."""

    day: str
    hours: str
    today: bool = False
    unusual: bool = False


@dataclass(frozen=True)
class Week:
    """A usual week; `since` says from when on, where that is not today."""

    since: str
    lines: list[Line]


@dataclass(frozen=True)
class Hours:
    weeks: list[Week]
    dates: list[tuple[str, str]]  # when, and what then
    rules: list[str]


def usual_weeks(schedule: Schedule, now: datetime) -> tuple[Spell, ...]:
    """The usual weeks from today on, as far as hours are worked out."""
    return _usual_weeks(schedule.text, schedule.holidays, localtime(now).date())


@lru_cache(maxsize=1024)  # 3 ms where seasons change
def _usual_weeks(text: str, holidays: str, today: date) -> tuple[Spell, ...]:
    """From yesterday on, whose night may last into today; to the last day but one, whose night is not cut short."""
    zone = ZoneInfo(settings.TIME_ZONE)
    schedule = Schedule(text=text, holidays=holidays)
    schedule.work_out(datetime.combine(today - timedelta(days=1), time(), zone))
    number = HORIZON_DAYS + DAYS_TO_SPARE - 1
    return tuple(spells(schedule.open_during, schedule.known_during, today, number, zone))


def hours(text: str, weeks: Sequence[Spell], now: datetime) -> Hours:
    """The hours of a schedule, given its usual weeks. Weeks of which nothing is known are left out."""
    today = localtime(now).date()
    known = [spell for spell in weeks if any(day.known or day.open for day in spell.week)]
    differing = [other for spell in known for other in spell.differing if other.last > today]
    end = weeks[-1].last
    return Hours(
        weeks=[Week(_since(spell, today), list(_lines(spell, today))) for spell in known],
        dates=[(_dates(other, end), said(other.day)) for other in differing],
        rules=beyond_a_week(text),
    )


def said(day: Day) -> str:
    """ "9 h – 12 h 30, 14 h – 18 h", "fermé", "24 h sur 24", "à confirmer"."""
    if not day.open:
        return _("fermé") if day.known else _("à confirmer")
    if day.open == ((time(), time()),):
        return _("24 h sur 24")
    stretches = ", ".join(f"{_hour(begins)} – {_hour(ends)}" for begins, ends in day.open)
    return stretches if day.known else _("{hours}, le reste à confirmer").format(hours=stretches)


def _hour(at: time) -> str:
    return times(language()).hour(datetime.combine(date.min, at))


def _lines(spell: Spell, today: date) -> Iterator[Line]:
    today_is_usual = spell.first > today or spell.on(today) == spell.week[today.weekday()]
    if len(set(spell.week)) == 1 and today_is_usual:
        yield Line(_("tous les jours"), said(spell.week[0]))
        return
    for weekday, usual in enumerate(spell.week):
        is_today = spell.first <= today and weekday == today.weekday()
        day = spell.on(today) if is_today else usual
        yield Line(DAYS[language()][weekday], said(day), is_today, day != usual)


def _since(spell: Spell, today: date) -> str:
    return "" if spell.first <= today else _("À partir du {date}").format(date=_date(spell.first))


def _dates(other: Differing, end: date) -> str:
    """As `dates`; to where hours are worked out, nobody knows until when."""
    if other.last == end and other.first != end:
        return _("à partir du {date}").format(date=_date(other.first))
    return dates(other.first, other.last)


def dates(first: date, last: date) -> str:
    """ "jeudi 25 décembre", "du 24 décembre au 2 janvier"."""
    if first == last:
        return f"{DAYS[language()][first.weekday()]} {_date(first)}"
    return _("du {first} au {last}").format(first=_date(first), last=_date(last))


def _date(day: date) -> str:
    """ "1er novembre", "25 décembre"; "1 November"."""
    return date_format(day, "j F").replace("1 ", "1er " if day.day == 1 and language() == "fr" else "1 ", 1)
