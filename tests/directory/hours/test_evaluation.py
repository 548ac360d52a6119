"""A text and a date give windows of time: nothing here needs a database."""

from __future__ import annotations

import tomllib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.hours.evaluation import DAYS_TO_SPARE, HORIZON_DAYS, NOTHING_KNOWN, Times, Windows, evaluate

PARIS = ZoneInfo("Europe/Paris")
ORLEANS = (47.9, 1.9)
FRIDAY = datetime(2026, 11, 27, 15, 0, tzinfo=PARIS)
DEMO_HOURS = tomllib.loads((Path(__file__).parents[3] / "fixtures" / "demo" / "hours.toml").read_text("utf-8"))
TEXTS = sorted({text for texts in DEMO_HOURS.values() for text in texts})


def windows(text: str, now: datetime = FRIDAY, holidays: str = "FR") -> Windows:
    return evaluate(text, holidays, PARIS, now, ORLEANS)


def holds(times: Times, moment: datetime) -> bool:
    return any(each.lower <= moment < each.upper for each in times)


def is_open(text: str, local: str, now: datetime | None = None) -> bool | None:
    """The state at a local time such as "2026-12-24 10:00", asked a day before unless said otherwise."""
    moment = datetime.fromisoformat(local).replace(tzinfo=PARIS).astimezone(UTC)
    worked_out = windows(text, now or moment - timedelta(days=1))
    if holds(worked_out.open, moment):
        return True
    return False if holds(worked_out.known, moment) else None


def hours_of(text: str, day: str) -> list[tuple[str, str]]:
    """What is open from a local midnight to noon of the next day, in UTC."""
    start = datetime.fromisoformat(day).replace(tzinfo=PARIS)
    end = (start + timedelta(days=1, hours=12)).astimezone(UTC)
    opened = [each for each in windows(text, start).open if each.lower < end]
    return [(f"{each.lower:%d %H:%M}", f"{each.upper:%d %H:%M}") for each in opened]


class TestUnknown:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ('Mo-Fr 08:30-12:00; Sa "sur rendez-vous"', None),
            ('Sa 10:00-12:00 "sur rendez-vous"', None),
            ('Sa 10:00-12:00 unknown "appeler avant"', None),
            ("Sa unknown", None),
            ('Sa 10:00-12:00 open "entrée par la cour"', True),
            ('Sa 10:00-12:00 OPEN"entrée par la cour"', True),
            ('Sa closed "congé"', False),
            ('Mo-Fr 08:30-12:00; Sa off "congé"', False),
            ('Sa 10:00-12:00; Su "unknown"', True),
            ('"sur rendez-vous"', None),
            ('24/7 "sur rendez-vous"', None),
            ("24/7", True),
            ("off", False),
        ],
    )
    def test_a_comment_alone_leaves_it_open(self, text, expected):
        assert is_open(text, "2026-11-28 11:00") is expected

    def test_only_the_hours_of_the_comment_are_unknown(self):
        text = 'Mo-Fr 08:30-12:00; Sa 10:00-12:00 "sur rendez-vous"'
        assert is_open(text, "2026-11-28 09:59") is False
        assert is_open(text, "2026-11-28 10:00") is None
        assert is_open(text, "2026-11-28 12:00") is False
        assert is_open(text, "2026-11-27 09:00") is True

    @pytest.mark.parametrize("rest", ['|| "sur rendez-vous"', "|| unknown", '|| unknown "appeler"'])
    def test_a_last_resort_leaves_all_else_unknown_every_day(self, rest):
        text = f"Mo-Fr 10:00-12:00 {rest}"
        assert is_open(text, "2026-11-28 11:00") is None
        assert is_open(text, "2026-12-07 11:00", FRIDAY) is True
        assert is_open(text, "2026-12-07 13:00", FRIDAY) is None

    def test_when_an_open_end_closes_is_unknown(self):
        text = "Sa 10:00-12:00,19:00+"
        assert is_open(text, "2026-11-28 11:00") is True
        assert is_open(text, "2026-11-28 15:00") is False
        assert is_open(text, "2026-11-28 23:00") is None

    def test_a_sun_that_is_late_is_no_open_end(self):
        assert is_open("(sunrise+01:00)-sunset", "2026-11-28 12:00") is True

    def test_school_holidays_are_not_in_the_calendar(self):
        assert windows("Mo-Fr 10:00-12:00; SH off") == NOTHING_KNOWN
        assert is_open('Sa 10:00-12:00 open "sauf SH"', "2026-11-28 11:00") is True

    @pytest.mark.parametrize(
        "text", ["", "lundi matin", "Mo-Fr 25:99-26:00", "Mo 09:00-12:00; ;", '"', "\x00", "Mo" * 999]
    )
    def test_what_cannot_be_read_is_unknown_and_raises_nothing(self, text):
        assert windows(text) == NOTHING_KNOWN

    def test_an_unknown_calendar_of_holidays_is_unknown(self):
        assert windows("Mo-Fr 10:00-12:00", holidays="XX") == NOTHING_KNOWN

    @given(st.text(max_size=40) | st.lists(st.sampled_from([*TEXTS, '"x"', ";", "||", "unknown", "+"])).map(" ".join))
    def test_no_text_at_all_raises(self, text):
        windows(text)


