"""Handing over: the form that asks for whom, the log, the sheet of an EPCI; and whose each of them is."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.template import engines
from django.test import Client
from django.utils import timezone

from directory.gaps.follow_up import record
from directory.models import ConnectionReport, ExportLog, GapCase, Remedy
from geo import revisions
from geo.gazetteer import gazetteer
from geo.models import Commune
from maps.desk.reports import link_to
from tests.builders import VENDOME, centre_of, point_of_sale
from tests.coverage_data import fibre, zone
from tests.maps.desk.handing import EXPORT, OPERATOR, export, sheet

pytestmark = pytest.mark.django_db
LATER, DAY = timezone.localdate() + timedelta(days=500), f"{timezone.localdate():%Y-%m-%d}"
TOURS, NAVEIL, UNDEFINED = "37261", "41158", "UNDEFINED-VARIABLE"


# --- The form and the log --------------------------------------------------------------------------------------------
def test_nobody_is_handed_a_list_by_default(desk, cases):
    page = desk.get(EXPORT).content.decode()
    assert "checked" not in page
    for data in ({}, {"format": "csv"}, {"audience": "operator"}, {"audience": "press", "format": "csv"}):
        answer = desk.post(EXPORT, data)
        assert answer.status_code == 400
        assert "Content-Disposition" not in answer
    assert not ExportLog.objects.exists()


def test_a_filter_that_is_not_understood_exports_nothing(desk, cases):
    answer = export(desk, query="state=nowhere")
    assert answer.status_code == 400
    assert "nowhere" in answer.content.decode()
    assert not ExportLog.objects.exists()


def test_a_list_longer_than_a_file_is_refused(desk, cases, monkeypatch):
    monkeypatch.setattr("directory.gaps.exporting.MOST_ROWS", 1)
    answer = export(desk)
    assert answer.status_code == 400
    assert "2 lignes" in answer.content.decode()
    assert not ExportLog.objects.exists()


def test_each_export_is_in_the_log_with_its_columns_and_filters(desk, odile, cases):
    answer = export(desk, "operator", "csv", "activity=bakery&sort=name")
    assert answer["Content-Disposition"] == f'attachment; filename="gap-41-operateur-{DAY}.csv"'
    assert answer["Cache-Control"] == "private, no-store"
    row = ExportLog.objects.get()
    assert (row.by, row.departement_id, row.audience, row.format, row.rows) == (odile, "41", "operator", "csv", 1)
    assert row.columns == OPERATOR
    page = desk.get("/agents/departement/41/exports/").content.decode()
    for text in ("Odile", "l&#x27;opérateur", "Activité : Boulangerie", "Trier par : Nom", "code_postal"):
        assert text in page
    assert desk.get(f"/agents/departement/41/?{row.filters}").status_code == 200


def test_pages_are_given_all_that_they_show(desk, told, monkeypatch):
    monkeypatch.setattr(engines["django"].engine, "string_if_invalid", UNDEFINED)
    Remedy.objects.create(departement_id="41", kind="contact", title="Cellule numérique")
    zone((0, 46, 3, 49), "HD3", planned_on=LATER)
    link = link_to(told.point_of_sale)
    pages = [EXPORT, f"{EXPORT}?state=x", sheet(told), "/agents/departement/41/exports/", link, f"{link}merci/",
             f"/agents/departement/41/dossier/{told.pk}/lien/", "/connexion-internet/x/"]  # fmt: skip
    for path in pages:
        for address in (path, f"/en{path}"):
            assert UNDEFINED not in desk.get(address).content.decode(), address


def test_a_forged_form_is_refused(odile, cases):
    client = Client(enforce_csrf_checks=True)
    client.force_login(odile, backend="django.contrib.auth.backends.ModelBackend")
    assert export(client).status_code == 403
    assert not ExportLog.objects.exists()


# --- The sheet of an EPCI --------------------------------------------------------------------------------------------
def test_the_sheet_shows_what_an_epci_may_see(desk, told, odile):
    page = desk.get(sheet(told)).content.decode()
    assert "Chèvrerie du Loir" in page
    assert "Boulangerie Denis" not in page
    assert not [word for word in ("02 54", "Rappeler", "Orange", "à contacter", "refusée") if word in page]
    assert page.count("&lt;\xa05") + page.count("<\xa05") == 2


def test_counts_of_what_was_done_are_told_from_five_up(desk, odile):
    for number in range(5):
        point_of_sale(f"Ferme {number}")
    fibre({VENDOME: 10})
    cases = list(GapCase.objects.all())
    for case in cases[:4]:
        record(case, odile, state="contacted")
    assert desk.get(sheet(cases[0])).context["totals"][-2] == ("Déjà contactés", "<\xa05")
    record(cases[4], odile, state="contacted")
    assert desk.get(sheet(cases[0])).context["totals"][-2] == ("Déjà contactés", "5")


def test_the_sheet_is_in_the_log_once_an_hour(desk, goats):
    desk.get(sheet(goats)), desk.get(sheet(goats)), desk.head(sheet(goats))
    row = ExportLog.objects.get()
    assert (row.format, row.audience, row.filters) == ("print", "epci", f"epci={goats.epci_id}&sort=commune")
    assert "feuille imprimable" in desk.get("/agents/departement/41/exports/").content.decode()


def test_the_sheet_takes_the_filters_of_the_list_that_an_epci_may_know(desk, goats):
    point_of_sale("Boulangerie du Loir", activities=["bakery"])
    point_of_sale("Chèvrerie de Naveil", commune=NAVEIL, activities=["goat_farm"])
    fibre({VENDOME: 10, NAVEIL: 10}, date(2025, 12, 31))
    listed = desk.get(
        f"/agents/departement/41/?epci={goats.epci_id}&activity=goat_farm&commune={VENDOME}&state=to_verify"
    )
    href = listed.context["sheet_href"]
    assert href == f"{sheet(goats)}?commune={VENDOME}&activity=goat_farm"
    assert href.replace("&", "&amp;") in listed.content.decode()
    page = desk.get(href)
    assert [line["nom"] for line in page.context["lines"]] == ["Chèvrerie du Loir"]
    assert [(row.name, row.merchants) for row in page.context["communes"]] == [("Vendôme", 1)]
    assert page.context["narrowed"] == ["Commune : Vendôme", "Activité : Chèvrerie"]
    assert "Déjà contactés" not in page.content.decode(), "two sheets could be subtracted"
    assert ExportLog.objects.get().filters.startswith(f"epci={goats.epci_id}&commune={VENDOME}&activity=goat_farm")


@pytest.mark.parametrize("query", ["state=to_verify", "reported=1", "overdue=1", "left=1", "assignee=me", "colour=red"])
def test_a_sheet_is_not_made_with_other_filters(desk, goats, query):
    answer = desk.get(f"{sheet(goats)}?{query}")
    assert answer.status_code == 400
    assert "Chèvrerie" not in answer.content.decode()
    assert f'href="{sheet(goats)}"' in answer.content.decode()
    assert not ExportLog.objects.exists()


def test_the_sheet_says_what_it_leaves_out_and_counts_it(desk, goats, monkeypatch):
    monkeypatch.setattr("maps.desk.epci.PRINTED", 2)
    point_of_sale("Ferme A"), point_of_sale("Ferme B")
    fibre({VENDOME: 10}, date(2025, 12, 31))
    page = desk.get(sheet(goats))
    assert "porte 2 commerces sur 3" in page.content.decode()
    assert [(row.name, row.merchants) for row in page.context["communes"]] == [("Vendôme", 3)]
    assert ExportLog.objects.get().rows == 2


def test_the_sheets_communes_are_those_of_its_rule_or_of_a_zone(desk, goats):
    place = point_of_sale("Atelier", commune=NAVEIL)
    ConnectionReport.objects.create(point_of_sale=place, fibre="refused")
    fibre({VENDOME: 10, NAVEIL: 90}, date(2025, 12, 31))
    page = desk.get(sheet(goats))
    assert [(row.name, row.why) for row in page.context["communes"]] == [("Vendôme", "")]
    centre = centre_of(NAVEIL)
    zone((centre.lon - 0.01, centre.lat - 0.01, centre.lon + 0.01, centre.lat + 0.01), "HD3")
    page = desk.get(sheet(goats))
    rows = {row.name: (row.why, row.merchants) for row in page.context["communes"]}
    assert rows["Vendôme"] == ("", 1)
    assert rows["Naveil"] == ("hors de la règle : commerces d'une zone livrée par le département", 1)
    own = sum(entry.epci == goats.epci_id for entry in gazetteer().entries if entry.departement == "41")
    assert page.context["totals"][0] == ("Communes à faible débit, selon la règle", f"1 sur {own}")


def test_a_sheet_without_merchants_says_where_its_figures_come_from(desk, db):
    fibre({VENDOME: 10}, demo=True)
    page = desk.get(f"/agents/departement/41/epci/{Commune.objects.get(pk=VENDOME).epci_id}/")
    assert page.context["shows_demo"]
    fibre({VENDOME: 10}, date(2025, 12, 31))
    page = desk.get(f"/agents/departement/41/epci/{Commune.objects.get(pk=VENDOME).epci_id}/")
    assert not page.context["shows_demo"]
    assert any("31 décembre 2025" in text for _heading, text in page.context["notes"])


def test_an_epci_across_two_departements_shows_ones_own_part(desk, neighbour, db):
    siren = Commune.objects.get(pk=VENDOME).epci_id
    Commune.objects.filter(pk=TOURS).update(epci=siren)
    revisions.bump("communes")
    revisions.forget()
    point_of_sale("Vendômoise"), point_of_sale("Tourangelle", commune=TOURS)
    fibre({VENDOME: 10, TOURS: 10})
    ours = desk.get(f"/agents/departement/41/epci/{siren}/").content.decode()
    theirs = neighbour.get(f"/agents/departement/37/epci/{siren}/").content.decode()
    assert "Vendômoise" in ours
    assert "Tourangelle" not in ours
    assert "Tourangelle" in theirs
    assert "Vendômoise" not in theirs


# --- Whose ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("page", ["export/", "exports/", "epci/{epci}/", "dossier/{case}/lien/"])
def test_anothers_departement_is_not_found(desk, cases, page):
    theirs = cases["Boulangerie Tourangelle"]
    path = page.format(epci=theirs.epci_id, case=theirs.pk)
    for below in ("/agents/departement/37", "/en/agents/departement/37", "/agents/departement/99"):
        address = f"{below}/{path}"
        for answer in (desk.get(address), desk.post(address, {"audience": "operator", "format": "csv"})):
            assert answer.status_code in (404, 405)
            assert "Tourangelle" not in answer.content.decode()
        assert desk.get(address).status_code == 404
    assert not ExportLog.objects.exists()


def test_anothers_are_not_found_below_ones_own_address(desk, cases):
    theirs = cases["Boulangerie Tourangelle"]
    assert desk.get(f"/agents/departement/41/epci/{theirs.epci_id}/").status_code == 404
    assert desk.get("/agents/departement/41/epci/000000000/").status_code == 404
    assert desk.get(f"/agents/departement/41/dossier/{theirs.pk}/lien/").status_code == 404
    for query in (f"epci={theirs.epci_id}", f"commune={theirs.commune_id}"):
        assert export(desk, query=query).status_code == 400
    assert not ExportLog.objects.exists()


@pytest.mark.parametrize("page", ["export/", "exports/", "epci/200072072/", "dossier/1/lien/"])
def test_strangers_are_asked_to_sign_in(cases, page):
    for answer in (Client().get(f"/agents/departement/41/{page}"), export(Client())):
        assert answer.status_code == 302
        assert answer["Location"].startswith("/agents/connexion/")
    assert not ExportLog.objects.exists()


def test_the_log_is_the_departements_own(desk, neighbour, cases):
    export(neighbour, path="/agents/departement/37/export/")
    assert "Igor" not in desk.get("/agents/departement/41/exports/").content.decode()
    assert "Igor" in neighbour.get("/agents/departement/37/exports/").content.decode()
