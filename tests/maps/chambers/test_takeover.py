"""What the merchant does by the link of its letter: sees, takes over, has it corrected, withdraws."""

from __future__ import annotations

import re
import time
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.test import Client
from django.utils import timezone

from directory.models import AssistedEntry, Consent, Deletion, Merchant, PointOfSale, SearchEntry
from maps.chambers import telling
from tests.maps.admin_desk import NASTY, log_in
from tests.maps.chambers.conftest import ENTRY, HOME, registered
from tests.maps.desk.conftest import official

pytestmark = pytest.mark.django_db
PASSWORD = "un mot de passe de test"


@pytest.fixture
def entry(trades) -> AssistedEntry:
    made = registered(trades)
    mail.outbox.clear()
    return made


def link(entry: AssistedEntry) -> str:
    return f"/prise-en-main/{telling.SIGNER.sign(str(entry.pk))}/"


def way_in() -> str:
    """Where the last e-mail leads."""
    found = re.search(r"http://testserver(/\S+)", mail.outbox[-1].body)
    assert found
    return found[1]


def owned(client, entry: AssistedEntry) -> User:
    """Takes the entry over through both links; the owner."""
    client.post(link(entry), {"do": "take_over"})
    client.post(way_in())
    entry.refresh_from_db()
    assert entry.merchant.owner is not None
    return entry.merchant.owner


class TestSeeing:
    def test_the_letter_s_link_shows_the_entry_and_no_private_contact(self, client, trades, entry):
        printed = re.search(
            r"http://testserver(/prise-en-main/\S+?)<", trades.get(f"{ENTRY}{entry.pk}/").content.decode()
        )
        response = client.get(printed[1])
        page = response.content.decode()
        assert "Fromagerie du Loir" in page
        assert "noindex" in page
        assert response["Referrer-Policy"] == "same-origin"
        assert "no-store" in response["Cache-Control"]
        Consent.objects.all().delete()
        page = client.get(printed[1]).content.decode()
        assert "02 54 00 00 02" not in page
        assert "claire@" not in page

    @pytest.mark.parametrize(("days", "status"), [(59.9, 200), (60.1, 404)])
    def test_it_is_valid_for_sixty_days(self, client, entry, monkeypatch, days, status):
        path, now = link(entry), time.time()
        monkeypatch.setattr(time, "time", lambda: now + days * 86_400)
        assert client.get(path).status_code == status

    @pytest.mark.parametrize("token", ["x", "1", "1.abc.def", "1:abc:def"])
    def test_one_made_up_is_not_found(self, client, entry, token):
        response = client.get(f"/prise-en-main/{token}/")
        assert response.status_code == 404
        assert "la chambre qui vous" in response.content.decode()

    def test_nor_is_one_of_another_kind(self, client, entry):
        from maps.desk.reports import SIGNER

        assert client.get(f"/prise-en-main/{SIGNER.sign(str(entry.pk))}/").status_code == 404

    def test_looking_changes_nothing(self, client, entry):
        client.get(link(entry), {"do": "withdraw"})
        assert PointOfSale.objects.get().status == "published"


