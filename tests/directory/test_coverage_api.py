"""`/api/v1/coverage/`: editions held, what is known at a point, counts by commune."""

from __future__ import annotations

import json
from datetime import date

import pytest

from directory.models import PointOfSale
from geo.gazetteer import gazetteer
from tests.builders import VENDOME, at, centre_of, point_of_sale
from tests.coverage_data import ANY, LATEST, WIRED, edition, fibre, zone

pytestmark = pytest.mark.django_db
EDITIONS, AT, COMMUNES = (f"/api/v1/coverage/{name}/" for name in ("editions", "at", "communes"))
BLOIS, TOURS, OSMERY = "41018", "37261", "18173"
BEFORE = date(2024, 12, 31)
AGGLO_BLOIS = "200030385"
TECHNOLOGIES = ("ftth", "coax", "copper", "thd_radio", "fixed_4g", "hd_radio")


def asked(client, path=COMMUNES, **query):
    response = client.get(path, query)
    assert response.status_code == 200, response.content
    return response.json()


def refused(client, path=COMMUNES, **query):
    response = client.get(path, query)
    assert response.status_code == 400
    assert response["Content-Type"] == "application/problem+json"
    return response.json()["errors"]


def commune(body, code):
    return next(line for line in body["communes"] if line["code"] == code)


def around(position, metres=300):
    north_east, south_west = at(position, 45, metres), at(position, 225, metres)
    return south_west.lon, south_west.lat, north_east.lon, north_east.lat


def at_centre(client, code=VENDOME, **query):
    centre = centre_of(code)
    return asked(client, AT, lat=f"{centre.lat}", lon=f"{centre.lon}", **query)


class TestEditions:
    def test_are_told_latest_first_with_what_they_hold(self, client):
        fibre({VENDOME: 40}, BEFORE)
        edition({VENDOME: (100, {"30": 100})}, LATEST, ANY)
        body = asked(client, EDITIONS)
        latest, before = body["editions"]
        assert (latest["date"], latest["default"], before["date"], before["default"]) == (
            "2025-09-30", False, "2024-12-31", True,
        )  # fmt: skip
        assert [held["counts_satellite"] for held in (*latest["layouts"], *before["layouts"])] == [True, False]
        held = before["layouts"][0]
        assert (held["layout"], held["name"], held["licence"]) == (
            "commune_techno", "commune_techno.csv", "Licence Ouverte 2.0",
        )  # fmt: skip
        assert {"source", "url", "checksum", "imported_at", "loaded", "refused"} <= set(held)
        assert (before["demo"], set(before["indicators"])) == (False, {*TECHNOLOGIES, "satellite"})
        assert "31 décembre 2024" in before["cite"]

    def test_come_with_the_rule(self, client):
        said = asked(client, EDITIONS)["rule"]
        assert (said["fibre_below_pct"], said["without_8_above_pct"], said["zone_below_mbit"]) == (50, 10, 30)
        assert "moins de 50" in said["words"]
        assert asked(client, EDITIONS)["editions"] == []

    def test_invented_ones_are_marked(self, client):
        fibre({VENDOME: 40}, demo=True)
        assert asked(client, EDITIONS)["editions"][0]["demo"] is True


