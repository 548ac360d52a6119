"""Nothing that officials or merchants write at the desk changes a byte that the public reads."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client
from django.utils import timezone

from directory.gaps.refreshing import refresh
from directory.models import CaseEvent, ConnectionReport, GapCase
from maps.desk.reports import link_to
from tests.builders import VENDOME, point_of_sale
from tests.coverage_data import fibre
from tests.maps.admin_desk import BLOIS
from tests.maps.desk.test_case_page import step

pytestmark = pytest.mark.django_db
PUBLIC = [
    "/", "/?q=fromage", "/?place=Vend%C3%B4me&radius_km=10", "/en/?place=41", "/m/{merchant}-chevrerie-du-loir/",
    "/commune/41269-vendome/", "/departement/41/", "/activite/goat_farm/", "/couverture/", "/couverture/?level=epci",
    "/couverture/lieu/?level=commune&code=41269", "/couverture/lieu/?level=departement&code=41",
    "/donnees/", "/sitemap.xml",
    "/api/v1/merchants/?place=41&facets=1", "/api/v1/merchants/{place}/", "/api/v1/merchants.csv?place=41",
    "/api/v1/merchants.geojson?place=41", "/api/v1/clusters/?bbox=0.6,47.3,1.8,48&zoom=9",
    "/api/v1/coverage/editions/", "/api/v1/coverage/at/?lat=47.79&lon=1.06",
    "/api/v1/coverage/communes/?departement=41", "/api/v1/coverage/overlay/?level=commune",
]  # fmt: skip


@pytest.fixture
def snapshot(goats, monkeypatch):
    """What a stranger is answered, by address; at one moment, for whether a shop is open is told by the minute."""
    place, now = goats.point_of_sale, timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: now)
    paths = [path.format(merchant=place.merchant_id, place=place.pk) for path in PUBLIC]

    def take() -> dict[str, tuple[int, bytes]]:
        answers = {path: Client().get(path) for path in paths}
        return {
            path: (answer.status_code, b"".join(answer.streaming_content) if answer.streaming else answer.content)
            for path, answer in answers.items()
        }

    return take


def test_a_follow_up_a_report_and_a_note_change_nothing_public(desk, odile, goats, snapshot):
    before = snapshot()
    assert {path: status for path, (status, _body) in before.items() if status != 200} == {}
    for path in ("/departement/41/", "/commune/41269-vendome/", f"/api/v1/merchants/{goats.point_of_sale_id}/"):
        assert "Chèvrerie" in before[path][1].decode(), path

    path = f"/agents/departement/41/dossier/{goats.pk}/"
    given = {"state": "contacted", "need": "works", "assignee": odile.pk, "next_on": "2026-12-24", "note": "Rappeler"}
    assert desk.post(path, step(**given)).status_code == 302
    ConnectionReport.objects.create(point_of_sale=goats.point_of_sale, fibre="refused", download_mbit=2)
    refresh()
    goats.refresh_from_db()
    assert (goats.state, goats.points["own_report"], CaseEvent.objects.count()) == ("contacted", 15, 1)

    assert snapshot() == before


def test_a_reply_that_opens_a_case_changes_nothing_public(goats, snapshot):
    place = point_of_sale("Atelier", commune=BLOIS)
    fibre({VENDOME: 10, BLOIS: 100}, date(2025, 12, 31))
    assert not GapCase.objects.filter(point_of_sale=place).exists()
    before = snapshot()
    assert Client().post(link_to(place), {"fibre": "refused"}).status_code == 302
    case = GapCase.objects.get(point_of_sale=place)
    assert (case.evidence, case.in_gap) == ("report", True)
    assert snapshot() == before


def test_the_snapshot_sees_what_is_public(goats, snapshot):
    """The test above could fail: another edition changes what it compares."""
    before = snapshot()
    fibre({VENDOME: 80}, date(2025, 12, 31))
    after = snapshot()
    assert GapCase.objects.filter(in_gap=True, commune=VENDOME).count() == 0
    assert any(after[path] != before[path] for path in before if "coverage" in path)
