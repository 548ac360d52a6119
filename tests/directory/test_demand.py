"""What was looked for in vain: counted once, without a trace of who asked, and shown by fives."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import date, timedelta
from itertools import combinations

import pytest
from django.db import OperationalError, connection
from django.test import Client

from directory import demand
from directory.demand import recording
from directory.models import Term, UnmetDemand
from directory.visitors import WeeklyTally
from tests.builders import VENDOME, at, centre_of, point_of_sale
from tests.directory.catalogue import schedule
from tests.maps.admin_desk import BLOIS

pytestmark = pytest.mark.django_db
MERCHANTS = "/api/v1/merchants/"
TOURS = "37261"
TODAY = date(2026, 11, 28)  # a Saturday
LAST_WEEK = date(2026, 11, 16)
PLACES = ("/", MERCHANTS)


@pytest.fixture(autouse=True)
def _new_week(monkeypatch):
    monkeypatch.setattr(recording, "tally", WeeklyTally())


def counted() -> dict[tuple[str, str], int]:
    """Times by commune and code."""
    return {(row.commune_id, row.term.code): row.times for row in UnmetDemand.objects.select_related("term")}


def ask(client: Client, query: str, path: str = MERCHANTS, **extra: str) -> None:
    assert client.get(f"{path}?{query}", **{"HTTP_USER_AGENT": "Firefox"} | extra).status_code == 200


def row(term: str, times: int, commune: str = VENDOME, week: date = LAST_WEEK) -> None:
    UnmetDemand.objects.create(week=week, commune_id=commune, term=Term.objects.get(code=term), times=times)


def shown(*args, **kwargs) -> dict[tuple[str, str], int]:
    return {(cell.area, cell.term.code): cell.times for cell in demand.cells(*args, today=TODAY, **kwargs)}


# --- What is counted -------------------------------------------------------------------------------------------------
class TestWhat:
    @pytest.mark.parametrize("path", PLACES)
    @pytest.mark.parametrize(
        ("query", "expected"),
        [
            ("q=fromage+autour+de+Vendôme", {(VENDOME, "cheese"): 1}),
            ("product=cheese&place=Vendôme", {(VENDOME, "cheese"): 1}),
            ("product=cheese&place=41100", {(VENDOME, "cheese"): 1}),
            ("product=cheese&commune=41018", {(BLOIS, "cheese"): 1}),
            ("product=cheese&commune=41018,41269", {(BLOIS, "cheese"): 1, (VENDOME, "cheese"): 1}),
            ("product=cheese,honey&commune=41018", {(BLOIS, "cheese"): 1, (BLOIS, "honey"): 1}),
            ("activity=bakery&place=Vendôme", {(VENDOME, "bakery"): 1}),
            ("activity=farm&product=cheese&place=Vendôme", {(VENDOME, "cheese"): 1}),
            ("product=cheese&place=Vendôme&open=now", {(VENDOME, "cheese"): 1}),
            ("product=cheese&lat=47.7931&lon=1.0659", {(VENDOME, "cheese"): 1}),
        ],
    )  # fmt: skip
    def test_a_thing_and_a_commune(self, client, path, query, expected):
        ask(client, query, path)
        assert counted() == expected

    @pytest.mark.parametrize("path", PLACES)
    @pytest.mark.parametrize(
        "query",
        [
            "text=Dupont&place=Vendôme",
            "place=Vendôme",
            "product=cheese",
            "product=cheese&departement=41",
            "product=cheese&bbox=1,47.7,1.1,47.9&place=Vendôme",
            "product=cheese&place=Vendôme&offset=20",
            "product=cheese&lat=43.3&lon=5.4",
            "label=organic&place=Vendôme",
            "product=cheese,honey,bread,pottery&place=Vendôme",
            "product=cheese&commune=41018,41269,37261,41001",
        ],
    )
    def test_nothing_else(self, client, path, query):
        ask(client, query, path)
        assert not UnmetDemand.objects.exists()

    @pytest.mark.parametrize("more", ["open_on=7", "season=1", "label=organic", "service=delivery", "text=Dupont"])
    def test_not_where_something_else_made_it_empty(self, client, more):
        weekdays = schedule("Mo-Fr 09:00-12:30")
        point_of_sale("Fraises du Loir", products=["strawberries"], schedule=weekdays)
        ask(client, f"product=strawberries&place=Vendôme&{more}")
        assert counted() == {}
        ask(client, f"product=honey&place=Vendôme&{more}")
        assert counted() == {(VENDOME, "honey"): 1}

    def test_nor_a_circle_smaller_than_the_usual_one(self, client):
        point_of_sale("Chèvrerie", products=["cheese"], pin=at(centre_of(), 90, 8_000))
        ask(client, "product=cheese&place=Vendôme&radius_km=2")
        assert counted() == {}
        ask(client, "product=cheese&place=Blois&radius_km=2")
        assert counted() == {(BLOIS, "cheese"): 1}

    @pytest.mark.parametrize("more", ["", "&label=organic", "&place=Vendôme&radius_km=2"])
    def test_nor_a_commune_that_has_it_next_door(self, client, more):
        """Blois is 30 km from there."""
        point_of_sale("Chèvrerie", products=["cheese"], pin=at(centre_of(), 90, 8_000), commune="41001")
        ask(client, f"product=cheese&commune={VENDOME}{more}")
        assert counted() == {}
        ask(client, f"product=cheese&commune={VENDOME},{BLOIS}{more}")
        assert counted() == {(BLOIS, "cheese"): 1}

    def test_nor_one_that_has_it_far_from_its_centre(self, client):
        point_of_sale("Chèvrerie", products=["cheese"], pin=at(centre_of(), 90, 11_000))
        ask(client, f"product=cheese&commune={VENDOME}&label=organic")
        assert counted() == {}

    def test_nor_a_place_that_another_departement_was_asked_of(self, client):
        point_of_sale("Chèvrerie", products=["cheese"])
        ask(client, "product=cheese&place=Vendôme&departement=37")
        assert counted() == {}

    def test_nor_an_answer(self, client):
        point_of_sale("Chèvrerie", products=["cheese"])
        for path in PLACES:
            ask(client, "product=cheese&place=Vendôme", path)
        assert counted() == {}

    def test_the_week_is_the_local_monday_s(self):
        assert recording.monday(date(2026, 11, 29)) == date(2026, 11, 23)
        assert recording.monday(date(2026, 11, 30)) == date(2026, 11, 30)


# --- The answer stands -----------------------------------------------------------------------------------------------
class TestAnswerStands:
    @pytest.mark.parametrize("path", PLACES)
    @pytest.mark.parametrize("failing", ["SELECT no_such_thing(%s, %s, %s)", "SELECT pg_sleep(5), %s, %s, %s"])
    def test_whatever_fails(self, monkeypatch, caplog, path, failing):
        client = Client(headers={"User-Agent": "Firefox"})
        expected = client.get(f"{path}?product=cheese&place=Vendôme").content
        UnmetDemand.objects.all().delete()
        monkeypatch.setattr(recording, "ADD", failing)
        response = client.get(f"{path}?product=cheese&place=Vendôme", REMOTE_ADDR="192.0.2.9")
        assert response.status_code == 200
        assert response.content == expected
        assert not UnmetDemand.objects.exists()
        assert "was not counted" in caplog.text
        assert "Vendôme" not in caplog.text

    def test_a_line_that_is_cut(self, client, monkeypatch, caplog):
        monkeypatch.setattr(recording, "_record", lambda *_: (_ for _ in ()).throw(OperationalError("cut")))
        ask(client, "product=cheese&place=Vendôme")
        assert "was not counted: OperationalError" in caplog.text
        assert not UnmetDemand.objects.exists()

    def test_a_replica_counts_nothing_and_says_nothing(self, client, caplog):
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL transaction_read_only = on")
        ask(client, "product=cheese&place=Vendôme")
        assert not UnmetDemand.objects.exists()
        assert not caplog.text

    def test_what_stands_around_keeps_its_own_limit(self, client):
        with connection.cursor() as cursor:
            cursor.execute("SHOW statement_timeout")
            (before,) = cursor.fetchone()
            ask(client, "product=cheese&place=Vendôme")
            cursor.execute("SHOW statement_timeout")
            assert cursor.fetchone() == (before,)
        assert counted()


@pytest.mark.django_db(transaction=True)
def test_two_at_once_are_two():
    def asks(number: int) -> None:
        try:
            for code in ("cheese,honey", "honey,cheese"):
                start.wait()
                ask(Client(), f"product={code}&place=Vendôme", REMOTE_ADDR=f"192.0.{code == 'cheese,honey'}.{number}")
        finally:
            connection.close()

    start = threading.Barrier(4)
    threads = [threading.Thread(target=asks, args=[number]) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert counted() == {(VENDOME, "cheese"): 8, (VENDOME, "honey"): 8}


# --- What is shown ---------------------------------------------------------------------------------------------------
class TestShown:
    def test_by_fives_and_nothing_below(self):
        for code, times in (("cheese", 4), ("honey", 5), ("bread", 9), ("pottery", 13)):
            row(code, times)
        assert shown(4, "commune") == {(VENDOME, "honey"): 5, (VENDOME, "bread"): 5, (VENDOME, "pottery"): 10}

    def test_weeks_and_communes_add_up_before_they_are_rounded(self):
        row("cheese", 3)
        row("cheese", 3, week=LAST_WEEK - timedelta(weeks=1))
        row("cheese", 3, commune="41001")
        assert shown(1, "commune") == {}
        assert shown(4, "commune") == {(VENDOME, "cheese"): 5}
        assert shown(4, "departement") == {("41", "cheese"): 5}

    def test_only_whole_weeks_and_those_asked_for(self):
        row("cheese", 50, week=date(2026, 11, 23))
        assert shown(52, "commune") == {}
        row("cheese", 5)
        row("cheese", 5, week=LAST_WEEK - timedelta(weeks=3))
        row("cheese", 5, week=LAST_WEEK - timedelta(weeks=4))
        assert shown(1, "commune") == {(VENDOME, "cheese"): 5}
        assert shown(4, "commune") == {(VENDOME, "cheese"): 10}
        assert shown(13, "commune") == {(VENDOME, "cheese"): 15}
        assert demand.weeks_back(4, TODAY) == (date(2026, 10, 26), date(2026, 11, 22))

    def test_a_departement_s_alone(self):
        row("cheese", 6)
        row("cheese", 7, commune=TOURS)
        assert shown(4, "commune", departement="41") == {(VENDOME, "cheese"): 5}
        assert shown(4, "commune", departement="37") == {(TOURS, "cheese"): 5}
        assert set(shown(4, "commune")) == {(VENDOME, "cheese"), (TOURS, "cheese")}

    def test_a_term_with_what_lies_below_it(self):
        for code in ("cheese", "goat_cheese", "honey"):
            row(code, 5)
        assert set(shown(4, "commune", term="cheese")) == {(VENDOME, "cheese"), (VENDOME, "goat_cheese")}

    def test_no_two_numbers_tell_of_fewer_than_five(self):
        """Whatever is subtracted from whatever: periods, levels, départements, terms, and sums of them."""
        sizes = iter((1, 4, 5, 6, 9, 2, 14, 3, 7, 11, 8, 4) * 12)
        for weeks in (0, 2, 8, 30):
            for commune in (VENDOME, BLOIS, "41001", TOURS):
                for code in ("cheese", "goat_cheese", "honey"):
                    row(code, next(sizes), commune, LAST_WEEK - timedelta(weeks=weeks))
        numbers = Counter({0: 1})
        for weeks in (1, 4, 13, 52):
            for level in demand.reading.COLUMNS:
                for departement in (None, "41", "37"):
                    for term in (None, "cheese", "honey"):
                        found = shown(weeks, level, departement=departement, term=term)
                        numbers.update([*found.values(), sum(found.values())])
        assert len(numbers) > 8
        assert all(abs(one - other) >= 5 for one, other in combinations(numbers, 2))

    def test_what_is_two_years_old_is_forgotten(self):
        row("cheese", 9, week=LAST_WEEK - timedelta(weeks=103))
        row("honey", 9, week=LAST_WEEK - timedelta(weeks=104))
        assert demand.forget(TODAY) == 1
        assert counted() == {(VENDOME, "cheese"): 9}
