"""A farmer registers on its phone, between two milkings: from nothing to published, whatever is out of order."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from axe_playwright_python.base import AXE_SCRIPT, AxeResults
from django.core import mail
from django.utils import timezone
from playwright.sync_api import expect

from directory.models import Merchant, PinRequest, PointOfSale
from directory.pinning.working import work
from geo.points import Position
from maps.registering.starting import starting
from maps.space.sign_in import asking
from tests.geocoder import FAULTS
from tests.journeys.conftest import CHROMIUM, NARROW, WIDE
from tests.journeys.entering import visiting
from tests.journeys.test_accessibility import ALL_RULES, CLIPPED, WIDTH
from tests.register import FARM, business, establishment

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"no browser at {CHROMIUM}"),
]
EMAIL = "chevrier@example.org"
DOOR = Position(1.0654, 47.7931)


@pytest.fixture
def visit(browser, live_server, settings, register_service, address_service):
    starting.clear()
    asking.clear()
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    register_service.says(business(establishment(liste_enseignes=["LA CHEVRERIE"])))
    with visiting(browser, live_server, settings) as open_page:
        yield open_page


def go_on(page, name="Continuer"):
    page.get_by_role("button", name=name, exact=True).click()


def look_closely(page, **rules):
    """Nothing for axe to say, nothing beyond the edge, nothing cut."""
    page.evaluate(AXE_SCRIPT)
    found = page.evaluate("options => axe.run(document, options)", ALL_RULES | rules)
    assert not found["violations"], AxeResults(found).generate_report()
    assert page.evaluate(WIDTH) <= page.viewport_size["width"]
    assert page.evaluate(CLIPPED) == []


def begin(page):
    page.goto("/inscription/")
    page.get_by_label("Votre SIRET", exact=True).fill(FARM)
    go_on(page, "Commencer")


def tell_who_where_what(page):
    expect(page.get_by_label("Nom ou enseigne")).to_have_value("La Chevrerie")
    go_on(page)
    expect(page.get_by_label("Code postal")).to_have_value("41100")
    go_on(page)
    page.get_by_label("Votre métier").select_option("goat_farm")
    page.get_by_label("Ce que vous vendez").fill("crottins de chèvre 3 € la pièce, topinettes")
    go_on(page)


def ask_for_the_link(page):
    page.get_by_label("Votre adresse électronique").fill(EMAIL)
    page.get_by_label("J'accepte").check()
    go_on(page, "Recevoir le lien pour publier")
    expect(page.get_by_text("Votre inscription est gardée")).to_be_visible()


def follow_the_link(page):
    page.goto(re.search(r"https?://[^/]+(/\S+)", mail.outbox[-1].body)[1])
    page.locator("main form button").click()
    page.wait_for_url("**/publier/")


@pytest.mark.parametrize("script", [False, True], ids=["without JavaScript", "with"])
def test_from_nothing_to_published_on_a_phone(visit, script):
    page = visit(NARROW, java_script_enabled=script)
    begin(page)
    tell_who_where_what(page)
    page.get_by_label("12 Rue du Change 41100 Vendôme").check()
    page.get_by_label("Oui, c'est le bon endroit").check()
    go_on(page)
    ask_for_the_link(page)
    assert not Merchant.objects.exists()
    follow_the_link(page)
    expect(page.get_by_label("J'accepte")).to_be_checked()
    go_on(page, "Publier")
    expect(page.get_by_role("heading", name="C'est publié")).to_be_visible()
    place = PointOfSale.objects.get()
    assert (place.display_name, place.status, place.merchant.owner.email) == ("La Chevrerie", "published", EMAIL)
    assert (place.pin_precision, Position.from_geos(place.pin)) == ("housenumber", DOOR)
    page.get_by_role("link", name="Voir ma fiche").click()
    expect(page.get_by_role("heading", name="La Chevrerie")).to_be_visible()


def test_the_pin_is_put_where_the_phone_is(visit):
    page = visit(NARROW, geolocation={"latitude": 47.80123, "longitude": 1.07456}, permissions=["geolocation"])
    begin(page)
    tell_who_where_what(page)
    page.get_by_role("button", name="Utiliser ma position").click()
    expect(page.get_by_label("Coordonnées", exact=True)).to_have_value("47.801230, 1.074560")
    page.get_by_label("Oui, c'est le bon endroit").check()
    go_on(page)
    expect(page.get_by_text("placée à la main")).to_be_visible()


def test_a_double_tap_on_a_dropping_line_is_one_merchant(visit):
    page = visit(NARROW)
    begin(page)
    tell_who_where_what(page)
    page.get_by_label("Oui, c'est le bon endroit").check()
    go_on(page)
    ask_for_the_link(page)
    follow_the_link(page)
    page.get_by_role("button", name="Publier", exact=True).dblclick()
    expect(page.get_by_role("heading", name="C'est publié")).to_be_visible()
    page.go_back()
    page.reload()
    expect(page.get_by_role("heading", name="C'est publié")).to_be_visible()
    assert Merchant.objects.count() == PointOfSale.objects.count() == 1


@pytest.mark.parametrize("fault", ["503", "time-out"])
def test_the_address_service_away_for_the_whole_of_it(visit, address_service, fault):
    FAULTS[fault].play(address_service)
    page = visit(NARROW, java_script_enabled=False)
    begin(page)
    tell_who_where_what(page)
    expect(page.get_by_text("Le service d'adresses ne répond pas. Rien n'est perdu")).to_be_visible()
    page.get_by_label("Au centre de la commune").check()
    go_on(page)
    expect(page.get_by_text("elle sera affinée dès que le service d'adresses répond")).to_be_visible()
    ask_for_the_link(page)
    follow_the_link(page)
    go_on(page, "Publier")
    expect(page.get_by_text("elle sera affinée dès que le service d'adresses répond")).to_be_visible()
    place = PointOfSale.objects.get()
    assert (place.status, place.pin_precision) == ("published", "commune")
    address_service.recovers()
    PinRequest.objects.update(next_at=timezone.now() - timedelta(seconds=1))
    assert work().moved == 1
    place.refresh_from_db()
    assert (place.pin_precision, Position.from_geos(place.pin)) == ("housenumber", DOOR)
    page.reload()
    expect(page.get_by_text("sera affinée")).to_have_count(0)


@pytest.mark.parametrize(("viewport", "scheme"), [(NARROW, "light"), (WIDE, "dark")], ids=["phone", "dark"])
def test_every_page_for_everyone(visit, register_service, viewport, scheme):
    page = visit(viewport, color_scheme=scheme)
    page.goto("/inscription/")
    look_closely(page)
    go_on(page, "Commencer")
    look_closely(page)
    register_service.says(business(establishment(), establishment("80000000200025", etat_administratif="F")))
    page.get_by_label("Nom ou enseigne").fill("La Chèvrerie")
    page.locator("#id_commune").fill("Vendôme")
    go_on(page, "Commencer")
    look_closely(page)
    page.get_by_role("button", name="C'est moi").click()
    for slug in ("qui", "ou", "quoi"):
        page.wait_for_url(f"**/{slug}/")
        look_closely(page)
        if slug == "quoi":
            go_on(page)
            look_closely(page)
            page.get_by_label("Votre métier").select_option("goat_farm")
            page.get_by_label("Ce que vous vendez").fill("crottins de chèvre, topinettes")
            go_on(page, "Voir ce qui est compris")
            look_closely(page)
        go_on(page)
    page.wait_for_url("**/epingle/")
    page.locator(".pin-marker").wait_for()
    look_closely(page)
    page.get_by_label("Oui, c'est le bon endroit").check()
    go_on(page)
    look_closely(page)
    ask_for_the_link(page)
    follow_the_link(page)
    go_on(page, "Publier")
    look_closely(page)
