"""What is open, and until when, in words of both languages; months over the new year."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.utils import translation

from directory.questions import THIS_MONTH, At, Now, On
from directory.questions.opening import local_zone
from maps.results import is_in_season
from maps.when import asked_opening, asked_season, other_openings, season_badge, state

NB = "\u00a0"


def moment(day, hour, minute=0, month=6):
    return datetime(2027, month, day, hour, minute, tzinfo=local_zone())


NOW = moment(9, 10, 20)  # a Wednesday


@pytest.mark.parametrize(
    ("open_now", "changes_at", "french", "english"),
    [
        (True, moment(9, 12, 30), f"Ouvert · ferme à 12{NB}h{NB}30", f"Open · closes at 12:30{NB}pm"),
        (True, moment(9, 12), "Ouvert · ferme à midi", "Open · closes at noon"),
        (True, moment(10, 0), "Ouvert · ferme à minuit", "Open · closes at midnight"),
        (True, moment(10, 2), f"Ouvert · ferme à 2{NB}h", f"Open · closes at 2{NB}am"),
        (True, moment(10, 18), f"Ouvert · ferme demain à 18{NB}h", f"Open · closes tomorrow at 6{NB}pm"),
        (True, None, "Ouvert", "Open"),
        (False, moment(9, 14), f"Fermé · ouvre à 14{NB}h", f"Closed · opens at 2{NB}pm"),
        (False, moment(10, 9), f"Fermé · ouvre demain à 9{NB}h", f"Closed · opens tomorrow at 9{NB}am"),
        (False, moment(15, 9), f"Fermé · ouvre mardi à 9{NB}h", f"Closed · opens Tuesday at 9{NB}am"),
        (False, moment(16, 9), f"Fermé · ouvre le 16 juin à 9{NB}h", None),
        (False, None, "Fermé", "Closed"),
        (None, None, "Horaires inconnus", None),
    ],
)
def test_states(open_now, changes_at, french, english):
    assert state(open_now, changes_at, NOW).text == french
    if english is not None:
        with translation.override("en"):
            assert state(open_now, changes_at, NOW).text == english


def test_times_are_those_of_the_region():
    from datetime import UTC

    assert state(True, moment(9, 12, 30).astimezone(UTC), NOW.astimezone(UTC)).text.endswith(f"à 12{NB}h{NB}30")
    # After the clocks went back on the last Sunday of October, hours are still those on the wall.
    before, after = moment(30, 22, month=10), moment(31, 9, month=10)
    assert state(False, after.astimezone(UTC), before).text == f"Fermé · ouvre demain à 9{NB}h"


def test_minutes_have_two_figures():
    assert state(False, moment(9, 19, 5), NOW).text.endswith(f"à 19{NB}h{NB}05")


@pytest.mark.parametrize(
    ("opening", "french", "english"),
    [
        (Now(), "Ouvert maintenant", "Open now"),
        (On(7), "Ouvert dimanche", "Open Sunday"),
        (On(3, "morning"), "Ouvert mercredi matin", "Open Wednesday morning"),
        (On(2, "evening"), "Ouvert mardi soir", "Open Tuesday evening"),
        (At(moment(30, 10, 30)), f"Ouvert le mercredi 30 juin à 10{NB}h{NB}30",
         f"Open on Wednesday 30 June at 10:30{NB}am"),
    ],
)  # fmt: skip
def test_what_is_asked_of_hours(opening, french, english):
    assert asked_opening(opening, NOW) == french
    with translation.override("en"):
        assert asked_opening(opening, NOW) == english


def test_a_part_of_today_that_is_over_has_its_date():
    assert asked_opening(On(3, "morning"), moment(9, 18)) == "Ouvert mercredi 16 juin au matin"


def test_seasons():
    assert (asked_season(THIS_MONTH), asked_season(6)) == ("De saison", "De saison en juin")
    assert (season_badge(None), season_badge(THIS_MONTH), season_badge(6)) == ("de saison", "de saison", "en juin")
    with translation.override("en"):
        assert (asked_season(6), season_badge(6)) == ("In season in June", "in June")


def test_what_may_be_asked_instead():
    assert other_openings(On(7, "morning"), NOW) == [Now(), On(7), On(7, "afternoon"), On(7, "evening")]
    assert other_openings(Now(), NOW) == [On(3), On(4), On(6), On(7)]


@pytest.mark.parametrize(
    ("months", "inside", "outside"),
    [((4, 6), (4, 5, 6), (3, 7)), ((11, 2), (11, 12, 1, 2), (10, 3)), ((5, 5), (5,), (4, 6)), ((1, 12), (), (1, 7))],
)
def test_months(months, inside, outside):
    assert all(is_in_season(months, month) for month in inside)
    assert not any(is_in_season(months, month) for month in outside)
