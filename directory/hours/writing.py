"""A timetable -> an opening_hours text, in OpenStreetMap's syntax. Pure.

Where nights go beyond midnight, weekdays are joined by commas, which add: after a semicolon, Saturday's hours would
cut off what Friday's leave after midnight. Holidays and dates always stand after semicolons: they replace. The parser
that reads them (opening-hours-py) then cuts the night before at midnight, and keeps what the usual day leaves.
"""

from __future__ import annotations

from collections.abc import Iterator

from directory.hours.timetable import ALL_DAY, MIDNIGHT, Dated, Day, Timetable, Week

DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
# What a text says of days whose usual hours nobody knows, so that dates can be told apart from them.
UNKNOWN = "Mo-Su unknown"
ELSE = " || "


def write(timetable: Timetable) -> str:
    """The text; empty where nothing is known. What was written by hand stays as it is, dates beside it."""
    comment = f'"{timetable.otherwise.replace(chr(34), chr(39))}"' if timetable.otherwise else ""
    dates = [_dated(other) for other in timetable.dated]
    if isinstance(timetable.usual, Week) and timetable.usual.says_something:
        usual, fallback = _week(timetable.usual), comment
    elif isinstance(timetable.usual, str) and timetable.usual:
        usual, _, own = timetable.usual.partition(ELSE)
        fallback = own or comment
    else:
        usual, fallback = f"Mo-Su {comment}" if comment else UNKNOWN if dates else "", ""
    text = "; ".join([usual, *dates]) if usual else ""
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
    dates = f"{first.year:04} {MONTHS[first.month - 1]} {first.day:02}"
    if (first.year, first.month) != (last.year, last.month):
        dates += f"-{last.year:04} {MONTHS[last.month - 1]} {last.day:02}"
    elif last != first:
        dates += f"-{last.day:02}"
    return f"{dates} {_hours(dated.day)}"


def _hours(day: Day) -> str:
    return ",".join(f"{_time(opens)}-{_time(closes)}" for opens, closes in day) or "off"


def _time(minutes: int) -> str:
    if minutes > MIDNIGHT:
        minutes -= MIDNIGHT
    return f"{minutes // 60:02}:{minutes % 60:02}"
