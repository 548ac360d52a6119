"""Figures by commune as files: the counts of the answer, with where they come from on every line."""

from __future__ import annotations

import csv
import io

import pytest
from openpyxl import load_workbook

from tests.builders import VENDOME, point_of_sale
from tests.coverage_data import edition
from tests.directory.test_coverage_api import BLOIS, COMMUNES, asked

pytestmark = pytest.mark.django_db


@pytest.fixture
def figures():
    edition({VENDOME: (200, {"ftth": 50}), BLOIS: (1000, {"ftth": 900})}, demo=True)
    point_of_sale("Une")


def test_csv_holds_the_counts_of_the_answer(client, figures):
    body = asked(client, departement="41")
    response = client.get(COMMUNES, {"departement": "41", "format": "csv"})
    assert response["Content-Disposition"] == 'attachment; filename="couverture-2025-09-30-demonstration.csv"'
    assert response.content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig")), delimiter=";"))
    assert [row["code"] for row in rows] == [line["code"] for line in body["communes"]]
    assert sum(int(row["premises"] or 0) for row in rows) == body["totals"]["premises"] == 1200
    assert sum(int(row["eligible_ftth"] or 0) for row in rows) == body["totals"]["eligible"]["ftth"]
    row = next(row for row in rows if row["code"] == VENDOME)
    assert (row["points_of_sale"], row["low_bandwidth"], row["eligible_8"]) == ("1", "true", "")
    assert (row["edition"], row["demo"], row["licence"]) == ("2025-09-30", "true", "Licence Ouverte 2.0")
    assert row["source"] == "ARCEP, Ma connexion internet"
    assert (row["departement"], row["epci"]) == ("41", "200072072")


def test_a_workbook_too(client, figures):
    content = client.get(COMMUNES, {"departement": "41", "format": "xlsx"}).content
    book = load_workbook(io.BytesIO(content))
    head, *rows = book.worksheets[0].iter_rows(values_only=True)
    assert head[4] == "Locaux"
    assert sum(row[4] or 0 for row in rows) == 1200
    assert "Fibre" in head
    about = [cell for row in book.worksheets[1].iter_rows(values_only=True) for cell in row if cell]
    assert any("moins de 50" in cell for cell in about)


def test_geojson_has_the_contours_of_one_departement(client, figures):
    body = asked(client, departement="41", format="geojson")
    assert body["geometries"] == "contours"
    feature = next(feature for feature in body["features"] if feature["id"] == VENDOME)
    assert feature["geometry"]["type"] == "MultiPolygon"
    assert (feature["properties"]["premises"], feature["properties"]["demo"]) == (200, True)
    assert feature["properties"]["edition"] == "2025-09-30"


def test_and_centres_of_more(client, figures):
    for query in ({}, {"departement": "41,37"}):
        body = asked(client, format="geojson", **query)
        assert body["geometries"] == "centres"
        assert {feature["geometry"]["type"] for feature in body["features"]} == {"Point"}


def test_without_any_edition(client):
    for name in ("csv", "xlsx", "geojson"):
        response = client.get(COMMUNES, {"departement": "41", "format": name})
        assert response.status_code == 200
        assert response["Content-Disposition"] == f'attachment; filename="couverture.{name}"'
