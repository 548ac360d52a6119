"""Mistakes in a question: each is a 400 that names the parameter and the remedy; nothing is a 500."""

from __future__ import annotations

import pytest

from tests.builders import point_of_sale

pytestmark = pytest.mark.django_db
MERCHANTS = "/api/v1/merchants/"


@pytest.fixture
def four_places():
    for name in ("Boulangerie", "Ferme", "Potier", "Rucher"):
        point_of_sale(name)


NONSENSE = [
    ("lat=NaN&lon=1", "lat", "not_a_number"),
    ("lat=47&lon=inf", "lon", "not_a_number"),
    ("lat=47&lon=1e2", "lon", "not_a_number"),
    ("lat=91&lon=1", "lat", "out_of_range"),
    ("lat=47&lon=-180.1", "lon", "out_of_range"),
    ("lat=47", "lon", "missing"),
    ("lat=47&lon=1&lat=48", "lat", "given_twice"),
    ("lat=%00&lon=1", "lat", "invalid_text"),
    ("lat=&lon=1", "lat", "empty"),
    ("place=Vend%C3%B4me&lat=47&lon=1", "place", "two_centres"),
    ("place=Xyzzyville-les-Bidules", "place", "unknown_place"),
    ("place=" + "a" * 201, "place", "too_long"),
    ("place=a%00b", "place", "invalid_text"),
    ("place=+", "place", "empty"),
    ("place=Blois&place=Tours", "place", "given_twice"),
    ("radius_km=10", "radius_km", "needs_a_centre"),
    ("place=Blois&radius_km=0.09", "radius_km", "out_of_range"),
    ("place=Blois&radius_km=201", "radius_km", "out_of_range"),
    ("place=Blois&radius_km=-5", "radius_km", "out_of_range"),
    ("place=Blois&radius_km=ten", "radius_km", "not_a_number"),
    ("place=41&radius_km=10", "radius_km", "needs_a_centre"),
    ("bbox=1,47,2", "bbox", "not_a_bbox"),
    ("bbox=2,47,1,48", "bbox", "reversed_bbox"),
    ("bbox=1,48,2,47", "bbox", "reversed_bbox"),
    ("bbox=nan,47,2,48", "bbox (west)", "not_a_number"),
    ("bbox=1,47,2,inf", "bbox (north)", "not_a_number"),
    ("product=chees", "product", "unknown_code"),
    ("product=farm", "product", "unknown_code"),
    ("activity=", "activity", "empty"),
    ("activity=farm,", "activity", "unknown_code"),
    ("product=" + ",".join(["honey"] * 51), "product", "too_many"),
    ("commune=99999", "commune", "unknown_code"),
    ("epci=123", "epci", "unknown_code"),
    ("departement=75", "departement", "unknown_code"),
    ("sort=distance", "sort", "needs_a_centre"),
    ("sort=price", "sort", "unknown_value"),
    ("limit=0", "limit", "out_of_range"),
    ("limit=201", "limit", "out_of_range"),
    ("limit=-1", "limit", "out_of_range"),
    ("limit=%D9%A1", "limit", "out_of_range"),
    ("offset=10001", "offset", "out_of_range"),
    ("offset=1.5", "offset", "out_of_range"),
    ("produit=honey", "produit", "unknown_parameter"),
    ("limit=5&limti=5", "limti", "unknown_parameter"),
]


class TestErrors:
    @pytest.mark.parametrize(("query", "parameter", "code"), NONSENSE)
    @pytest.mark.parametrize("path", [MERCHANTS, "/api/v1/merchants.csv", "/api/v1/merchants.geojson"])
    def test_nonsense_is_a_400_that_names_the_parameter(self, client, path, query, parameter, code):
        response = client.get(f"{path}?{query}")
        assert response.status_code == 400, response.content
        assert response["Content-Type"] == "application/problem+json"
        body = response.json()
        assert body["status"] == 400
        assert body["code"] == "invalid_parameters"
        name = parameter.partition(" ")[0]
        assert body["errors"][name]["code"] == code
        assert name in body["errors"][name]["detail"]
        assert name in body["detail"]

    def test_an_unknown_name_or_code_gets_the_nearest_known_one(self, client):
        errors = client.get(MERCHANTS + "?prodcut=honey&activity=bakry").json()["errors"]
        assert errors["prodcut"]["nearest"] == "product"
        assert errors["activity"]["nearest"] == "bakery"

    def test_all_mistakes_are_told_at_once(self, client):
        errors = client.get(MERCHANTS + "?lat=x&lon=y&limit=0&foo=1").json()["errors"]
        assert set(errors) == {"lat", "limit", "foo"} | {"lon"} or set(errors) == {"lon", "limit", "foo"}

    def test_errors_speak_the_client_s_language(self, client):
        url = MERCHANTS + "?limit=0"
        assert "attendu" in client.get(url).json()["detail"]
        assert "expected" in client.get(url, headers={"accept-language": "en"}).json()["detail"]

    def test_unknown_names_are_told_up_to_some_and_the_known_ones_once(self, client):
        response = client.get(MERCHANTS + "?limit=0&" + "&".join(f"{i}%C3%A9{i}=1" for i in range(900)))
        body = response.json()
        assert len(body["errors"]) == 21
        assert body["errors"]["limit"]["code"] == "out_of_range"
        assert str(body["errors"]).count("radius_km") == 1
        assert len(response.content) < 8_000

    @pytest.mark.parametrize("path", [MERCHANTS, "/api/v1/merchants.csv", "/api/v1/suggest/", "/api/v1/interpret/"])
    def test_too_many_parameters_are_a_problem_with_its_remedy(self, client, path):
        response = client.get(path + "?" + "product=honey&" * 1_001)
        assert (response.status_code, response["Content-Type"]) == (400, "application/problem+json")
        assert response.json()["code"] == "too_many_parameters"
        assert "1000" in response.json()["detail"]

    def test_hostile_queries_never_fail(self, client):
        for query in ("product[]=x", "%FF=%FE", "a" * 7000, "place=%27%3B--", "place=%F0%9F%90%90", "q", "&&&="):
            assert client.get(f"{MERCHANTS}?{query}").status_code in (200, 400)

    def test_other_methods_and_addresses(self, client):
        refused = client.post(MERCHANTS)
        assert (refused.status_code, refused.json()["code"]) == (405, "method_not_allowed")
        assert "GET" in refused["Allow"]
        lost = client.get("/api/v1/nothing/")
        assert (lost.status_code, lost["Content-Type"]) == (404, "application/problem+json")
        assert client.get("/api/v1/merchants").headers["Location"] == MERCHANTS
        assert client.get(MERCHANTS + "999999999999999999999/").status_code == 404
        assert client.head(MERCHANTS).status_code == 200

    def test_an_export_of_too_many_is_refused_with_the_count(self, client, four_places, monkeypatch):
        monkeypatch.setattr("directory.api.merchants.MOST_EXPORTED", 3)
        for path in ("/api/v1/merchants.csv", "/api/v1/merchants.geojson"):
            response = client.get(path)
            assert response.status_code == 413
            assert response.json()["numberMatched"] == 4
