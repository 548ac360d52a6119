"""A merchant's sheet: one address, every published point of sale, nothing that is not public."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from directory.models import Consent, MerchantLabel, Offer, PointOfSale, Product, Schedule, Source, SourceRecord
from tests.builders import at, centre_of, point_of_sale
from tests.maps.test_pages import HOSTILE, _strict_templates, get, text_of  # noqa: F401

pytestmark = pytest.mark.django_db


@pytest.fixture
def dairy():
    """A goat farm with a hidden stall, an offer, hours, labels and contact."""
    hours = Schedule.objects.create(text='Mo-Fr 09:00-12:30,14:00-18:00; Sa 09:00-12:30 "Mo is no day here"; PH off')
    farm = point_of_sale("Chèvrerie du Loir", products=["eggs"], labels=["organic", "aop"], schedule=hours)
    cheese = Product.objects.get(code="selles_sur_cher")
    Offer.objects.create(point_of_sale=farm, product=cheese, line="affiné", price_min=Decimal("3.5"), unit="pièce")
    stall = point_of_sale(merchant=farm.merchant, kind="market_stall", pin_hidden=True, street="7 chemin du Secret")
    PointOfSale.objects.filter(pk=stall.pk).update(name="Étal")
    merchant = farm.merchant
    merchant.phone, merchant.email, merchant.website = "0254000000", "secret@example.org", "https://example.org/"
    merchant.description_fr, merchant.description_en = "Soixante chèvres.", "Sixty goats."
    merchant.save()
    Consent.objects.create(merchant=merchant, field="phone", audience="public", wording="1")
    MerchantLabel.objects.filter(merchant=merchant, label__code="organic").update(
        state="verified", verified_by="Ecocert", verified_until=timezone.localdate() + timedelta(days=30)
    )
    return farm


def address(farm):
    return f"/m/{farm.merchant_id}-chevrerie-du-loir/"


class TestAddress:
    def test_any_spelling_leads_to_the_one(self, client, dairy):
        for spelling in ("-autre-nom/", "-/", "/", "-CHEVRERIE-DU-LOIR/"):
            response = client.get(f"/m/{dairy.merchant_id}{spelling}")
            assert response.status_code == 301
            assert response["Location"] == address(dairy)
        assert client.get(f"/en/m/{dairy.merchant_id}-x/")["Location"] == f"/en{address(dairy)}"

    def test_a_name_without_letters_has_a_sheet(self, client):
        farm = point_of_sale("七")
        assert "七" in text_of(get(client, client.get(f"/m/{farm.merchant_id}/")["Location"]))

    @pytest.mark.parametrize("status", ["draft", "hidden"])
    def test_unpublished_is_not_found(self, client, dairy, status):
        PointOfSale.objects.update(status=status)
        assert client.get(address(dairy)).status_code == 404

    @pytest.mark.parametrize("id", ["999999999", "9" * 18, "9" * 40, "0"])
    def test_unknown_is_not_found(self, client, id):
        assert client.get(f"/m/{id}-x/").status_code == 404


class TestContent:
    def test_all_that_is_public(self, client, dairy):
        text = text_of(get(client, address(dairy)))
        for words in (
            "Soixante chèvres.",
            "Selles-sur-cher", "affiné", "3,50 € / pièce", "mars à novembre", "Œufs",
            "9\u00a0h – 12\u00a0h\u00a030, 14\u00a0h – 18\u00a0h", "jours fériés\u00a0: fermé",
            "«\u00a0Mo is no day here\u00a0»",
            "Appeler le 02\u00a054\u00a000\u00a000\u00a000",
            "1 rue du Test, 41100 Vendôme",
            "Ferme", "Étal de marché\u00a0: Étal",
            "(vérifié par Ecocert, valable jusqu&#x27;au ", "(déclaré par le commerçant)",
        ):  # fmt: skip
            assert words in text

    def test_nothing_else(self, client, dairy):
        page = get(client, address(dairy))
        assert "Secret" not in page
        assert "secret@example.org" not in page

    def test_a_hidden_pin_moves_nothing(self, client, dairy):
        before = get(client, address(dairy))
        stall = PointOfSale.objects.get(name="Étal")
        PointOfSale.objects.filter(pk=stall.pk).update(pin=at(centre_of(), 45, 500).to_geos())
        assert get(client, address(dairy)) == before

    def test_in_english(self, client, dairy):
        text = text_of(get(client, f"/en{address(dairy)}"))
        for words in ("Sixty goats.", "€3.50", "March to November", "Mon–Fri", "Farm", "Directions"):
            assert words in text

    def test_a_verification_that_ran_out_is_a_declaration(self, client, dairy):
        MerchantLabel.objects.filter(state="verified").update(verified_until=timezone.localdate() - timedelta(days=1))
        assert "Ecocert" not in get(client, address(dairy))

    def test_sources_and_their_dates(self, client, dairy):
        source = Source.objects.create(
            slug="bio", name="Agence Bio", producer="Agence Bio", licence="ODbL 1.0", published_on=date(2026, 3, 1)
        )
        SourceRecord.objects.create(
            source=source, external_id="1", point_of_sale=dairy, fields={}, row_hash="x",
            imported_at=timezone.now().replace(year=2026, month=4, day=2, hour=12),
        )  # fmt: skip
        text = text_of(get(client, address(dairy)))
        assert "Agence Bio (Agence Bio, ODbL 1.0, 1 mars 2026), importé le 2 avril 2026" in text
        assert "Agence Bio, 1 mars 2026, ODbL 1.0" not in text
        assert "Agence Bio, Agence Bio, 1 mars 2026, ODbL 1.0" in text_of(get(client, "/donnees/"))

    def test_demonstration_is_marked(self, client):
        farm = point_of_sale("Ferme", demo=True)
        page = get(client, f"/m/{farm.merchant_id}-ferme/")
        assert '<meta name="robots" content="noindex">' in page
        assert "inventés pour essayer le service" in page
        assert "Démonstration</span>" in page

    def test_hostile_words_are_text(self, client):
        farm = point_of_sale(HOSTILE)
        merchant = farm.merchant
        merchant.description_fr = HOSTILE
        merchant.save()
        Offer.objects.create(point_of_sale=farm, line=HOSTILE)
        page = get(client, client.get(f"/m/{merchant.pk}/")["Location"])
        assert HOSTILE not in page
        assert "<img src=x" not in page