class TestTakingOver:
    def test_an_account_is_made_once_its_address_is_proven(self, client, entry):
        page = client.post(link(entry), {"do": "take_over"}, follow=True).content.decode()
        assert "c…@fromagerie.example" in page
        assert mail.outbox[0].to == ["claire@fromagerie.example"]
        assert "claire@fromagerie.example" in client.get(way_in()).content.decode()
        entry.refresh_from_db()
        assert (entry.taken_over_at, entry.merchant.owner) == (None, None)
        assert not User.objects.filter(username__contains="claire").exists()
        assert client.post(way_in()).url == "/mon-commerce/"
        entry.refresh_from_db()
        assert entry.taken_over_at is not None
        assert entry.merchant.owner == User.objects.get(username="claire@fromagerie.example")
        assert not entry.merchant.owner.has_usable_password()
        assert "Fromagerie du Loir" in client.get("/mon-commerce/").content.decode()
        assert client.get("/agents/").url == "/mon-commerce/"

    def test_an_account_that_is_there_is_bound_by_its_mailbox_alone(self, client, trades):
        entry = registered(trades, email="", email_for=[])
        claire = User.objects.create_user("claire@ailleurs.example", "claire@ailleurs.example", PASSWORD)
        client.post(link(entry), {"do": "take_over", "account-email": "claire@ailleurs.example"})
        entry.refresh_from_db()
        assert entry.merchant.owner is None
        assert client.post(way_in()).url == "/mon-commerce/"
        assert client.session["_auth_user_id"] == str(claire.pk)
        entry = AssistedEntry.objects.get()
        assert entry.merchant.owner == claire
        claire.refresh_from_db()
        assert claire.check_password(PASSWORD)

    def test_an_agent_s_mailbox_alone_opens_no_session(self, client, trades):
        entry = registered(trades, email="", email_for=[])
        odile = official("odile@ailleurs.example", "41")
        client.post(link(entry), {"do": "take_over", "account-email": odile.username})
        assert client.post(way_in()).url == "/agents/connexion/"
        assert "_auth_user_id" not in client.session
        assert Merchant.objects.get(assisted_entry__isnull=False).owner == odile

    def test_until_then_the_letter_s_link_withdraws(self, client, entry):
        client.post(link(entry), {"do": "take_over"})
        client.post(link(entry), {"do": "withdraw"})
        assert PointOfSale.objects.get().status == "hidden"
        assert client.post(way_in()).status_code == 404
        assert Merchant.objects.get().owner is None

    def test_the_second_link_serves_once(self, client, entry):
        owned(client, entry)
        assert client.get(way_in()).status_code == client.post(way_in()).status_code == 404

    def test_a_newer_one_takes_its_place(self, client, trades):
        entry = registered(trades, email="", email_for=[])
        client.post(link(entry), {"do": "take_over", "account-email": "mistyped@ailleurs.example"})
        first = way_in()
        AssistedEntry.objects.update(link_sent_at=timezone.now() - timedelta(minutes=11))
        client.post(link(entry), {"do": "take_over", "account-email": "claire@ailleurs.example"})
        assert client.post(first).status_code == 404
        client.post(way_in())
        assert Merchant.objects.get().owner.username == "claire@ailleurs.example"

    def test_it_is_valid_for_three_days(self, client, entry, monkeypatch):
        client.post(link(entry), {"do": "take_over"})
        now = time.time()
        monkeypatch.setattr(time, "time", lambda: now + 3.1 * 86_400)
        assert client.post(way_in()).status_code == 404

    @pytest.mark.parametrize("token", ["x", "1:abc:def"])
    def test_one_made_up_is_not_found(self, client, entry, token):
        assert client.post(f"/prise-en-main/adresse/{token}/").status_code == 404

    @pytest.mark.parametrize(
        "address", ["x", f"{'a' * 60}@{'b' * 60}.{'c' * 60}.{'d' * 50}.example", "Gone@old.example"]
    )
    def test_an_address_that_cannot_be_an_account_s_is_told(self, client, trades, address):
        User.objects.create_user("gone@old.example", is_active=False)
        entry = registered(trades, email="", email_for=[])
        response = client.post(link(entry), {"do": "take_over", "account-email": address})
        assert response.status_code == 400
        assert 'class="mistake"' in response.content.decode()
        assert mail.outbox == []

    def test_so_is_the_entry_s_own(self, client, entry):
        User.objects.create_user("claire@fromagerie.example", is_active=False)
        response = client.post(link(entry), {"do": "take_over"})
        assert response.status_code == 400
        assert "ne peut pas servir" in response.content.decode()

    def test_an_account_closed_meanwhile_is_not_bound(self, client, entry):
        client.post(link(entry), {"do": "take_over"})
        User.objects.create_user("claire@fromagerie.example", is_active=False)
        assert client.post(way_in()).status_code == 404
        assert Merchant.objects.get().owner is None

    def test_another_address_than_the_entry_s_is_not_listened_to(self, client, entry):
        client.post(link(entry), {"do": "take_over", "account-email": "thief@example.org"})
        assert [message.to for message in mail.outbox] == [["claire@fromagerie.example"]]

    def test_a_second_tap_sends_no_second_e_mail(self, client, entry):
        for _tap in range(2):
            client.post(link(entry), {"do": "take_over"})
        assert len(mail.outbox) == 1
        AssistedEntry.objects.update(link_sent_at=timezone.now() - timedelta(minutes=11))
        client.post(link(entry), {"do": "take_over"})
        assert len(mail.outbox) == 2

    def test_one_may_try_again_at_once_where_the_e_mail_does_not_leave(self, client, entry, monkeypatch):
        with monkeypatch.context() as patched:
            patched.setattr("maps.mailing.send", lambda *message: False)
            page = client.post(link(entry), {"do": "take_over"}, follow=True).content.decode()
        assert "pas parti" in page
        client.post(link(entry), {"do": "take_over"})
        assert len(mail.outbox) == 1

    def test_then_only_the_account_acts(self, client, trades, entry):
        hers = log_in(owned(Client(), entry))
        for other in (client, trades, log_in(official("odile", "41"))):
            assert "se retire avec son compte" in other.get(link(entry)).content.decode()
            for do in ("withdraw", "correct", "take_over"):
                response = other.post(link(entry), {"do": do, "correction-text": "x"})
                assert response.status_code == 403
                assert "pas le vôtre, écrivez" in response.content.decode()
        assert PointOfSale.objects.get().status == "published"
        assert AssistedEntry.objects.get().correction == ""
        assert "/prise-en-main/" not in trades.get(f"{ENTRY}{entry.pk}/").content.decode()
        hers.post(link(entry), {"do": "withdraw"})
        assert PointOfSale.objects.get().status == "hidden"
        assert Deletion.objects.get().merchant == entry.merchant, "with thirty days to come back"


