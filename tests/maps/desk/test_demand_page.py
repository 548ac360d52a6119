"""Searches in vain, as officials see their département's and chambers the région's: nothing below five in any form."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client

from directory.demand import weeks_back
from directory.models import ChamberAgent, Term, UnmetDemand
from tests.builders import VENDOME
from tests.maps.admin_desk import BLOIS, log_in
from tests.maps.desk.conftest import TOURS, official
from tests.maps.desk.handing import csv_rows
from tests.maps.desk.test_worklist_page import text

pytestmark = pytest.mark.django_db
OURS, THEIRS = "/agents/departement/41/demandes/", "/agents/departement/37/demandes/"
CHAMBER = "/agents/chambre/agriculture/demandes/"
AREINES = "41003"


@pytest.fixture(autouse=True)
def wanted(db):
    """Last week: cheese 23 times in Vendôme, 4 in Blois, 3 in Areines; honey 8 in Tours; bread 4, twice, in Blois."""
    last, _day = weeks_back(1)
    before = last - timedelta(weeks=5)
    terms = {term.code: term for term in Term.objects.filter(code__in=["cheese", "honey", "bread"])}
    for code, commune, times, week in (
        ("cheese", VENDOME, 23, last),
        ("cheese", BLOIS, 4, last),
        ("cheese", AREINES, 3, last),
        ("honey", TOURS, 8, last),
        ("bread", BLOIS, 4, last),
        ("bread", BLOIS, 4, before),
    ):
        UnmetDemand.objects.create(week=week, commune_id=commune, term=terms[code], times=times)


@pytest.fixture
def chamber() -> Client:
    user = official("agathe")
    ChamberAgent.objects.create(user=user, chamber="agriculture")
    return log_in(user)


def rows(response) -> list[tuple[str, str, list[tuple[str, str]]]]:  # type: ignore[no-untyped-def]
    return [(row.what, row.times, row.areas) for row in response.context["rows"]]


def steps(response) -> dict[str, int]:  # type: ignore[no-untyped-def]
    """The classes of the map that are not its palest, by the name of the area."""
    return {area.name: area.step for area in response.context["choropleth"].areas if area.step != 4}


# --- What is shown ---------------------------------------------------------------------------------------------------
def test_a_departement_s_table_and_map(desk):
    page = desk.get(OURS)
    assert rows(page) == [("Fromage", "20", [("Vendôme", "20")]), ("Pain", "5", [("Blois", "5")])]
    assert steps(page) == {"Vendôme": 2, "Blois": 3}
    said = text(page)
    assert "au moins 25 recherches" in said
    assert "Tours" not in said
    assert "au moins cinq recherches, d'adresses différentes" in said
    assert "Ce ne sont pas cinq personnes" in said
    assert 'aria-current="page">Demandes' in page.content.decode()


def test_weeks_levels_and_terms(desk):
    assert rows(desk.get(f"{OURS}?weeks=4")) == [("Fromage", "20", [("Vendôme", "20")])]
    page = desk.get(f"{OURS}?level=epci")
    ((name, _number),) = rows(page)[0][2]
    assert rows(page)[0][1] == "25", "Vendôme and Areines together are 26"
    assert steps(page)[name] == 1
    only = desk.get(f"{OURS}?term=bread")
    assert rows(only) == [("Pain", "5", [("Blois", "5")])]
    assert desk.get(f"{OURS}?term=cheese&weeks=4&level=commune").context["choosers"]


def test_only_what_there_is_can_be_chosen(desk):
    page = desk.get(f"{OURS}?term=pottery").content.decode()
    offered = set(re.findall(r'<option value="([a-z_]+)"', page[page.index('name="term"') :]))
    assert offered == {"cheese", "bread", "pottery"}
    assert "Rien n'a été cherché en vain" in " ".join(page.replace("&#x27;", "'").split())


def test_a_chamber_sees_the_region(chamber):
    page = chamber.get(CHAMBER)
    assert [row[:2] for row in rows(page)] == [("Fromage", "20"), ("Pain", "5"), ("Miel", "5")]
    assert "Chambre d&#x27;agriculture" in page.content.decode()
    assert steps(chamber.get(f"{CHAMBER}?level=departement")) == {"Loir-et-Cher": 1, "Indre-et-Loire": 3}
    assert rows(chamber.get(f"{CHAMBER}?departement=37")) == [("Miel", "5", [("Tours", "5")])]


@pytest.mark.parametrize(
    "query", ["weeks=3", "weeks=x", "level=street", "term=no_such", "level=departement", "term=%00"]
)
def test_what_makes_no_sense_is_told(desk, query):
    for more in ("", "&format=csv"):
        response = desk.get(f"{OURS}?{query}{more}")
        assert response.status_code == 400
        assert 'role="alert"' in response.content.decode()


# --- Nothing below five, in any form ---------------------------------------------------------------------------------
def file(client: Client, path: str, query: str = "") -> list[dict[str, str]]:
    response = client.get(f"{path}?{query}&format=csv")
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert "attachment" in response["Content-Disposition"]
    return csv_rows(response)


@pytest.mark.parametrize("query", ["", "weeks=4", "weeks=52", "level=epci", "term=cheese", "term=bread&weeks=4"])
def test_the_file_says_what_the_page_says(desk, query):
    held = [(row["recherche"], row["territoire"], row["recherches_au_moins"]) for row in file(desk, OURS, query)]
    assert sorted(held) == sorted(
        (what, area, times) for what, _sum, areas in rows(desk.get(f"{OURS}?{query}")) for area, times in areas
    )


def test_no_number_is_below_five_nor_tells_of_one(desk, chamber):
    numbers = {0}
    for client, path, levels in ((desk, OURS, 2), (chamber, CHAMBER, 3)):
        for level in ("commune", "epci", "departement")[:levels]:
            for weeks in (4, 13, 52):
                query = f"level={level}&weeks={weeks}"
                page = client.get(f"{path}?{query}")
                told = [*(row["recherches_au_moins"] for row in file(client, path, query))]
                told += re.findall(r"au moins (\d+) recherches", text(page))
                told += [number for _what, total, areas in rows(page) for _area, number in [("", total), *areas]]
                numbers |= set(map(int, told))
    assert len(numbers) > 4
    assert all(number % 5 == 0 for number in numbers)


# --- Object by object ------------------------------------------------------------------------------------------------
class TestDoors:
    @pytest.mark.parametrize("query", ["", "?format=csv"])
    def test_another_departement_s_is_not_found(self, desk, neighbour, query):
        assert desk.get(OURS + query).status_code == neighbour.get(THEIRS + query).status_code == 200
        assert desk.get(THEIRS + query).status_code == neighbour.get(OURS + query).status_code == 404

    def test_an_official_s_filter_opens_no_other(self, desk):
        page = desk.get(f"{OURS}?departement=37")
        assert rows(page) == rows(desk.get(OURS))

    @pytest.mark.parametrize("query", ["", "?format=csv"])
    def test_a_chamber_s_is_for_its_agents(self, desk, chamber, query):
        assert chamber.get(CHAMBER + query).status_code == 200
        assert chamber.get("/agents/chambre/commerce/demandes/" + query).status_code == 404
        assert chamber.get("/agents/chambre/absente/demandes/" + query).status_code == 404
        assert chamber.get(OURS + query).status_code == 404
        assert desk.get(CHAMBER + query).status_code == 404

    def test_an_administrator_opens_all(self):
        admin = log_in(official("admin", is_superuser=True))
        assert {admin.get(path).status_code for path in (OURS, THEIRS, CHAMBER)} == {200}

    @pytest.mark.parametrize("path", [OURS, CHAMBER, OURS + "?format=csv", CHAMBER + "?format=csv"])
    def test_strangers_are_asked_to_sign_in_and_nothing_is_kept(self, client, desk, chamber, path):
        response = client.get(path)
        assert (response.status_code, response.url.split("?")[0]) == (302, "/agents/connexion/")
        theirs = chamber if path.startswith(CHAMBER) else desk
        assert response["Cache-Control"] == theirs.get(path)["Cache-Control"] == "private, no-store"

    def test_they_are_read_alone(self, desk, chamber):
        assert desk.post(OURS).status_code == chamber.post(CHAMBER).status_code == 405
