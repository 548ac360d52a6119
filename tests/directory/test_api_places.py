"""Places over HTTP: what lies under a point, communes, and geocoding without a network."""

from __future__ import annotations

import pytest
from django.test import override_settings

from tests.builders import centre_of
from tests.directory.test_api import get

pytestmark = pytest.mark.django_db


def test_reverse(client):
    centre = centre_of()
    body = get(client, "/api/v1/reverse/", lat=str(centre.lat), lon=str(centre.lon)).json()
    assert body["commune"]["code"] == "41269"
    assert body["departement"] == {"code": "41", "name": "Loir-et-Cher"}
    assert body["epci"]["siren"] == "200072072"
    assert get(client, "/api/v1/reverse/", lat="48.85", lon="2.35").status_code == 404
    assert get(client, "/api/v1/reverse/", lat="47").json()["errors"]["lon"]["code"] == "missing"
    assert get(client, "/api/v1/reverse/", lat="nan", lon="0").json()["errors"]["lat"]["code"] == "not_a_number"


def test_communes(client):
    body = get(client, "/api/v1/communes/", departement="41", limit="500").json()
    assert body["numberMatched"] == len(body["features"]) > 250
    vendome = next(f for f in body["features"] if f["id"] == "41269")
    assert vendome["geometry"] is None
    properties = vendome["properties"]
    assert set(properties) == {
        "code", "name", "departement", "epci", "postcodes", "population", "former_codes", "centre",
    }  # fmt: skip
    assert (properties["code"], properties["name"], properties["departement"]) == ("41269", "Vendôme", "41")
    assert properties["postcodes"] == ["41100"]
    contour = get(client, "/api/v1/communes/", q="Vendôme", geometry="1").json()["features"][0]
    assert contour["geometry"]["type"] == "MultiPolygon"
    assert get(client, "/api/v1/communes/", geometry="1", limit="201").status_code == 400
    assert get(client, "/api/v1/communes/", geometry="2").status_code == 400


@override_settings(GEOCODER={"domain": "", "provider": "ban", "scheme": "https", "timeout_s": 1.0,
                             "calls_per_second": 20.0, "cache_days": 1})  # fmt: skip
def test_geocode_without_network_falls_back_on_the_commune_and_says_so(client):
    body = get(client, "/api/v1/geocode/", q="12 rue du Change 41100 Vendôme").json()
    assert body["candidates"][0]["precision"] == "commune"
    assert body["candidates"][0]["commune"] == "41269"
    assert body["candidates"][0]["source"] == "gazetteer"
    assert get(client, "/api/v1/geocode/").json()["errors"]["q"]["code"] == "missing"
    assert get(client, "/api/v1/geocode/", q="a" * 300).status_code == 400
