"""A merchant registered with its consent: what is written, for whom, once; and what is refused in words."""

from __future__ import annotations

import re
import threading

import pytest
from django.core import mail
from django.db import connection

from directory.chambers import consent
from directory.models import AssistedEntry, Consent, Merchant, PointOfSale
from geo.geocoding import ProviderUnavailable
from tests.builders import VENDOME, centre_of, point_of_sale
from tests.maps.admin_desk import NASTY, SIRETS, log_in
from tests.maps.chambers.conftest import ENTRY, agent, filled, registered

pytestmark = pytest.mark.django_db


class TestWhatIsWritten:
    def test_an_entry_with_consent_is_public_at_once(self, trades, tom, client):
        entry = registered(trades)
        merchant, place = entry.merchant, PointOfSale.objects.get()
        assert (place.status, place.commune_id, place.postcode, place.siret) == (
            "published", VENDOME, "41100", SIRETS[0],
        )  # fmt: skip
        assert set(place.products.values_list("code", flat=True)) == {"goat_cheese", "honey"}
        assert set(place.activities.values_list("code", flat=True)) == {"cheese_dairy"}
        assert (merchant.siren, place.schedule.text) == (SIRETS[0][:9], "Mo-Fr 09:00-12:30")
        assert (entry.by, entry.chamber, entry.wording) == (tom, "trades", consent.VERSION)
        assert (entry.consent_given_by, entry.consent_means) == ("Claire Morin, gérante", "phone")
        page = client.get(f"/m/{place.merchant_id}-x/", follow=True).content.decode()
        assert "02 54 00 00 02" in page.replace("\u00a0", " ")
        assert "claire@fromagerie" not in page

    def test_consents_are_those_that_were_ticked_with_the_words_read(self, trades):
        registered(trades)
        assert set(Consent.objects.values_list("field", "audience", "wording")) == {
            ("phone", "public", consent.VERSION),
            ("phone", "chamber", consent.VERSION),
            ("email", "chamber", consent.VERSION),
        }

    def test_without_consent_it_is_a_draft(self, trades, client):
        nothing = {"published": "", "phone": "", "email": "", "phone_for": [], "email_for": [], "given_by": ""}
        entry = registered(trades, **nothing, means="")
        place = PointOfSale.objects.get()
        assert (place.status, entry.consent_given_by, entry.wording) == ("draft", "", "")
        assert client.get(f"/m/{place.merchant_id}-x/").status_code == 404
        assert not Consent.objects.exists()

    def test_a_contact_may_be_left_to_the_chamber_and_the_entry_be_a_draft(self, trades):
        registered(trades, published="")
        assert PointOfSale.objects.get().status == "draft"
        assert Consent.objects.count() == 3

    def test_nothing_is_ticked_beforehand(self, trades):
        page = trades.get(ENTRY).content.decode()
        assert page.count('type="checkbox"') == 7
        assert "checked" not in page
        assert consent.VERSION in page

    def test_the_wording_s_version_is_of_these_very_words(self):
        assert consent.VERSION == "saisie-a085f602"

    def test_a_trade_that_comes_to_the_customer_hides_its_pin(self, trades):
        registered(trades, activity_1="plumber", products="")
        assert PointOfSale.objects.get().pin_hidden

    def test_another_establishment_of_a_known_merchant_leaves_that_merchant_alone(self, trades):
        Merchant.objects.create(name="Le même", siren=SIRETS[0][:9])
        assert registered(trades).merchant.siren is None

    def test_a_name_made_to_be_read_as_html_is_text(self, trades):
        entry = registered(trades, name=NASTY, given_by=NASTY)
        for path in ("", f"{entry.pk}/"):
            assert NASTY not in trades.get(f"{ENTRY}{path}").content.decode()


class TestWhereItIs:
    def test_the_commune_s_centre_stands_in_for_a_service_that_is_out(self, trades, monkeypatch):
        def out(address):
            raise ProviderUnavailable("out", retry_after=1)

        monkeypatch.setattr("directory.pinning.placing.resolve", out)
        registered(trades)
        place = PointOfSale.objects.get()
        assert (place.pin_precision, place.pin_source) == ("commune", "gazetteer")
        assert place.pin.coords == pytest.approx(centre_of().to_geos().coords, abs=1e-5)
        assert (place.pin_request.state, place.pin_request.why) == ("waiting", "degraded")

    @pytest.mark.parametrize(
        ("typed", "said"), [("Saint-Denis", "Laquelle ? "), ("Atlantis", "pas dans la région"), ("75001", "région")]
    )
    def test_a_commune_that_is_not_clear_is_asked_again(self, trades, typed, said):
        response = trades.post(ENTRY, filled(commune=typed))
        assert response.status_code == 400
        assert said in response.content.decode()


