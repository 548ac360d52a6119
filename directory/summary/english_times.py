"""Times in English words: "now", "on Sunday morning", "on Saturday 28 November at 10:30 am", "until 6 pm"."""

from __future__ import annotations

from datetime import date, datetime

from directory.questions import THIS_MONTH, At, Now, On, Opening, phrasing
from directory.questions.opening import local_zone
from directory.summary.facts import Until, week_ahead

NBSP = "\u00a0"
DAYS, MONTHS = phrasing.DAYS["en"], phrasing.MONTHS["en"]


def when(opening: Opening, now: datetime) -> str:
    """After "open"."""
    match opening:
        case Now():
            return "now"
        case On():
            return f"on {day(opening, now)}"
        case At(moment):
            local = moment.astimezone(local_zone())
            return f"on {_dated(local)} at {hour(local)}"


def day(opening: On, now: datetime) -> str:
    """ "Sunday morning"; with its date a week ahead, "Friday 4 December in the morning"."""
    ahead = week_ahead(opening, now)
    if ahead is None:
        return f"{DAYS[opening.weekday - 1]} {opening.part or ''}".rstrip()
    return _dated(ahead) + (f" in the {opening.part}" if opening.part else "")


def _dated(at: date) -> str:
    return f"{DAYS[at.weekday()]} {at.day} {MONTHS[at.month - 1]}"


def until(change: Until) -> str:
    """ "until 6 pm", "until tomorrow 9 am", "until Monday 9:30 am"."""
    told = {Until.Day.SOON: "", Until.Day.TOMORROW: "tomorrow "}.get(change.day, f"{DAYS[change.weekday]} ")
    return f"until {told}{hour(change.at)}"


def hour(local: datetime) -> str:
    """ "6 pm", "10:30 am", "noon", "midnight"."""
    if local.minute == 0 and local.hour % 12 == 0:
        return "noon" if local.hour else "midnight"
    minutes = f":{local.minute:02}" if local.minute else ""
    return f"{(local.hour - 1) % 12 + 1}{minutes}{NBSP}{'am' if local.hour < 12 else 'pm'}"


def in_season(month: int) -> str:
    """ "in season", "in season in June"."""
    return "in season" if month == THIS_MONTH else f"in season {in_month(month)}"


def in_month(month: int) -> str:
    """ "in June"."""
    return f"in {MONTHS[month - 1]}"
