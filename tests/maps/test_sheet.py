"""A merchant's sheet: one address, every published point of sale, nothing that is not public."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from directory.models import Consent, MerchantLabel, Offer, PointOfSale, Product, Schedule, Source, SourceRecord
from tests.builders import at, centre_of, point_of_sale
from tests.maps.reading import links
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

    def test_what_stays_in_french_says_so(self, client, dairy):
        french = '<span class="words" lang="fr">affiné</span>'
        page = get(client, f"/en{address(dairy)}")
        assert french in page
        assert '<div class="description"><p>Sixty goats.' in page
        dairy.merchant.description_en = ""
        dairy.merchant.save()
        assert '<div class="description" lang="fr"><p>Soixante' in get(client, f"/en{address(dairy)}")

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


def test_queries_do_not_grow_with_the_points_of_sale(client):
    one, many = point_of_sale("Une"), point_of_sale("Cinq")
    for i in range(4):
        point_of_sale(f"Étal {i}", merchant=many.merchant, kind="market_stall", products=["eggs"])
    made = []
    for path in (f"/m/{many.merchant_id}-cinq/", f"/m/{one.merchant_id}-une/"):
        get(client, path)
        with CaptureQueriesContext(connection) as queries:
            get(client, path)
        made.append(len(queries))
    assert made == [8, 8]


class TestActions:
    def first(self, client, **given):
        farm = point_of_sale("Ferme")
        type(farm.merchant).objects.filter(pk=farm.merchant_id).update(**given)
        Consent.objects.create(merchant=farm.merchant, field="phone", audience="public", wording="1")
        return links(get(client, f"/m/{farm.merchant_id}-ferme/"), "contact")

    def test_its_own_shop_comes_first(self, client):
        given = {"shop_url": "https://a.example/shop", "website": "https://a.example/", "phone": "0254000000"}
        assert [href for _, href in self.first(client, **given)] == [
            "https://a.example/shop", "tel:+33254000000", "https://a.example/",
        ]  # fmt: skip

    @pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "ftp://a.example/"])
    def test_no_link_but_to_the_web(self, client, url):
        assert self.first(client, shop_url=url, website=url) == []

    def test_a_route_and_the_maps_of_a_phone(self, client):
        farm = point_of_sale("L'Œuf & Co (Loir)", pin=at(centre_of(), 0, 300))
        found = dict(links(get(client, client.get(f"/m/{farm.merchant_id}/")["Location"]), "routes"))
        lon, lat = at(centre_of(), 0, 300).rounded()
        assert found["Ouvrir dans mon application de cartes"] == (
            f"geo:{lat},{lon}?q={lat},{lon}(L%27%C5%92uf%20%26%20Co%20%28Loir%29)"
        )
        assert found["Itinéraire (OpenStreetMap)"].endswith(f"route=%3B{lat}%2C{lon}")
        assert found["Ce qui se vend dans un rayon de 10\u00a0km autour de Vendôme"] == "/?place=Vend%C3%B4me"

    @pytest.mark.parametrize("number", ["02 54 00 00 00", "02.54.00.00.00", "+33254000000", "+33 2 54 00 00 00"])
    def test_a_number_however_it_was_given(self, client, number):
        (call,) = self.first(client, phone=number)
        assert call == ("Appeler le 02\u00a054\u00a000\u00a000\u00a000", "tel:+33254000000")


def test_the_home_comes_before_where_it_also_sells(client):
    stall = point_of_sale("A", kind="market_stall")
    point_of_sale("Z", merchant=stall.merchant, kind="farm_gate")
    page = get(client, f"/m/{stall.merchant_id}-a/")
    assert [text for text, _ in links(page, "places")] == ["Ferme\u00a0: Z", "Étal de marché"]
    assert page.index("Ferme\u00a0: Z</h2>") < page.index("Étal de marché</h2>")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "adresse au numéro, Base Adresse Nationale, mai 2026"),
        ({"pin_precision": "street", "pin_source": "other"}, "à la rue, other, mai 2026"),
        ({"pin_precision": "manual", "pin_source": "manual", "pin_at": None}, "placée à la main"),
        ({"pin_precision": "commune", "pin_source": "gazetteer"}, "centre de la commune"),
        ({"pin_hidden": True}, "centre de la commune"),
    ],
)
def test_where_the_position_comes_from(client, given, said):
    farm = point_of_sale("Ferme", **({"pin_at": datetime(2026, 5, 2, 12, tzinfo=UTC)} | given))
    assert f"Position\u00a0: {said} </li>" in re.sub(r"\s+(?=</li>)", " ", get(client, f"/m/{farm.merchant_id}-ferme/"))


@pytest.mark.parametrize(("months", "marked"), [((11, 2), True), ((3, 5), False), ((1, 12), False), ((6, 6), False)])
def test_what_is_in_season_is_marked(client, monkeypatch, months, marked):
    monkeypatch.setattr(timezone, "now", lambda: datetime(2026, 12, 4, 12, tzinfo=UTC))
    farm = point_of_sale("Ferme")
    Offer.objects.create(point_of_sale=farm, line="Truffes", season_first=months[0], season_last=months[1])
    assert ("de saison" in get(client, f"/m/{farm.merchant_id}-ferme/")) is marked


class TestWhoVouches:
    """What the sheet, and the row of a result, say of how long ago somebody did."""

    def said(self, client, place: PointOfSale, path: str) -> str:
        return text_of(get(client, path.format(id=place.merchant_id)))

    def test_its_owner_that_day(self, client, dairy):
        PointOfSale.objects.update(confirmed_at=datetime(2026, 5, 3, 10, tzinfo=UTC))
        assert "Confirmée le 3 mai 2026" in self.said(client, dairy, "/m/{id}-chevrerie-du-loir/")

    @pytest.mark.parametrize("path", ["/m/{id}-chevrerie-du-loir/", "/?activity=farm"])
    def test_nobody_since_a_month_long_ago(self, client, dairy, path):
        assert "onfirmée" not in self.said(client, dairy, path)
        PointOfSale.objects.update(stale_since=datetime(2024, 3, 3, 10, tzinfo=UTC), confirmed_at=timezone.now())
        said = self.said(client, dairy, path)
        assert "Non confirmée depuis mars 2024" in said
        assert "Confirmée le" not in said
