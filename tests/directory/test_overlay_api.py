"""`/api/v1/coverage/overlay/`: classes by code, and the files that areas are drawn from."""

from __future__ import annotations

import json
from datetime import date

import brotli
import pytest

from geo.gazetteer import gazetteer
from tests.coverage_data import WIRED, edition, fibre

pytestmark = pytest.mark.django_db
OVERLAY = "/api/v1/coverage/overlay/"
REGION_BUDGET = 60_000  # bytes, geometry and values together
VENDOME, BLOIS, TOURS = "41269", "41018", "37261"
AGGLO_BLOIS = "200030385"


def asked(client, **query):
    response = client.get(OVERLAY, query)
    assert response.status_code == 200, response.content
    return response.json()


def refused(client, **query):
    response = client.get(OVERLAY, query)
    assert response.status_code == 400
    return response.json()["errors"]


def files(client, answer):
    geometry = answer["geometry"]
    return [client.get(url) for url in (geometry["region"], *(sheet["url"] for sheet in geometry["close"]))]


class TestClasses:
    def test_are_numbered_from_the_widest_gap(self, client):
        fibre({VENDOME: 10, BLOIS: 60, TOURS: 95})
        answer = asked(client)
        assert answer["steps"] == ["0-25", "25-50", "50-75", "75-90", "90-100"]
        assert answer["classes"] == {VENDOME: 0, BLOIS: 2, TOURS: 4}
        assert (answer["edition"], answer["indicator"], answer["level"]) == ("2025-09-30", "ftth", "commune")

    def test_are_made_of_sums(self, client):
        """1 of 1 and 30 of 100 are 31 of 101, not 65 %."""
        edition({VENDOME: (1, {"ftth": 1}), BLOIS: (100, {"ftth": 30})})
        assert asked(client, level="departement")["classes"] == {"41": 1}

    def test_of_a_departement_are_of_what_lies_in_it(self, client):
        fibre({BLOIS: 60, TOURS: 95})
        answer = asked(client, departement="41")
        assert (answer["classes"], answer["departements"]) == ({BLOIS: 2}, ["41"])
        blois = gazetteer().commune(BLOIS)
        assert asked(client, departement="41", level="epci")["classes"] == {blois.epci: 2}

    def test_unknown_is_no_class(self, client):
        edition({VENDOME: (0, {}), BLOIS: (10, {"8": 10})}, layout=WIRED)
        assert asked(client, indicator="8")["classes"] == {VENDOME: None, BLOIS: 4}
        assert asked(client, indicator="ftth")["classes"] == {VENDOME: None, BLOIS: None}

    def test_show_what_the_edition_has(self, client):
        edition({BLOIS: (10, {"8": 10})}, layout=WIRED)
        assert asked(client)["indicator"] == "8"

    def test_of_another_edition(self, client):
        fibre({BLOIS: 10}, date(2024, 12, 31), demo=True)
        fibre({BLOIS: 95})
        answer = asked(client, edition="2024-12-31")
        assert (answer["classes"], answer["demo"]) == ({BLOIS: 0}, True)
        assert asked(client)["classes"] == {BLOIS: 4}

    def test_without_any_edition(self, client):
        answer = asked(client)
        assert (answer["edition"], answer["classes"]) == (None, {})

    def test_mistakes_are_told(self, client):
        fibre({BLOIS: 10})
        assert refused(client, level="canton").keys() == {"level"}
        assert refused(client, indicator="satellite").keys() == {"indicator"}
        assert refused(client, edition="2024-01-01").keys() == {"edition"}
        assert refused(client, departement="75").keys() == {"departement"}


class TestGeometry:
    def test_is_kept_for_ever_under_its_version_only(self, client):
        url = asked(client)["geometry"]["region"]
        assert "immutable" in client.get(url)["Cache-Control"]
        old = url.rsplit("-", 1)[0] + "-0old.json"
        assert "immutable" not in client.get(old)["Cache-Control"]
        assert client.get(url.replace("region", "close-99999")).status_code == 404

    def test_tells_each_commune_once_in_sheets_and_where_it_belongs(self, client):
        whole, *close = (json.loads(response.content) for response in files(client, asked(client)))
        entries = {entry.code: (entry.departement, entry.epci) for entry in gazetteer().entries}
        for parts in ([whole], close):
            told = [(code, (dep, epci)) for part in parts for dep, epci, codes in part["groups"] for code in codes]
            assert len(told) == len(entries)
            assert dict(told) == entries
        for part in (whole, *close):
            assert part["rings"].count(",") + 1 == sum(len(codes) for *_, codes in part["groups"])

    def test_of_the_region_is_light_with_its_classes(self, client):
        fibre({entry.code: (entry.population * 7) % 101 for entry in gazetteer().entries})
        accepting = {"headers": {"accept-encoding": "br"}}
        values = client.get(OVERLAY, **accepting)
        shapes = client.get(json.loads(brotli.decompress(values.content))["geometry"]["region"], **accepting)
        assert values["Content-Encoding"] == shapes["Content-Encoding"] == "br"
        assert len(values.content) + len(shapes.content) < REGION_BUDGET
