"""An address counts once a week, robots never, and who asked is not known."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from directory.demand import recording
from directory.models import UnmetDemand
from directory.questions.opening import local_zone
from directory.visitors import WeeklyTally
from tests.builders import VENDOME
from tests.directory.test_demand import PLACES, ask, counted
from tests.maps.admin_desk import BLOIS

pytestmark = pytest.mark.django_db
WEEK = date(2026, 11, 23)
MONDAY = datetime(2026, 11, 23, 0, 5, tzinfo=local_zone())
CHEESE = "product=cheese&place=Vendôme"


@pytest.fixture(autouse=True)
def _new_week(monkeypatch):
    monkeypatch.setattr(recording, "tally", WeeklyTally())


@pytest.fixture
def clock(monkeypatch):
    """Sets the time of asking."""
    return lambda moment: monkeypatch.setattr(timezone, "now", lambda: moment)


def test_an_address_counts_once_a_week(client, clock):
    for hours in (0, 1, 2, 30, 7 * 24 - 1):
        clock(MONDAY + timedelta(hours=hours))
        for path in PLACES:
            ask(client, CHEESE, path)
            ask(client, "q=fromage+autour+de+Vendôme", path)
    assert counted() == {(VENDOME, "cheese"): 1}
    ask(client, CHEESE, REMOTE_ADDR="192.0.2.9")
    assert counted() == {(VENDOME, "cheese"): 2}
    ask(client, "product=cheese&place=Blois")
    assert counted() == {(VENDOME, "cheese"): 2, (BLOIS, "cheese"): 1}
    clock(MONDAY + timedelta(weeks=1))
    ask(client, CHEESE)
    assert sorted(UnmetDemand.objects.filter(commune=VENDOME).values_list("week", "times")) == [
        (WEEK, 2),
        (WEEK + timedelta(weeks=1), 1),
    ]


def test_a_crawler_counts_for_so_much(client, clock, monkeypatch):
    assert recording.MOST_A_WEEK == 40
    monkeypatch.setattr(recording, "MOST_A_WEEK", 2)
    for day, code in enumerate(("cheese", "honey", "bread", "pottery")):
        clock(MONDAY + timedelta(days=day))
        ask(client, f"product={code}&place=Vendôme")
    assert sum(counted().values()) == 2


@pytest.mark.parametrize("path", PLACES)
@pytest.mark.parametrize(
    "agent",
    [
        "Mozilla/5.0 (compatible; Googlebot/2.1)",
        "CCBot/2.0",
        "Some-Crawler",
        "Baiduspider",
        "BingPreview/1.0b",
        "node-fetch",
        "",
        " ",
    ],
)
def test_a_robot_demands_nothing(client, path, agent):
    ask(client, CHEESE, path, HTTP_USER_AGENT=agent)
    assert counted() == {}
    ask(client, CHEESE, path, HTTP_USER_AGENT="Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0")
    assert counted() == {(VENDOME, "cheese"): 1}


@pytest.mark.parametrize("path", PLACES)
def test_nor_does_what_reads_no_answer(client, path):
    assert client.head(f"{path}?{CHEESE}", HTTP_USER_AGENT="Firefox").status_code in {200, 405}
    assert counted() == {}


def test_the_table_holds_a_week_a_commune_a_term_and_a_number(client):
    columns = {"id", "week", "commune_id", "term_id", "times"}
    ask(client, "q=fromage+bio+autour+de+Vendôme&lat=47.793&lon=1.066")
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM directory_unmetdemand")
        assert {column.name for column in cursor.description} == columns
        ((_id, week, *_rest),) = cursor.fetchall()
    assert week == recording.monday(datetime.now(local_zone()).date())


class TestMemory:
    def test_it_holds_no_address(self):
        tally = WeeklyTally()
        size = len(tally._table)
        assert [tally.count(WEEK, "192.0.2.7", "41269", 12) for _ in range(2)] == [1, 2]
        assert tally.count(WEEK, "192.0.2.7", "41269", 13) == 1
        assert tally.count(WEEK, "2001:db8:1:2:a::1", 1) == 1
        assert tally.count(WEEK, "2001:db8:1:2:b::1", 1) == 2, "one household"
        assert WeeklyTally().count(WEEK, "192.0.2.7", "41269", 12) == 1, "a key of its own"
        assert b"192.0.2" not in tally._table[:]
        assert len(tally._table) == size < 5_000_000

    def test_a_week_s_key_is_gone_with_it(self):
        tally, later = WeeklyTally(), WEEK + timedelta(weeks=1)
        tally.count(WEEK, "192.0.2.7")
        key = tally._key(WEEK.toordinal())
        assert key in tally._table[:]
        assert key != bytes(16)
        assert tally.count(later, "192.0.2.7") == 1
        assert key not in tally._table[:]

    def test_who_is_late_for_a_week_takes_no_one_s_key_away(self):
        tally, later = WeeklyTally(), WEEK + timedelta(weeks=1)
        assert tally.count(later, "192.0.2.7") == 1
        assert tally.count(WEEK, "192.0.2.8") == 1
        assert tally.count(later, "192.0.2.7") == 2
