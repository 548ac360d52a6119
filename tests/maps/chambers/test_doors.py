"""Object by object: what is another chamber's is not found, by whatever address, for whoever asks."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.test import Client

from directory.models import AssistedEntry, ChamberUpload, PointOfSale
from tests.maps.admin_desk import log_in, staff_with
from tests.maps.chambers.conftest import HOME, agent, filled, registered, waiting
from tests.maps.desk.conftest import official

pytestmark = pytest.mark.django_db
THEIRS = HOME.replace("trades", "agriculture")
PAGES = ["", "liste/", "liste/modele.csv", "saisie/", "demandes/"]


@pytest.fixture
def made(trades) -> dict[str, int]:
    """Something of Tom's: a list that waits, a merchant."""
    return {"upload": waiting(trades)[0].pk, "entry": registered(trades).pk}


def readings(made: dict[str, int], home: str = HOME) -> list[str]:
    upload, entry = made["upload"], made["entry"]
    return [f"{home}liste/{upload}/", f"{home}liste/{upload}/bilan.csv", f"{home}saisie/{entry}/"]


def writings(made: dict[str, int], home: str = HOME) -> list[str]:
    upload, entry = made["upload"], made["entry"]
    return [
        f"{home}liste/{upload}/ecrire/", f"{home}liste/{upload}/abandonner/", f"{home}saisie/{entry}/prevenu/",
        f"{home}saisie/{entry}/corrige/",
    ]  # fmt: skip


@pytest.mark.parametrize("page", PAGES)
class TestPages:
    def test_one_s_own_are_shown_and_never_kept(self, trades, page):
        for prefix in ("", "/en"):
            response = trades.get(f"{prefix}{HOME}{page}")
            assert response.status_code == 200
            assert response["Cache-Control"] == "private, no-store"

    def test_another_s_are_not_found(self, trades, page):
        assert trades.get(f"{THEIRS}{page}").status_code == 404
        assert trades.post(f"{THEIRS}{page}", filled()).status_code in (404, 405)

    @pytest.mark.parametrize("kind", ["fishery", "TRADES", "0"])
    def test_nor_are_those_that_do_not_exist(self, trades, page, kind):
        assert trades.get(f"/agents/chambre/{kind}/{page}").status_code == 404

    def test_a_stranger_is_asked_to_sign_in(self, client, page):
        response = client.get(f"{HOME}{page}")
        assert response.status_code == 302
        assert response.url == f"/agents/connexion/?next={HOME}{page}"

    def test_so_is_one_whose_account_was_closed(self, trades, tom, page):
        User.objects.filter(pk=tom.pk).update(is_active=False)
        assert trades.get(f"{HOME}{page}").status_code == 302

    def test_officials_merchants_and_the_team_find_nothing(self, page):
        for user in (official("odile", "41"), official("claire"), official("equipe", is_staff=True)):
            assert log_in(user).get(f"{HOME}{page}").status_code == 404

    def test_an_administrator_opens_all(self, page):
        admin = log_in(official("admin", is_superuser=True))
        assert admin.get(f"{HOME}{page}").status_code == admin.get(f"{THEIRS}{page}").status_code == 200


class TestObjects:
    def test_their_own_agents_read_them(self, trades, made):
        assert {trades.get(path).status_code for path in readings(made)} == {200}

    def test_another_s_agents_find_them_under_neither_address(self, farmers, made):
        for home in (HOME, THEIRS):
            assert {farmers.get(path).status_code for path in readings(made, home)} == {404}
            assert {farmers.post(path).status_code for path in writings(made, home)} == {404}
        assert ChamberUpload.objects.get().state == "checked"
        assert not PointOfSale.objects.exclude(merchant__assisted_entry__isnull=False).exists()

    def test_an_agent_of_both_finds_each_under_its_own_address_alone(self, made):
        both = log_in(agent("both", "trades", "agriculture"))
        assert {both.get(path).status_code for path in readings(made)} == {200}
        assert {both.get(path).status_code for path in readings(made, THEIRS)} == {404}
        assert {both.post(path).status_code for path in writings(made, THEIRS)} == {404}

    def test_officials_and_strangers_write_nothing(self, client, made):
        for path in writings(made):
            assert log_in(official(f"odile{path}", "41")).post(path).status_code == 404
            assert client.post(path).status_code == 302
        assert ChamberUpload.objects.get().state == "checked"

    @pytest.mark.parametrize("id_", ["0", "999999", "9" * 30])
    def test_those_that_do_not_exist(self, trades, id_):
        for page in (f"liste/{id_}/", f"saisie/{id_}/"):
            assert trades.get(f"{HOME}{page}").status_code == 404

    def test_the_home_shows_its_own_alone(self, trades, farmers, made):
        assert b"Fromagerie du Loir" in trades.get(HOME).content
        page = farmers.get(THEIRS).content
        assert b"Fromagerie" not in page
        assert b"liste.csv" not in page

    def test_a_form_of_another_site_is_refused(self, tom, made):
        client = Client(enforce_csrf_checks=True)
        client.force_login(tom, backend="django.contrib.auth.backends.ModelBackend")
        for path in (*writings(made), f"{HOME}saisie/", f"{HOME}liste/"):
            assert client.post(path, filled()).status_code == 403
        assert ChamberUpload.objects.get().state == "checked"
        assert AssistedEntry.objects.count() == 1

    @pytest.mark.parametrize("path", ["ecrire", "abandonner"])
    def test_a_link_decides_nothing(self, trades, made, path):
        assert trades.get(f"{HOME}liste/{made['upload']}/{path}/").status_code == 405


class TestDesks:
    def test_one_chamber_is_where_signing_in_leads(self, trades):
        assert trades.get("/agents/").url == HOME

    def test_of_several_desks_one_chooses(self):
        user = official("both", "41")
        agent_of = agent("deux", "trades", "commerce")
        page = log_in(agent_of).get("/agents/").content.decode()
        assert HOME in page
        assert "/agents/chambre/commerce/" in page
        assert "agriculture" not in page
        assert log_in(user).get("/agents/").url == "/agents/departement/41/"


class TestAdmin:
    @pytest.mark.parametrize("model", ["chamberupload", "assistedentry"])
    def test_lists_and_entries_are_read_and_never_written(self, made, model):
        verbs = ("view", "change", "add", "delete")
        staff = staff_with(*(f"{verb}_{model}" for verb in verbs))
        pk = made["upload" if model == "chamberupload" else "entry"]
        path = f"/gestion/directory/{model}/"
        assert staff.get(path).status_code == 200
        assert staff.get(f"{path}{pk}/change/").status_code == 200
        assert staff.post(f"{path}{pk}/change/", {"state": "dropped"}).status_code == 403
        assert staff.post(f"{path}{pk}/delete/", {"post": "yes"}).status_code == 403
        assert staff.get(f"{path}add/").status_code == 403
