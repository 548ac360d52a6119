"""`/api/v1/interpret/`, and `q` wherever a question is answered."""

from __future__ import annotations

import pytest

from directory.api.parameters import LONGEST_QUESTION
from directory.vocabulary import vocabulary
from tests.builders import at, centre_of, point_of_sale

pytestmark = pytest.mark.django_db
VENDOME_Q = "fermes à moins de 10 km de Vendôme qui vendent du fromage, ouvertes dimanche matin"


def interpreted(client, q, **more):
    response = client.get("/api/v1/interpret/", {"q": q} | more)
    assert response.status_code == 200, response.content
    return response.json()


def test_the_contract_s_example(client):
    found = interpreted(client, VENDOME_Q)
    assert found["q"] == VENDOME_Q
    assert (found["activities"], found["products"]) == (["farm"], ["cheese"])
    assert (found["labels"], found["services"]) == ([], [])
    place = found["place"]
    assert (place["kind"], place["code"], place["name"]) == ("commune", "41269", "Vendôme")
    assert place["lat"] == pytest.approx(47.79, abs=0.01)
    assert place["lon"] == pytest.approx(1.06, abs=0.01)
    assert found["radius_km"] == 10
    assert found["open"] == {"weekday": 7, "part": "morning"}
    assert found["text"] == ""
    assert {"qui", "vendent"} <= set(found["ignored"])
    assert found["alternatives"] == []
    assert found["parameters"] == "activity=farm&product=cheese&place=Vend%C3%B4me&open_on=7&open_part=morning"


def test_parameters_of_an_interpretation_ask_the_same(client):
    near = point_of_sale("Chèvrerie", products=["goat_cheese"], pin=at(centre_of(), 90, 9_000))
    point_of_sale("Trop loin", products=["goat_cheese"], pin=at(centre_of(), 90, 11_000))
    point_of_sale("Miel", products=["honey"])
    q = "fermes à moins de 10 km de Vendôme qui vendent du fromage"
    by_words = client.get("/api/v1/merchants/", {"q": q}).json()
    by_codes = client.get(f"/api/v1/merchants/?{interpreted(client, q)['parameters']}").json()
    assert [feature["id"] for feature in by_words["features"]] == [near.pk]
    assert by_words["interpretation"]["products"] == ["cheese"]
    for name in ("numberMatched", "features", "summary"):
        assert by_words[name] == by_codes[name]
    assert "interpretation" not in by_codes


def test_explicit_parameters_win_over_words(client):
    honey = point_of_sale("Miel", products=["honey"], activities=["beekeeper"])
    cheese = point_of_sale("Fromage", products=["goat_cheese"], activities=["goat_farm"])
    far = point_of_sale("Fromage d'Orléans", products=["goat_cheese"], commune="45234", pin=centre_of("45234"))

    def ids(**query):
        return [f["id"] for f in client.get("/api/v1/merchants/", query).json()["features"]]

    assert ids(q="miel à Vendôme") == [honey.pk]
    assert ids(q="miel à Vendôme", product="cheese") == [cheese.pk]
    assert ids(q="fromage à Vendôme", place="Orléans") == [far.pk]
    assert ids(q="fromage à Vendôme", commune="45234") == [far.pk]
    assert ids(q="fromage à Vendôme", departement="45") == [far.pk]
    assert ids(q="fromage près de chez moi", lat="47.9029", lon="1.9086") == [far.pk]
    assert set(ids(q="fromage à Vendôme", radius_km="200")) == {cheese.pk, far.pk}


def test_near_me_needs_a_position(client):
    point_of_sale("Miel", products=["honey"])
    without = interpreted(client, "miel près de chez moi")
    assert (without["needs"], without["place"]) == (["position"], {"kind": "here"})
    assert without["parameters"] == "product=honey"
    answer = client.get("/api/v1/merchants/", {"q": "miel à moins de 5 km"}).json()
    assert answer["numberMatched"] == 1
    assert answer["interpretation"]["needs"] == ["position"]
    with_position = interpreted(client, "miel à moins de 5 km", lat="47.9", lon="1.9")
    assert "needs" not in with_position
    assert with_position["place"] == {"kind": "here", "lat": 47.9, "lon": 1.9}
    assert with_position["parameters"] == "product=honey&lat=47.900000&lon=1.900000&radius_km=5"


def test_what_some_words_could_mean_as_well(client):
    (other,) = interpreted(client, "caviste chinon")["alternatives"]
    assert (other["words"], other["kind"], other["code"]) == ("chinon", "product", "chinon")
    assert other["parameters"] == "activity=wine_shop&product=chinon"


@pytest.mark.parametrize(
    ("query", "name", "code"),
    [
        ("", "q", "missing"), ("q=", "q", "empty"), (f"q={'a' * (LONGEST_QUESTION + 1)}", "q", "too_long"),
        ("q=miel&lat=47", "lon", "missing"), ("q=miel&qq=1", "qq", "unknown_parameter"), ("q=%00", "q", "invalid_text"),
        ("q=a&q=b", "q", "given_twice"),
    ],
)  # fmt: skip
def test_mistakes_are_named(client, query, name, code):
    response = client.get(f"/api/v1/interpret/?{query}")
    assert response.status_code == 400
    assert response.json()["errors"][name]["code"] == code


def test_a_question_is_answered_in_every_form(client):
    place = point_of_sale("Miel", products=["honey"], activities=["beekeeper"])
    point_of_sale("Fromage", products=["goat_cheese"])
    q = {"q": "miel 41"}
    (feature,) = b"".join(client.get("/api/v1/merchants.geojson", q).streaming_content).split(b'"features":')[1:]
    assert f'"id":{place.pk}'.encode() in feature
    rows = b"".join(client.get("/api/v1/merchants.csv", q).streaming_content).decode().splitlines()
    assert len(rows) == 2
    page = client.get("/", q)
    assert page.status_code == 200
    assert "Miel" in page.content.decode()


def test_labels_follow_the_language(client):
    english = client.get("/api/v1/interpret/", {"q": "caviste chinon"}, headers={"accept-language": "en"}).json()
    assert english["alternatives"][0]["label"] == vocabulary().by_code["chinon"].label("en")


def test_asking_in_words_costs_no_query_of_its_own(client, django_assert_num_queries):
    interpreted(client, "miel à Vendôme")
    with django_assert_num_queries(0):
        interpreted(client, "fermes à 10 km de Blois, ouvertes demain")


def test_a_place_is_not_where_the_person_is(client):
    def here(**parameters):
        body = client.get("/api/v1/merchants/", {"q": "miel près de moi"} | parameters).json()
        return body["interpretation"]

    assert here(place="Blois")["place"] == {"kind": "here"}
    assert here(place="Blois")["needs"] == ["position"]
    assert here(lat="47.6", lon="1.3")["place"] == {"kind": "here", "lat": 47.6, "lon": 1.3}
