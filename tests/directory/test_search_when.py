"""What is open, in season, or called so: found, counted, and what is not known counted apart."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.gis.measure import D
from hypothesis import HealthCheck, given, settings

from directory import search
from directory.models import Offer, Product
from directory.questions import THIS_MONTH, At, Now, On, Question, Sort
from directory.questions.opening import local_zone
from tests.builders import at, centre_of, point_of_sale
from tests.directory.catalogue import NOW, is_open, matches, questions, schedule, stock

pytestmark = pytest.mark.django_db
WEEKDAYS = "Mo-Fr 09:00-12:30,14:00-18:00"


def ask(now: datetime = NOW, **asked):
    return search.answer(Question(**asked), now)


def names(answer) -> set[str]:
    return {hit.card.split('"')[3] for hit in answer.hits}


def local(*moment: int) -> datetime:
    return datetime(*moment, tzinfo=local_zone())


@pytest.fixture
def four():
    """Open, closed, unknown for want of hours, unknown today."""
    point_of_sale("Ouverte", schedule=schedule(WEEKDAYS))
    point_of_sale("Fermée", schedule=schedule("Sa 09:00-12:00"))
    point_of_sale("Sans horaires")
    point_of_sale("Sur rendez-vous", schedule=schedule('We 09:00-18:00 "sur rendez-vous"; Su 09:00-12:00'))


AREAS = [{}, {"activities": ("farm",)}, {"communes": ("41269",)}, {"limit": 1}]


@pytest.mark.parametrize("area", AREAS, ids=str)
def test_unknown_hours_are_left_out_and_counted_apart(four, area):
    answer = ask(opening=Now(), **area)
    assert names(answer) == {"Ouverte"}
    assert (answer.total, answer.unknown_hours) == (1, 2)
    assert ask(**area).unknown_hours is None
    around = {"centre": centre_of(), "radius": D(km=1)}
    assert ask(opening=Now(), **area, **around).unknown_hours == 2


def test_none_open_still_counts_the_unknown(four):
    answer = ask(opening=At(local(2027, 6, 10, 3, 0)))
    assert (answer.total, answer.unknown_hours, answer.hits) == (0, 1, [])


@pytest.mark.parametrize(
    ("opening", "expected"),
    [
        (At(local(2027, 6, 9, 12, 29)), {"Ouverte"}),
        (At(local(2027, 6, 9, 12, 30)), set()),
        (On(6), {"Fermée"}),
        (On(6, "morning"), {"Fermée"}),
        (On(6, "afternoon"), set()),
        (On(7, "morning"), {"Sur rendez-vous"}),
        (On(3, "morning"), {"Ouverte"}),
        (On(3, "evening"), set()),
    ],
)
def test_the_time_asked(four, opening, expected):
    assert names(ask(opening=opening)) == expected


def test_this_morning_is_over_after_noon(four):
    wednesday_noon = local(2027, 6, 9, 12, 40)
    assert names(ask(wednesday_noon, opening=On(3, "afternoon"))) == {"Ouverte"}
    assert names(ask(wednesday_noon, opening=Now())) == set()


def test_each_hit_says_whether_it_is_open_and_until_when(four):
    told = {hit.card.split('"')[3]: (hit.open_now, hit.changes_at) for hit in ask().hits}
    assert told == {
        "Ouverte": (True, local(2027, 6, 9, 12, 30)),
        "Fermée": (False, local(2027, 6, 12, 9, 0)),
        "Sans horaires": (None, None),
        "Sur rendez-vous": (None, local(2027, 6, 13, 9, 0)),
    }


def test_a_file_says_nothing_of_it(four):
    assert {hit.open_now for hit in search.every_hit(Question(opening=Now()), 10, NOW)} == {None}


@pytest.mark.parametrize(
    ("sunday", "hours"), [(local(2027, 3, 28), 2), (local(2026, 10, 25), 4), (local(2027, 6, 13), 3)]
)
def test_a_night_has_the_hours_that_the_clock_gives_it(sunday, hours):
    """Open from 1:00 to 4:00 on the wall, when the clock skips an hour, and when it repeats one."""
    point_of_sale(schedule=schedule("Su 01:00-04:00", sunday))
    every_ten_minutes = [sunday.astimezone(UTC) + timedelta(minutes=10 * n) for n in range(6 * 6)]
    opened = [moment for moment in every_ten_minutes if ask(sunday, opening=At(moment)).total]
    assert len(opened) == 6 * hours
    assert opened[0] == sunday.astimezone(UTC) + timedelta(hours=1)


def test_a_season_is_that_of_the_products_asked_for():
    berries = point_of_sale("Fraiseraie", products=["strawberries", "honey"])
    bread = point_of_sale("Fournil", products=["bread"])
    own = point_of_sale("Tardive")
    Offer.objects.create(
        point_of_sale=own, product=Product.objects.get(code="strawberries"), season_first=11, season_last=1
    )

    def found(**asked):
        return {hit.id for hit in ask(**asked).hits}

    around = {"centre": centre_of(), "radius": D(km=1)}
    for where in ({}, around, {"departements": ("41",)}):
        assert found(products=("strawberries",), season=6, **where) == {berries.pk}
        assert found(products=("fruit",), season=6, **where) == {berries.pk}
        assert found(products=("strawberries",), season=THIS_MONTH, **where) == {berries.pk}
        assert found(products=("strawberries",), season=12, **where) == {own.pk}
        assert found(products=("bread", "strawberries"), season=6, **where) == {berries.pk}
        assert found(season=6, **where) == {berries.pk}
        assert found(products=("bread",), season=6, **where) == set()
        assert found(products=("bread",), **where) == {bread.pk}


def test_text_is_asked_with_everything_else_and_orders_by_relevance():
    centre = centre_of()
    far = point_of_sale("Fromagerie du Loir", pin=at(centre, 90, 4_000), products=["cheese"])
    near = point_of_sale("Ferme du Loir et du Loir", pin=at(centre, 90, 100), products=["honey"])
    point_of_sale("Boulangerie Martin", pin=at(centre, 90, 50))
    wide = {"centre": centre, "radius": D(km=60)}
    narrow = {"centre": centre, "radius": D(km=5)}
    for where in ({}, wide, narrow, {"communes": ("41269",)}):
        answer = ask(text="loir", **where)
        assert {hit.id for hit in answer.hits} == {far.pk, near.pk}
        assert answer.total == 2
        assert [hit.id for hit in ask(text="fromagerie loir", sort=Sort.RELEVANCE, **where).hits][:1] == [far.pk]
        assert [hit.id for hit in ask(text="loir", products=("honey",), **where).hits] == [near.pk]
    assert [hit.id for hit in ask(text="loir", **wide).hits] == [near.pk, far.pk], "by distance, from a centre"
    assert ask(text="loir", centre=centre, radius=D(km=1)).total == 1


@pytest.fixture
def catalogue():
    return stock()


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(question=questions())
def test_random_questions_against_brute_force(catalogue, question):
    answer = search.answer(question, NOW)
    expected = [entry for entry in catalogue if matches(entry, question)]
    if question.opening is None:
        assert answer.unknown_hours is None
    else:
        states = {entry.id: is_open(entry, question) for entry in expected}
        assert answer.unknown_hours == list(states.values()).count(None)
        expected = [entry for entry in expected if states[entry.id]]
    assert {hit.id for hit in answer.hits} == {entry.id for entry in expected}
    assert answer.total == len(expected) == search.count(question, NOW)
    now = replace(question, opening=Now())
    by_id = {entry.id: entry for entry in catalogue}
    assert all(hit.open_now == is_open(by_id[hit.id], now) for hit in answer.hits)


FILTERS = ("activities", "products", "labels", "services", "communes", "bbox", "text", "opening", "season", "centre")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(question=questions())
def test_a_filter_more_never_gives_more(catalogue, question):
    total = search.count(question, NOW)
    for name in FILTERS:
        given = getattr(question, name)
        if given in (None, (), ""):
            continue
        without = {name: type(given)() if isinstance(given, tuple | str) else None}
        less = replace(question, **without | ({"radius": None} if name == "centre" else {}))
        assert search.count(less, NOW) >= total, name


def test_one_query_whatever_is_asked(catalogue, django_assert_num_queries):
    search.answer(Question(products=("honey",)), NOW)
    everything = Question(
        products=("cheese",), centre=centre_of(), radius=D(km=50), opening=On(3), text="Chêne", season=6
    )
    with django_assert_num_queries(1):
        search.answer(everything, NOW)
