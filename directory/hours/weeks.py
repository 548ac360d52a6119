"""Windows of time -> the usual weeks in them, and the dates that differ. Pure.

A person asks "and on Saturdays?", so what is open is told as a week. Windows know nothing of weeks: the usual hours of
a weekday are those that it mostly has. Where hours change for good (a season begins), a spell ends and another begins.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from directory.hours.evaluation import Times

# Until this hour, what is open after midnight belongs to the evening before.
NIGHT_ENDS = timedelta(hours=6)
# Two weeks make a usual week; of one alone nobody can tell.
SHORTEST_SPELL = 14
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Day:
    """When a day is open, by the clock on the wall; an end before its beginning is the next day's, and 00:00 midnight.

    `known` is False where, besides, it may be open at hours that nobody knows.
    """

    open: tuple[tuple[time, time], ...]
    known: bool


@dataclass(frozen=True, slots=True)
class Differing:
    """Dates whose hours are not the usual ones, the first and the last included."""

    first: date
    last: date
    day: Day


@dataclass(frozen=True, slots=True)
class Spell:
    """Days that share a usual week (Monday first), but for some dates."""

    first: date
    last: date
    week: tuple[Day, ...]
    differing: tuple[Differing, ...]

    def on(self, date_: date) -> Day:
        """What the day is like, usual or not."""
        found = (other.day for other in self.differing if other.first <= date_ <= other.last)
        return next(found, self.week[date_.weekday()])


def spells(open_during: Times, known_during: Times, first: date, number: int, zone: ZoneInfo) -> list[Spell]:
    """The usual weeks of `number` days from the first on. The windows should reach a day further on
    both sides: a night lasts into the next day."""
    opened: dict[date, list[tuple[time, time]]] = {}
    for day, hours in _stretches(open_during, zone):
        opened.setdefault(day, []).append(hours)
    known_windows = list(_bounds(known_during))
    days = []
    for day in (first + DAY * i for i in range(number)):
        begins, ends = (datetime.combine(edge, time(), zone) for edge in (day, day + DAY))
        known = any(lower <= begins and ends <= upper for lower, upper in known_windows)
        days.append((day, Day(tuple(opened.get(day, ())), known)))
    return list(_spells(days))


def _stretches(open_during: Times, zone: ZoneInfo) -> Iterator[tuple[date, tuple[time, time]]]:
    """Each stretch on the day on which it begins, cut at every midnight that it lasts well beyond."""
    for lower, upper in _bounds(open_during):
        begins, ends = lower.astimezone(zone), upper.astimezone(zone)
        while ends > (midnight := datetime.combine(begins.date() + DAY, time(), zone)) + NIGHT_ENDS:
            yield begins.date(), (begins.time(), time())
            begins = midnight
        yield begins.date(), (begins.time(), ends.time())


def _bounds(times: Times) -> Iterator[tuple[datetime, datetime]]:
    for window in times:
        if window.lower is not None and window.upper is not None:  # worked out: never open at an end
            yield window.lower, window.upper


_Days = Sequence[tuple[date, Day]]


def _spells(days: _Days) -> Iterator[Spell]:
    """One spell, or those before and after the date from which on another week explains more days."""
    week, unlike = _usual(days)
    cuts = range(SHORTEST_SPELL, len(days) - SHORTEST_SPELL + 1) if unlike > len(week) else range(0)
    costs = {cut: _usual(days[:cut])[1] + _usual(days[cut:])[1] for cut in cuts}
    cut = min(costs, key=costs.__getitem__, default=0)
    if costs and costs[cut] + len(week) <= unlike:
        yield from _spells(days[:cut])
        yield from _spells(days[cut:])
    else:
        yield Spell(days[0][0], days[-1][0], week, tuple(_differing(days, week)))


def _usual(days: _Days) -> tuple[tuple[Day, ...], int]:
    """What each weekday mostly is, and how many days are otherwise."""
    counts = [Counter(day for date_, day in days if date_.weekday() == weekday) for weekday in range(7)]
    most = [count.most_common(1)[0] for count in counts]
    return tuple(day for day, _ in most), len(days) - sum(times for _, times in most)


def _differing(days: _Days, week: tuple[Day, ...]) -> Iterator[Differing]:
    """Runs of dates that differ in the same way; a day that is usually so may lie within (a closed Sunday)."""
    run: Differing | None = None
    ongoing = False
    for date_, day in days:
        usual = day == week[date_.weekday()]
        ongoing = ongoing and run is not None and run.day == day
        if usual:
            continue
        if ongoing and run is not None:
            run = Differing(run.first, date_, day)
            continue
        if run is not None:
            yield run
        run, ongoing = Differing(date_, date_, day), True
    if run is not None:
        yield run
