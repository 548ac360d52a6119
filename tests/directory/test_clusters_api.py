"""`/api/v1/clusters/`: the contract, over HTTP."""

from __future__ import annotations

import pytest

from directory.clusters import pyramid
from tests.builders import centre_of, point_of_sale

pytestmark = pytest.mark.django_db
CLUSTERS = "/api/v1/clusters/"


@pytest.fixture
def three():
    point_of_sale("Chèvrerie", activities=["goat_farm"], products=["valencay"])
    point_of_sale("Rucher", activities=["beekeeper"], products=["honey"])
    point_of_sale("Boulangerie", commune="18033", activities=["bakery"], products=["bread"])


def test_it_is_a_geojson_collection_with_credits(client, three):
    response = client.get(CLUSTERS, {"zoom": 8})
    assert response.headers["Content-Type"] == "application/geo+json"
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert "max-age=300" in response.headers["Cache-Control"]
    assert response.headers["ETag"].startswith("W/")
    answer = response.json()
    assert answer["type"] == "FeatureCollection"
    assert (answer["numberMatched"], answer["numberReturned"], answer["zoom"]) == (3, 2, 8)
    assert answer["license"]
    assert answer["attribution"]
    together = next(feature for feature in answer["features"] if feature["properties"]["count"] == 2)
    assert together["geometry"]["coordinates"] == centre_of().rounded()
    assert together["properties"] == {"count": 2}, "what stands together is not named"


@pytest.mark.parametrize(
    "asked",
    [
        "",
        "product=cheese",
        "q=miel autour de Vendôme",
        "place=Vendôme&radius_km=3",
        "departement=18",
        "text=rucher",
        "bbox=0.5,47,2,48",
        "product=cheese,honey&bbox=0.5,47,2,48",
        "open=now",
        "season=5",
        "q=boulangerie à Bourges&bbox=2,46,3,48",
    ],
)
def test_every_filter_matches_as_in_the_list(client, three, asked):
    listed = client.get(f"/api/v1/merchants/?{asked}").json()["numberMatched"]
    for zoom in (5, 12, 20):
        answer = client.get(f"{CLUSTERS}?{asked}&zoom={zoom}").json()
        assert answer["numberMatched"] == listed
        assert sum(feature["properties"]["count"] for feature in answer["features"]) == listed


def test_what_says_what_is_open_is_kept_for_a_minute(client, three):
    assert "max-age=60" in client.get(CLUSTERS, {"zoom": 8, "open": "now"}).headers["Cache-Control"]


@pytest.mark.parametrize(
    ("asked", "name", "code"),
    [
        ("", "zoom", "missing"),
        ("zoom=", "zoom", "empty"),
        ("zoom=23", "zoom", "out_of_range"),
        ("zoom=-1", "zoom", "out_of_range"),
        ("zoom=8.5", "zoom", "out_of_range"),
        ("zoom=8&zoom=9", "zoom", "given_twice"),
        ("zoom=8&bbox=1,2,3", "bbox", "not_a_bbox"),
        ("zoom=8&product=chees", "product", "unknown_code"),
        ("zoom=8&facets=1", "facets", "unknown_parameter"),
        ("zom=8", "zom", "unknown_parameter"),
    ],
)
def test_a_mistake_is_named(client, asked, name, code):
    response = client.get(f"{CLUSTERS}?{asked}")
    assert response.status_code == 400
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.json()["errors"][name]["code"] == code


def test_zoom_belongs_to_clusters_alone(client):
    assert client.get("/api/v1/merchants/?zoom=8").status_code == 400


def test_a_box_of_an_answer_asks_for_just_its_points(client):
    """What a map does when a disc is touched."""
    for n in range(12):
        point_of_sale(f"Ferme {n}", pin=centre_of("18033") if n % 3 else centre_of())
    pyramid.fold()
    for feature in client.get(CLUSTERS, {"zoom": 9}).json()["features"]:
        box = ",".join(map(str, feature["bbox"]))
        for path in (f"/api/v1/merchants/?bbox={box}", f"{CLUSTERS}?bbox={box}&zoom=13"):
            assert client.get(path).json()["numberMatched"] == feature["properties"]["count"]


def test_it_is_in_the_published_schema(client):
    described = client.get("/api/schema/").json()["paths"]["/api/v1/clusters/"]["get"]
    names = {parameter["name"]: parameter for parameter in described["parameters"]}
    assert names["zoom"]["required"]
    assert {"bbox", "product", "q"} <= names.keys()
