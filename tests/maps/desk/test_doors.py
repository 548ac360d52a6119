"""Object by object: what is another département's is not found, by whatever address."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.test import Client

from directory.models import CaseEvent, GapCase, Remedy
from tests.maps.admin_desk import log_in
from tests.maps.desk.conftest import official

pytestmark = pytest.mark.django_db
PAGES = ["", "comparer/", "point/", "aides/", "demandes/"]


def at(departement: str, page: str = "") -> str:
    return f"/agents/departement/{departement}/{page}"


@pytest.mark.parametrize("page", PAGES)
class TestPages:
    def test_one_s_own_are_shown_and_never_kept(self, desk, cases, page):
        for prefix in ("", "/en"):
            response = desk.get(prefix + at("41", page))
            assert response.status_code == 200
            assert response["Cache-Control"] == "private, no-store"

    def test_another_s_are_not_found(self, desk, cases, page):
        refused = desk.get(at("37", page))
        assert refused.status_code == 404
        assert refused["Cache-Control"] == "private, no-store"
        assert desk.post(at("37", page), {"title": "x"}).status_code in (404, 405)

    @pytest.mark.parametrize("code", ["75", "99", "xx", "41%00", "041", "4100000000"])
    def test_nor_are_those_that_do_not_exist(self, desk, page, code):
        assert desk.get(at(code, page)).status_code == 404

    def test_a_stranger_is_asked_to_sign_in(self, client, page):
        response = client.get(at("41", page))
        assert response.status_code == 302
        assert response.url == f"/agents/connexion/?next={at('41', page)}"
        assert "no-store" in response["Cache-Control"]

    def test_so_is_one_whose_account_was_closed(self, desk, odile, page):
        User.objects.filter(pk=odile.pk).update(is_active=False)
        assert desk.get(at("41", page)).status_code == 302

    def test_an_account_without_a_post_finds_nothing(self, page):
        assert log_in(official("sans")).get(at("41", page)).status_code == 404
        assert log_in(official("equipe", is_staff=True)).get(at("41", page)).status_code == 404

    def test_an_administrator_opens_every_desk(self, cases, page):
        admin = log_in(official("admin", is_superuser=True))
        assert admin.get(at("41", page)).status_code == admin.get(at("37", page)).status_code == 200


class TestCases:
    def test_another_s_case_is_found_under_neither_address(self, desk, neighbour, cases):
        theirs = cases["Boulangerie Tourangelle"].pk
        assert neighbour.get(at("37", f"dossier/{theirs}/")).status_code == 200
        assert desk.get(at("37", f"dossier/{theirs}/")).status_code == 404
        assert desk.get(at("41", f"dossier/{theirs}/")).status_code == 404

    @pytest.mark.parametrize("id_", ["0", "999999", "9" * 30])
    def test_one_that_does_not_exist(self, desk, cases, id_):
        assert desk.get(at("41", f"dossier/{id_}/")).status_code == 404

    def test_writing_in_another_s_writes_nothing(self, desk, cases):
        theirs = cases["Boulangerie Tourangelle"]
        before = GapCase.objects.filter(pk=theirs.pk).values().get()
        step = {"state": "refused", "need": "works", "note": "x", "seen": "0"}
        for departement in ("37", "41"):
            assert desk.post(at(departement, f"dossier/{theirs.pk}/"), step).status_code == 404
        assert GapCase.objects.filter(pk=theirs.pk).values().get() == before
        assert not CaseEvent.objects.exists()

    def test_a_stranger_s_step_is_not_written(self, client, goats):
        response = client.post(at("41", f"dossier/{goats.pk}/"), {"state": "refused", "need": "works", "seen": "0"})
        assert response.status_code == 302
        assert not CaseEvent.objects.exists()

    def test_a_form_of_another_site_is_refused(self, odile, goats):
        client = Client(enforce_csrf_checks=True)
        client.force_login(odile, backend="django.contrib.auth.backends.ModelBackend")
        response = client.post(at("41", f"dossier/{goats.pk}/"), {"state": "refused", "need": "works", "seen": "0"})
        assert response.status_code == 403
        assert not CaseEvent.objects.exists()

    def test_a_list_shows_its_own_alone(self, desk, cases):
        page = desk.get(at("41")).content.decode()
        assert "Chèvrerie du Loir" in page
        assert "Boulangerie Denis" in page
        assert "Tourangelle" not in page


class TestRemedies:
    @pytest.fixture
    def theirs(self) -> Remedy:
        return Remedy.objects.create(departement_id="37", kind="contact", title="Tours")

    @pytest.mark.parametrize("page", ["", "supprimer/", "monter/"])
    def test_another_s_are_neither_read_nor_written(self, desk, theirs, page):
        for departement in ("37", "41"):
            path = at(departement, f"aides/{theirs.pk}/{page}")
            assert desk.post(path, {"kind": "other", "title": "x"}).status_code == 404
            assert desk.get(path).status_code in (404, 405)
        theirs.refresh_from_db()
        assert theirs.title == "Tours"
        assert Remedy.objects.count() == 1
