"""The HTTP contract: answers, errors that name the parameter and the remedy, caching, languages, exports."""

from __future__ import annotations

import csv
import io
import json

import brotli
import pytest

from directory.models import Consent, PointOfSale, SearchEntry
from directory.questions import Question
from tests.builders import at, centre_of, point_of_sale

pytestmark = pytest.mark.django_db
MERCHANTS = "/api/v1/merchants/"


@pytest.fixture
def farms():
    centre = centre_of()
    return [
        point_of_sale("Chèvrerie du Loir", pin=at(centre, 0, 2_345), activities=["goat_farm"], products=["valencay"]),
        point_of_sale("Ferme des Prés", pin=at(centre, 90, 8_000), activities=["dairy_farm"], products=["cow_cheese"]),
        point_of_sale("Ferme au Loin", pin=at(centre, 90, 12_000), activities=["goat_farm"], products=["goat_cheese"]),
        point_of_sale("Boulangerie", activities=["bakery"], products=["bread"], kind="shop"),
    ]


def get(client, path=MERCHANTS, **parameters):
    return client.get(path, parameters, headers={"accept-encoding": ""})


class TestAnswers:
    def test_the_main_question(self, client, farms):
        response = get(client, place="Vendôme", radius_km="10", activity="farm", product="cheese")
        assert response.status_code == 200
        assert response["Content-Type"] == "application/geo+json"
        body = response.json()
        assert body["type"] == "FeatureCollection"
        assert (body["numberMatched"], body["numberReturned"]) == (2, 2)
        assert [feature["id"] for feature in body["features"]] == [farms[0].pk, farms[1].pk]
        assert "2" in body["summary"]
        assert "Vendôme" in body["summary"]
        assert body["license"]
        assert any("INSEE" in line or "IGN" in line for line in body["attribution"])
        feature = body["features"][0]
        properties = feature["properties"]
        assert feature["type"] == "Feature"
        assert feature["geometry"]["type"] == "Point"
        assert feature["geometry"]["coordinates"] == pytest.approx(farms[0].pin.coords, abs=1e-6)
        assert properties["distance_m"] == 2345
        assert properties["name"] == "Chèvrerie du Loir"
        assert properties["merchant"] == farms[0].merchant_id
        assert properties["url"] == f"/m/{farms[0].merchant_id}-chevrerie-du-loir/"
        assert properties["kind"] == "farm_gate"
        assert properties["activities"] == ["goat_farm"]
        assert properties["products"] == ["valencay"]
        assert properties["labels"] == properties["services"] == []
        assert properties["address"] == "1 rue du Test, 41100 Vendôme"
        assert properties["commune"] == {"code": "41269", "name": "Vendôme"}
        assert properties["open_now"] is None
        assert properties["demo"] is False
        assert properties["pin"] == {"precision": "housenumber", "source": "ban", "score": 0.9}

    def test_ten_km_is_the_default_radius_and_no_centre_gives_no_distance(self, client, farms):
        assert get(client, place="41100", product="cheese").json()["numberMatched"] == 2
        body = get(client, departement="41", product="cheese").json()
        assert body["numberMatched"] == 3
        assert "distance_m" not in body["features"][0]["properties"]

    def test_a_departement_as_place_filters_without_centre(self, client, farms):
        for place in ("Loir-et-Cher", "41"):
            body = get(client, place=place, product="cheese").json()
            assert body["numberMatched"] == 3
            assert "distance_m" not in body["features"][0]["properties"]
        assert get(client, place="Cher").json()["numberMatched"] == 0

    def test_codes_may_be_repeated_or_joined_by_commas(self, client, farms):
        repeated = client.get(MERCHANTS + "?departement=41&product=bread&product=valencay").json()
        joined = client.get(MERCHANTS + "?departement=41&product=bread,valencay").json()
        assert repeated["features"] == joined["features"]
        assert repeated["numberMatched"] == 2

    def test_a_former_commune_code_means_its_successor(self, client):
        place = point_of_sale(commune="18173", pin=centre_of("18173"))
        assert [f["id"] for f in get(client, commune="18131").json()["features"]] == [place.pk]

    def test_longitude_zero_and_a_centre_outside_the_region_are_valid(self, client, farms):
        assert get(client, lat="47.2", lon="0").json()["numberMatched"] == 0
        assert get(client, lat="-33.9", lon="151.2", radius_km="200").status_code == 200
        centre = centre_of()
        near = get(client, lat=str(centre.lat), lon=str(centre.lon), product="cheese")
        assert near.json()["numberMatched"] == 2

    def test_links_walk_through_all_pages_once(self, client, farms):
        seen, url = [], MERCHANTS + "?place=Vend%C3%B4me&radius_km=50&limit=1"
        while url:
            body = client.get(url).json()
            seen += [feature["id"] for feature in body["features"]]
            links = {link["rel"]: link["href"] for link in body["links"]}
            url = links.get("next")
        assert sorted(seen) == sorted(place.pk for place in farms)
        assert "place=Vend%C3%B4me" in links["self"]
        assert "prev" in links

    def test_both_languages(self, client, farms):
        french = client.get(MERCHANTS, {"place": "Vendôme"}, headers={"accept-language": "fr"}).json()
        english = client.get(MERCHANTS, {"place": "Vendôme"}, headers={"accept-language": "en-GB,fr;q=0.5"}).json()
        other = client.get(MERCHANTS, {"place": "Vendôme"}, headers={"accept-language": "de"}).json()
        assert french["summary"] != english["summary"]
        assert other["summary"] == french["summary"]
        assert "within 10" in english["summary"]

    def test_two_queries_at_most_when_memory_is_warm(self, client, farms, django_assert_max_num_queries):
        get(client, place="Vendôme")
        with django_assert_max_num_queries(1):
            get(client, place="Vendôme", product="cheese", activity="farm")


