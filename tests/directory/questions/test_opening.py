"""What a time asked spans, by the clock on the wall of the région."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from directory.questions import At, Now, On
from directory.questions.opening import span

PARIS = ZoneInfo("Europe/Paris")


def local(text: str, fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=PARIS, fold=fold)


def asked(opening: On, now: str) -> tuple[str, str]:
    begins, ends = span(opening, local(now))
    return f"{begins.astimezone(PARIS):%m-%d %H:%M}", f"{ends.astimezone(PARIS):%m-%d %H:%M}"


# 29 November 2026 is a Sunday.
@pytest.mark.parametrize(
    ("opening", "now", "expected"),
    [
        (On(7, "morning"), "2026-11-27 15:00", ("11-29 06:00", "11-29 12:00")),
        (On(7, "afternoon"), "2026-11-27 15:00", ("11-29 12:00", "11-29 18:00")),
        (On(7, "evening"), "2026-11-27 15:00", ("11-29 18:00", "11-30 00:00")),
        (On(7), "2026-11-27 15:00", ("11-29 00:00", "11-30 00:00")),
        (On(5), "2026-11-27 15:00", ("11-27 15:00", "11-28 00:00")),
        (On(5), "2026-11-27 00:00", ("11-27 00:00", "11-28 00:00")),
        (On(5), "2026-11-27 23:59", ("11-27 23:59", "11-28 00:00")),
        (On(5, "afternoon"), "2026-11-27 08:00", ("11-27 12:00", "11-27 18:00")),
        (On(5, "afternoon"), "2026-11-27 15:00", ("11-27 15:00", "11-27 18:00")),
        (On(5, "afternoon"), "2026-11-27 17:59", ("11-27 17:59", "11-27 18:00")),
        (On(5, "afternoon"), "2026-11-27 18:00", ("12-04 12:00", "12-04 18:00")),
        (On(5, "morning"), "2026-11-27 15:00", ("12-04 06:00", "12-04 12:00")),
        (On(4), "2026-11-27 15:00", ("12-03 00:00", "12-04 00:00")),
        (On(1), "2026-12-28 15:00", ("12-28 15:00", "12-29 00:00")),
    ],
    ids=str,
)
def test_the_next_such_day_and_today_counts_until_it_ends(opening, now, expected):
    assert asked(opening, now) == expected


def test_today_is_the_local_day():
    """At 23:30 UTC on Thursday it is Friday in Paris."""
    begins, _ = span(On(5), datetime(2026, 11, 26, 23, 30, tzinfo=UTC))
    assert begins == local("2026-11-27 00:30")


@pytest.mark.parametrize(
    ("day", "hours"), [("2027-03-27 12:00", 23), ("2026-10-24 12:00", 25), ("2026-11-27 12:00", 24)]
)
def test_a_day_lasts_from_midnight_to_midnight_through_a_clock_change(day, hours):
    begins, ends = span(On(7), local(day))
    assert ends.astimezone(UTC) - begins.astimezone(UTC) == timedelta(hours=hours)


def test_parts_of_a_day_are_hours_on_the_wall_through_a_clock_change():
    begins, ends = span(On(7, "morning"), local("2027-03-27 12:00"))
    assert (begins.astimezone(UTC).hour, ends.astimezone(UTC).hour) == (4, 10)
    begins, ends = span(On(7, "morning"), local("2026-10-24 12:00"))
    assert (begins.astimezone(UTC).hour, ends.astimezone(UTC).hour) == (5, 11)


@pytest.mark.parametrize(
    "moment",
    [
        local("2026-11-27 15:00"),
        local("2027-03-28 01:59:59"),
        local("2026-10-25 02:59:59", fold=0),
        local("2026-10-25 02:59:59", fold=1),
        datetime(2026, 11, 27, 14, tzinfo=UTC),
    ],
    ids=str,
)
@pytest.mark.parametrize("how", ["at", "now"])
def test_a_moment_is_one_second_whatever_the_clock_does(how, moment):
    begins, ends = span(At(moment), local("2026-11-01")) if how == "at" else span(Now(), moment)
    assert begins.astimezone(UTC) == moment.astimezone(UTC)
    assert ends.astimezone(UTC) - begins.astimezone(UTC) == timedelta(seconds=1)
