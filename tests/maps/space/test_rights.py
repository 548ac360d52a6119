"""Rights over one's data: who sees the contacts, a copy of everything, the end of the entry; each owner's own only."""

from __future__ import annotations

import json

import pytest
from django.core import mail
from django.test import Client
from django.utils.html import escape

from directory.models import Consent, Deletion, GapCase, Merchant, Official, PointOfSale
from directory.owners.leaving import leave
from directory.wordings import SHOWN, SHOWN_VERSION
from tests.builders import VENDOME, owned_place, owner, point_of_sale
from tests.coverage_data import fibre
from tests.maps.desk.handing import export

pytestmark = pytest.mark.django_db
RIGHTS = "/mon-commerce/droits/"
BACKEND = "django.contrib.auth.backends.ModelBackend"
PHONE, EMAIL = "02 54 77 66 55", "contact@ferme.example"


@pytest.fixture
def place() -> PointOfSale:
    place = owned_place(name="Ferme du Loir")
    Merchant.objects.filter(pk=place.merchant_id).update(phone=PHONE, email=EMAIL)
    place.merchant.refresh_from_db()
    return place


@pytest.fixture
def mine(client, place) -> Client:
    client.force_login(place.merchant.owner, backend=BACKEND)
    return client


def contacts(place: PointOfSale) -> str:
    return f"{RIGHTS}{place.merchant_id}/coordonnees/"


def leaving(place: PointOfSale) -> str:
    return f"{RIGHTS}{place.merchant_id}/supprimer/"


def give(client: Client, place: PointOfSale, **fields):  # type: ignore[no-untyped-def]
    return client.post(contacts(place), {"phone": PHONE, "email": EMAIL} | fields)


class TestWhoMay:
    PAGES = ("coordonnees/", "coordonnees/retirer/", "supprimer/")

    @pytest.mark.parametrize("page", PAGES)
    @pytest.mark.parametrize("method", ["get", "post"])
    def test_another_owner_finds_nothing(self, client, place, page, method):
        Consent.objects.create(merchant=place.merchant, field="phone", audience="public", wording="v")
        client.force_login(owner("autre@example.org"), backend=BACKEND)
        data = {"phone": "0", "do": "leave", "sure": "on"}
        answer = getattr(client, method)(f"{RIGHTS}{place.merchant_id}/{page}", data)
        assert answer.status_code == 404
        assert "no-store" in answer["Cache-Control"]
        assert not Deletion.objects.exists()
        assert Consent.objects.filter(withdrawn_at=None).exists()

    @pytest.mark.parametrize("page", ["", "mes-donnees.json", *(f"1/{page}" for page in PAGES)])
    def test_nobody_is_asked_to_sign_in(self, client, page):
        answer = client.get(f"{RIGHTS}{page}")
        assert (answer.status_code, answer.url.split("?")[0]) == (302, "/connexion/")

    def test_each_sees_its_own_only(self, mine, place):
        owned_place("autre@example.org", name="Ferme Voisine")
        page = mine.get(RIGHTS)
        assert "Ferme du Loir" in page.content.decode()
        assert "Ferme Voisine" not in page.content.decode()
        text = b"".join(mine.get(f"{RIGHTS}mes-donnees.json").streaming_content).decode()
        assert "Ferme du Loir" in text
        assert "Ferme Voisine" not in text


class TestConsents:
    def test_nothing_is_ticked_and_every_box_says_all_of_it(self, mine, place):
        page = mine.get(contacts(place)).content.decode()
        assert "checked" not in page
        assert page.count('type="checkbox"') == len(SHOWN) == 6
        for text in SHOWN.values():
            assert text.replace("'", "&#x27;") in page

    def test_what_is_ticked_is_dated_with_its_wording(self, mine, place):
        assert give(mine, place, phone_for=["public", "chamber"]).status_code == 302
        given = Consent.objects.values_list("field", "audience", "wording", "withdrawn_at").order_by("audience")
        assert list(given) == [("phone", "chamber", SHOWN_VERSION, None), ("phone", "public", SHOWN_VERSION, None)]
        assert mine.get(contacts(place)).content.decode().count("checked") == 2

    def test_a_second_tap_gives_nothing_twice_and_one_that_stays_keeps_its_date(self, mine, place):
        give(mine, place, phone_for=["public"])
        first = Consent.objects.get()
        give(mine, place, phone_for=["public"], email_for=["departement"])
        assert Consent.objects.get(field="phone").given_at == first.given_at
        give(mine, place, email_for=["departement"])
        assert Consent.objects.get(field="phone").withdrawn_at is not None
        assert Consent.objects.get(field="email").withdrawn_at is None

    def test_contacts_are_checked_and_what_was_typed_stays(self, mine, place):
        answer = give(mine, place, phone="appelez", email="contact@", phone_for=["public"])
        page = answer.content.decode()
        assert answer.status_code == 400
        assert "Exemple : 02 54 00 00 00" in page
        assert 'value="appelez"' in page
        assert 'value="contact@"' in page
        assert not Consent.objects.exists()

    def test_nothing_is_shown_of_what_is_not_written(self, mine, place):
        answer = give(mine, place, phone="", phone_for=["public"])
        assert answer.status_code == 400
        assert "Écrivez-le" in answer.content.decode()

    def test_a_change_is_in_the_history_with_who_made_it(self, mine, place):
        give(mine, place, phone="02 54 00 00 09")
        last = Merchant.history.filter(id=place.merchant_id).first()
        assert (last.phone, last.history_user) == ("02 54 00 00 09", place.merchant.owner)

    def test_who_saw_it_is_told_with_the_dates(self, mine, place):
        give(mine, place, phone_for=["public"])
        mine.post(f"{contacts(place)}retirer/")
        page = mine.get(contacts(place)).content.decode()
        assert "Historique" in page
        assert SHOWN_VERSION in page
        assert "Tout retirer" not in page


