"""The sheet for search engines and for whom it is shared with: public values only, and nothing that markup can end."""

from __future__ import annotations

import json
import re
from datetime import datetime
from decimal import Decimal

import pytest
from django.utils import timezone

from directory.models import Consent, Offer, PointOfSale, Product, Schedule
from directory.questions.opening import local_zone
from maps.sheets.structured import TYPES
from tests.builders import at, centre_of, point_of_sale
from tests.maps.test_pages import HOSTILE, _strict_templates, get  # noqa: F401

pytestmark = pytest.mark.django_db
FRIDAY = datetime(2026, 11, 27, 15, 0, tzinfo=local_zone())
HOURS = {"@type": "OpeningHoursSpecification"}


@pytest.fixture(autouse=True)
def _friday(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: FRIDAY)


def page_of(client, place, prefix=""):
    return get(client, client.get(f"{prefix}/m/{place.merchant_id}/")["Location"])


def data_of(page):
    (block,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    return json.loads(block)


def data(client, **given):
    return data_of(page_of(client, point_of_sale(**given)))


def test_a_shop(client):
    pin = at(centre_of(), 45, 800)
    place = point_of_sale("Fournil", activities=["bakery"], kind="shop", pin=pin, service_radius_km=5)
    bread = Product.objects.get(code="bread")
    Offer.objects.create(point_of_sale=place, product=bread, line="au levain", price_min=Decimal(4), unit="kg")
    Offer.objects.create(point_of_sale=place, line="Brioches", price_min=Decimal(3), price_max=Decimal("5.5"))
    Offer.objects.create(point_of_sale=place, line="Sablés")
    merchant = place.merchant
    merchant.description_fr, merchant.phone, merchant.email = "Du pain.", "02 54 00 00 00", "secret@example.org"
    merchant.website = "https://fournil.example.org/"
    merchant.save()
    Consent.objects.create(merchant=merchant, field="phone", audience="public", wording="1")
    url = f"http://testserver/m/{merchant.pk}-fournil/"
    lon, lat = pin.rounded()
    coordinates = {"@type": "GeoCoordinates", "latitude": lat, "longitude": lon}
    assert data_of(page_of(client, place)) == {
        "@context": "https://schema.org",
        "@type": "Bakery",
        "@id": f"{url}#lieu-{place.pk}",
        "url": url,
        "name": "Fournil",
        "description": "Du pain.",
        "sameAs": ["https://fournil.example.org/"],
        "telephone": "+33254000000",
        "address": {
            "@type": "PostalAddress", "streetAddress": "1 rue du Test", "postalCode": "41100",
            "addressLocality": "Vendôme", "addressRegion": "Centre-Val de Loire", "addressCountry": "FR",
        },
        "geo": coordinates,
        "areaServed": {"@type": "GeoCircle", "geoMidpoint": coordinates, "geoRadius": 5000},
        "makesOffer": [
            {"@type": "Offer", "name": "Pain", "description": "au levain", "priceSpecification": {
                "@type": "UnitPriceSpecification", "price": "4.00", "priceCurrency": "EUR", "unitText": "kg"}},
            {"@type": "Offer", "name": "Brioches", "priceSpecification": {
                "@type": "UnitPriceSpecification", "minPrice": "3.00", "maxPrice": "5.50", "priceCurrency": "EUR"}},
            {"@type": "Offer", "name": "Sablés"},
        ],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("activities", "kind", "expected"),
    [
        (["creperie"], "restaurant", "Restaurant"),  # the nearest type above
        (["winery", "restaurant"], "farm_gate", "Winery"),
        (["goat_farm", "cheese_shop"], "farm_gate", "Store"),  # the first that has one
        (["potter"], "workshop", "LocalBusiness"),
        (["bakery"], "vending_machine", "LocalBusiness"),
        ([], "shop", "LocalBusiness"),
    ],
)
def test_types(client, activities, kind, expected):
    assert data(client, activities=activities, kind=kind)["@type"] == expected


def test_types_are_of_the_vocabulary():
    from directory.vocabulary import vocabulary

    assert TYPES.keys() <= {term.code for term in vocabulary().of("activity")}


class TestHours:
    def test_a_week_and_dates(self, client):
        shown = data(client, schedule=Schedule.objects.create(text="Mo-Fr 09:00-12:30; Dec 24-Jan 02 off"))
        days = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"]
        validity = {"validFrom": "2026-11-27", "validThrough": "2027-01-27"}
        (week,) = shown["openingHoursSpecification"]
        assert week == HOURS | {"opens": "09:00", "closes": "12:30", "dayOfWeek": days} | validity
        (dates,) = shown["specialOpeningHoursSpecification"]
        assert dates == HOURS | {
            "opens": "00:00", "closes": "00:00", "validFrom": "2026-12-24", "validThrough": "2027-01-01",
        }  # fmt: skip

    def test_nights_and_whole_days(self, client):
        hours = Schedule.objects.create(text="Th-Fr 20:00-02:00; Su 00:00-24:00")
        assert data(client, schedule=hours)["openingHoursSpecification"] == [
            HOURS | {"opens": "20:00", "closes": "02:00", "dayOfWeek": ["Thursday", "Friday"]},
            HOURS | {"opens": "00:00", "closes": "23:59", "dayOfWeek": ["Sunday"]},
        ]

    def test_what_no_season_changes_has_no_end(self, client):
        (week,) = data(client, schedule=Schedule.objects.create(text="Sa 09:00-12:00"))["openingHoursSpecification"]
        assert week == HOURS | {"opens": "09:00", "closes": "12:00", "dayOfWeek": ["Saturday"]}

    @pytest.mark.parametrize("text", [None, 'Sa "sur rendez-vous"', "SH 09:00-12:00"])
    def test_what_is_unknown_is_not_said(self, client, text):
        shown = data(client, schedule=text and Schedule.objects.create(text=text))
        assert not {"openingHoursSpecification", "specialOpeningHoursSpecification"} & shown.keys()


class TestWhatMayBeSeen:
    def test_a_hidden_pin_is_its_commune(self, client):
        place = point_of_sale("Plombier", pin=at(centre_of(), 10, 900), pin_hidden=True, street="7 chemin du Secret")
        page = page_of(client, place)
        shown = data_of(page)
        lon, lat = centre_of().rounded()
        assert (shown["geo"]["latitude"], shown["geo"]["longitude"]) == (lat, lon)
        assert {"streetAddress", "postalCode"}.isdisjoint(shown["address"])
        assert f'href="geo:{lat},{lon}?z=13"' in page
        assert "Position au centre de la commune" in page
        assert "Position\u00a0: centre de la commune" in page
        PointOfSale.objects.update(
            pin=at(centre_of(), 200, 700).to_geos(), street="8 rue Autre", postcode="41000", pin_precision="street",
            pin_source="manual", pin_score=0.1, pin_label="8 rue Autre", pin_at=FRIDAY.replace(year=2020),
        )  # fmt: skip
        assert page_of(client, place) == page

    def test_nothing_ends_the_block(self, client):
        place = point_of_sale(HOSTILE)
        merchant = place.merchant
        merchant.description_fr = HOSTILE
        merchant.save()
        Offer.objects.create(point_of_sale=place, line=HOSTILE)
        page = page_of(client, place)
        assert HOSTILE not in page
        shown = data_of(page)
        assert shown["name"] == shown["description"] == shown["makesOffer"][0]["name"] == HOSTILE


def test_several_points_of_sale_belong_together(client):
    farm = point_of_sale("Ferme")
    point_of_sale("Étal", merchant=farm.merchant, kind="market_stall", commune="41018")
    merchant, *places = data_of(page_of(client, farm))["@graph"]
    assert merchant["@type"] == "Organization"
    assert [place["name"] for place in places] == ["Ferme", "Étal"]
    assert {place["parentOrganization"]["@id"] for place in places} == {merchant["@id"]}


@pytest.mark.parametrize(("prefix", "locale"), [("", "fr_FR"), ("/en", "en_GB")])
def test_what_is_shared(client, prefix, locale):
    farm = point_of_sale("Les Prés", activities=["goat_farm"], products=["eggs"], commune="36018")
    page = page_of(client, farm, prefix)
    shared = dict(re.findall(r'<meta property="og:(\w+)"\s+content="([^"]*)"', page))
    assert shared["locale"] == locale
    assert shared["title"] == "Les Prés"
    assert shared["url"] == f"http://testserver{prefix}/m/{farm.merchant_id}-les-pres/"
    french, english = (
        "Les Prés, chèvrerie au Blanc (Indre)\u00a0: œufs.",
        "Les Prés, goat farm in Le Blanc (Indre): eggs.",
    )
    sentence = english if prefix else french
    assert shared["description"] == sentence
    assert f'<meta name="description" content="{sentence}">' in page