class TestDelivery:
    def test_etag_vary_and_cache(self, client, farms):
        first = get(client, place="Vendôme")
        assert first["ETag"].startswith('W/"')
        assert "max-age=300" in first["Cache-Control"]
        assert {"Accept-Language", "Accept-Encoding"} <= set(first["Vary"].split(", "))
        assert first["Access-Control-Allow-Origin"] == "*"
        again = client.get(MERCHANTS, {"place": "Vendôme"}, headers={"if-none-match": first["ETag"]})
        assert (again.status_code, again.content) == (304, b"")
        farms[0].offers.all().delete()
        changed = client.get(MERCHANTS, {"place": "Vendôme"}, headers={"if-none-match": first["ETag"]})
        assert changed.status_code == 200

    def test_the_tag_is_that_of_the_body_before_compression(self, client, farms):
        plain = get(client, place="Vendôme")
        packed = client.get(MERCHANTS, {"place": "Vendôme"}, headers={"accept-encoding": "gzip, br"})
        assert packed["Content-Encoding"] == "br"
        assert packed["ETag"] == plain["ETag"]
        assert brotli.decompress(packed.content) == plain.content

    def test_errors_are_not_cached_and_may_be_read_across_origins(self, client):
        response = client.get(MERCHANTS + "?limit=0")
        assert response["Cache-Control"] == "no-store"
        assert response["Access-Control-Allow-Origin"] == "*"
        preflight = client.options(MERCHANTS)
        assert preflight.status_code == 204
        assert "GET" in preflight["Access-Control-Allow-Methods"]

    def test_no_cookie_is_set(self, client, farms):
        for path in (MERCHANTS, "/api/v1/communes/?limit=1", "/health/"):
            assert not client.get(path).cookies


class TestExports:
    def test_csv_has_what_the_answer_has(self, client, farms):
        farms[0].merchant.name = "=1+1"
        farms[0].merchant.save()
        response = client.get("/api/v1/merchants.csv", {"place": "Vendôme", "product": "cheese"})
        assert response["Content-Type"].startswith("text/csv")
        assert "attachment" in response["Content-Disposition"]
        rows = list(csv.DictReader(io.StringIO(b"".join(response.streaming_content).decode())))
        assert [int(row["id"]) for row in rows] == [farms[0].pk, farms[1].pk]
        assert rows[0]["name"] == "'=1+1"
        assert rows[0]["distance_m"] == "2345"
        assert rows[1]["products"] == "cow_cheese"

    def test_geojson_is_one_document_with_all_features(self, client, farms):
        response = client.get("/api/v1/merchants.geojson", {"departement": "41", "limit": "1"})
        body = json.loads(b"".join(response.streaming_content))
        assert [f["id"] for f in body["features"]] == [
            f["id"] for f in get(client, departement="41", limit="200").json()["features"]
        ]
        assert body["numberMatched"] == len(body["features"]) == 4

    def test_an_export_is_compressed_as_it_flows(self, client, farms):
        response = client.get("/api/v1/merchants.geojson", headers={"accept-encoding": "br"})
        assert response["Content-Encoding"] == "br"
        assert len(json.loads(brotli.decompress(b"".join(response.streaming_content)))["features"]) == 4


