"""Windows of time told as usual weeks: what a spell says of a date is what the windows say."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from directory.hours.weeks import Day, Spell, spells
from tests.directory.hours.test_evaluation import PARIS, TEXTS, is_open, windows

FRIDAY = datetime(2026, 11, 27, 15, 0, tzinfo=PARIS)
CLOSED, UNKNOWN = Day((), known=True), Day((), known=False)


def weeks(text: str, now: datetime = FRIDAY, days: int = 62) -> list[Spell]:
    worked_out = windows(text, now - timedelta(days=1))
    return spells(worked_out.open, worked_out.known, now.date(), days, PARIS)


def hours(*stretches: str) -> Day:
    bounds = [stretch.split("-") for stretch in stretches]
    return Day(tuple((time.fromisoformat(begins), time.fromisoformat(ends)) for begins, ends in bounds), known=True)


def test_a_plain_week():
    (spell,) = weeks("Mo-Fr 09:00-12:30,14:00-18:00; Sa 09:00-12:30")
    weekday = hours("09:00-12:30", "14:00-18:00")
    assert spell.week == (weekday,) * 5 + (hours("09:00-12:30"), CLOSED)
    assert (spell.first, spell.last, spell.differing) == (date(2026, 11, 27), date(2027, 1, 27), ())


def test_holidays_and_a_dated_exception_differ():
    (spell,) = weeks("Mo-Sa 09:00-19:00; PH off; 2026 Dec 20-23 08:00-20:00")
    told = [(other.first.isoformat(), other.last.isoformat(), other.day) for other in spell.differing]
    assert told == [
        ("2026-12-20", "2026-12-23", hours("08:00-20:00")),
        ("2026-12-25", "2026-12-25", CLOSED),
        ("2027-01-01", "2027-01-01", CLOSED),
    ]


def test_a_closure_runs_over_the_days_that_are_closed_anyway():
    (spell,) = weeks("Mo-Sa 09:00-19:00; Dec 24-Jan 02 off")
    assert [(other.first, other.last) for other in spell.differing] == [(date(2026, 12, 24), date(2027, 1, 2))]


def test_a_season_that_begins_is_another_spell():
    summer, winter = weeks("Apr-Oct: Mo-Su 09:00-19:00; Nov-Mar: Sa 10:00-12:00", FRIDAY - timedelta(days=50))
    assert (summer.last, winter.first) == (date(2026, 10, 31), date(2026, 11, 1))
    assert summer.week == (hours("09:00-19:00"),) * 7
    assert winter.week == (CLOSED,) * 5 + (hours("10:00-12:00"), CLOSED)
    assert summer.differing == winter.differing == ()


def test_a_night_belongs_to_the_evening_before():
    (spell,) = weeks("Fr-Sa 20:00-02:00", FRIDAY + timedelta(days=1))
    assert spell.week[4:] == (hours("20:00-02:00"), hours("20:00-02:00"), CLOSED)
    assert spell.differing == (), "last night's end is no part of today"


def test_day_and_night_is_cut_at_midnights():
    (spell,) = weeks("24/7")
    assert spell.week == (hours("00:00-00:00"),) * 7


def test_what_is_unknown_stays_so():
    (spell,) = weeks('Mo-Fr 09:00-12:00; Sa "sur rendez-vous"')
    assert spell.week[5:] == (UNKNOWN, CLOSED)
    (nothing,) = weeks("SH 09:00-12:00")
    assert nothing.week == (UNKNOWN,) * 7


def on(found: list[Spell], day: date) -> Day:
    (spell,) = (spell for spell in found if spell.first <= day <= spell.last)
    return spell.on(day)


@settings(deadline=None)
@given(st.sampled_from(TEXTS), st.integers(0, 365), st.integers(1, 61), st.integers(0, 95))
def test_a_spell_says_of_a_date_what_the_windows_say(text, start, after, quarter):
    now = FRIDAY + timedelta(days=start)
    at = datetime.combine(now.date() + timedelta(days=after), time(quarter // 4, quarter % 4 * 15))
    found = weeks(text, now)
    today, yesterday = on(found, at.date()), on(found, at.date() - timedelta(days=1))
    opened = any(begins <= at.time() and (at.time() < ends or ends <= begins) for begins, ends in today.open)
    opened = opened or any(at.time() < ends <= begins for begins, ends in yesterday.open)
    if today.known and yesterday.known:
        assert opened == is_open(text, at.isoformat())


@pytest.mark.parametrize("text", TEXTS)
def test_spells_cover_every_day_once(text):
    found = weeks(text)
    days = [spell.first + timedelta(days=i) for spell in found for i in range((spell.last - spell.first).days + 1)]
    assert days == [FRIDAY.date() + timedelta(days=i) for i in range(62)]
