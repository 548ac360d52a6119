"""Asking in a real browser: questions as people type them, corrected, narrowed, and never ending."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from playwright.sync_api import expect

from tests.builders import at, centre_of, point_of_sale
from tests.directory.catalogue import schedule
from tests.journeys.conftest import CHROMIUM, NARROW, WIDE

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"no browser at {CHROMIUM}"),
]
HOSTILE = "</script><img src=x onerror=alert(1)>"
NAMES = {"chèvrerie": "Chèvrerie du Loir", "prés": "Ferme des Prés", "rucher": "Rucher Léopoldine", "pain": "Fournil"}
# What is typed, and who then answers, the first first.
QUESTIONS = [
    ("/", "fermes à moins de 10 km de Vendôme qui vendent du fromage", ["chèvrerie", "prés"]),
    ("/", "miel 41", ["rucher"]),
    ("/", "bolangerie ouverte le dimanche a vendome", ["pain"]),
    ("/", "fromage de chèvre bio", ["chèvrerie"]),
    ("/", "léopoldine", ["rucher"]),
    ("/", "pain ouvert maintenant", ["pain"]),
    ("/", "fromage 41100", ["chèvrerie", "prés"]),
    ("/en/", "farms within 5 km of Vendôme selling cheese", ["chèvrerie"]),
    ("/en/", "honey in Loir-et-Cher", ["rucher"]),
    ("/en/", "organic goat cheese", ["chèvrerie"]),
    ("/en/", "bakery open on Sunday in Vendôme", ["pain"]),
    ("/en/", "beekeeper near Vendôme", ["rucher"]),
]


@pytest.fixture
def village(transactional_db):
    from django.utils import timezone

    centre = centre_of()
    always = schedule("24/7", timezone.now())
    point_of_sale(NAMES["chèvrerie"], pin=at(centre, 0, 2_345), activities=["goat_farm"], products=["goat_cheese"],
                  labels=["organic"])  # fmt: skip
    point_of_sale(NAMES["prés"], pin=at(centre, 90, 8_000), activities=["dairy_farm"], products=["cow_cheese"])
    point_of_sale(NAMES["rucher"], pin=at(centre, 180, 9_000), activities=["beekeeper"], products=["honey"])
    point_of_sale(NAMES["pain"], activities=["bakery"], products=["bread"], kind="shop", schedule=always)


def shows(page, names):
    """Waits until the list is that: a click's page may still be coming. `names`, or how many."""
    listed = expect(page.locator(".result h3 a"))
    if isinstance(names, int):
        listed.to_have_count(names)
    else:
        listed.to_have_text(names)
    return True


def ask(page, text):
    page.fill("#q", text)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def touch(control):
    """A click that reaches what an open menu may lie over."""
    control.evaluate("node => node.click()")


def total(page):
    """How many the page counts over its list."""
    return int(re.search(r"(\d+)$", page.locator(".toolbar > p").inner_text())[1])


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "narrow"])
def test_a_dozen_questions(visit, village, live_server, viewport):
    page = visit("/", viewport)
    for home, question, expected in QUESTIONS:
        page.goto(live_server.url + home)
        ask(page, question)
        assert shows(page, [NAMES[name] for name in expected])
        assert urlsplit(page.url).path == home
        assert page.input_value("#q") == question
        assert page.locator("h1").inner_text() == page.get_attribute("meta[name=description]", "content")


@pytest.mark.parametrize("scripts", [True, False])
def test_chips_are_changed_and_removed(visit, village, scripts):
    page = visit("/?q=" + quote("fromage à 5 km de Vendôme"), java_script_enabled=scripts)
    assert shows(page, [NAMES["chèvrerie"]])
    page.locator(".chip summary", has_text="5\u00a0km autour de Vendôme").click()
    page.get_by_role("link", name="20\u00a0km").click()
    expect(page.locator("#q")).to_have_value("Fromage, à 20 km autour de Vendôme")
    assert shows(page, 2)
    page.locator(".chip summary", has_text="Fromage").click()
    page.locator(".chip .menu a", has_text="Fromage de vache").click()
    assert shows(page, [NAMES["prés"]])
    page.get_by_role("link", name=re.compile("Retirer.*Fromage de vache")).click()
    assert shows(page, 4)
    assert parse_qs(urlsplit(page.url).query) == {"place": ["Vendôme"], "radius_km": ["20"]}


@pytest.mark.parametrize("scripts", [True, False])
@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "narrow"])
def test_a_filter_gives_its_count(visit, village, viewport, scripts):
    page = visit("/?q=vendome", viewport, java_script_enabled=scripts)
    if viewport is NARROW:
        assert not page.locator(".filter-row").is_visible()
        page.locator(".filters > summary").click()
    page.locator(".filter-row summary", has_text="Produits").click()
    choice = page.locator(".menu .choice", has_text="Fromage").first
    count = int(choice.locator(".count").inner_text())
    choice.click()
    page.wait_for_selector(".chip:has-text('Fromage')")
    assert total(page) == count == 2