class TestCorrecting:
    def test_the_last_words_reach_the_chamber_which_settles_them(self, client, trades, entry):
        for text in ("Le 14, pas le 12.", f"Le 16.\n{NASTY}"):
            client.post(link(entry), {"do": "correct", "correction-text": text})
        entry.refresh_from_db()
        assert entry.correction == f"Le 16.\n{NASTY}"
        assert "correction demandée" in trades.get(HOME).content.decode()
        page = trades.get(f"{ENTRY}{entry.pk}/").content.decode()
        assert "Le 16." in page
        assert NASTY not in page
        trades.post(f"{ENTRY}{entry.pk}/corrige/", {"seen": "Le 14, pas le 12."})
        assert AssistedEntry.objects.get().correction
        trades.post(f"{ENTRY}{entry.pk}/corrige/", {"seen": entry.correction.replace("\n", "\r\n")})
        assert AssistedEntry.objects.get().correction == ""

    def test_five_a_day_are_taken(self, client, entry):
        for number in range(5):
            assert client.post(link(entry), {"do": "correct", "correction-text": f"Le {number}."}).status_code == 302
        assert client.post(link(entry), {"do": "correct", "correction-text": "Le 4."}).status_code == 302
        response = client.post(link(entry), {"do": "correct", "correction-text": "Le 5."})
        assert response.status_code == 429
        assert "Revenez demain" in response.content.decode()
        assert AssistedEntry.objects.get().correction == "Le 4."
        AssistedEntry.objects.update(asked_on=timezone.localdate() - timedelta(days=1))
        assert client.post(link(entry), {"do": "correct", "correction-text": "Le 5."}).status_code == 302

    def test_a_thousand_characters_are(self, client, entry):
        for length, status in ((1000, 302), (1001, 400)):
            response = client.post(link(entry), {"do": "correct", "correction-text": "x" * length})
            assert response.status_code == status

    def test_nothing_written_is_nothing_sent(self, client, entry):
        assert client.post(link(entry), {"do": "correct", "correction-text": " "}).status_code == 400


class TestWithdrawing:
    def test_it_is_hidden_at_once_and_what_is_personal_is_cleared(self, client, trades, entry):
        assert SearchEntry.objects.exists()
        page = client.post(link(entry), {"do": "withdraw"}, follow=True).content.decode()
        assert "est retirée" in page
        assert PointOfSale.objects.get().status == "hidden"
        assert not SearchEntry.objects.exists()
        merchant, who = Merchant.objects.get(), ("name", "siren", "phone", "email", "website")
        nobody = {("Fiche retirée", None, "", "", "")}
        assert set(Merchant.objects.values_list(*who)) == set(Merchant.history.values_list(*who)) == nobody
        where = ("siret", "name", "street", "postcode", "commune", "pin", "pin_label")
        nowhere = {(None, "", "", "", None, None, "")}
        assert set(PointOfSale.objects.values_list(*where)) == set(PointOfSale.history.values_list(*where)) == nowhere
        for path in (HOME, f"{ENTRY}{entry.pk}/"):
            page = trades.get(path).content.decode()
            assert "etirée" in page
            assert "Fromagerie" not in page
        assert merchant.owner is None
        assert not Consent.objects.filter(withdrawn_at=None).exists()
        assert Consent.objects.count() == 3
        entry.refresh_from_db()
        assert entry.withdrawn_at is not None
        assert entry.consent_given_by == ""
        assert "/prise-en-main/" not in trades.get(f"{ENTRY}{entry.pk}/").content.decode()

    def test_after_that_the_link_does_nothing_more(self, client, entry):
        client.post(link(entry), {"do": "withdraw"})
        withdrawn = AssistedEntry.objects.get().withdrawn_at
        for do in ("withdraw", "take_over", "correct"):
            assert client.post(link(entry), {"do": do, "correction-text": "x"}).status_code == 200
        assert mail.outbox == []
        assert AssistedEntry.objects.get().withdrawn_at == withdrawn
        assert AssistedEntry.objects.get().correction == ""
