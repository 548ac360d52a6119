"""What is open, facets and relaxations as the API tells them."""

from __future__ import annotations

import csv
import io
import itertools
import json
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from directory.api.answers import moment
from directory.questions.opening import local_zone
from tests.builders import at, centre_of, point_of_sale
from tests.directory.catalogue import schedule

pytestmark = pytest.mark.django_db
MERCHANTS = "/api/v1/merchants/"
FOOD = "Alimentation"


def get(client, path=MERCHANTS, language="fr", **parameters):
    return client.get(path, parameters, headers={"accept-encoding": "", "accept-language": language})


def properties(response) -> dict[str, dict]:
    return {feature["properties"]["name"]: feature["properties"] for feature in response.json()["features"]}


@pytest.fixture
def village():
    now = timezone.now()
    shut = f"{(now + timedelta(days=20)).astimezone(local_zone()):%Y %b %d} 09:00-12:00"
    centre = centre_of()
    return [
        point_of_sale("Toujours", pin=at(centre, 0, 100), products=["valencay"], schedule=schedule("24/7", now)),
        point_of_sale("Fermée", pin=at(centre, 0, 200), products=["honey"], schedule=schedule(shut, now)),
        point_of_sale("Sans horaires", pin=at(centre, 0, 300), products=["honey"]),
    ]


class TestOpen:
    def test_the_hour_that_comes_twice_is_told_with_its_own_offset(self):
        """Local times an hour apart, equal to Python, as clocks are set back."""
        first, second = (datetime(2026, 10, 25, hour, 30, tzinfo=UTC).astimezone(local_zone()) for hour in (0, 1))
        assert first == second
        assert [moment(first), moment(second)] == ["2026-10-25T02:30+02:00", "2026-10-25T02:30+01:00"]

    def test_each_feature_says_whether_it_is_open_and_until_when(self, client, village):
        found = properties(get(client, place="Vendôme"))
        assert (found["Toujours"]["open_now"], found["Toujours"]["open_changes_at"]) == (True, None)
        assert found["Sans horaires"]["open_now"] is None
        assert found["Fermée"]["open_now"] is False
        opens = datetime.fromisoformat(found["Fermée"]["open_changes_at"])
        assert (opens.hour, opens.minute) == (9, 0)
        assert opens.utcoffset() == opens.astimezone(local_zone()).utcoffset(), "on the wall"

    def test_hours_that_are_not_known_are_counted_apart(self, client, village):
        body = get(client, open="now").json()
        assert (body["numberMatched"], body["unknownHours"]) == (1, 1)
        assert "unknownHours" not in get(client).json()

    def test_the_time_asked(self, client, village):
        day = (timezone.now() + timedelta(days=20)).astimezone(local_zone())
        assert set(properties(get(client, open_at=f"{day:%Y-%m-%d}T11:59"))) == {"Toujours", "Fermée"}
        assert set(properties(get(client, open_at=f"{day:%Y-%m-%d}T12:00"))) == {"Toujours"}

    def test_what_is_open_is_kept_for_a_minute(self, client, village):
        def age(**parameters):
            return get(client, **parameters)["Cache-Control"]

        assert age() == age(open="now", product="bread") == age(facets="1", product="bread") == "public, max-age=60"
        assert age(text="Sans horaires") == age(product="bread") == "public, max-age=300"
        assert get(client, "/api/v1/merchants.csv", open="now")["Cache-Control"] == "public, max-age=60"
        assert get(client, "/api/v1/merchants.csv")["Cache-Control"] == "public, max-age=300"

    def test_a_file_does_not_say_what_is_open_now(self, client, village):
        streamed = b"".join(get(client, "/api/v1/merchants.geojson", open="now").streaming_content)
        (feature,) = json.loads(streamed)["features"]
        assert "open_now" not in feature["properties"]
        rows = csv.DictReader(io.StringIO(b"".join(get(client, "/api/v1/merchants.csv").streaming_content).decode()))
        assert not any("open" in column for column in rows.fieldnames)

    def test_the_detail_says_it_too(self, client, village):
        def detail(place):
            response = get(client, f"{MERCHANTS}{place.pk}/")
            shown = response.json()["properties"]
            return shown["open_now"], shown["open_changes_at"] is None, response["Cache-Control"][-3:]

        assert [detail(place) for place in village] == [(True, True, "=60"), (False, False, "=60"), (None, True, "300")]


@pytest.fixture
def closing(monkeypatch):
    """A shop that closes at noon; the first to look at the clock has it at a minute to noon, all others later."""
    start = datetime(2027, 6, 9, 11, 59, tzinfo=local_zone())
    point_of_sale("Jusqu'à midi", products=["honey"], schedule=schedule("Mo-Su 09:00-12:00", start))
    ticks = itertools.count()
    monkeypatch.setattr("django.utils.timezone.now", lambda: start + timedelta(minutes=next(ticks)))


