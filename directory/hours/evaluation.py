"""An opening_hours text -> when it is open and when that is known, in the coming weeks. Pure: no database, no clock.

The syntax is OpenStreetMap's (https://wiki.openstreetmap.org/wiki/Key:opening_hours/specification), read by
opening-hours-py. What a text leaves open is unknown, and never passed off as open or closed; where the parser guesses,
we do not follow it:

- **A comment without `open`, `closed` or `unknown` means unknown**, says the specification ("Rule modifiers"), with
  hours or without: `Sa "sur rendez-vous"`, `Sa 10:00-12:00 "sur rendez-vous"`. The parser calls both open, the first
  from midnight to midnight. With the word, `10:00-12:00 open "entrée par la cour"`, it is open.
- **An open end** (`19:00+`): the parser closes at midnight. Whether it is still open then is unknown.
- **`|| "…"` and `|| unknown`**: all that no rule before covers is unknown. The parser says closed, and skips the days
  after the first; so we cut the rule off, and take closed for unknown.
- **School holidays** (`SH`): the parser has no calendar of them and skips the rule. The whole text is unknown.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from opening_hours import OpeningHours, ParserError, State, UnknownCountryError  # type: ignore[attr-defined]
from psycopg.types.multirange import Multirange
from psycopg.types.range import Range

# A question may ask this many days ahead.
HORIZON_DAYS = 60
# Windows reach further, so that the promise holds to the end of the last day, and when refreshing is late.
DAYS_TO_SPARE = 3

Times = Multirange[datetime]

_COMMENT = r'"[^"]*"'
# A comment that no state precedes.
_LONE_COMMENT = re.compile(rf"(?:\b(?P<state>open|closed|off|unknown)\s*)?(?P<comment>{_COMMENT})", re.IGNORECASE)
_OPEN_END = re.compile(r"(?<![-\d])\d{1,2}:\d{2}\+")
_ELSE_UNKNOWN = re.compile(rf"\s*\|\|\s*unknown\s*(?:{_COMMENT})?\s*$", re.IGNORECASE)
_SCHOOL_HOLIDAYS = re.compile(r"\bSH\b")


@dataclass(frozen=True, slots=True)
class Windows:
    """When a place is open, and when it is known whether it is; in UTC, both within the span worked out."""

    open: Times
    known: Times


NOTHING_KNOWN = Windows(Multirange(), Multirange())


def evaluate(text: str, holidays: str, zone: ZoneInfo, now: datetime, place: tuple[float, float]) -> Windows:
    """The windows of a text, from the local midnight before `now` on. A text that cannot be read: nothing known.

    `holidays` is the country whose public holidays apply; `place` is a latitude and longitude, for the hours of the
    sun ("sunrise-sunset").
    """
    text = _LONE_COMMENT.sub(lambda found: f"{found['state'] or 'unknown'} {found['comment']}", text)
    text, closed_is_unknown = _ELSE_UNKNOWN.subn("", text)
    bare = re.sub(_COMMENT, "", text)
    if _SCHOOL_HOLIDAYS.search(bare):
        return NOTHING_KNOWN
    today = now.astimezone(zone).date()
    start, end = (
        datetime.combine(today + timedelta(days=days), time(), zone) for days in (0, HORIZON_DAYS + 1 + DAYS_TO_SPARE)
    )
    try:
        hours = OpeningHours(text, zone, holidays, place, auto_country=False, auto_timezone=False)
    except (ParserError, UnknownCountryError):
        return NOTHING_KNOWN
    guesses_midnight = bool(_OPEN_END.search(bare))
    opened: list[tuple[datetime, datetime]] = []
    known: list[tuple[datetime, datetime]] = []
    for begins, ends, state, _ in hours.intervals(start, end):
        guessed = (guesses_midnight and ends.time() == time()) if state == State.OPEN else closed_is_unknown
        if state == State.UNKNOWN or guessed:
            continue
        # In UTC: two times of one zone compare by the clock on the wall, which goes back once a year.
        stretch = (begins.astimezone(UTC), ends.astimezone(UTC))
        known.append(stretch)
        if state == State.OPEN:
            opened.append(stretch)
    return Windows(_joined(opened), _joined(known))


def _joined(stretches: Iterable[tuple[datetime, datetime]]) -> Times:
    """Stretches in order, those that touch made one; without the empty ones (a time that a clock change skips)."""
    joined: list[tuple[datetime, datetime]] = []
    for begins, ends in stretches:
        if begins >= ends:
            continue
        if joined and joined[-1][1] >= begins:
            joined[-1] = joined[-1][0], ends
        else:
            joined.append((begins, ends))
    return Multirange(Range(*bounds) for bounds in joined)