class TestAtAPoint:
    def test_a_commune_s_share(self, client):
        edition({VENDOME: (176, {"ftth": 3})})
        body = at_centre(client)
        assert {name: body[name] for name in ("class", "indicator", "value", "premises", "evidence", "edition")} == {
            "class": "0-25", "indicator": "ftth", "value": 3, "premises": 176, "evidence": "commune",
            "edition": "2025-09-30",
        }  # fmt: skip
        assert (body["low_bandwidth"], body["demo"], body["label"], body["planned_on"]) == (True, False, None, None)
        assert body["commune"] == {"code": VENDOME, "name": "Vendôme"}
        assert body["source"] == "ARCEP, Ma connexion internet"
        assert "173 sur 176" in body["sentence"]
        assert "ce n'est pas la ligne d'une adresse" in body["sentence"]
        assert "25" in body["class_in_words"]
        assert "lat=47.79" in body["check"]

    def test_a_zone_outranks_it(self, client):
        fibre({VENDOME: 100})
        zone(around(centre_of()), "BHD8", label="Nord", planned_on=date(2027, 6, 1))
        body = at_centre(client)
        assert (body["evidence"], body["class"], body["low_bandwidth"]) == ("zone", "BHD8", True)
        assert (body["value"], body["premises"], body["edition"]) == (None, None, None)
        assert (body["label"], body["planned_on"], body["dated"]) == ("Nord", "2027-06-01", "2025-09-30")

    def test_and_stands_for_today(self, client):
        fibre({VENDOME: 100}, BEFORE)
        fibre({VENDOME: 100}, LATEST)
        zone(around(centre_of()), "BHD8")
        assert at_centre(client, edition="2025-09-30")["evidence"] == "zone", "the default edition, by its name"
        then = at_centre(client, edition="2024-12-31")
        assert (then["evidence"], then["edition"]) == ("commune", "2024-12-31")

    def test_unknown_is_not_low(self, client):
        fibre({BLOIS: 10})
        body = at_centre(client)
        assert (body["class"], body["low_bandwidth"], body["value"], body["indicator"]) == ("unknown", None, None, None)
        assert "aucun chiffre" in body["sentence"]

    def test_without_any_edition(self, client):
        body = at_centre(client)
        assert (body["class"], body["edition"], body["source"]) == ("unknown", None, "")

    def test_outside_the_region(self, client):
        assert client.get(AT, {"lat": "48.85", "lon": "2.35"}).status_code == 404

    def test_mistakes_are_told(self, client):
        fibre({VENDOME: 40})
        assert refused(client, AT, lat="47")["lon"]["code"] == "missing"
        assert refused(client, AT, lat="nan", lon="1")["lat"]["code"] == "not_a_number"
        told = refused(client, AT, lat="47.79", lon="1.06", edition="2020-01-01")["edition"]
        assert told["code"] == "unknown_edition"
        assert "2025-09-30" in told["detail"]
        assert refused(client, AT, lat="47.79", lon="1.06", editon="x")["editon"]["nearest"] == "edition"


