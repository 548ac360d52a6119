"""When, and which words, as URL parameters: every spelling, every mistake with its remedy."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.http import QueryDict
from hypothesis import given, settings
from hypothesis import strategies as st

from directory.api.errors import InvalidParameters
from directory.api.parameters import parse_question
from directory.questions import THIS_MONTH, At, Now, On, Question, Sort

pytestmark = pytest.mark.django_db
# A Friday, in winter time.
NOW = datetime(2026, 11, 27, 18, 30, tzinfo=UTC)
SUMMER_NIGHT = datetime(2026, 10, 20, 12, 0, tzinfo=UTC)


def parse(query: str, now: datetime = NOW) -> Question:
    return parse_question(QueryDict(query), now)


def mistakes(query: str, now: datetime = NOW) -> dict[str, str]:
    with pytest.raises(InvalidParameters) as caught:
        parse(query, now)
    return {name: error.code for name, error in caught.value.errors.items()}


@pytest.mark.parametrize(
    ("query", "opening"),
    [
        ("open=now", Now()),
        ("open_on=7", On(7)),
        ("open_on=7&open_part=morning", On(7, "morning")),
        ("open_at=2026-11-30T10:30", At(datetime(2026, 11, 30, 9, 30, tzinfo=UTC))),
        ("open_at=2026-11-30+10:30", At(datetime(2026, 11, 30, 9, 30, tzinfo=UTC))),
        ("open_at=2026-11-30t10:30:59.25z", At(datetime(2026, 11, 30, 10, 30, tzinfo=UTC))),
        ("open_at=2026-11-30T10:30%2B05:30", At(datetime(2026, 11, 30, 5, 0, tzinfo=UTC))),
        ("open_at=2026-11-30T10:30+0530", At(datetime(2026, 11, 30, 5, 0, tzinfo=UTC))),
        ("open_at=2026-11-30T10:30-03", At(datetime(2026, 11, 30, 13, 30, tzinfo=UTC))),
        ("open_at=2026-11-27T00:00", At(datetime(2026, 11, 26, 23, 0, tzinfo=UTC))),
        ("open_at=2027-01-26T23:59", At(datetime(2027, 1, 26, 22, 59, tzinfo=UTC))),
    ],
)
def test_a_moment_is_understood_and_said_again(query, opening):
    question = parse(query)
    assert question.opening == opening
    assert parse(question.query_string()) == question


def test_an_instant_has_one_address_whatever_its_offset():
    addresses = {
        parse(f"open_at={text}").query_string()
        for text in ("2026-11-30T10:30", "2026-11-30T09:30Z", "2026-11-30T10:30%2B01:00", "2026-11-30T04:30-05:00")
    }
    assert addresses == {"open_at=2026-11-30T10%3A30%2B01%3A00"}


def test_an_hour_that_comes_twice_is_the_first_unless_its_offset_is_said():
    """On 25 October 2026 it is 02:30 twice, in summer time and in winter time."""
    texts = ("2026-10-25T02:30", "2026-10-25T02:30%2B02:00", "2026-10-25T02:30%2B01:00")
    first, said, second = (parse(f"open_at={text}", SUMMER_NIGHT) for text in texts)
    assert first == said != second
    assert first.opening == At(datetime(2026, 10, 25, 0, 30, tzinfo=UTC))
    assert second.opening == At(datetime(2026, 10, 25, 1, 30, tzinfo=UTC))
    for question in (first, second):
        assert parse(question.query_string(), SUMMER_NIGHT) == question


def test_an_hour_that_the_clock_skips_is_a_mistake_with_the_hour_to_ask():
    now = datetime(2027, 3, 20, 12, 0, tzinfo=UTC)
    with pytest.raises(InvalidParameters) as caught:
        parse("open_at=2027-03-28T02:30", now)
    error = caught.value.errors["open_at"]
    assert (error.code, error.nearest) == ("no_such_hour", "2027-03-28T03:30")
    assert parse("open_at=2027-03-28T03:30", now).opening == At(datetime(2027, 3, 28, 1, 30, tzinfo=UTC))
    assert parse("open_at=2027-03-28T01:59", now).opening == At(datetime(2027, 3, 28, 0, 59, tzinfo=UTC))


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("open=yes", {"open": "unknown_value"}),
        ("open=now&open=now", {"open": "given_twice"}),
        ("open_at=tomorrow", {"open_at": "not_a_moment"}),
        ("open_at=2026-11-30", {"open_at": "not_a_moment"}),
        ("open_at=2026-11-31T10:00", {"open_at": "not_a_moment"}),
        ("open_at=2026-11-30T24:30", {"open_at": "not_a_moment"}),
        ("open_at=2026-11-30T10:00%2B99:00", {"open_at": "not_a_moment"}),
        ("open_at=%D9%A2026-11-30T10:00", {"open_at": "not_a_moment"}),
        ("open_at=2026-11-26T23:59", {"open_at": "in_the_past"}),
        ("open_at=1000-01-01T00:00", {"open_at": "in_the_past"}),
        ("open_at=2027-01-27T00:00", {"open_at": "past_the_horizon"}),
        ("open_at=2999-12-31T23:59-12:00", {"open_at": "past_the_horizon"}),
        ("open_on=0", {"open_on": "out_of_range"}),
        ("open_on=8", {"open_on": "out_of_range"}),
        ("open_on=sunday", {"open_on": "out_of_range"}),
        ("open_on=7&open_part=noon", {"open_part": "unknown_value"}),
        ("open_part=morning", {"open_part": "needs_open_on"}),
        ("open_on=9&open_part=morning", {"open_on": "out_of_range"}),
        ("open=now&open_on=7", {"open_on": "two_moments"}),
        ("open=now&open_at=2026-11-30T10:30&open_on=7", {"open_at": "two_moments", "open_on": "two_moments"}),
        ("season=0", {"season": "out_of_range"}),
        ("season=13", {"season": "out_of_range"}),
        ("season=june", {"season": "out_of_range"}),
        ("text=" + "a" * 201, {"text": "too_long"}),
        ("text=?!%E2%80%A6", {"text": "no_word"}),
        ("text=a&text=b", {"text": "given_twice"}),
        ("text=", {"text": "empty"}),
        ("sort=relevance", {"sort": "needs_a_text"}),
        ("sort=relevance&text=!", {"text": "no_word"}),
        ("sort=relevant&text=a", {"sort": "unknown_value"}),
    ],
)
def test_a_mistake_is_named(query, expected):
    assert mistakes(query) == expected


def test_a_date_out_of_reach_is_told_the_last_one():
    with pytest.raises(InvalidParameters) as caught:
        parse("open_at=2027-06-01T10:00")
    assert "26 janvier 2027" in str(caught.value.errors["open_at"].detail)


def test_remedies_are_values_that_would_do():
    with pytest.raises(InvalidParameters) as caught:
        parse("open=nwo&open_part=evenning&sort=relevanse&open_at=soon")
    errors = caught.value.errors
    assert [errors[name].nearest for name in ("open", "open_part", "sort")] == ["now", "evening", "relevance"]
    assert parse(f"open_at={errors['open_at'].nearest}", datetime.now(UTC)).opening is not None


def test_text_and_season():
    question = parse("text=++Ch%C3%A8vre++d%27Or+&season=now&sort=relevance")
    assert (question.text, question.season, question.sort) == ("Chèvre d'Or", THIS_MONTH, Sort.RELEVANCE)
    assert parse(question.query_string()) == question
    assert parse("season=6").season == 6
    assert parse("text=miel").order is Sort.RELEVANCE
    assert parse("text=miel&lat=47&lon=1").order is Sort.DISTANCE


@settings(max_examples=300, deadline=None)
@given(text=st.text(max_size=40) | st.from_regex(r"2[0-9]{3}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]( [0-9]{2})?"))
def test_any_text_is_a_moment_or_a_mistake_of_its_name(text):
    query = QueryDict(mutable=True)
    query["open_at"] = text
    try:
        question = parse_question(query, NOW)
    except InvalidParameters as error:
        assert set(error.errors) == {"open_at"}  # noqa: PT017
    else:
        assert parse(question.query_string()) == question