class TestRefused:
    @pytest.mark.parametrize(
        ("changes", "said"),
        [
            ({"siret": "73282932000075"}, "SIRET n&#x27;est pas valide"),
            ({"hours": "quand je veux"}, "Horaires illisibles"),
            ({"products": "fromage de chèvre, xyzzy"}, "« xyzzy »"),
            ({"activity_1": "wizard"}, "Sélectionnez un choix valide"),
            ({"phone": "abc"}, "ne se lit pas"),
            ({"phone_for": []}, "Cochez qui peut le voir"),
            ({"phone": ""}, "décochez qui peut le voir"),
            ({"given_by": ""}, "qui a donné cet accord"),
            ({"means": ""}, "comment cet accord"),
            ({"published": "", "phone": "", "email": "", "phone_for": [], "email_for": []}, "a dit oui"),
            ({"form": "x"}, "Rien n'est encore enregistré"),
            ({"name": " "}, "obligatoire"),
            ({"website": f"https://exemple.fr/{'a' * 300}"}, "au plus 200"),
            ({"email": f"{'a' * 60}@{'b' * 60}.{'c' * 60}.{'d' * 60}.{'e' * 10}.example"}, "au plus 254"),
        ],
    )
    def test_in_words_and_nothing_is_written(self, trades, changes, said):
        response = trades.post(ENTRY, filled(**changes))
        assert response.status_code == 400
        assert said in response.content.decode().replace("\u00a0", " ")
        assert not Merchant.objects.exists()

    def test_a_live_twin_is_shown_instead(self, trades):
        place = point_of_sale("Ferme des Prés", siret=SIRETS[0])
        response = trades.post(ENTRY, filled(siret=f" {SIRETS[0][:9]} {SIRETS[0][9:]}"))
        assert response.status_code == 409
        assert f"/m/{place.merchant_id}-" in response.content.decode()
        assert Merchant.objects.count() == 1

    def test_of_one_that_is_not_published_nothing_is_shown(self, trades):
        point_of_sale("Ferme cachée", siret=SIRETS[0], status="hidden")
        response = trades.post(ENTRY, filled())
        assert response.status_code == 409
        assert "Ferme cachée" not in response.content.decode()

    def test_a_closed_one_is_no_twin(self, trades):
        point_of_sale("Ferme fermée", siret=SIRETS[0], status="closed")
        assert registered(trades)


class TestOnce:
    def test_a_second_tap_makes_no_second_merchant_and_sends_no_second_letter(self, trades):
        sent = filled(siret="")
        first, second = trades.post(ENTRY, sent), trades.post(ENTRY, sent)
        assert first.url == second.url
        assert Merchant.objects.count() == PointOfSale.objects.count() == 1
        assert len(mail.outbox) == 1

    def test_the_same_words_in_a_new_form_are_another_merchant(self, trades):
        registered(trades, siret="")
        registered(trades, siret="")
        assert Merchant.objects.count() == 2

    def test_a_form_of_another_chamber_is_not_shown(self, trades, farmers):
        sent = filled(siret="")
        trades.post(ENTRY, sent)
        with pytest.raises(Exception, match="assistedentry_form"):
            farmers.post(ENTRY.replace("trades", "agriculture"), sent)


@pytest.mark.django_db(transaction=True)
def test_two_taps_at_once_make_one_merchant():
    user, sent, answers = agent("tom", "trades"), filled(), []

    def tap():
        answers.append(log_in(user).post(ENTRY, sent).status_code)
        connection.close()

    taps = [threading.Thread(target=tap) for _ in range(2)]
    for each in taps:
        each.start()
    for each in taps:
        each.join()
    assert answers == [302, 302]
    assert Merchant.objects.count() == AssistedEntry.objects.count() == 1


class TestTelling:
    def test_by_e_mail_where_the_merchant_may_be_written_to(self, trades):
        entry = registered(trades)
        assert [message.to for message in mail.outbox] == [["claire@fromagerie.example"]]
        body = mail.outbox[0].body
        for told in ("Fromage", "12 rue du Change", "Tom", "CMA Centre-Val de Loire", consent.VERSION, "dpo@"):
            assert told in body
        assert re.search(r"http://testserver/prise-en-main/\S+/", body)
        assert "&#" not in body
        assert entry.told_at is not None

    @pytest.mark.parametrize("changes", [{"email_for": ["public"]}, {"email": "", "email_for": []}])
    def test_by_letter_otherwise(self, trades, changes):
        entry = registered(trades, **changes)
        assert mail.outbox == []
        assert entry.told_at is None
        page = trades.get(f"{ENTRY}{entry.pk}/").content.decode()
        assert "/prise-en-main/" in page
        assert "Claire Morin" in page
        trades.post(f"{ENTRY}{entry.pk}/prevenu/")
        entry.refresh_from_db()
        assert entry.told_at is not None

    def test_a_mail_server_that_is_out_is_no_failure(self, trades, monkeypatch):
        def out(*args, **kwargs):
            raise ConnectionRefusedError

        monkeypatch.setattr("django.core.mail.EmailMessage.send", out)
        assert registered(trades).told_at is None

    def test_a_contact_that_is_not_for_the_chamber_is_not_on_the_letter(self, trades):
        entry = registered(trades, phone_for=["departement"])
        page = trades.get(f"{ENTRY}{entry.pk}/").content.decode()
        assert "02 54 00 00 02" not in page
        assert "mon département" in page