@pytest.mark.usefixtures("closing")
class TestOneMoment:
    """All that an answer says is true at one moment."""

    def test_the_page_and_its_facets(self, client):
        body = get(client, open="now", facets="1").json()
        assert body["numberMatched"] == 1
        assert [facet["count"] for facet in body["facets"]["open"]] == [1]

    def test_relaxations(self, client):
        body = get(client, q="ouvert maintenant", label="organic").json()
        assert {"drop": "label", "count": 1, "parameters": "open=now"} in body["relaxations"]

    @pytest.mark.parametrize("kind", ["csv", "geojson"])
    def test_a_file(self, client, kind):
        assert b"midi" in b"".join(get(client, f"/api/v1/merchants.{kind}", open="now").streaming_content)


class TestFacets:
    def test_facets_are_told_when_asked(self, client, village):
        assert "facets" not in get(client).json()
        facets = get(client, facets="1", product="honey").json()["facets"]
        assert facets["product"][0] == {"code": "food", "label": FOOD, "count": 3}
        assert {facet["code"]: facet["count"] for facet in facets["product"]}["valencay"] == 1
        assert facets["open"] == []
        assert get(client, facets="1").json()["facets"]["open"] == [
            {"code": "now", "label": "Ouvert en ce moment", "count": 1}
        ]

    def test_labels_are_in_the_client_s_language(self, client, village):
        facets = get(client, language="en", facets="1").json()["facets"]
        assert {"code": "honey", "label": "Honey", "count": 2} in facets["product"]

    def test_pages_keep_them(self, client, village):
        links = {link["rel"]: link["href"] for link in get(client, facets="1", limit="1").json()["links"]}
        assert links["next"].endswith("?limit=1&offset=1&facets=1")
        assert client.get(links["next"]).json()["facets"]

    def test_a_mistake_is_told_with_the_others(self, client):
        errors = get(client, facets="yes", limit="0").json()["errors"]
        assert set(errors) == {"facets", "limit"}
        assert (
            get(client, "/api/v1/merchants.csv", facets="1").json()["errors"]["facets"]["code"] == "unknown_parameter"
        )

    def test_too_many_is_null(self, client, village, monkeypatch):
        monkeypatch.setattr("directory.facets.MOST", 1)
        assert get(client, facets="1", place="Vendôme").json()["facets"] is None
        alone = get(client, facets="1").json()["facets"]
        assert alone["open"] is None
        assert alone["product"], "known for the whole catalogue"


class TestRelaxations:
    def test_an_empty_answer_says_what_to_ask_less_of(self, client, village):
        body = get(client, place="Vendôme", product="honey", open="now").json()
        assert body["numberMatched"] == 0
        assert body["relaxations"] == [
            {"drop": "open", "count": 2, "parameters": "product=honey&place=Vend%C3%B4me"},
            {"drop": "product", "count": 1, "parameters": "place=Vend%C3%B4me&open=now"},
        ]
        for way in body["relaxations"]:
            assert client.get(f"{MERCHANTS}?{way['parameters']}").json()["numberMatched"] == way["count"]

    def test_a_wider_circle(self, client, village):
        body = get(client, place="Blois", radius_km="10", product="valencay").json()
        assert body["relaxations"][0] == {
            "radius_km": 40, "count": 1, "parameters": "product=valencay&place=Blois&radius_km=40",
        }  # fmt: skip

    def test_an_answer_has_none(self, client, village):
        assert "relaxations" not in get(client, product="honey").json()


def test_the_schema_describes_all_of_it(client):
    schema = client.get("/api/schema/").json()
    parameters = {p["name"]: p["schema"] for p in schema["paths"][MERCHANTS]["get"]["parameters"]}
    assert {"text", "open", "open_at", "open_on", "open_part", "season", "facets", "q"} <= set(parameters)
    assert set(parameters["open_part"]["enum"]) == {"morning", "afternoon", "evening"}
    assert parameters["open_on"]["type"] == "integer"
    members = schema["components"]["schemas"]["AnswerSchema"]["properties"]
    assert {"unknownHours", "facets", "relaxations", "interpretation"} <= set(members)
    assert "open_changes_at" in schema["components"]["schemas"]["PropertiesSchema"]["properties"]
    described = schema["components"]["schemas"]["PropertiesSchema"]["properties"]
    point_of_sale("Fraises", products=["strawberries"])
    assert properties(get(client))["Fraises"].keys() <= described.keys()
    months = described["seasons"]["additionalProperties"]
    assert (months["minItems"], months["maxItems"], months["items"]["maximum"]) == (2, 2, 12)
    csv_parameters = {p["name"] for p in schema["paths"]["/api/v1/merchants.csv"]["get"]["parameters"]}
    assert "facets" not in csv_parameters
