"""Two editions beside each other, at the desk."""

from __future__ import annotations

from datetime import date

import pytest

from directory.models import GapCase
from tests.builders import VENDOME, point_of_sale
from tests.coverage_data import ANY, edition, fibre
from tests.maps.admin_desk import BLOIS
from tests.maps.desk.conftest import TOURS
from tests.maps.desk.test_worklist_page import names, text

pytestmark = pytest.mark.django_db
COMPARE = "/agents/departement/41/comparer/"
ROMORANTIN, MER = "41194", "41136"
JUNE, SEPTEMBER, DECEMBER = date(2025, 6, 30), date(2025, 9, 30), date(2025, 12, 31)


@pytest.fixture
def quarters(db):
    point_of_sale("Chèvrerie du Loir")
    point_of_sale("Ferme de Mer", commune=MER)
    fibre({VENDOME: 60, BLOIS: 30, ROMORANTIN: 20, MER: 40, TOURS: 10}, JUNE)
    fibre({VENDOME: 40, BLOIS: 28, ROMORANTIN: 20, MER: 55, TOURS: 60, "41001": 50}, SEPTEMBER)


def rows(response, group: str) -> list[str]:  # type: ignore[no-untyped-def]
    return [row.commune for found in response.context["groups"] if found["id"] == group for row in found["rows"]]


def test_the_current_edition_and_the_one_before(desk, quarters):
    page = desk.get(COMPARE)
    assert rows(page, "entered") == ["Vendôme"]
    assert rows(page, "left") == ["Mer"]
    assert rows(page, "worse") == ["Blois"]
    assert page.context["unknown"] == ["Ambloy"]
    said = text(page)
    assert "Fibre : 60 % (60 sur 100) Fibre : 40 % (40 sur 100) 1" in said
    assert "édition du 30 juin 2025" in said
    assert "Tours" not in said


def test_communes_lead_to_their_cases(desk, quarters):
    page = desk.get(COMPARE)
    hrefs = {row.commune: row.href for found in page.context["groups"] for row in found["rows"]}
    assert names(desk.get(hrefs["Vendôme"])) == ["Chèvrerie du Loir"]
    assert names(desk.get(hrefs["Mer"])) == ["Ferme de Mer"], "among those who left"


def test_merchants_of_communes_that_changed_are_named_with_their_cases(desk, quarters, django_assert_max_num_queries):
    point_of_sale("Retirée", status="hidden")
    point_of_sale("Tourangelle", commune=TOURS)
    with django_assert_max_num_queries(10):
        page = desk.get(COMPARE)
    there = {row.commune: row.merchants for found in page.context["groups"] for row in found["rows"]}
    assert [link.text for link in there["Vendôme"]] == ["Chèvrerie du Loir"]
    assert [link.text for link in there["Mer"]] == ["Ferme de Mer"]
    assert (there["Blois"], "Tours" in there) == ([], False)
    case = GapCase.objects.get(point_of_sale__merchant__name="Chèvrerie du Loir")
    href = f"/agents/departement/41/dossier/{case.pk}/"
    assert f'<a href="{href}">Chèvrerie du Loir</a>' in page.content.decode()
    assert "publiés aujourd&#x27;hui dans ces communes" in text(page).replace("'", "&#x27;")


def test_beyond_fifty_the_list_names_the_rest(desk, quarters, monkeypatch):
    monkeypatch.setattr("maps.desk.compare.NAMED", 2)
    for name in ("Atelier", "Boucherie"):
        point_of_sale(name)
    page = desk.get(COMPARE)
    [row] = next(found["rows"] for found in page.context["groups"] if found["id"] == "entered")
    assert ([link.text for link in row.merchants], row.unnamed) == (["Atelier", "Boucherie"], 1)
    assert "et 1 autre : les dossiers de Vendôme" in text(page)


def test_others_are_chosen(desk, quarters):
    fibre({VENDOME: 80, BLOIS: 80, ROMORANTIN: 80, MER: 80}, DECEMBER)
    page = desk.get(f"{COMPARE}?before=2025-06-30&after=2025-12-31")
    assert set(rows(page, "left")) == {"Blois", "Romorantin-Lanthenay", "Mer"}
    assert 'value="2025-06-30" selected' in text_of_options(page)


def text_of_options(page) -> str:  # type: ignore[no-untyped-def]
    return " ".join(page.content.decode().split())


def test_one_that_counts_satellite_alone_is_no_choice(desk, quarters):
    edition({VENDOME: (100, {"8": 100})}, DECEMBER, ANY)
    assert "2025-12-31" not in desk.get(COMPARE).content.decode()
    assert desk.get(f"{COMPARE}?after=2025-12-31").status_code == 400


@pytest.mark.parametrize(
    "query", ["before=2020-01-01", "after=x", "after=2025-13-45", "before=2025-09-30&after=2025-06-30", "after=%00"]
)
def test_what_makes_no_sense_is_told(desk, quarters, query):
    response = desk.get(f"{COMPARE}?{query}")
    assert response.status_code == 400
    assert 'role="alert"' in response.content.decode()


def test_invented_editions_say_so(desk):
    for day in (JUNE, SEPTEMBER):
        fibre({VENDOME: 40}, day, demo=True)
    page = desk.get(COMPARE).content.decode()
    assert "demo-banner" in page
    assert "(démonstration)" in page


@pytest.mark.parametrize("editions", [[], [SEPTEMBER]])
def test_without_two_editions_there_is_nothing_to_compare(desk, editions):
    for day in editions:
        fibre({VENDOME: 40}, day)
    page = desk.get(COMPARE)
    assert page.status_code == 200
    assert "Il faut deux éditions" in text(page)
