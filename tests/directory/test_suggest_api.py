"""`/api/v1/suggest/` over HTTP."""

from __future__ import annotations

import pytest

from tests.builders import point_of_sale

pytestmark = pytest.mark.django_db
SUGGEST = "/api/v1/suggest/"


def get(client, language="fr", **parameters):
    return client.get(SUGGEST, parameters, headers={"accept-language": language})


def test_a_list_best_first(client):
    place = point_of_sale("Vendangeoir")
    response = get(client, q="vend")
    assert response.status_code == 200
    assert response["Content-Type"] == "application/json"
    assert response["Cache-Control"] == "public, max-age=300"
    assert "Accept-Language" in response["Vary"]
    commune = response.json()[0]
    assert commune == {
        "kind": "commune",
        "code": "41269",
        "label": "Vendôme",
        "lat": pytest.approx(47.79, abs=0.02),
        "lon": pytest.approx(1.06, abs=0.02),
        "q": "Vendôme",
        "detail": "Loir-et-Cher",
    }
    merchant = next(one for one in response.json() if one["kind"] == "merchant")
    assert merchant["url"] == f"/m/{place.merchant_id}-vendangeoir/"
    assert client.get(merchant["url"]).status_code == 200


def test_the_language_of_the_request(client):
    assert get(client, q="chees", language="en").json()[0]["label"] == "Cheese"
    assert get(client, q="chees", language="fr-FR,en;q=0.5").json()[0] == {
        "kind": "product", "code": "cheese", "label": "Fromage", "lat": None, "lon": None, "q": "Fromage",
        "detail": "Produit", "matched": "Cheese",
    }  # fmt: skip


@pytest.mark.parametrize("q", ["", " ", "\t ", "x", "«»", "…"])
def test_nothing_is_asked_yet(client, q):
    response = get(client, q=q)
    assert (response.status_code, response.json()) == (200, [])


@pytest.mark.parametrize(
    ("query", "name", "code"),
    [
        ("", "q", "missing"),
        ("q=" + "a" * 501, "q", "too_long"),
        ("q=a&q=b", "q", "given_twice"),
        ("q=a%00b", "q", "invalid_text"),
        ("q=vend&limt=3", "limt", "unknown_parameter"),
        ("query=vend", "query", "unknown_parameter"),
    ],
)
def test_mistakes(client, query, name, code):
    response = client.get(f"{SUGGEST}?{query}")
    assert response.status_code == 400
    assert response["Content-Type"] == "application/problem+json"
    assert response.json()["errors"][name]["code"] == code


@pytest.mark.parametrize("length", [200, 201, 498])
def test_as_much_is_read_as_the_field_takes(client, length):
    """To its last letter, and given back whole."""
    before = ("fermes " * 80)[: length - len(" de vendo")] + " de "
    assert get(client, q=f"{before}vendo").json()[0]["q"] == f"{before}Vendôme"


def test_what_would_be_too_long_to_ask_is_not_offered(client):
    assert get(client, q=("fermes " * 80)[: 500 - len(" de vend")] + " de vend").json() == []


def test_it_is_in_the_published_schema(client):
    schema = client.get("/api/schema/", {"format": "json"}).json()
    operation = schema["paths"][SUGGEST]["get"]
    assert [parameter["name"] for parameter in operation["parameters"]] == ["q"]
    items = operation["responses"]["200"]["content"]["application/json"]["schema"]["items"]
    properties = schema["components"]["schemas"][items["$ref"].rsplit("/", 1)[1]]["properties"]
    assert {"kind", "code", "label", "lat", "lon", "q"} <= set(properties)
