"""An opening_hours text -> the timetable that a person can fill in. Pure. What no week can say stays a text."""

from __future__ import annotations

import re
from datetime import date

from directory.hours.timetable import ALL_DAY, CLOSED, MIDNIGHT, Dated, Day, NotADay, Timetable, Week, day
from directory.hours.writing import DAYS, ELSE, MONTHS, UNKNOWN

_WEEKDAY = "|".join(DAYS)
_MONTH = "|".join(MONTHS)
_HOURS = r"(?P<hours>off|closed|[\d:,\s-]+)"
_RULE = re.compile(rf"(?P<days>(?:{_WEEKDAY}|PH)(?:[-,](?:{_WEEKDAY}|PH))*) {_HOURS}")
_DATES = re.compile(
    rf"(?P<year>\d{{4}}) (?P<month>{_MONTH}) (?P<day>\d{{1,2}})"
    rf"(?:-(?:(?P<last_year>\d{{4}}) )?(?:(?P<last_month>{_MONTH}) )?(?P<last_day>\d{{1,2}}))? {_HOURS}"
)
# What `writing` adds at the edges of dates, for nights.
NIGHTS = re.compile(rf"(?:, \d{{4}} (?:{_MONTH}) \d\d (?:00:00-0\d:\d\d|0\d:\d\d-0\d:\d\d off))+$")
_STRETCH = re.compile(r"(\d{1,2}):(\d{2})\s*-\s*(\d{1,2}):(\d{2})")
_BY_APPOINTMENT = re.compile(r'(?:Mo-Su )?"([^"]*)"')
_RULES = re.compile(r'(?:"[^"]*"|[^;"])+')
# A comma before weekdays begins a rule that adds to those before; one between weekdays has no space after it.
_ADDED = re.compile(rf",\s+(?=(?:{_WEEKDAY})\b)")


class _BeyondAWeek(ValueError):  # noqa: N818 - named for what was found
    """No week says this."""


def read(text: str) -> Timetable:
    """The timetable of a text. Any text has one."""
    body, otherwise, own = _apart(" ".join(text.split()))
    rules = [rule.strip() for rule in _RULES.findall(body)]
    dated: list[Dated] = []
    while rules and (dates := _dates(rules[-1] if dated else NIGHTS.sub("", rules[-1]))) is not None:
        dated.insert(0, dates)
        rules.pop()
    if rules == [UNKNOWN]:
        rules = []
    elif len(rules) == 1 and not otherwise and (comment := _BY_APPOINTMENT.fullmatch(rules[0])):
        return Timetable("", comment[1], tuple(dated))
    if own:
        return Timetable(f"{'; '.join(rules)}{ELSE}{own}", "", tuple(dated))
    return Timetable(_usual(rules), otherwise, tuple(dated))


def _usual(rules: list[str]) -> Week | str:
    try:
        return _week(rules) if rules else ""
    except _BeyondAWeek:
        return "; ".join(rules)


def _apart(text: str) -> tuple[str, str, str]:
    """The rules; what is said of other hours, where that is one comment; and what else stands there, as written."""
    found = re.search(r'^((?:"[^"]*"|[^"|]|\|(?!\|))*?)\s*\|\|\s*(.*)$', text)
    if found is None:
        return text, "", ""
    comment = re.fullmatch(r'"([^"]+)"', found[2])
    return found[1], (comment[1] if comment else ""), ("" if comment else found[2])


def _week(rules: list[str]) -> Week:
    """Later rules replace what was said of their days. Raises _BeyondAWeek."""
    days: list[Day] = [CLOSED] * len(DAYS)
    holidays: Day | None = None
    for rule in rules:
        if rule == "24/7":
            days = [ALL_DAY] * len(DAYS)
            continue
        for i, part in enumerate(_ADDED.split(rule)):
            weekdays, on_holidays, hours = _part(part)
            if weekdays and holidays is not None and not on_holidays:
                raise _BeyondAWeek(rule)  # holidays that fall on these weekdays are replaced too
            for weekday in weekdays:
                days[weekday] = _day((*days[weekday], *hours)) if i else hours
            if on_holidays:
                holidays = hours
    return Week(tuple(days), holidays)


def _part(text: str) -> tuple[set[int], bool, Day]:
    """Weekdays, whether public holidays are among them, and their hours."""
    found = _RULE.fullmatch(text)
    if found is None:
        raise _BeyondAWeek(text)
    weekdays: set[int] = set()
    names = found["days"].split(",")
    for name in names:
        if name == "PH":
            continue
        first, _, last = name.partition("-")
        if "PH" in (first, last):
            raise _BeyondAWeek(text)
        begins, ends = DAYS.index(first), DAYS.index(last or first)
        weekdays |= {number % len(DAYS) for number in range(begins, ends + (len(DAYS) if ends < begins else 0) + 1)}
    return weekdays, "PH" in names, _hours(found["hours"])


def _hours(text: str) -> Day:
    if text in ("off", "closed"):
        return CLOSED
    found = [_STRETCH.fullmatch(part.strip()) for part in text.split(",")]
    stretches = []
    for times in found:
        if times is None:
            raise _BeyondAWeek(text)
        opens, closes = int(times[1]) * 60 + int(times[2]), int(times[3]) * 60 + int(times[4])
        if closes <= opens:
            closes += MIDNIGHT
        if not (opens < MIDNIGHT and (closes - opens < MIDNIGHT or (opens, closes) == ALL_DAY[0])):
            raise _BeyondAWeek(text)
        stretches.append((opens, closes))
    return _day(tuple(stretches))


def _day(stretches: Day) -> Day:
    try:
        return day(stretches)
    except NotADay as error:
        raise _BeyondAWeek(str(error)) from None


def _dates(rule: str) -> Dated | None:
    found = _DATES.fullmatch(rule)
    if found is None:
        return None
    month = MONTHS.index(found["month"]) + 1
    last_month = MONTHS.index(found["last_month"]) + 1 if found["last_month"] else month
    try:
        first = date(int(found["year"]), month, int(found["day"]))
        last = date(int(found["last_year"] or first.year), last_month, int(found["last_day"] or first.day))
        return Dated(first, last, _hours(found["hours"])) if first <= last < date.max else None
    except ValueError:  # no such day, or hours that no day says
        return None
