"""What the merchant does by the link of its letter: sees, takes over, has it corrected, withdraws."""

from __future__ import annotations

import re
import time
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.utils import timezone

from directory.models import AssistedEntry, Consent, Merchant, PointOfSale, SearchEntry
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
    found = re.search(r"http://testserver(/\S+)", mail.outbox[-1].body)
    assert found
    return found[1]


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
    def test_an_account_is_made_by_the_address_of_the_entry(self, client, entry):
        page = client.post(link(entry), {"do": "take_over"}, follow=True).content.decode()
        assert "c…@fromagerie.example" in page
        assert mail.outbox[0].to == ["claire@fromagerie.example"]
        form = client.get(way_in(), follow=True).redirect_chain[-1][0]
        assert client.post(form, {"new_password1": PASSWORD, "new_password2": PASSWORD}).url == "/agents/"
        entry.refresh_from_db()
        assert entry.taken_over_at is not None
        assert entry.merchant.owner == User.objects.get(username="claire@fromagerie.example")
        assert "Fromagerie du Loir" in client.get("/agents/").content.decode()

    def test_an_account_that_is_there_is_bound_and_its_password_left(self, client, entry):
        claire = User.objects.create_user("claire@fromagerie.example", "claire@fromagerie.example", PASSWORD)
        client.post(link(entry), {"do": "take_over"})
        assert way_in() == "/agents/connexion/"
        entry.refresh_from_db()
        assert entry.merchant.owner == claire
        claire.refresh_from_db()
        assert claire.check_password(PASSWORD)

    def test_without_an_address_one_is_asked(self, client, trades):
        entry = registered(trades, email="", email_for=[])
        assert client.post(link(entry), {"do": "take_over", "account-email": "x"}).status_code == 400
        assert not Merchant.objects.get().owner
        client.post(link(entry), {"do": "take_over", "account-email": "claire@ailleurs.example"})
        assert mail.outbox[-1].to == ["claire@ailleurs.example"]
        assert Merchant.objects.get().owner.username == "claire@ailleurs.example"

    def test_another_address_than_the_entry_s_is_not_listened_to(self, client, entry):
        client.post(link(entry), {"do": "take_over", "account-email": "thief@example.org"})
        assert [message.to for message in mail.outbox] == [["claire@fromagerie.example"]]

    def test_a_second_tap_sends_no_second_e_mail(self, client, entry):
        for _tap in range(2):
            client.post(link(entry), {"do": "take_over"})
        assert len(mail.outbox) == 1
        assert User.objects.filter(username="claire@fromagerie.example").count() == 1
        AssistedEntry.objects.update(taken_over_at=timezone.now() - timedelta(minutes=11))
        client.post(link(entry), {"do": "take_over"})
        assert len(mail.outbox) == 2

    def test_nothing_is_bound_where_the_e_mail_does_not_leave(self, client, entry, monkeypatch):
        monkeypatch.setattr("maps.chambers.telling.send", lambda *message: False)
        page = client.post(link(entry), {"do": "take_over"}, follow=True).content.decode()
        assert "pas parti" in page
        entry.refresh_from_db()
        assert entry.taken_over_at is None
        assert entry.merchant.owner is None

    def test_then_only_the_account_acts(self, client, trades, entry):
        client.post(link(entry), {"do": "take_over"})
        owner = User.objects.get(username="claire@fromagerie.example")
        hers = log_in(owner)
        for other in (client, trades, log_in(official("odile", "41"))):
            assert "se retire avec son compte" in other.get(link(entry)).content.decode()
            other.post(link(entry), {"do": "withdraw"})
            other.post(link(entry), {"do": "correct", "correction-text": "x"})
        assert PointOfSale.objects.get().status == "published"
        assert AssistedEntry.objects.get().correction == ""
        assert "/prise-en-main/" not in trades.get(f"{ENTRY}{entry.pk}/").content.decode()
        hers.post(link(entry), {"do": "withdraw"})
        assert PointOfSale.objects.get().status == "hidden"


class TestCorrecting:
    def test_the_words_reach_the_chamber_which_settles_them(self, client, trades, entry):
        for text in ("Le 14, pas le 12.", "Le 14, pas le 12.", NASTY):
            client.post(link(entry), {"do": "correct", "correction-text": text})
        entry.refresh_from_db()
        assert entry.correction == f"Le 14, pas le 12.\n\n{NASTY}"
        assert "correction demandée" in trades.get(HOME).content.decode()
        page = trades.get(f"{ENTRY}{entry.pk}/").content.decode()
        assert "Le 14, pas le 12." in page
        assert NASTY not in page
        trades.post(f"{ENTRY}{entry.pk}/corrige/", {"seen": "Le 14, pas le 12."})
        assert AssistedEntry.objects.get().correction
        trades.post(f"{ENTRY}{entry.pk}/corrige/", {"seen": entry.correction.replace("\n", "\r\n")})
        assert AssistedEntry.objects.get().correction == ""

    def test_nothing_written_is_nothing_sent(self, client, entry):
        assert client.post(link(entry), {"do": "correct", "correction-text": " "}).status_code == 400


class TestWithdrawing:
    def test_it_is_hidden_at_once_and_what_is_personal_is_cleared(self, client, trades, entry):
        assert SearchEntry.objects.exists()
        page = client.post(link(entry), {"do": "withdraw"}, follow=True).content.decode()
        assert "est retirée" in page
        assert PointOfSale.objects.get().status == "hidden"
        assert not SearchEntry.objects.exists()
        merchant = Merchant.objects.get()
        assert (merchant.phone, merchant.email) == ("", "")
        assert set(Merchant.history.values_list("phone", "email")) == {("", "")}
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
