"""A case: what is known, and the steps of its follow-up."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from directory.models import CaseEvent, ConnectionReport, GapCase
from tests.builders import VENDOME, at, centre_of
from tests.coverage_data import closure, zone
from tests.maps.desk.conftest import official
from tests.maps.desk.test_worklist_page import text

pytestmark = pytest.mark.django_db


@pytest.fixture
def path(goats) -> str:
    return f"/agents/departement/41/dossier/{goats.pk}/"


def step(**given: Any) -> dict[str, Any]:
    return {"state": "to_verify", "need": "unknown", "assignee": "", "next_on": "", "note": "", "seen": 0} | given


class TestShown:
    def test_the_finding_with_its_evidence_number_source_and_date(self, desk, path):
        page = text(desk.get(path))
        assert "À Vendôme, 90 % des locaux ne sont pas éligibles à la fibre (90 sur 100)" in page
        assert "ARCEP, Ma connexion internet, édition du 30 septembre 2025" in page
        assert "Niveau de preuve : part de la commune" in page
        assert "ce n'est pas la ligne d'une adresse" in page

    def test_of_a_zone_that_covers_the_pin(self, desk, path):
        centre = centre_of(VENDOME)
        box = (centre.lon - 0.01, centre.lat - 0.01, centre.lon + 0.01, centre.lat + 0.01)
        zone(box, "HD3", planned_on=date(2027, 6, 1))
        page = text(desk.get(path))
        assert "de 3 à 8 Mbit/s" in page
        assert "zone livrée par le département" in page
        assert "Travaux prévus pour le 1er juin 2027" in page

    def test_what_was_replaced_is_not_said_again(self, desk, path, goats):
        """As of the demonstration's edition, gone with the first real one."""
        left = datetime(2026, 3, 1, 12, tzinfo=UTC)
        GapCase.objects.filter(pk=goats.pk).update(
            in_gap=False, left_at=left, edition=None, copper_on=date(2027, 1, 31)
        )
        page = text(desk.get(path))
        assert "ont été remplacés et ne sont plus gardés. Il est sorti de la zone le 1er mars 2026." in page
        gone = ("Aucune édition", "Niveau de preuve", "part de la commune", "sur 100", "31/01/2027", "2027")
        assert not [words for words in gone if words in page]
        listed = text(desk.get("/agents/departement/41/?left=1"))
        assert "plus gardés" in listed
        assert "(90 sur 100)" not in listed

    def test_an_invented_closure_marks_the_case_and_its_lists(self, desk, path):
        assert "Démonstration" not in text(desk.get(path))
        closure(VENDOME, date(2030, 1, 1), demo=True)
        for page in (path, "/agents/departement/41/", "/agents/departement/41/point/"):
            said = desk.get(page).content.decode()
            assert "demo-banner" in said, page
            assert "Démonstration" in said, page

    def test_the_operator_s_map_at_the_true_pin(self, desk, path, goats, settings):
        place = goats.point_of_sale
        moved = at(centre_of(), 90, 700)
        place.pin, place.pin_hidden = moved.to_geos(), True
        place.save()
        lon, lat = moved.rounded()
        assert (
            settings.COVERAGE_MAP_URL.format(lat=lat, lon=lon).replace("&", "&amp;") in desk.get(path).content.decode()
        )

    def test_the_priority_term_by_term(self, desk, path):
        page = text(desk.get(path))
        assert "Priorité : 62 points" in page
        for line in ("Classe 30 sur 30 Moins de 25 % des locaux", "Part 22 sur 25", "Cuivre 0 sur 20"):
            assert line in page

    def test_what_its_merchant_says_is_marked_as_theirs(self, desk, path, goats):
        ConnectionReport.objects.create(
            point_of_sale=goats.point_of_sale, fibre="refused", download_mbit=Decimal("3.40"), operator="Orange",
            comment="<b>Refusé</b> en mars",
        )  # fmt: skip
        page = desk.get(path)
        assert "ce ne sont pas des chiffres officiels" in text(page)
        assert "Fibre : demandée, refusée. Débit mesuré : 3,4 Mbit/s. Opérateur : Orange." in text(page)
        assert "&lt;b&gt;Refusé" in page.content.decode()


