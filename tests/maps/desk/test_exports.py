"""Files that say what the screen says, to each audience what it may see."""

from __future__ import annotations

import io
import json
import re
from datetime import date, timedelta

import pyogrio
import pytest
from django.contrib.gis.gdal import DataSource
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook

from directory.models import ConnectionReport, ExportLog, GapCase, Merchant, PointOfSale
from geo.points import Position
from tests.builders import VENDOME, at, centre_of, point_of_sale
from tests.coverage_data import closure, fibre, zone
from tests.maps.admin_desk import BLOIS
from tests.maps.desk.handing import EXPORT, OPERATOR, csv_rows, export, sheet

pytestmark = pytest.mark.django_db
LATER, DAY = timezone.localdate() + timedelta(days=500), f"{timezone.localdate():%Y-%m-%d}"
ROMORANTIN = "41194"
FORMULA = '=HYPERLINK("http://evil.example";"Gagné")'
RESTRICTED = ("Roy", "02 54", "Rappeler", "Orange", "priorite", "etat", "telephone", "courriel", "dit_par", "suivi_par")


def on_screen(client: Client, query: str = "") -> tuple[int, list[str]]:
    """How many cases the list counts, and the names on its page."""
    page = client.get(f"/agents/departement/41/?{query}").content.decode()
    counted = re.search(r'<h2 id="dossiers">\s*([\d\u202f]+)', page)
    names = re.findall(r'<h3>\s*<a href="[^"]*">([^<]*)</a>', page)
    return int(re.sub(r"\D", "", counted[1])), names


# --- The same as the screen ------------------------------------------------------------------------------------------
def rows_of(answer, format: str, tmp_path) -> list[dict]:
    """The rows of a file, as the software that it is for reads them."""
    if format == "csv":
        return csv_rows(answer)
    if format == "xlsx":
        sheet = load_workbook(io.BytesIO(answer.content))["Commerces"]
        head, *rows = sheet.iter_rows(values_only=True)
        return [dict(zip(head, row, strict=True)) for row in rows]
    if format == "geojson":
        return [feature["properties"] for feature in json.loads(answer.content)["features"]]
    path = tmp_path / "list.gpkg"
    path.write_bytes(answer.content)
    layer = DataSource(path)[0]
    return [{name: feature.get(name) for name in layer.fields} for feature in layer]


@pytest.mark.parametrize("query", ["", "activity=bakery", "sort=name", f"commune={VENDOME}", "state=connected"])
@pytest.mark.parametrize("format", ["csv", "xlsx", "geojson", "gpkg"])
def test_a_file_holds_what_the_list_shows_in_its_order(desk, told, format, query, tmp_path):
    total, names = on_screen(desk, query)
    answer = export(desk, "departement", format, query)
    assert answer.status_code == 200
    rows = rows_of(answer, format, tmp_path)
    assert [row["nom"] for row in rows] == names
    assert len(rows) == total == ExportLog.objects.get().rows


@pytest.mark.parametrize("query", ["", "activity=bakery", "sort=name", "sort=next", f"commune={VENDOME}", "left=1"])
@pytest.mark.parametrize("audience", ["operator", "epci"])
def test_third_parties_are_given_the_same_lines_in_an_order_that_tells_nothing(desk, told, audience, query):
    total, names = on_screen(desk, query)
    rows = csv_rows(export(desk, audience, query=query))
    assert [row["nom"] for row in rows] == sorted(names), "by commune, Blois first, as by name"
    assert len(rows) == total == ExportLog.objects.get().rows


def test_all_of_the_list_and_not_its_page(desk, monkeypatch, django_assert_max_num_queries):
    monkeypatch.setattr("directory.gaps.exporting.CHUNK", 25)
    for number in range(60):
        point_of_sale(f"Ferme {number:02}")
    fibre({VENDOME: 10})
    total, names = on_screen(desk, "sort=name")
    with django_assert_max_num_queries(35):
        rows = csv_rows(export(desk, query="sort=name"))
    assert (total, len(names), len(rows)) == (60, 50, 60)
    assert [row["nom"] for row in rows] == [f"Ferme {number:02}" for number in range(60)]


def test_csv_opens_in_a_french_spreadsheet(desk, cases):
    closure(VENDOME, LATER)
    answer = export(desk, "epci", query=f"commune={VENDOME}")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    [row] = csv_rows(answer)
    centre = centre_of()
    assert float(row["lat"].replace(",", ".")) == pytest.approx(centre.lat, abs=1e-6)
    assert re.fullmatch(r"\d+,\d+", row["lon"])
    assert (row["locaux_eligibles"], row["locaux"], row["edition"]) == ("10", "100", "2025-09-30")
    assert row["classe"].replace("\xa0", " ") == "moins de 25 % des locaux éligibles à la fibre"
    assert (row["fermeture_cuivre"], row["preuve"]) == (LATER.isoformat(), "part de la commune")


