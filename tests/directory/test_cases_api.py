"""`/api/v1/departements/{code}/cases/`: for the département's officials alone, and like their page."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from directory.gaps import worklist
from directory.gaps.follow_up import record
from directory.models import ConnectionReport, Consent, GapCase, Merchant, Official
from tests.builders import VENDOME, point_of_sale
from tests.coverage_data import fibre, zone
from tests.maps.admin_desk import BLOIS, log_in

pytestmark = pytest.mark.django_db
TOURS = "37261"
LIST = "/api/v1/departements/{}/cases/"


@pytest.fixture
def cases() -> dict[str, GapCase]:
    merchant = Merchant.objects.create(name="Chèvrerie", phone="02 54 00 00 00", email="c@example.org")
    Consent.objects.create(merchant=merchant, field="phone", audience="departement", wording="1")
    point_of_sale("Chèvrerie", merchant=merchant, activities=["goat_farm"])
    point_of_sale("Boulangerie", commune=BLOIS, activities=["bakery"])
    point_of_sale("Tourangelle", commune=TOURS)
    fibre({VENDOME: 10, BLOIS: 40, TOURS: 20})
    return {case.point_of_sale.display_name: case for case in GapCase.objects.select_related("point_of_sale__merchant")}


@pytest.fixture
def odile() -> User:
    user = User.objects.create_user("odile", first_name="Odile", last_name="Roy")
    Official.objects.create(user=user, departement_id="41")
    return user


def test_a_page_of_the_list_as_officials_see_it(cases, odile, django_assert_max_num_queries):
    case = cases["Chèvrerie"]
    ConnectionReport.objects.create(point_of_sale=case.point_of_sale, fibre="yes", download_mbit=Decimal("50"))
    ConnectionReport.objects.create(point_of_sale=case.point_of_sale, fibre="refused", download_mbit=Decimal("1.5"))
    client = log_in(odile)
    with django_assert_max_num_queries(12):
        answer = client.get(LIST.format(41))
    assert answer.status_code == 200
    body = answer.json()
    assert (body["numberMatched"], [row["name"] for row in body["cases"]]) == (2, ["Chèvrerie", "Boulangerie"])
    row = body["cases"][0]
    assert row["contact"] == {"phone": "02 54 00 00 00"}
    assert (row["class"], row["eligible"], row["premises"], row["evidence"]) == ("0-25", 10, 100, "commune")
    assert (row["own_report"]["fibre"], row["own_report"]["download_mbit"]) == ("refused", 1.5)
    assert sum(row["points"].values()) == row["priority"]
    assert body["cases"][1]["own_report"] is None


def test_filters_are_those_of_the_page_and_mistakes_are_told(cases, odile):
    client = log_in(odile)
    record(cases["Boulangerie"], odile, state="contacted", assignee=odile, next_on=timezone.localdate() - timedelta(1))
    for query in ("activity=bakery", f"commune={BLOIS}", "state=contacted", "assignee=me", "overdue=1",
                  f"assignee={odile.pk}", f"epci={cases['Boulangerie'].epci_id}"):  # fmt: skip
        body = client.get(f"{LIST.format(41)}?{query}").json()
        assert [row["name"] for row in body["cases"]] == ["Boulangerie"], query
    assert client.get(f"{LIST.format(41)}?assignee=none").json()["cases"][0]["name"] == "Chèvrerie"
    assert client.get(f"{LIST.format(41)}?sort=name").json()["cases"][0]["name"] == "Boulangerie"
    elsewhere = User.objects.create_user("igor")
    Official.objects.create(user=elsewhere, departement_id="37")
    wrong = {
        f"assignee={elsewhere.pk}": "assignee", f"commune={VENDOME}&epci={cases['Boulangerie'].epci_id}": "commune",
        "stat=contacted": "stat", "state=x": "state", "assignee=x": "assignee", "page=0": "page",
        f"commune={TOURS}": "commune", "activity=goat_farm&activity=bakery": "activity",
    }  # fmt: skip
    for query, name in wrong.items():
        refused = client.get(f"{LIST.format(41)}?{query}")
        assert (refused.status_code, list(refused.json()["errors"])) == (400, [name])


def test_pages_follow_each_other(cases, odile, monkeypatch):
    monkeypatch.setattr("directory.api.cases.PAGE", 1)
    client = log_in(odile)
    first = client.get(f"{LIST.format(41)}?sort=name").json()
    second = client.get(first["next"]).json()
    assert [page["cases"][0]["name"] for page in (first, second)] == ["Boulangerie", "Chèvrerie"]
    assert "next" not in second


def test_a_case_with_its_history(cases, odile):
    record(cases["Chèvrerie"], odile, state="to_contact", note="Rappeler lundi")
    body = log_in(odile).get(f"{LIST.format(41)}{cases['Chèvrerie'].pk}/").json()
    assert body["state"] == "to_contact"
    assert [(event["by"]["name"], event["note"]) for event in body["events"]] == [("Odile Roy", "Rappeler lundi")]


def test_anothers_departement_is_not_found_by_any_address(cases, odile):
    client = log_in(odile)
    theirs = cases["Tourangelle"].pk
    for address in (LIST.format(37), f"{LIST.format(37)}{theirs}/", f"{LIST.format(41)}{theirs}/", LIST.format("99"),
                    f"{LIST.format(37)}{cases['Chèvrerie'].pk}/", f"{LIST.format(41)}{10**30}/"):  # fmt: skip
        refused = client.get(address)
        assert refused.status_code == 404, address
        assert refused["Content-Type"] == "application/problem+json"
        assert "Tourangelle" not in refused.content.decode()
        assert "Chèvrerie" not in refused.content.decode()


@pytest.mark.parametrize("path", ["", "1/"])
def test_without_a_session_nothing_is_told(cases, path):
    refused = Client().get(LIST.format(41) + path)
    assert (refused.status_code, refused.json()["code"]) == (403, "sign_in_required")
    assert refused["Content-Type"] == "application/problem+json"


def test_nobody_else_reads_or_keeps_it(cases, odile):
    client = log_in(odile)
    for address in (LIST.format(41), LIST.format(37), f"{LIST.format(41)}{cases['Chèvrerie'].pk}/"):
        answer = client.get(address, headers={"Origin": "https://elsewhere.example"})
        assert set(answer["Cache-Control"].split(", ")) == {"private", "no-store"}
        assert "Access-Control-Allow-Origin" not in answer
    assert client.post(LIST.format(41)).status_code == 405
    odile.is_active = False
    odile.save()
    assert client.get(LIST.format(41)).status_code == 403


def test_a_zone_and_what_is_invented_are_told(odile):
    point_of_sale("Dedans")
    zone((0, 46, 3, 49), "HD3", label="Zone test")
    fibre({VENDOME: 10}, demo=True)
    row = log_in(odile).get(LIST.format(41)).json()["cases"][0]
    assert (row["class"], row["evidence"], row["source"], row["demo"]) == ("HD3", "zone", "SMO", False)


def test_what_was_replaced_is_null(cases, odile):
    GapCase.objects.filter(pk=cases["Chèvrerie"].pk).update(in_gap=False, edition=None)
    row = log_in(odile).get(f"{LIST.format(41)}?left=1").json()["cases"][0]
    assert {row[name] for name in ("class", "eligible", "premises", "evidence", "source", "edition")} == {None}
    assert row["priority"] == cases["Chèvrerie"].priority


def test_sorts_are_those_of_the_list(cases, odile):
    for sort in worklist.SORTS:
        assert log_in(odile).get(f"{LIST.format(41)}?sort={sort}").json()["numberMatched"] == 2
