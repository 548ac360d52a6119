"""A merchant's sheet in a browser: complete without JavaScript, narrow and wide, on screen and on paper."""

from __future__ import annotations

import json

import pytest

from directory.models import Consent, Offer, Schedule
from tests.builders import at, centre_of, point_of_sale
from tests.journeys.conftest import CHROMIUM

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"no browser at {CHROMIUM}"),
]
HOSTILE = "</script><img src=x onerror=alert(1)>"


@pytest.fixture
def address(transactional_db):
    """Three points of sale, one of them hidden, of a merchant whose name is hostile."""
    hours = Schedule.objects.create(text='Mo-Sa 09:00-12:30,14:00-18:00; Dec 24-Jan 02 off; Aug "sur rendez-vous"')
    farm = point_of_sale(
        HOSTILE, pin=at(centre_of(), 20, 3_000), activities=["goat_farm"], labels=["organic"], services=["farm_visit"],
        products=["goat_cheese", "eggs", "strawberries"], schedule=hours,
    )  # fmt: skip
    Offer.objects.create(point_of_sale=farm, line=HOSTILE, price_min=3)
    point_of_sale("Marché de Blois", merchant=farm.merchant, commune="41018", kind="market_stall", products=["eggs"])
    point_of_sale("Atelier", merchant=farm.merchant, kind="workshop", pin_hidden=True)
    merchant = farm.merchant
    merchant.shop_url, merchant.phone = "https://chevrerie.example/boutique/", "0254000000"
    merchant.save()
    Consent.objects.create(merchant=merchant, field="phone", audience="public", wording="1")
    return f"/m/{merchant.pk}/"


def test_all_is_there_without_javascript(visit, address):
    page = visit(address, java_script_enabled=False)
    assert page.locator("h1").inner_text().strip() == HOSTILE
    assert page.locator("img[src=x]").count() == 0
    assert page.locator(".contact a").first.inner_text() == "Sa boutique en ligne"
    assert page.locator(".place").count() == page.locator("svg.locator").count() == 3
    page.get_by_role("link", name="Étal de marché").click()
    assert page.evaluate("location.hash") == f"#{page.locator('.place').nth(2).get_attribute('id')}"


def test_linked_data_is_data(visit, address):
    """Read as JSON, run by nobody, refused by no policy: the console stays silent (see `visit`)."""
    page = visit(address)
    merchant, *_ = json.loads(page.locator('script[type="application/ld+json"]').text_content())["@graph"]
    assert merchant["name"] == HOSTILE


def test_today_is_marked(visit, address):
    page = visit(address)
    today = page.evaluate("new Intl.DateTimeFormat('fr', {weekday: 'long', timeZone: 'Europe/Paris'}).format()")
    assert page.locator(".hours .today dt").inner_text().startswith(today)


def test_the_drawing_shows_the_pin_on_its_commune(visit, address):
    page = visit(address)
    drawing = page.locator("svg.locator", has=page.locator(".pin")).first
    frame, pin = drawing.bounding_box(), drawing.locator(".pin").bounding_box()
    assert frame["x"] < pin["x"] < frame["x"] + frame["width"] - pin["width"]
    assert frame["y"] < pin["y"] < frame["y"] + frame["height"] - pin["height"]
    assert page.locator("svg.locator .about").count() == 1


@pytest.mark.parametrize("width", [320, 375])
def test_nothing_is_wider_than_a_small_screen(visit, address, width):
    page = visit(address, {"width": width, "height": 700})
    assert page.evaluate("document.documentElement.scrollWidth") == width
    for link in page.locator("main a").all():
        assert link.bounding_box()["height"] >= 24, link.inner_text()


def test_on_paper(visit, address):
    page = visit(address)
    page.emulate_media(media="print")
    assert not page.locator(".masthead nav").is_visible()
    assert not page.locator(".routes").first.is_visible()
    assert page.locator(".offers").first.is_visible()
    shown = page.evaluate("getComputedStyle(document.querySelector('.contact a'), '::after').content")
    assert "https://chevrerie.example/boutique/" in shown