def test_xlsx_has_numbers_days_and_its_sources(desk, cases):
    closure(VENDOME, LATER)
    book = load_workbook(io.BytesIO(export(desk, "epci", "xlsx", f"commune={VENDOME}").content))
    head, row = book["Commerces"].iter_rows(values_only=True)
    told = dict(zip(head, row, strict=True))
    assert (told["locaux_eligibles"], told["locaux"]) == (10, 100)
    assert told["fermeture_cuivre"].date() == LATER
    about = dict(book["Sources"].iter_rows(values_only=True))
    assert "ARCEP" in about["Source"]
    assert "Licence Ouverte 2.0" in about["Source"]
    assert "50" in about["Règle"]
    assert about["classe"].startswith("classe de la commune")


def test_geojson_is_rfc_7946(desk, cases):
    answer = export(desk, "epci", "geojson", f"commune={VENDOME}")
    assert answer["Content-Type"] == "application/geo+json"
    body = json.loads(answer.content)
    [feature] = body["features"]
    assert feature["geometry"] == {"type": "Point", "coordinates": centre_of().rounded()}
    assert "lat" not in feature["properties"]
    assert (feature["properties"]["locaux"], feature["properties"]["edition"]) == (100, "2025-09-30")
    assert any("ARCEP" in note for note in body["notes"])


def test_a_geopackage_opens_with_gdal(desk, cases, tmp_path):
    path = tmp_path / "list.gpkg"
    path.write_bytes(export(desk, "epci", "gpkg", "sort=commune").content)
    layer = DataSource(path)[0]
    assert (layer.geom_type.name, layer.srs.srid, layer.name) == ("Point", 4326, f"gap-41-epci-{DAY}")
    points = {feature.get("nom"): Position.from_geos(feature.geom.geos) for feature in layer}
    assert points["Chèvrerie du Loir"].rounded() == centre_of().rounded()
    assert "ARCEP" in pyogrio.read_info(path)["layer_metadata"]["DESCRIPTION"]


def test_an_empty_list_is_a_file_too(desk, cases, tmp_path):
    for format in ("csv", "xlsx", "geojson", "gpkg"):
        assert rows_of(export(desk, "departement", format, "state=refused"), format, tmp_path) == []


# --- What each audience sees -----------------------------------------------------------------------------------------
def test_the_operator_is_given_name_address_and_pin_only(desk, told):
    for format in ("csv", "geojson"):
        answer = export(desk, "operator", format)
        text = answer.content.decode()
        assert not [word for word in (*RESTRICTED, "classe", "preuve") if word in text]
    assert list(csv_rows(export(desk))[0]) == OPERATOR


def test_the_epci_is_given_nothing_restricted(desk, told):
    text = export(desk, "epci").content.decode()
    assert not [word for word in RESTRICTED if word in text]


def test_the_departement_is_given_all_as_consented(desk, told):
    [row] = csv_rows(export(desk, "departement", query=f"commune={VENDOME}"))
    assert (row["telephone"], row["courriel"]) == ("02 54 11 22 33", "")
    assert (row["etat"], row["suivi_par"]) == ("à contacter", "Odile")
    terms = [int(value) for name, value in row.items() if name.startswith("points_")]
    assert (len(terms), sum(terms)) == (5, int(row["priorite"]))
    said = [row[f"dit_par_le_commercant_{name}"] for name in ("fibre", "operateur", "mbits")]
    assert said == ["demandée, refusée", "Orange", ""]
    assert "Rappeler" not in str(row)


def test_a_hidden_pin_is_its_communes_centre_for_third_parties(desk, db):
    pin = at(centre_of(), 90, 900)
    point_of_sale("Plombier", pin=pin, pin_hidden=True, street="8 rue Cachée", postcode="41199")
    fibre({VENDOME: 10})
    for audience in ("operator", "epci"):
        answer = export(desk, audience)
        [row] = csv_rows(answer)
        assert (row["adresse"], row["code_postal"], row["precision"]) == ("", "", "à la commune")
        assert float(row["lon"].replace(",", ".")) == pytest.approx(centre_of().lon, abs=1e-6)
        [feature] = json.loads(export(desk, audience, "geojson").content)["features"]
        assert feature["geometry"]["coordinates"] == centre_of().rounded()
    [row] = csv_rows(export(desk, "departement"))
    assert (row["adresse"], row["precision"]) == ("8 rue Cachée", "au numéro")
    assert float(row["lon"].replace(",", ".")) == pytest.approx(pin.lon, abs=1e-6)
    page = desk.get(sheet(GapCase.objects.get())).content.decode()
    assert "Plombier" in page
    assert "8 rue Cachée" not in page