class TestWithdrawingAll:
    @pytest.fixture
    def official(self, place) -> Client:
        fibre({VENDOME: 10})
        client = Client()
        user = owner("agente@example.org")
        Official.objects.create(user=user, departement_id="41")
        client.force_login(user, backend=BACKEND)
        return client

    def surfaces(self, place, official) -> dict[str, str]:
        """Every page, answer and file that says something of the merchant to others."""
        anyone, case = Client(), GapCase.objects.get(point_of_sale=place)
        answers = {
            "sheet": anyone.get(f"/m/{place.merchant_id}-x/", follow=True),
            "results": anyone.get("/?commune=41269"),
            "api": anyone.get(f"/api/v1/merchants/{place.pk}/"),
            "list": anyone.get("/api/v1/merchants/?commune=41269"),
            "csv": anyone.get("/api/v1/merchants.csv?commune=41269"),
            "geojson": anyone.get("/api/v1/merchants.geojson?commune=41269"),
            "worklist": official.get("/agents/departement/41/"),
            "case": official.get(f"/agents/departement/41/dossier/{case.pk}/"),
            **{f"{audience}.{kind}": export(official, audience, kind)
               for audience in ("departement", "operator", "epci") for kind in ("csv", "geojson")},
        }  # fmt: skip
        assert {name: answer.status_code for name, answer in answers.items()} == dict.fromkeys(answers, 200)
        return {name: "".join(map(bytes.decode, answer)).replace("\xa0", " ") for name, answer in answers.items()}

    def test_in_one_tap_it_is_gone_from_everywhere(self, mine, place, official):
        give(mine, place, phone_for=["public", "departement"], email_for=["public", "departement"])
        shown = {name for name, text in self.surfaces(place, official).items() if PHONE in text or EMAIL in text}
        assert {"sheet", "api", "case", "departement.csv", "departement.geojson"} <= shown
        assert not {"operator.csv", "operator.geojson", "epci.csv", "epci.geojson"} & shown
        assert mine.post(f"{contacts(place)}retirer/").status_code == 302
        said = self.surfaces(place, official)
        assert not [name for name, text in said.items() if PHONE in text or EMAIL in text]
        assert Consent.objects.filter(withdrawn_at=None).count() == 0

    def test_each_audience_alone_sees_what_it_was_let_see(self, mine, place, official):
        give(mine, place, phone_for=["departement"])
        shown = {name for name, text in self.surfaces(place, official).items() if PHONE in text}
        assert shown & {"sheet", "results", "api", "list", "csv", "geojson"} == set()
        assert "case" in shown

    def test_who_leaves_is_in_no_list_of_officials_either(self, mine, place, official):
        GapCase.objects.update(in_gap=False)
        left = "/agents/departement/41/?left=1"
        assert "Ferme du Loir" in official.get(left).content.decode()
        leave(place.merchant)
        for page in (left, "/agents/departement/41/"):
            assert "Ferme du Loir" not in official.get(page).content.decode()


class TestLeaving:
    def test_one_box_and_one_button_hide_it_and_tell_the_owner_how_to_undo(self, mine, place):
        assert mine.post(leaving(place), {"do": "leave"}).status_code == 400
        assert not Deletion.objects.exists()
        for _tap in range(2):
            mine.post(leaving(place), {"do": "leave", "sure": "on"})
        assert Deletion.objects.get().merchant == place.merchant
        assert Client().get(f"/m/{place.merchant_id}-x/", follow=True).status_code == 404
        [letter] = mail.outbox
        assert letter.to == [place.merchant.owner.email]
        assert f"http://testserver{leaving(place)}" in letter.body

    def test_it_says_which_places_go_and_what_each_is(self, mine, place):
        point_of_sale("", merchant=place.merchant, kind="market_stall")
        page = mine.get(leaving(place)).content.decode()
        name = escape(place.merchant.name)
        assert f"<li>{name} (ferme, Vendôme)</li>" in page
        assert f"<li>{name} (étal de marché, Vendôme)</li>" in page

    def test_it_is_undone_from_the_page_and_from_the_banner(self, mine, place):
        leave(place.merchant)
        for page in (leaving(place), RIGHTS):
            assert "Annuler la suppression" in mine.get(page).content.decode()
        mine.post(leaving(place), {"do": "come_back"})
        place.refresh_from_db()
        assert place.status == "published"
        assert not Deletion.objects.exists()

    def test_a_signed_out_owner_finds_its_way_back(self, mine, place):
        leave(place.merchant)
        mine.logout()
        answer = mine.get(leaving(place))
        assert answer.url.startswith("/connexion/?next=/mon-commerce/droits/")

    def test_meanwhile_nothing_of_it_is_changed(self, mine, place):
        leave(place.merchant)
        for page in (f"/mon-commerce/{place.pk}/epingle/", contacts(place)):
            assert mine.get(page).url == leaving(place)
            assert mine.post(page, {}).url == leaving(place)

    def test_the_page_names_all_that_goes(self, mine, place):
        point_of_sale("Étal du marché", merchant=place.merchant, status="draft")
        assert "Étal du marché" in mine.get(leaving(place)).content.decode()


def test_the_copy_is_one_file_that_no_cache_keeps(mine, place):
    answer = mine.get(f"{RIGHTS}mes-donnees.json")
    assert answer["Content-Disposition"] == 'attachment; filename="mes-donnees.json"'
    assert "no-store" in answer["Cache-Control"]
    told = json.loads(b"".join(answer.streaming_content))
    assert told["merchants"][0]["pointofsale"][0]["pin"] == pytest.approx([place.pin.x, place.pin.y], abs=1e-5)
