"""When: what a question may say of opening hours, as one frozen value, and the span of time that it means."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from django.conf import settings

Part = Literal["morning", "afternoon", "evening"]
# Hours at which each part of a day begins and ends; 24 is the next midnight.
PARTS: dict[Part, tuple[int, int]] = {"morning": (6, 12), "afternoon": (12, 18), "evening": (18, 24)}


@dataclass(frozen=True, slots=True)
class Now:
    """Open at the moment of asking."""


@dataclass(frozen=True, slots=True)
class At:
    """Open at a moment, with its time zone."""

    moment: datetime


@dataclass(frozen=True, slots=True)
class On:
    """Open at any moment of the next such day, or of a part of it. Monday is 1; today counts until it ends."""

    weekday: int
    part: Part | None = None


Opening = Now | At | On


def local_zone() -> ZoneInfo:
    """The région's time zone."""
    return ZoneInfo(settings.TIME_ZONE)


def span(opening: Opening, now: datetime) -> tuple[datetime, datetime]:
    """The time asked, from and until (excluded), with time zone. A moment is the second that begins there.

    `now` has a time zone. The next such day is today where its span has not ended: asked on a Sunday at 15:00,
    "Sunday afternoon" is today's, from 15:00 on, and "Sunday morning" that of the week after.
    """
    match opening:
        case Now():
            return _second(now)
        case At(moment):
            return _second(moment)
        case On(weekday, part):
            first, last = PARTS[part] if part else (0, 24)
            day = now.astimezone(local_zone()).date()
            day += timedelta(days=(weekday - day.isoweekday()) % 7)
            if _at(day, last) <= now:
                day += timedelta(days=7)
            return max(_at(day, first), now), _at(day, last)


def _second(moment: datetime) -> tuple[datetime, datetime]:
    """In UTC: added to a local time, a second can last an hour on the night when clocks go back."""
    begins = moment.astimezone(UTC)
    return begins, begins + timedelta(seconds=1)


def _at(day: date, hour: int) -> datetime:
    """A local hour of a day, by the clock on the wall: days have 23 or 25 hours twice a year."""
    extra, hour = divmod(hour, 24)
    return datetime.combine(day + timedelta(days=extra), time(hour), local_zone())