class TestDetails:
    def test_one_feature_with_what_it_sells(self, client, farms):
        offer = farms[0].offers.get()
        offer.line, offer.price_min, offer.unit = "Pyramide cendrée", "4.50", "pièce"
        offer.save()
        body = get(client, f"{MERCHANTS}{farms[0].pk}/").json()
        assert (body["type"], body["id"]) == ("Feature", farms[0].pk)
        assert body["geometry"]["coordinates"] == pytest.approx(farms[0].pin.coords, abs=1e-6)
        (sold,) = body["properties"]["offers"]
        assert sold["product"] == "valencay"
        assert sold["line"] == "Pyramide cendrée"
        assert sold["price_min"] == "4.50"
        assert sold["season"] == [3, 11], "the product's own season"

    def test_contact_needs_consent(self, client, farms):
        merchant = farms[0].merchant
        merchant.phone, merchant.email = "02 61 91 00 00", "ferme@example.org"
        merchant.save()
        url = f"{MERCHANTS}{farms[0].pk}/"
        assert get(client, url).json()["properties"]["contact"] == {}
        consent = Consent.objects.create(merchant=merchant, field="phone", audience="public", wording="2026-11")
        Consent.objects.create(merchant=merchant, field="email", audience="chamber", wording="2026-11")
        assert get(client, url).json()["properties"]["contact"] == {"phone": "02 61 91 00 00"}
        consent.withdrawn_at = consent.given_at
        consent.save()
        assert get(client, url).json()["properties"]["contact"] == {}

    def test_other_points_of_sale_of_the_merchant(self, client):
        gate = point_of_sale("Ferme")
        stall = point_of_sale(merchant=gate.merchant, name="Marché de Blois", kind="market_stall")
        point_of_sale(merchant=gate.merchant, name="Brouillon", status="draft")
        others = get(client, f"{MERCHANTS}{gate.pk}/").json()["properties"]["other_points_of_sale"]
        assert others == [{"id": stall.pk, "name": "Marché de Blois", "kind": "market_stall"}]

    def test_a_merged_id_leads_to_the_one_it_was_merged_into(self, client, farms):
        gone = farms[2]
        gone.status, gone.merged_into = PointOfSale.Status.MERGED, farms[0]
        gone.save()
        response = client.get(f"{MERCHANTS}{gone.pk}/")
        assert (response.status_code, response["Location"]) == (301, f"{MERCHANTS}{farms[0].pk}/")

    @pytest.mark.parametrize("status", ["draft", "hidden", "closed"])
    def test_what_is_not_published_is_not_found(self, client, status):
        place = point_of_sale(status=status)
        assert client.get(f"{MERCHANTS}{place.pk}/").status_code == 404

    def test_a_hidden_pin_says_nothing_of_the_door(self, client):
        place = point_of_sale(pin=at(centre_of(), 45, 3_000), pin_hidden=True, street="9 impasse Secrète")
        text = get(client, f"{MERCHANTS}{place.pk}/").content.decode()
        assert "Secrète" not in text
        assert f"{place.pin.x:.3f}" not in text
        assert json.loads(text)["geometry"]["coordinates"] == pytest.approx(
            [centre_of().lon, centre_of().lat], abs=1e-6
        )


class TestService:
    def test_health_and_readiness(self, client):
        assert client.get("/health/").json() == {"status": "ok"}
        assert client.get("/ready/").json() == {"status": "ready"}

    def test_schema_is_openapi_3_1_and_names_every_parameter(self, client):
        schema = json.loads(client.get("/api/schema/").content)
        assert schema["openapi"].startswith("3.1")
        names = {parameter["name"] for parameter in schema["paths"]["/api/v1/merchants/"]["get"]["parameters"]}
        assert {"activity", "product", "place", "lat", "lon", "radius_km", "bbox", "sort", "limit", "offset"} <= names
        for path in ("merchants/{id}/", "merchants.csv", "geocode/", "reverse/", "communes/"):
            assert f"/api/v1/{path}" in schema["paths"]
        docs = client.get("/api/docs/")
        assert docs.status_code == 200
        assert not docs.cookies
        assert b"<style" not in docs.content, "the policy refuses inline styles"


def test_the_url_of_a_question_asks_the_same_question(rf, db):
    from django.http import QueryDict

    from directory.api.parameters import parse_question

    for query in (
        "place=Vendôme&radius_km=25&product=cheese,honey&activity=farm",
        "lat=47.5&lon=0&radius_km=0.5&sort=name",
        "place=41&product=honey",
        "place=Blois&departement=41,37&limit=50&offset=100",
        "bbox=1,47,2,48&commune=41269&label=organic&service=delivery&sort=updated",
    ):
        question = parse_question(QueryDict(query))
        assert parse_question(QueryDict(question.query_string())) == question
    assert Question().query_string() == ""


def test_entries_are_never_written_by_a_read(client, farms):
    before = list(SearchEntry.objects.values())
    client.get(MERCHANTS, {"place": "Vendôme"})
    assert list(SearchEntry.objects.values()) == before