class TestCommunes:
    def test_counts_and_no_percentages(self, client):
        edition({VENDOME: (200, {"ftth": 50, "copper": 190})})
        body = asked(client, departement="41")
        line = commune(body, VENDOME)
        assert (line["name"], line["premises"], line["low_bandwidth"]) == ("Vendôme", 200, True)
        assert (line["eligible"]["ftth"], line["eligible"]["copper"]) == (50, 190)
        assert body["edition"]["date"] == "2025-09-30"

    def test_an_indicator_that_the_edition_lacks_is_null_and_always_there(self, client):
        fibre({VENDOME: 50})
        eligible = commune(asked(client, departement="41"), VENDOME)["eligible"]
        assert set(eligible) == {*TECHNOLOGIES, "inel", "0.5", "3", "8", "30", "100", "1000", "satellite"}
        assert [eligible[name] for name in ("8", "1000", "inel")] == [None, None, None]
        assert eligible["coax"] == 0

    def test_unknown_communes_are_listed_as_such(self, client):
        fibre({VENDOME: 50})
        body = asked(client, departement="41")
        line = commune(body, BLOIS)
        assert (line["premises"], line["low_bandwidth"], set(line["eligible"].values())) == (None, None, {None})
        assert body["totals"]["communes"] == len(body["communes"])
        assert body["totals"]["unknown"] == len(body["communes"]) - 1

    def test_totals_are_sums_and_say_of_how_many_premises(self, client):
        edition({VENDOME: (9000, {"ftth": 9000}), BLOIS: (1000, {}), TOURS: (5, {"ftth": 5})})
        edition({BLOIS: (1000, {"8": 900})}, layout=WIRED)
        totals = asked(client, departement="41")["totals"]
        assert (totals["premises"], totals["eligible"]["ftth"], totals["eligible"]["8"]) == (10_000, 9000, 900)
        assert (totals["premises_known"]["ftth"], totals["premises_known"]["8"]) == (10_000, 1000)

    def test_former_communes_are_part_of_their_successor(self, client):
        edition({"18131": (30, {"ftth": 3}), OSMERY: (70, {"ftth": 7})})
        body = asked(client, departement="18")
        assert commune(body, OSMERY)["premises"] == 100
        assert body["totals"]["eligible"]["ftth"] == 10
        assert not [line for line in body["communes"] if line["code"] == "18131"]

    def test_published_points_of_sale_are_counted_where_the_public_sees_them(self, client):
        fibre({VENDOME: 50})
        point_of_sale("Une")
        point_of_sale("Cachée", pin=at(centre_of(), 90, 900), pin_hidden=True)
        point_of_sale("Brouillon", status=PointOfSale.Status.DRAFT)
        point_of_sale("À Blois", commune=BLOIS, pin=centre_of(BLOIS))
        body = asked(client, departement="41")
        assert commune(body, VENDOME)["points_of_sale"] == 2
        assert commune(body, BLOIS)["points_of_sale"] == 1
        assert body["totals"]["points_of_sale"] == 3

    def test_of_an_epci_or_of_all(self, client):
        fibre({BLOIS: 50})
        members = {entry.code for entry in gazetteer().entries if entry.epci == AGGLO_BLOIS}
        assert {line["code"] for line in asked(client, epci=AGGLO_BLOIS)["communes"]} == members
        assert len(asked(client)["communes"]) == len(gazetteer().entries)
        both = asked(client, epci=AGGLO_BLOIS, departement="37")
        assert (both["communes"], both["totals"]["premises"]) == ([], None)

    def test_of_another_edition(self, client):
        fibre({VENDOME: 10}, BEFORE)
        fibre({VENDOME: 90}, LATEST)
        assert commune(asked(client, departement="41"), VENDOME)["eligible"]["ftth"] == 90
        before = asked(client, departement="41", edition="2024-12-31")
        assert (commune(before, VENDOME)["eligible"]["ftth"], before["edition"]["default"]) == (10, False)

    def test_without_any_edition(self, client):
        body = asked(client, departement="41")
        assert (body["edition"], body["totals"]["premises"], body["attribution"]) == (None, None, [])
        assert body["totals"]["unknown"] == len(body["communes"])

    def test_mistakes_are_told(self, client):
        fibre({VENDOME: 40})
        assert refused(client, departement="99")["departement"]["code"] == "unknown_code"
        assert refused(client, format="pdf")["format"]["code"] == "unknown_value"
        assert "2025-09-30" in refused(client, edition="hier")["edition"]["detail"]

    def test_is_kept_and_asked_again_with_its_tag(self, client):
        fibre({VENDOME: 40})
        response = client.get(COMMUNES, {"departement": "41"})
        assert response["Cache-Control"] == "public, max-age=300"
        again = client.get(COMMUNES, {"departement": "41"}, headers={"if-none-match": response["ETag"]})
        assert again.status_code == 304


def test_it_is_in_the_published_schema(client):
    schema = json.loads(client.get("/api/schema/").content)
    for path in (EDITIONS, AT, COMMUNES):
        assert schema["paths"][path]["get"]["summary"]
    names = {parameter["name"] for parameter in schema["paths"][COMMUNES]["get"]["parameters"]}
    assert names == {"departement", "epci", "edition", "format"}
    described = schema["components"]["schemas"]["CoverageAtSchema"]["properties"]
    assert {"class", "indicator", "value", "premises", "evidence", "edition", "source", "low_bandwidth"} <= set(
        described
    )
