"""`/api/v1/platforms/`: bounded, every mistake named, and its schema true."""

from __future__ import annotations

import pytest

from directory.models import Platform
from tests.builders import centre_of
from tests.platform_data import platform

ORLEANS, TOURS = "45234", "37261"
URL = "/api/v1/platforms/"
pytestmark = pytest.mark.django_db


def names(client, **asked):
    answer = client.get(URL, asked)
    assert answer.status_code == 200, answer.content
    return [feature["properties"]["name"] for feature in answer.json()["features"]]


def errors(client, query: str) -> dict[str, str]:
    answer = client.get(f"{URL}?{query}")
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    return {name: error["code"] for name, error in answer.json()["errors"].items()}


def test_only_sites_are_published(client):
    one = platform("Marché", communes=[ORLEANS])
    Platform.objects.filter(pk=one.pk).update(url="javascript:alert(1)")
    (feature,) = client.get(URL).json()["features"]
    assert feature["properties"]["url"] is None


def test_what_it_tells(client):
    platform(
        "Marché <b>d'Orléans</b>",
        slug="marche",
        communes=[ORLEANS],
        products=["cheese", "honey"],
        description_fr="Le marché.",
        description_en="The market.",
        demo=True,
        link=Platform.Link.FLAGGED,
    )
    (feature,) = client.get(URL).json()["features"]
    assert feature == {
        "type": "Feature",
        "id": "marche",
        "geometry": None,
        "properties": {
            "name": "Marché <b>d'Orléans</b>",
            "operator": "Ville du Test",
            "kind": "town_marketplace",
            "url": "https://marche.example.org/",
            "page": "/plateforme/marche/",
            "description": {"fr": "Le marché.", "en": "The market."},
            "products": ["cheese", "honey"],
            "territory": {"communes": [ORLEANS], "epcis": [], "departements": [], "km2": 28},
            "link": "flagged",
            "demo": True,
        },
    }


def test_where_and_what(client):
    platform("Orléans", communes=[ORLEANS])
    platform("Loiret", departements=["45"], products=["honey"])
    platform("Tours", communes=[TOURS])
    here = {"lat": centre_of(ORLEANS).lat, "lon": centre_of(ORLEANS).lon}
    assert names(client) == ["Orléans", "Tours", "Loiret"]
    assert names(client, **here) == ["Orléans", "Loiret"]
    assert names(client, **here, product="cheese") == ["Orléans"]
    assert names(client, commune=ORLEANS) == ["Orléans", "Loiret"]
    assert names(client, epci="244500468") == ["Orléans", "Loiret"]
    assert names(client, departement="37") == ["Tours"]
    assert names(client, departement="37,45", product="cheese") == ["Orléans", "Tours"]
    assert names(client, **here, departement="37") == []


def test_hidden_ones_are_not_there(client):
    platform("A", communes=[ORLEANS], status="draft")
    platform("B", communes=[ORLEANS], link=Platform.Link.HIDDEN)
    assert names(client) == []


def test_the_contour_when_it_is_asked_for(client):
    platform("Orléans", communes=[ORLEANS])
    platform("Nulle part")
    shapes = [feature["geometry"] for feature in client.get(URL, {"geometry": "1"}).json()["features"]]
    assert [shape and shape["type"] for shape in shapes] == [None, "MultiPolygon"]
    lon, lat = shapes[1]["coordinates"][0][0][0]
    assert 1.8 < lon < 2.0
    assert 47.8 < lat < 48.0


def test_pages(client):
    for name in "ABC":
        platform(name, communes=[ORLEANS])
    answer = client.get(URL, {"limit": "2", "offset": "1"}).json()
    assert (answer["numberMatched"], answer["numberReturned"]) == (3, 2)
    assert [feature["properties"]["name"] for feature in answer["features"]] == ["B", "C"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("lat=47.9", {"lon": "missing"}),
        ("lon=1.9", {"lat": "missing"}),
        ("lat=nan&lon=1.9", {"lat": "not_a_number"}),
        ("lat=91&lon=1.9", {"lat": "out_of_range"}),
        ("lat=47&lat=48&lon=1.9", {"lat": "given_twice"}),
        ("commune=99999", {"commune": "unknown_code"}),
        ("departement=75", {"departement": "unknown_code"}),
        ("product=cheeze", {"product": "unknown_code"}),
        ("product=farm", {"product": "unknown_code"}),  # an activity
        ("geometry=2", {"geometry": "unknown_value"}),
        ("limit=0", {"limit": "out_of_range"}),
        ("limit=201", {"limit": "out_of_range"}),
        ("limit=21&geometry=1", {"limit": "out_of_range"}),
        ("offset=10001", {"offset": "out_of_range"}),
        ("radius_km=3", {"radius_km": "unknown_parameter"}),
        ("commune=" + ",".join(["45234"] * 51), {"commune": "too_many"}),
        ("product=%00", {"product": "invalid_text"}),
    ],
)
def test_mistakes_are_named(client, query, expected):
    assert errors(client, query) == expected


def test_the_answer_of_merchants_says_nothing_of_platforms(client):
    asked = {"product": "cheese", "commune": ORLEANS}
    before = client.get("/api/v1/merchants/", asked).json()
    platform("Orléans", communes=[ORLEANS])
    assert client.get("/api/v1/merchants/", asked).json() == before


def test_the_schema_tells_it(client):
    described = client.get("/api/schema/").json()["paths"][URL]["get"]
    assert {one["name"] for one in described["parameters"]} == {
        "lat", "lon", "commune", "epci", "departement", "product", "geometry", "limit", "offset",
    }  # fmt: skip
    assert "application/geo+json" in described["responses"]["200"]["content"]
