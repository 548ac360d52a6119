"""The Monday sheet."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from directory.gaps.follow_up import record
from directory.gaps.meeting import meeting
from directory.models import CaseEvent, GapCase
from tests.builders import VENDOME, point_of_sale
from tests.coverage_data import fibre
from tests.maps.admin_desk import BLOIS
from tests.maps.desk.test_worklist_page import text

pytestmark = pytest.mark.django_db
SHEET = "/agents/departement/41/point/"


def firsts(page) -> list[str]:  # type: ignore[no-untyped-def]
    return [line.name for line in page.context["first"]]


def test_ten_to_call_first_whom_nobody_contacted(desk, cases, odile):
    for number in range(12):
        point_of_sale(f"Ferme {number:02}")
    fibre({VENDOME: 10, BLOIS: 40}, date(2025, 12, 31))
    record(cases["Chèvrerie du Loir"], odile, state="contacted")
    found = firsts(desk.get(SHEET))
    assert len(found) == 10
    assert "Chèvrerie du Loir" not in found
    assert found == sorted(found)


def test_totals_and_times(desk, cases, odile):
    case = cases["Chèvrerie du Loir"]
    GapCase.objects.filter(pk=case.pk).update(flagged_at=timezone.now() - timedelta(days=9))
    record(case, odile, state="connected")
    page = text(desk.get(SHEET))
    assert "2 dossiers" in page
    assert "À vérifier 1" in page
    assert "Raccordé 1" in page
    assert "Délai moyen jusqu'au contact 9 jours" in page
    assert "Délai moyen jusqu'à la solution 9 jours" in page


def test_what_the_week_brought(desk, cases, odile):
    case, other = cases["Chèvrerie du Loir"], cases["Boulangerie Denis"]
    GapCase.objects.filter(pk=other.pk).update(flagged_at=timezone.now() - timedelta(days=8))
    record(case, odile, note="Une note n'est pas une étape faite")
    record(case, odile, state="contacted")
    record(other, odile, state="refused")
    CaseEvent.objects.filter(case=other).update(at=timezone.now() - timedelta(days=8))
    found = meeting("41", timezone.now())
    assert (found.flagged, found.left, found.steps, found.done_in_all) == (1, 0, 2, 1)
    page = text(desk.get(SHEET))
    assert "1 nouveau dossier" in page
    assert "· contacté · Odile · Chèvrerie du Loir (Vendôme)" in page
    assert "refus" not in page.partition("Fait en sept jours")[2].partition("En retard")[0]


def test_what_is_late(desk, cases, odile):
    record(cases["Boulangerie Denis"], odile, state="to_contact", assignee=odile, next_on=date(2026, 1, 15))
    page = text(desk.get(SHEET)).partition("En retard : 1")[2]
    assert "15/01" in page
    assert "à contacter · Odile · Boulangerie Denis (Blois)" in page


def test_what_changed_since_the_edition_before(desk, cases):
    fibre({VENDOME: 95, BLOIS: 30}, date(2025, 12, 31))
    page = text(desk.get(SHEET))
    assert "Depuis l'édition du 30 septembre 2025" in page
    assert "1 sortie : Vendôme" in page
    assert "1 plus mal desservie : Blois" in page
    assert "1 sorti de la zone" in page


def test_the_map_marks_communes_with_cases(desk, cases):
    drawn = desk.get(SHEET).context["drawing"]["choropleth"]
    assert {area.code for area in drawn.areas if area.marked} == {VENDOME, BLOIS}


def test_without_figures_there_is_a_sheet_still(desk):
    page = desk.get(SHEET)
    assert page.status_code == 200
    assert "Personne : tous ont été contactés" in text(page)