class TestSteps:
    def test_one_is_written_with_who_when_and_what(self, desk, path, goats, odile):
        response = desk.post(
            path, step(state="contacted", need="order", assignee=odile.pk, next_on="2026-12-24", note="Rappeler")
        )
        assert response.status_code == 302
        assert response.url == path
        event = CaseEvent.objects.get()
        assert (event.by, event.before, event.after, event.need) == (odile, "to_verify", "contacted", "order")
        assert (event.assignee, event.next_on, event.note) == (odile, date(2026, 12, 24), "Rappeler")
        assert abs(event.at - timezone.now()) < timedelta(minutes=1)
        goats.refresh_from_db()
        assert (goats.state, goats.need, goats.need_given, goats.assignee) == ("contacted", "order", True, odile)
        page = text(desk.get(path))
        assert "Étape enregistrée" in page
        assert "Odile" in page
        assert "à vérifier → contacté · besoin : fibre commandable, pas prise · suivi par : Odile" in page
        assert "prochaine date : 24/12/2026" in page
        assert "Rappeler" in page

    def test_what_is_left_as_it_was_is_no_change(self, desk, path, goats):
        desk.post(path, step(state="contacted"))
        goats.refresh_from_db()
        assert goats.need_given is False

    def test_a_date_is_taken_away(self, desk, path, goats):
        desk.post(path, step(next_on="2026-12-24"))
        desk.post(path, step(seen=CaseEvent.objects.get().pk))
        goats.refresh_from_db()
        assert goats.next_on is None
        assert "prochaine date : aucune" in text(desk.get(path))

    @pytest.mark.parametrize(
        ("given", "why"),
        [
            ({}, "Rien n'a changé"),
            ({"state": "done"}, ""),
            ({"need": ""}, ""),
            ({"next_on": "hier"}, ""),
            ({"note": "x" * 2001}, ""),
            ({"seen": "x", "note": "x"}, ""),
            ({"note": "a\x00b"}, ""),
        ],
    )
    def test_what_makes_no_sense_is_refused_and_kept_in_the_form(self, desk, path, given, why):
        response = desk.post(path, step(**given))
        assert response.status_code == 400
        assert why in text(response)
        assert not CaseEvent.objects.exists()

    @pytest.mark.parametrize(("days", "status"), [(-366, 400), (-365, 302), (1825, 302), (1826, 400)])
    def test_a_date_of_a_mistyped_year_is_refused(self, desk, path, days, status):
        response = desk.post(path, step(next_on=(timezone.localdate() + timedelta(days)).isoformat()))
        assert response.status_code == status
        assert status == 302 or "est attendue." in text(response)
        assert CaseEvent.objects.exists() is (status == 302)

    def test_an_old_date_that_stands_there_keeps_nobody_from_writing(self, desk, path, goats):
        GapCase.objects.filter(pk=goats.pk).update(next_on=date(2020, 1, 1))
        assert desk.post(path, step(next_on="2020-01-01", note="Vu")).status_code == 302

    def test_nobody_of_another_departement_is_given_a_case(self, desk, path, goats):
        stranger = official("igor", "37")
        response = desk.post(path, step(assignee=stranger.pk, note="pour Igor"))
        assert response.status_code == 400
        assert "Cette personne n'est pas du département" in text(response)
        goats.refresh_from_db()
        assert goats.assignee is None

    def test_two_who_write_at_once_read_each_other_first(self, desk, path, goats):
        desk.post(path, step(state="contacted", note="Odile"))
        late = desk.post(path, step(state="refused", note="Pascal"))
        assert late.status_code == 400
        assert "relisez-le" in text(late)
        goats.refresh_from_db()
        assert goats.state == "contacted"
        again = desk.post(path, step(state="refused", note="Pascal", seen=late.context["seen"]))
        assert again.status_code == 302

    def test_one_who_left_keeps_the_case_until_another_takes_it(self, desk, path, goats, odile):
        gone = official("gone")
        GapCase.objects.filter(pk=goats.pk).update(assignee=gone)
        assert desk.post(path, step(assignee=gone.pk, note="Toujours à Gone")).status_code == 302
        goats.refresh_from_db()
        assert goats.assignee == gone


class TestClock:
    @pytest.fixture(autouse=True)
    def _twelve_days_ago(self, goats):
        self.flagged = timezone.now() - timedelta(days=12)
        GapCase.objects.filter(pk=goats.pk).update(flagged_at=self.flagged)

    def test_runs_from_the_first_flag(self, desk, path):
        page = text(desk.get(path))
        assert "Pas encore contacté, depuis 12 jours" in page
        assert "Pas encore de solution, depuis 12 jours" in page

    def test_stops_at_the_contact_and_at_the_solution(self, desk, path, goats):
        desk.post(path, step(state="contacted"))
        GapCase.objects.filter(pk=goats.pk).update(contacted_at=self.flagged + timedelta(days=1))
        page = text(desk.get(path))
        assert "Premier contact après 1 jour" in page
        assert "Pas encore de solution, depuis 12 jours" in page
        desk.post(path, step(state="connected", seen=CaseEvent.objects.get().pk))
        assert "Solution trouvée après 12 jours" in text(desk.get(path))
