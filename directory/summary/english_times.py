"""Times in English words: "now", "on Sunday morning", "on Saturday 28 November at 10:30 am", "until 6 pm"."""

from __future__ import annotations

from datetime import datetime

from directory.questions import THIS_MONTH, At, Now, On, Opening
from directory.questions.opening import local_zone
from directory.summary.facts import Until

NBSP = "\u00a0"
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def when(opening: Opening) -> str:
    """After "open"."""
    match opening:
        case Now():
            return "now"
        case On(weekday, part):
            return f"on {DAYS[weekday - 1]} {part or ''}".rstrip()
        case At(moment):
            local = moment.astimezone(local_zone())
            return f"on {DAYS[local.weekday()]} {local.day} {MONTHS[local.month - 1]} at {hour(local)}"


def until(change: Until) -> str:
    """ "until 6 pm", "until tomorrow 9 am", "until Monday 9:30 am"."""
    day = {Until.Day.SOON: "", Until.Day.TOMORROW: "tomorrow "}.get(change.day, f"{DAYS[change.weekday]} ")
    return f"until {day}{hour(change.at)}"


def hour(local: datetime) -> str:
    """ "6 pm", "10:30 am", "noon", "midnight"."""
    if local.minute == 0 and local.hour % 12 == 0:
        return "noon" if local.hour else "midnight"
    minutes = f":{local.minute:02}" if local.minute else ""
    return f"{(local.hour - 1) % 12 + 1}{minutes}{NBSP}{'am' if local.hour < 12 else 'pm'}"


def in_season(month: int) -> str:
    """ "in season", "in season in June"."""
    return "in season" if month == THIS_MONTH else f"in season in {MONTHS[month - 1]}"
