"""What a person fills in is what the text says: read back the same, and evaluated to the minutes that were typed."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from directory.hours.editing import read
from directory.hours.evaluation import evaluate
from directory.hours.timetable import (
    ALL_DAY,
    CLOSED,
    MIDNIGHT,
    NIGHT_ENDS,
    Dated,
    NotADay,
    Timetable,
    Unreadable,
    Week,
    day,
    overlap,
    read_time,
    stretch,
)  # fmt: skip
from directory.hours.writing import write

PARIS = ZoneInfo("Europe/Paris")
MONDAY = date(2027, 2, 1)  # no public holiday, and no change of the clocks, in the weeks that follow
MORNING, AFTERNOON = (9 * 60, 12 * 60 + 30), (14 * 60, 18 * 60)
FARM = Week(((MORNING, AFTERNOON),) * 5 + ((MORNING,), CLOSED), CLOSED)


@st.composite
def days(draw, nights=True):
    """Up to three stretches, the last perhaps beyond midnight."""
    if draw(st.integers(0, 9)) == 0:
        return ALL_DAY
    number = draw(st.integers(0, 3))
    times = sorted(draw(st.lists(st.integers(0, 287), min_size=2 * number, max_size=2 * number, unique=True)))
    stretches = [(times[i] * 5, times[i + 1] * 5) for i in range(0, len(times), 2)]
    if nights and stretches and draw(st.booleans()):
        latest = min(stretches[0][0], NIGHT_ENDS)
        begins = stretches[-1][0]
        if latest >= 5 and (begins > latest or len(stretches) == 1):
            stretches[-1] = (begins, MIDNIGHT + draw(st.integers(1, max(1, min(latest, begins - 5) // 5))) * 5)
    try:
        return day(one for one in stretches if one[1] - one[0] < MIDNIGHT)
    except NotADay:
        return CLOSED


@st.composite
def weeks(draw, nights=True):
    one = days(nights)
    # Weekdays often share their hours.
    some = draw(st.lists(one, min_size=1, max_size=3))
    week = tuple(draw(st.sampled_from(some)) for _ in range(7))
    return Week(week, draw(st.none() | one))


dates = st.integers(0, 50).flatmap(
    lambda first: st.integers(0, 20).map(lambda more: (MONDAY + timedelta(first), MONDAY + timedelta(first + more)))
)


@st.composite
def timetables(draw, nights=True):
    week = draw(weeks(nights))
    dated = tuple(Dated(*draw(dates), draw(days(nights))) for _ in range(draw(st.integers(0, 3))))
    otherwise = draw(st.sampled_from(["", "", "sur rendez-vous", "appeler ; avant || après"]))
    return Timetable(week if week.says_something else "", otherwise, dated)


@settings(max_examples=300, deadline=None)
@given(timetables())
def test_a_timetable_is_read_back_the_same(timetable):
    assert read(write(timetable)) == timetable


def evaluated(text):
    """The minutes at which the text is open, from the first Monday on."""
    noon = datetime.combine(MONDAY, datetime.min.time(), PARIS) + timedelta(hours=12)
    windows = evaluate(text, "FR", PARIS, noon, (47.5, 1.5))
    return [(window.lower, window.upper) for window in windows.open]


def is_open(windows, at):
    return any(lower <= at < upper for lower, upper in windows)


def said(timetable, on):
    differing = [other.day for other in timetable.dated if other.first <= on <= other.last]
    if differing:
        return differing[-1]
    return timetable.usual.days[on.weekday()]


@settings(max_examples=60, deadline=None)
@given(timetables().filter(lambda one: isinstance(one.usual, Week) and overlap(one.usual.days) is None))
def test_a_text_is_open_at_the_minutes_that_were_typed(timetable):
    """Moments of four weeks, dates and nights and all: a night goes on into the next day, whatever that is."""
    windows = evaluated(write(timetable))
    for offset in range(24 * 60, 28 * 24 * 60, 65):
        at = datetime.combine(MONDAY, datetime.min.time(), PARIS) + timedelta(minutes=offset)
        minute = at.hour * 60 + at.minute
        eve = said(timetable, at.date() - timedelta(days=1))
        expected = any(opens <= minute < closes for opens, closes in said(timetable, at.date())) or any(
            minute < closes - MIDNIGHT for _, closes in eve
        )
        assert is_open(windows, at) == expected, (write(timetable), at)


BAR = Week((CLOSED,) * 4 + (((18 * 60, 26 * 60),),) * 2 + (CLOSED,))
FRIDAY, SATURDAY, SUNDAY = (MONDAY + timedelta(days) for days in (4, 5, 6))


def at(day, hour, minute=0):
    return datetime.combine(day, datetime.min.time(), PARIS) + timedelta(hours=hour, minutes=minute)


@pytest.mark.parametrize("last", [SATURDAY, SATURDAY + timedelta(30)])
@pytest.mark.parametrize("usual", [BAR, "Jan-Mar Fr,Sa 18:00-02:00"])
def test_a_day_off_leaves_the_end_of_the_evening_before(usual, last):
    """ "Closed tomorrow", pressed in a bar on a Friday evening."""
    timetable = Timetable(usual).but(Dated(SATURDAY, last, CLOSED))
    assert read(write(timetable)) == timetable
    windows = evaluated(write(timetable))
    assert is_open(windows, at(FRIDAY, 23))
    assert is_open(windows, at(SATURDAY, 1, 59))
    assert not is_open(windows, at(SATURDAY, 2))
    assert not is_open(windows, at(SATURDAY, 20))
    assert not is_open(windows, at(SUNDAY, 1))


def test_the_evening_before_may_differ_too():
    late = Dated(FRIDAY, FRIDAY, ((18 * 60, 27 * 60),))
    shut = Dated(SATURDAY, SATURDAY, CLOSED)
    for dated in ((late, shut), (shut, late)):
        windows = evaluated(write(Timetable(BAR, dated=dated)))
        assert is_open(windows, at(SATURDAY, 2, 30))
        assert not is_open(windows, at(SATURDAY, 3))
    # Closed that evening already: nothing is left of it, in whatever order one said so.
    for dated in ((Dated(FRIDAY, FRIDAY, CLOSED), shut), (shut, Dated(FRIDAY, FRIDAY, CLOSED))):
        assert not is_open(evaluated(write(Timetable(BAR, dated=dated))), at(SATURDAY, 1))
    opened = evaluated(write(Timetable(BAR, dated=(Dated(SUNDAY, SUNDAY, (MORNING,)),))))
    assert is_open(opened, at(SUNDAY, 1))
    assert is_open(opened, at(SUNDAY, 10))


def test_the_evening_of_a_public_holiday_is_what_was_said_of_it():
    easter_monday = MONDAY + timedelta(56)
    tuesday = easter_monday + timedelta(1)
    week = Week((((18 * 60, 26 * 60),),) * 7, ((18 * 60, 25 * 60),))
    windows = evaluated(write(Timetable(week).but(Dated(tuesday, tuesday, CLOSED))))
    assert is_open(windows, at(tuesday, 0, 59))
    assert not is_open(windows, at(tuesday, 1))


def test_open_day_and_night_ends_at_midnight_before_a_day_off():
    windows = evaluated(write(Timetable(Week((ALL_DAY,) * 7), dated=(Dated(SATURDAY, SATURDAY, CLOSED),))))
    assert not is_open(windows, at(SATURDAY, 0, 30))
    assert is_open(windows, at(SUNDAY, 0, 30))


def test_a_public_holiday_is_what_was_said_of_it():
    easter_monday = datetime(2027, 3, 29, 10, 0, tzinfo=PARIS)
    week = ((MORNING,),) * 7
    assert is_open(evaluated(write(Timetable(Week(week)))), easter_monday)
    assert not is_open(evaluated(write(Timetable(Week(week, CLOSED)))), easter_monday)
    later = ((11 * 60, 13 * 60),)
    holidays = evaluated(write(Timetable(Week(week, later))))
    assert not is_open(holidays, easter_monday)
    assert is_open(holidays, easter_monday + timedelta(hours=2))


def test_what_is_said_of_other_hours_leaves_these_open():
    text = write(Timetable(FARM, "sur rendez-vous"))
    assert text.endswith('PH off || "sur rendez-vous"')
    assert is_open(evaluated(text), datetime(2027, 2, 2, 10, 0, tzinfo=PARIS))


@pytest.mark.parametrize(
    ("timetable", "text"),
    [
        (Timetable(FARM), "Mo-Fr 09:00-12:30,14:00-18:00; Sa 09:00-12:30; PH off"),
        (Timetable(), ""),
        (Timetable("", "sur rendez-vous"), 'Mo-Su "sur rendez-vous"'),
        (Timetable("", "", (Dated(date(2026, 12, 24), date(2026, 12, 24), CLOSED),)), "Mo-Su unknown; 2026 Dec 24 off"),
        (
            Timetable(FARM, "appeler", (Dated(date(2026, 12, 24), date(2027, 1, 2), CLOSED),)),
            'Mo-Fr 09:00-12:30,14:00-18:00; Sa 09:00-12:30; PH off; 2026 Dec 24-2027 Jan 02 off || "appeler"',
        ),
        (Timetable(Week((ALL_DAY,) * 7)), "24/7"),
        (
            Timetable(Week((CLOSED,) * 4 + (((1320, 1560),), (MORNING,), CLOSED))),
            "Fr 22:00-02:00, Sa 09:00-12:30",
        ),
    ],
)
def test_texts(timetable, text):
    assert write(timetable) == text
    assert read(text) == timetable


@pytest.mark.parametrize(
    "text",
    [
        "Apr-Sep Mo-Fr 09:00-12:00; Oct-Mar Mo-Fr 10:00-11:00",
        "Su[1] 09:00-12:00",
        'Sa 09:00-12:00 "entrée par la cour"',
        "Mo-Fr 19:00+",
        "PH off; Mo-Fr 09:00-12:00",
        "Dec 25 off",
        "Mo-Fr 09:00-12:00 || unknown",
        'Mo-Fr 09:00-12:00 || Sa 10:00-11:00 || "appeler"',
        "SH Mo-Fr 09:00-12:00",
    ],
)
def test_what_no_week_says_is_kept_as_it_is_written(text):
    assert read(text) == Timetable(text)
    closed = Dated(date(2026, 11, 12), date(2026, 11, 12), CLOSED)
    dated = write(read(text).but(closed))
    assert "2026 Nov 12 off" in dated
    assert read(dated) == Timetable(text, "", (closed,))
    assert write(read(dated).without(closed.first, closed.last)) == text


@pytest.mark.parametrize(
    ("text", "week"),
    [
        ("Mo-Sa 09:00-12:30; We off", (((MORNING,),) * 2 + (CLOSED,) + ((MORNING,),) * 3 + (CLOSED,), None)),
        ("Sa-Mo 09:00-12:30", (((MORNING,),) + (CLOSED,) * 4 + ((MORNING,),) * 2, None)),
        ("Mo-Su,PH 9:00-12:30", (((MORNING,),) * 7, (MORNING,))),
        ("Mo 09:00-12:30, Mo 14:00-18:00", (((MORNING, AFTERNOON),) + (CLOSED,) * 6, None)),
    ],
)
def test_texts_that_others_wrote_are_weeks_too(text, week):
    assert read(text).usual == Week(*week)


def test_dates():
    day_off, week_off = date(2026, 8, 10), (date(2026, 8, 1), date(2026, 8, 15))
    timetable = Timetable(FARM).but(Dated(day_off, day_off, CLOSED)).but(Dated(*week_off, CLOSED))
    assert [one.first for one in timetable.dated] == [date(2026, 8, 1)], "the day is within the week"
    timetable = timetable.but(Dated(day_off, day_off, (MORNING,)))
    assert len(timetable.dated) == 2
    assert [one.first for one in timetable.since(date(2026, 8, 12)).dated] == [date(2026, 8, 1)]
    assert timetable.since(date(2026, 8, 16)).dated == ()
    assert timetable.without(day_off, day_off).dated == (Dated(*week_off, CLOSED),)


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("9", 540), ("9h", 540), ("9 h 30", 570), ("9h30", 570), ("09:30", 570), ("9.30", 570), ("930", 570),
        ("1230", 750), ("midi", 720), ("Minuit", 0), ("24h", 1440), ("0h", 0), ("2 pm", 840), ("12 am", 0),
        ("9\u00a0h\u00a030", 570), ("18 heures", 1080), (" 7H15 ", 435), ("9h30mn", 570), ("9h00m", 540),
        ("9 h 30 min", 570), ("midi et demi", 750), ("minuit et demie", 30), ("9 heures et demie", 570),
        ("9 h 05", 545), ("midi 30", 750),
    ],
)  # fmt: skip
def test_times_as_people_write_them(text, minutes):
    assert read_time(text) == minutes


@pytest.mark.parametrize(
    "text", ["", "25h", "9h75", "matin", "9h3", "9 h 5", "midi pile", "13 pm", "24h30", "9h-12h", "99999"]
)
def test_what_is_no_time(text):
    with pytest.raises(Unreadable):
        read_time(text)


def test_stretches():
    assert stretch(22 * 60, 2 * 60) == (1320, 1560)
    assert stretch(14 * 60, 0) == (840, 1440)
    assert stretch(0, 0) == ALL_DAY[0]
    for opens, closes, code in ((840, 540, "backwards"), (540, 540, "empty")):
        with pytest.raises(NotADay) as refused:
            stretch(opens, closes)
        assert refused.value.code == code
    for over in ([(540, 720), (700, 900)], [(60, 300), (1320, 1510)]):
        with pytest.raises(NotADay, match="overlap"):
            day(over)


def test_a_night_into_a_day_that_has_opened():
    friday = ((18 * 60, 28 * 60),)
    for early, weekday in ((((2 * 60, 9 * 60),), 5), (((4 * 60, 9 * 60),), None)):
        assert overlap((CLOSED,) * 4 + (friday, early, CLOSED)) == weekday
    assert overlap((((60, 120),),) + (CLOSED,) * 5 + (friday,)) == 0, "Sunday's night is Monday's morning"
