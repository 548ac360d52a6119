"""A timetable -> an opening_hours text, in OpenStreetMap's syntax. Pure.

Where nights go beyond midnight, weekdays are joined by commas, which add: after a semicolon, Saturday's hours would
cut off what Friday's leave after midnight. Holidays and dates always stand after semicolons: they replace.

"Closed on Saturday" means Saturday's evening, to its end, and not what is left of Friday's. The parser that reads the
text (opening-hours-py) cuts at midnight: at the edges of dates it closes Friday's night, and opens what the usual
Saturday leaves on Sunday. Rules added at the end put that right ("2026 Jan 03 00:00-02:00, 2026 Jan 04 00:00-02:00
off"). They follow from the others, so that they are written anew each time, and are nobody's to edit.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from opening_hours import OpeningHours, ParserError, State  # type: ignore[attr-defined]

from directory.hours.timetable import ALL_DAY, CLOSED, MIDNIGHT, NIGHT_ENDS, Dated, Day, Timetable, Week

DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
# What a text says of days whose usual hours nobody knows, so that dates can be told apart from them.
UNKNOWN = "Mo-Su unknown"
ELSE = " || "
HOLIDAYS = "FR"
DAY = timedelta(days=1)


def write(timetable: Timetable) -> str:
    """The text; empty where nothing is known. What was written by hand stays as it is, dates beside it."""
    comment = f'"{timetable.otherwise.replace(chr(34), chr(39))}"' if timetable.otherwise else ""
    if isinstance(timetable.usual, Week) and timetable.usual.says_something:
        usual, fallback = _week(timetable.usual), comment
    elif isinstance(timetable.usual, str) and timetable.usual:
        usual, _, own = timetable.usual.partition(ELSE)
        fallback = own or comment
    else:
        usual, fallback = f"Mo-Su {comment}" if comment else UNKNOWN if timetable.dated else "", ""
    text = "; ".join([usual, *map(_dated, timetable.dated)]) + "".join(_nights(timetable))
    return f"{text}{ELSE}{fallback}" if fallback else text


def _week(week: Week) -> str:
    hours: dict[Day, list[int]] = {}
    for weekday, day in enumerate(week.days):
        if day:
            hours.setdefault(day, []).append(weekday)
    nights = any(until > MIDNIGHT for day in hours for _, until in day)
    if week.days == (ALL_DAY,) * len(DAYS):
        usual = "24/7"
    else:
        usual = (", " if nights else "; ").join(f"{_days(on)} {_hours(day)}" for day, on in hours.items())
    rules = [usual] if usual else []
    if week.holidays is not None:
        rules.append(f"PH {_hours(week.holidays)}")
    return "; ".join(rules)


def _days(weekdays: list[int]) -> str:
    """ "Mo-We,Fr"; two that follow each other are listed."""
    return ",".join(
        DAYS[first] if first == last else f"{DAYS[first]}{'-' if last - first > 1 else ','}{DAYS[last]}"
        for first, last in _runs(weekdays)
    )


def _runs(weekdays: list[int]) -> Iterator[tuple[int, int]]:
    first = last = weekdays[0]
    for weekday in weekdays[1:]:
        if weekday != last + 1:
            yield first, last
            first = weekday
        last = weekday
    yield first, last


def _dated(dated: Dated) -> str:
    first, last = dated.first, dated.last
    dates = _date(first)
    if (first.year, first.month) != (last.year, last.month):
        dates += f"-{_date(last)}"
    elif last != first:
        dates += f"-{last.day:02}"
    return f"{dates} {_hours(dated.day)}"


def _date(day: date) -> str:
    return f"{day.year:04} {MONTHS[day.month - 1]} {day.day:02}"


def _nights(timetable: Timetable) -> Iterator[str]:
    """What to add where the parser leaves more or less of an evening than what was said of its day."""
    dated = timetable.dated
    for edge in sorted({date_ for one in dated for date_ in (one.first, one.last + DAY)}):
        usually = _usual_night(timetable.usual, edge - DAY)
        eve, day = _said_of(edge - DAY, dated), _said_of(edge, dated)
        meant = usually if eve is None else _night(eve.day)
        left = usually if day is None else _night(day.day) if day.first < edge else 0
        if meant > left:
            yield f", {_date(edge)} 00:00-{_time(meant)}"
        elif meant < left:
            yield f", {_date(edge)} {_time(meant)}-{_time(left)} off"


def _said_of(day: date, dated: tuple[Dated, ...]) -> Dated | None:
    return next((one for one in reversed(dated) if one.first <= day <= one.last), None)


def _night(day: Day) -> int:
    """The minutes after midnight that the evening lasts."""
    return max([0, *(until - MIDNIGHT for _, until in day)])


def _usual_night(usual: Week | str, eve: date) -> int:
    """What that evening usually lasts after midnight."""
    if isinstance(usual, Week):
        is_holiday = usual.holidays is not None and bool(_open_around(eve, "PH"))
        return _night(usual.holidays or CLOSED if is_holiday else usual.days[eve.weekday()])
    midnight = datetime.combine(eve + DAY, time())
    ends = [ends for begins, ends in _open_around(eve, usual.partition(ELSE)[0]) if begins < midnight < ends]
    minutes = (ends[0] - midnight) // timedelta(minutes=1) if ends else 0
    return minutes if minutes <= NIGHT_ENDS else 0


def _open_around(day: date, text: str) -> list[tuple[datetime, datetime]]:
    """When that text is open, for sure, from the noon of a day on to the next one's."""
    noon = datetime.combine(day, time(12))
    try:
        hours = OpeningHours(text, country=HOLIDAYS, auto_country=False, auto_timezone=False)
    except ParserError:
        return []
    found = hours.intervals(noon, noon + DAY)
    return [(begins, ends) for begins, ends, state, comment in found if state == State.OPEN and not comment]


def _hours(day: Day) -> str:
    return ",".join(f"{_time(opens)}-{_time(closes)}" for opens, closes in day) or "off"


def _time(minutes: int) -> str:
    if minutes > MIDNIGHT:
        minutes -= MIDNIGHT
    return f"{minutes // 60:02}:{minutes % 60:02}"