def test_who_is_listed_by_its_reply_alone_is_handed_to_nobody_else(desk, goats):
    place = point_of_sale("Atelier", commune=ROMORANTIN)
    ConnectionReport.objects.create(point_of_sale=place, fibre="refused")
    fibre({ROMORANTIN: 100, VENDOME: 10, BLOIS: 100}, date(2025, 12, 31))
    case = GapCase.objects.get(point_of_sale=place)
    assert case.evidence == "report"
    for audience in ("operator", "epci"):
        for format in ("csv", "geojson"):
            text = export(desk, audience, format).content.decode()
            assert "Chèvrerie" in text
            assert "Atelier" not in text
    assert [row["nom"] for row in csv_rows(export(desk, "departement"))] == ["Chèvrerie du Loir", "Atelier"]
    assert "Atelier" not in desk.get(sheet(case)).content.decode()
    page = desk.get(EXPORT).content.decode()
    assert page.count("1 dossier n&#x27;est là que par la réponse de son commerçant : il reste dans le service.") == 2
    counted = {offer.name: offer.rows for offer in desk.get(EXPORT).context["offers"]}
    assert list(counted.values()) == ["1 ligne", "1 ligne", "2 lignes"]


@pytest.mark.parametrize(
    ("query", "label"),
    [("reported=1", "Avec une réponse du commerçant"), ("state=to_verify", "État"), ("need=unknown", "Besoin"),
     ("assignee=none", "Suivi par"), ("assignee=me", "Suivi par"), ("overdue=1", "En retard")],
)  # fmt: skip
def test_what_chooses_by_the_follow_up_or_a_reply_is_for_the_service_alone(desk, told, query, label):
    asked = desk.get(f"{EXPORT}?{query}")
    refused = [offer.refused for offer in asked.context["offers"]]
    assert [label in text for text in refused] == [True, True, False]
    assert asked.content.decode().count("disabled") == 2
    for audience in ("operator", "epci"):
        answer = export(desk, audience, query=query)
        assert answer.status_code == 400
        assert "Content-Disposition" not in answer
        assert f"Pas avec ce filtre ({label})" in answer.content.decode()
    assert not ExportLog.objects.exists()
    assert export(desk, "departement", query=query).status_code == 200


def test_what_is_no_longer_known_is_not_said_again(desk, goats):
    """Cases of an edition that was replaced, as the demonstration is by the first real one."""
    GapCase.objects.filter(pk=goats.pk).update(in_gap=False, edition=None, copper_on=LATER)
    assert csv_rows(export(desk, "operator", query="left=1")) == []
    [row] = csv_rows(export(desk, "departement", query="left=1"))
    assert row["nom"] == "Chèvrerie du Loir"
    named = ("classe", "locaux", "locaux_eligibles", "preuve", "source", "edition", "fermeture_cuivre")
    assert {row[name] for name in named} == {""}


def test_phones_are_written_as_people_write_them(desk, told):
    Merchant.objects.update(phone="+33 2 54 11 22 33")
    for format in ("csv", "geojson"):
        text = export(desk, "departement", format).content.decode()
        assert "02 54 11 22 33" in text
        assert "+33" not in text


def test_what_is_no_longer_published_stays_with_the_departement(desk, goats):
    PointOfSale.objects.filter(pk=goats.point_of_sale_id).update(status="hidden")
    GapCase.objects.filter(pk=goats.pk).update(in_gap=False)
    assert csv_rows(export(desk, "operator", query="left=1")) == []
    assert [row["nom"] for row in csv_rows(export(desk, "departement", query="left=1"))] == ["Chèvrerie du Loir"]


def test_what_is_invented_is_marked_in_every_file(desk, db, tmp_path):
    point_of_sale("Vrai")
    fibre({VENDOME: 10}, demo=True)
    for format in ("csv", "xlsx", "geojson", "gpkg"):
        answer = export(desk, "operator", format)
        assert [row["demonstration"] for row in rows_of(answer, format, tmp_path)] == ["oui"]
        assert "-demonstration." in answer["Content-Disposition"]


def test_an_invented_closure_zone_or_merchant_marks_its_line(desk, db):
    point_of_sale("Vrai"), point_of_sale("Inventé", demo=True)
    fibre({VENDOME: 10, BLOIS: 10})
    point_of_sale("Cuivre", commune=BLOIS)
    closure(BLOIS, LATER, demo=True)
    rows = {row["nom"]: row["demonstration"] for row in csv_rows(export(desk))}
    assert rows == {"Vrai": "non", "Inventé": "oui", "Cuivre": "oui"}
    zone((0, 46, 3, 49), "HD3").file.__class__.objects.update(demo=True)
    assert {row["demonstration"] for row in csv_rows(export(desk))} == {"oui"}


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
@pytest.mark.parametrize(("format", "mark"), [("csv", "'"), ("xlsx", "'"), ("geojson", ""), ("gpkg", "")])
def test_no_name_is_a_formula_to_a_spreadsheet_nor_other_than_it_is_in_a_layer(desk, db, format, mark, start, tmp_path):
    point_of_sale(start + FORMULA[1:])
    fibre({VENDOME: 10})
    answer = export(desk, "departement", format)
    [row] = rows_of(answer, format, tmp_path)
    assert row["nom"].replace("\n", "\r") == mark + start + FORMULA[1:]  # XML knows one kind of line end
    if format == "xlsx":
        cells = [cell for line in load_workbook(io.BytesIO(answer.content))["Commerces"] for cell in line]
        assert not [cell for cell in cells if cell.data_type == "f"]
