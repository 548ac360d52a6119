"""An owner comes in without a password: by the e-mail's link, or its digits on another device. On a phone, without
JavaScript."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.core import mail

from directory.models import PointOfSale, Schedule
from directory.owners.freshness import Step
from maps.space import confirming
from tests.builders import owned_place
from tests.journeys.conftest import CHROMIUM, NARROW, WIDE
from tests.journeys.entering import owning, visiting
from tests.journeys.test_accessibility import WIDTH, clean

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"no browser at {CHROMIUM}"),
]
EMAIL = "chevrier@example.org"
LONG = "Coopérative laitière et fromagère des producteurs réunis de la vallée du Loir et des collines"
SMALL = {"width": 320, "height": 640}


@pytest.fixture
def goats(transactional_db) -> PointOfSale:
    place = owned_place(EMAIL, name="Chèvrerie du Loir", products=["cheese"])
    place.schedule = Schedule.objects.create(text="Mo-Sa 09:00-12:00")
    place.save()
    return place


@pytest.fixture
def phone(browser, live_server, settings, goats):
    """Opens a page on a phone without JavaScript, whose visitor is nobody yet."""
    with visiting(browser, live_server, settings) as open_page:

        def go(path: str):  # type: ignore[no-untyped-def]
            page = open_page(NARROW, java_script_enabled=False)
            page.goto(path)
            assert "sessionid" not in {cookie["name"] for cookie in page.context.cookies()}
            return page

        yield go


def ask(page) -> str:  # type: ignore[no-untyped-def]
    """Asks for the e-mail; its text."""
    page.get_by_label("Votre adresse électronique").fill(EMAIL)
    page.get_by_role("button", name="Recevoir le lien").click()
    assert page.get_by_text(f"Un courriel vient de partir à {EMAIL}").is_visible()
    return mail.outbox[-1].body


def test_by_the_link_and_one_tap_confirms(phone, goats, live_server):
    page = phone("/")
    page.get_by_role("link", name="Mon commerce").click()
    body = ask(page)
    page.goto(re.search(r"http://\S+/connexion/lien/\S+", body)[0])
    page.get_by_role("button", name="Me connecter comme c…@example.org").click()
    assert page.url == f"{live_server.url}/mon-commerce/"
    assert page.get_by_text("Publiée").is_visible()
    page.get_by_role("button", name="Tout est juste").click()
    assert "est confirmée aujourd'hui" in page.get_by_role("status").text_content()
    goats.refresh_from_db()
    assert goats.confirmed_at is not None
    page.get_by_role("link", name="Voir la fiche publique").click()
    assert page.get_by_text("Confirmée le").is_visible()


def test_by_the_digits_on_another_device(phone, live_server):
    body = ask(phone("/mon-commerce/"))
    other = phone("/connexion/")
    other.get_by_role("link", name="J'ai déjà reçu un code").click()
    other.get_by_label("Votre adresse électronique").fill(EMAIL)
    code = other.get_by_label("Les six chiffres du courriel")
    code.fill("12345")
    other.get_by_role("button", name="Se connecter").click()
    assert other.get_by_text("Ce sont six chiffres").is_visible()
    assert other.get_by_label("Votre adresse électronique").input_value() == EMAIL
    code.fill(re.search(r"^\d{6}$", body, re.MULTILINE)[0])
    other.get_by_role("button", name="Se connecter").click()
    assert other.url == f"{live_server.url}/mon-commerce/"
    other.get_by_role("button", name="Se déconnecter").click()
    assert other.url == f"{live_server.url}/"


def test_the_yearly_link_confirms(phone, goats, settings, live_server):
    settings.SITE_URL = live_server.url
    assert confirming.tell(goats.merchant.owner, Step.REMIND, [goats])
    page = phone(re.search(r"http://\S+/juste/\S+", mail.outbox[-1].body)[0])
    page.get_by_role("button", name="Tout est juste").click()
    assert page.get_by_role("status").is_visible()
    goats.refresh_from_db()
    assert goats.confirmed_at is not None


@pytest.mark.parametrize("viewport", [WIDE, SMALL], ids=["wide", "320"])
def test_axe_finds_nothing_and_nothing_is_cut_off(browser, live_server, settings, goats, viewport):
    owned_place(EMAIL, name=LONG, status="draft")
    link = f"/mon-commerce/juste/{confirming.token_of(goats.merchant.owner, [goats])}/"
    with (
        visiting(browser, live_server, settings) as open_page,
        owning(browser, live_server, settings, goats.merchant.owner) as own,
    ):
        stranger = open_page(viewport, bypass_csp=True, reduced_motion="reduce")
        owner = own("/mon-commerce/", viewport, bypass_csp=True, reduced_motion="reduce")
        for page, path in (
            (stranger, "/connexion/"), (stranger, "/connexion/envoye/"), (stranger, "/connexion/lien/x/"),
            (stranger, link), (stranger, f"{link}?done=1"), (owner, "/mon-commerce/"),
        ):  # fmt: skip
            page.goto(path)
            page.evaluate(AXE_SCRIPT)
            clean(page)
            assert page.evaluate(WIDTH) <= viewport["width"], path
