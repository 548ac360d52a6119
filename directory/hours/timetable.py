"""When a place is open, as a person fills it in: a usual week, public holidays, and dates that differ. Pure.

An opening_hours text can say more than that ("the first Sunday of the month"). What no week can say is kept as it is
written, never lost: `usual` is then a text. See `writing` and `editing` for the way to a text and back.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

MIDNIGHT = 24 * 60
# Who closes later than this on the next day has rather mistyped than worked all night.
NIGHT_ENDS = 8 * 60

# From and until, in minutes after midnight; beyond MIDNIGHT is the next day.
Stretch = tuple[int, int]
# In order, none over another; empty is closed.
Day = tuple[Stretch, ...]
CLOSED: Day = ()
ALL_DAY: Day = ((0, MIDNIGHT),)


@dataclass(frozen=True, slots=True)
class Week:
    """Monday first. `holidays` None: public holidays are like any day."""

    days: tuple[Day, ...]
    holidays: Day | None = None

    @property
    def says_something(self) -> bool:
        return any(self.days) or bool(self.holidays)


@dataclass(frozen=True, slots=True)
class Dated:
    """Days that differ from what is usual, the first and the last included."""

    first: date
    last: date
    day: Day


@dataclass(frozen=True, slots=True)
class Timetable:
    """`usual` empty: not known. `otherwise`: what to do outside of the hours ("sur rendez-vous"); empty for closed."""

    usual: Week | str = ""
    otherwise: str = ""
    dated: tuple[Dated, ...] = ()

    def since(self, today: date) -> Timetable:
        """Without the dates that are over."""
        return replace(self, dated=tuple(other for other in self.dated if other.last >= today))

    def but(self, differing: Dated) -> Timetable:
        """With those dates besides, which win over what was said of them; what they cover wholly is let go."""
        kept = (one for one in self.dated if not (differing.first <= one.first and one.last <= differing.last))
        return replace(self, dated=(*kept, differing))

    def without(self, first: date, last: date) -> Timetable:
        """Without what was said of just these dates."""
        return replace(self, dated=tuple(one for one in self.dated if (one.first, one.last) != (first, last)))


class Unreadable(ValueError):  # noqa: N818 - named for what was typed
    """What was typed is no time of the day."""


class NotADay(ValueError):  # noqa: N818
    """Two times that make no stretch, or stretches that lie over one another."""

    def __init__(self, code: str):
        super().__init__(code)
        self.code = code


_NAMED = {"midi": "12h", "noon": "12h", "minuit": "0h", "midnight": "0h"}
_TIME = re.compile(r"(\d{1,2}) ?(?:h|heures?|:|\.)? ?(?:(\d{2})(?: ?m(?:i?n)?)?|(et demie?))? ?(am|pm)?")


def read_time(text: str) -> int:
    """ "9", "9h", "9 h 30", "09:30", "9h30mn", "930", "midi et demi", "2 pm" -> minutes after midnight, 24:00 included.

    "9 h 5" is not read: whoever types it may mean half past. Raises Unreadable.
    """
    said = " ".join(re.sub(r"[^\w:.]", " ", text.lower()).split())
    first, _, more = said.partition(" ")
    found = _TIME.fullmatch(f"{_NAMED.get(first, first)} {more}".strip())
    if found is None:
        raise Unreadable(text)
    hour, minute = int(found[1]), 30 if found[3] else int(found[2] or 0)
    if found[4]:
        if not 1 <= hour <= 12:
            raise Unreadable(text)
        hour = hour % 12 + (12 if found[4] == "pm" else 0)
    if minute > 59 or hour * 60 + minute > MIDNIGHT:
        raise Unreadable(text)
    return hour * 60 + minute


def stretch(opens: int, closes: int) -> Stretch:
    """From one time of the day until another, which is the next day's where it comes earlier. Raises NotADay."""
    opens %= MIDNIGHT
    if closes in (0, MIDNIGHT):
        return opens, MIDNIGHT
    if closes == opens:
        raise NotADay("empty")
    if closes > opens:
        return opens, closes
    if closes > NIGHT_ENDS:
        raise NotADay("backwards")
    return opens, closes + MIDNIGHT


def day(stretches: Iterable[Stretch]) -> Day:
    """Stretches in order. Raises NotADay where they lie over one another, or one is used twice."""
    ordered = tuple(sorted(stretches))
    if any(before[1] > after[0] for before, after in pairwise(ordered)):
        raise NotADay("overlap")
    if ordered and ordered[-1][1] - MIDNIGHT > ordered[0][0]:
        raise NotADay("overlap")
    return ordered


def overlap(days: Sequence[Day]) -> int | None:
    """The weekday, Monday 0, that opens before the night of the day before ends; None where none does."""
    for weekday, hours in enumerate(days):
        ends = max((closes - MIDNIGHT for _, closes in days[weekday - 1]), default=0)
        if hours and hours[0][0] < ends:
            return weekday
    return None