def test_an_empty_answer_leads_on(visit, village):
    page = visit("/?q=" + quote("fromage de chèvre à 2 km de Vendôme"))
    assert shows(page, [])
    way = page.locator(".ways-on a", has_text="À moins de 3 km de Vendôme")
    assert way.locator(".count").inner_text() == "1 adresse"
    way.click()
    assert shows(page, [NAMES["chèvrerie"]])


def test_around_me(visit, village, browser, live_server):
    centre = centre_of()
    position = {"latitude": centre.lat + 0.000_04, "longitude": centre.lon}
    page = visit("/?q=" + quote("fromage autour de moi"), geolocation=position, permissions=["geolocation"])
    page.get_by_role("button", name="Autour de ma position").click()
    page.wait_for_url(re.compile("lat="))
    given = parse_qs(urlsplit(page.url).query)
    assert all(re.fullmatch(r"\d+\.\d{3}", given[name][0]) for name in ("lat", "lon"))
    assert shows(page, [NAMES["chèvrerie"], NAMES["prés"]])
    ask(page, "miel")
    assert not parse_qs(urlsplit(page.url).query).get("place")
    assert shows(page, [NAMES["rucher"]])


def test_around_me_refused(visit, village):
    page = visit("/?q=" + quote("fromage autour de moi"), NARROW)
    page.get_by_role("button", name="Autour de ma position").click()
    expect(page.get_by_text("n'a pas donné votre position")).to_be_visible()


def test_around_me_without_javascript(visit, village):
    page = visit("/?q=" + quote("fromage autour de moi"), java_script_enabled=False)
    assert page.get_by_text("Ajoutez une commune à votre question").is_visible()
    assert not page.locator("[data-locate]").is_visible()


def test_with_the_keyboard_alone(visit, village):
    page = visit("/?q=" + quote("fromage vendome"))
    summary = page.locator(".chip summary").first
    for _ in range(20):
        page.keyboard.press("Tab")
        if summary.evaluate("node => node === document.activeElement"):
            break
    page.keyboard.press("Enter")
    menu = page.locator(".chip .menu").first
    assert menu.is_visible()
    page.keyboard.press("Tab")
    assert menu.locator("a").first.evaluate("node => node === document.activeElement")
    page.keyboard.press("Escape")
    assert not menu.is_visible()
    assert summary.evaluate("node => node === document.activeElement")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector(".chip:has-text('Fromage de')")
    assert shows(page, 1)


def test_one_menu_at_a_time(visit, village):
    page = visit("/?q=" + quote("fromage vendome"))
    page.locator(".chip summary").first.click()
    touch(page.locator(".filter-row summary").first)
    assert page.locator(".choose[open]").count() == 1
    page.locator("h1").click()
    assert page.locator(".choose[open]").count() == 0


@pytest.mark.parametrize("width", [320, 375])
@pytest.mark.parametrize(
    "q",
    [
        "fromage vendome",
        "fromage de chèvre bio à 2 km de Vendôme ouvert dimanche matin",
        "de la",
        "a" * 100 + " vendome",
    ],
)
def test_nothing_is_wider_than_a_small_screen(visit, village, q, width):
    page = visit("/?q=" + quote(q), {"width": width, "height": 700})
    for menu in page.locator(".filters > summary, .chip summary").all():
        touch(menu)
        assert page.evaluate("document.documentElement.scrollWidth") == width
        for box in page.locator(".menu:visible").all():
            assert box.bounding_box()["x"] >= 0
            assert box.bounding_box()["x"] + box.bounding_box()["width"] <= width


def test_filters_leave_room_for_the_first_result(visit, village):
    page = visit("/?q=fromage", NARROW)
    page.locator(".filters > summary").click()
    row = page.locator(".filter-row")
    assert row.locator(".choose").count() == 3
    assert row.bounding_box()["height"] < 110, "two lines at most"
    row.locator("details > summary").last.click()
    menu = row.locator(".menu:visible").bounding_box()
    assert menu["x"] >= 0
    assert menu["x"] + menu["width"] <= NARROW["width"]


def test_what_is_typed_is_text(visit, village):
    page = visit("/")
    ask(page, f"fromage {HOSTILE}")
    assert page.input_value("#q") == f"fromage {HOSTILE}"
    assert page.locator("img[src=x]").count() == 0


def test_without_javascript(visit):
    page = visit("/", java_script_enabled=False)
    box = page.get_by_label("Que cherchez-vous, et où ?")
    box.fill("vend")
    with page.expect_navigation():
        box.press("Enter")
    assert parse_qs(urlsplit(page.url).query)["q"] == ["vend"]


def test_a_mistake_is_told_beside_the_field(visit):
    page = visit(f"/?q={'a' * 501}", java_script_enabled=False)
    box = page.get_by_label("Que cherchez-vous, et où ?")
    assert box.get_attribute("aria-invalid") == "true"
    assert box.get_attribute("aria-describedby") == "q-hint q-mistake"
    assert "500" in page.locator("#q-mistake").inner_text()