class TestExceptions:
    def test_a_dated_exception_wins(self):
        text = "Mo-Fr 09:00-12:00; 2026 Dec 24 off; 2026 Dec 20 10:00-18:00"
        assert is_open(text, "2026-12-23 10:00") is True
        assert is_open(text, "2026-12-24 10:00") is False
        assert is_open(text, "2026-12-20 17:00") is True  # a Sunday
        assert is_open(text, "2026-12-27 17:00") is False

    def test_closed_today(self):
        text = 'Mo-Su 09:00-18:00; 2026 Nov 27 closed "fermé aujourd\'hui"'
        assert is_open(text, "2026-11-27 16:00", FRIDAY) is False
        assert is_open(text, "2026-11-28 16:00", FRIDAY) is True

    @pytest.mark.parametrize(
        ("day", "name"),
        [
            ("2026-04-06", "Easter Monday"),
            ("2026-05-14", "Ascension"),
            ("2026-05-25", "Whit Monday"),
            ("2027-03-29", "Easter Monday"),
            ("2027-05-06", "Ascension"),
            ("2026-07-14", "Bastille Day"),
            ("2026-11-11", "Armistice"),
            ("2027-01-01", "New Year"),
        ],
    )
    def test_french_public_holidays(self, day, name):
        assert is_open("Mo-Su 09:00-18:00; PH off", f"{day} 10:00") is False, name
        assert is_open("PH 09:00-12:00", f"{day} 10:00") is True, name
        the_day_after = (datetime.fromisoformat(day) + timedelta(days=1)).date()
        assert is_open("Mo-Su 09:00-18:00; PH off", f"{the_day_after} 10:00") is True

    def test_shorter_hours_on_public_holidays(self):
        text = "Mo-Sa 07:00-19:00; PH 07:00-12:00"
        assert hours_of(text, "2026-12-25")[0] == ("25 06:00", "25 11:00")


class TestClockChanges:
    """In 2027 clocks go forward on 28 March, in 2026 back on 25 October, both at 01:00 UTC."""

    def test_hours_follow_the_clock_on_the_wall(self):
        text = "Mo-Su 09:00-12:00"
        assert hours_of(text, "2027-03-27") == [("27 08:00", "27 11:00"), ("28 07:00", "28 10:00")]
        assert hours_of(text, "2026-10-24") == [("24 07:00", "24 10:00"), ("25 08:00", "25 11:00")]

    def test_a_night_is_an_hour_shorter_or_longer(self):
        text = "Sa 22:00-03:00"
        assert hours_of(text, "2027-03-20") == [("20 21:00", "21 02:00")]
        assert hours_of(text, "2027-03-27") == [("27 21:00", "28 01:00")]
        assert hours_of(text, "2026-10-24") == [("24 20:00", "25 02:00")]

    def test_an_hour_that_is_skipped_is_no_window(self):
        found = windows("Mo-Su 02:00-02:45", datetime(2027, 3, 28, tzinfo=PARIS))
        assert all(each.lower < each.upper for each in [*found.open, *found.known])
        assert hours_of("Mo-Su 02:00-02:45", "2027-03-28") == [("29 00:00", "29 00:45")]

    def test_the_hour_that_comes_twice_is_open_once_at_least(self):
        ((begins, ends),) = [pair for pair in hours_of("Mo-Su 02:15-02:45", "2026-10-25") if pair[0].startswith("25")]
        assert (begins, ends) in [("25 00:15", "25 00:45"), ("25 00:15", "25 01:45"), ("25 01:15", "25 01:45")]

    @pytest.mark.parametrize("change", [datetime(2027, 3, 20, tzinfo=PARIS), datetime(2026, 10, 20, tzinfo=PARIS)])
    def test_what_is_always_open_has_one_window(self, change):
        found = windows("24/7", change)
        assert len(found.open) == len(found.known) == 1


class TestSpan:
    def test_from_the_local_midnight_past_the_horizon(self):
        """Each day of the horizon to its end, also where the last refreshing is two days ago."""
        (known,) = windows("Mo-Fr 09:00-12:00", FRIDAY).known
        assert known.lower == datetime(2026, 11, 27, tzinfo=PARIS)
        assert known.upper == datetime(2026, 11, 27, tzinfo=PARIS) + timedelta(days=HORIZON_DAYS + 1 + DAYS_TO_SPARE)
        assert known.upper > FRIDAY + timedelta(days=HORIZON_DAYS + 2)

    def test_the_local_day_not_that_of_utc(self):
        (known,) = windows("24/7", datetime(2026, 7, 1, 22, 30, tzinfo=UTC)).known
        assert known.lower == datetime(2026, 7, 2, tzinfo=PARIS)

    def test_the_night_before_is_still_open(self):
        assert is_open("Fr 22:00-03:00", "2026-11-28 01:00", datetime(2026, 11, 28, 0, 30, tzinfo=PARIS)) is True

    @pytest.mark.parametrize("text", TEXTS)
    def test_windows_are_in_order_apart_and_open_is_known(self, text):
        found = windows(text)
        for times in (found.open, found.known):
            bounds = [bound for each in times for bound in (each.lower, each.upper)]
            assert bounds == sorted(set(bounds))
        assert all(
            any(known.lower <= each.lower and each.upper <= known.upper for known in found.known) for each in found.open
        )
