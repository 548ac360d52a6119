"""The search page in a browser: asking, list and map as one, narrow and wide, with and without JavaScript."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import brotli
import pytest

from tests.builders import at, centre_of, point_of_sale
from tests.journeys.conftest import CHROMIUM, NARROW, WIDE

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"no browser at {CHROMIUM}"),
]
QUESTION = "/?product=cheese&place=Vend%C3%B4me"
HOSTILE = "</script><img src=x onerror=alert(1)>"


@pytest.fixture
def farms(transactional_db):
    centre = centre_of()
    return [
        point_of_sale("Chèvrerie du Loir", pin=at(centre, 0, 2_345), activities=["goat_farm"], products=["valencay"]),
        point_of_sale("Crèmerie", pin=at(centre, 90, 8_000), activities=["cheese_shop"], products=["cow_cheese"]),
        point_of_sale(HOSTILE, pin=at(centre, 180, 7_000), products=["cheese"], demo=True),
    ]


def open_map(page):
    page.wait_for_selector(".map-pin, .map-group")
    page.wait_for_function("document.querySelector('[data-note]').textContent.includes('sur la carte')")


def test_asking(visit, farms):
    page = visit("/")
    page.fill("#q", "fromage vendome")
    page.click("button[type=submit]")
    assert urlsplit(page.url).query == "q=fromage+vendome", "nothing else is in the address"
    assert page.locator("h1").inner_text().startswith("3 ")
    assert page.locator(".result").count() == 3
    page.get_by_role("link", name=re.compile("Retirer.*autour de Vendôme")).click()
    assert urlsplit(page.url).query == "product=cheese"


def test_list_and_map_point_at_each_other(visit, farms):
    page = visit(QUESTION)
    open_map(page)
    assert page.locator(".map-pin").count() == 3
    pin = page.get_by_role("button", name="Chèvrerie du Loir")
    row = page.locator(".result").first
    assert not page.locator(".marked").count()
    row.hover()
    assert "marked" in pin.get_attribute("class")
    page.locator("h1").hover()
    assert "marked" not in pin.get_attribute("class")
    row.get_by_role("link").first.focus()
    assert "marked" in pin.get_attribute("class")
    pin.focus()
    assert "marked" in row.get_attribute("class")


def test_shapes_follow_the_families(visit, farms):
    page = visit(QUESTION)
    open_map(page)
    pin = page.get_by_role("button", name="Crèmerie").locator("use")
    assert pin.get_attribute("href").endswith("pins.svg#food_shop")
    assert page.locator(".result").nth(2).locator("use").get_attribute("href").endswith("pins.svg#food_shop")


def test_the_family_asked_for_comes_first(visit, transactional_db):
    point_of_sale("Chez Deux", activities=["bakery", "tea_room"])
    page = visit("/?activity=eating_out&place=Vend%C3%B4me")
    open_map(page)
    assert page.locator(".result use").get_attribute("href").endswith("#eating_out")
    assert page.locator(".map-pin use").get_attribute("href").endswith("#eating_out")


def test_a_pin_opens_with_the_keyboard_and_leads_to_the_sheet(visit, farms):
    page = visit(QUESTION)
    open_map(page)
    page.get_by_role("button", name="Chèvrerie du Loir").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector(".leaflet-popup a[href^='/m/']")
    assert page.evaluate("document.activeElement.textContent") == "Chèvrerie du Loir"
    assert "2,3\u00a0km" in page.locator(".leaflet-popup").inner_text()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/m/\d+-chevrerie-du-loir/$"))


def test_what_merchants_write_is_text(visit, farms):
    page = visit(QUESTION)
    open_map(page)
    page.get_by_role("button", name=HOSTILE).click()
    page.wait_for_selector(".leaflet-popup a[href^='/m/']")
    assert HOSTILE in page.locator(".leaflet-popup").inner_text()
    assert "Démonstration" in page.locator(".leaflet-popup").inner_text()
    assert page.locator("img[src=x]").count() == 0


def test_pins_that_would_overlap_stand_together(visit, transactional_db):
    for i in range(3):
        point_of_sale(f"Ferme {i}", pin_hidden=True, products=["cheese"])
    page = visit(QUESTION)
    open_map(page)
    page.get_by_role("button", name="3 adresses ensemble").click()
    page.wait_for_selector(".leaflet-popup a[href^='/m/']")
    assert page.locator(".leaflet-popup li").count() == 3


def test_on_a_phone_the_map_is_one_tap_away(visit, farms):
    page = visit(QUESTION, NARROW, has_touch=True)
    assert not page.locator("[data-map]").is_visible()
    toggle = page.get_by_role("button", name="Voir la carte")
    toggle.tap()
    open_map(page)
    assert not page.locator(".results").is_visible()
    page.get_by_role("button", name="Voir la liste").tap()
    assert page.locator(".results").is_visible()


@pytest.mark.parametrize("width", [320, 375])
@pytest.mark.parametrize("path", ["/", QUESTION, "/?place=nulle-part-du-tout&activity=bakery", "/donnees/"])
def test_nothing_is_wider_than_a_small_screen(visit, farms, path, width):
    page = visit(path, {"width": width, "height": 700})
    assert page.evaluate("document.documentElement.scrollWidth") == width


def test_without_javascript(visit, farms):
    page = visit(QUESTION, java_script_enabled=False)
    assert page.locator(".result").count() == 3
    page.locator(".result h3 a").first.click()
    assert page.locator("h1").inner_text().startswith("Chèvrerie du Loir")


def test_a_slow_line_waits_for_a_tap_that_names_its_weight(visit, farms, live_server):
    page = visit("/aide/")
    page.add_init_script("Object.defineProperty(navigator, 'connection', {value: {saveData: true}})")
    sizes = []
    page.on("response", lambda response: sizes.append((response.url, response)))
    page.goto(live_server.url + QUESTION)
    page.wait_for_timeout(300)
    assert page.locator(".leaflet-container").count() == 0
    before = len(sizes)
    button = page.get_by_role("button", name=re.compile("Afficher la carte"))
    named = int(re.search(r"(\d+)", button.inner_text())[1])
    button.click()
    open_map(page)
    page.wait_for_load_state("networkidle")
    weight = sum(len(brotli.compress(response.body(), quality=5)) for _, response in sizes[before:]) / 1000
    assert named * 0.6 < weight < named * 1.1


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "narrow"])
def test_axe_finds_nothing(visit, farms, live_server, scheme, viewport):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    sheet = f"/m/{farms[0].merchant_id}-chevrerie-du-loir/"
    nothing, mistake = "/?product=pottery&place=Vend%C3%B4me", "/?place=nulle-part&activity=goat_frm"
    texts = ["/mentions-legales/", "/donnees-personnelles/", "/accessibilite/", "/donnees/", "/aide/"]
    page = visit("/", viewport, color_scheme=scheme)
    for path in ["/", "/en/", QUESTION, nothing, mistake, sheet, "/absent/", *texts]:
        page.goto(live_server.url + path)
        if path == QUESTION:
            if viewport is NARROW:
                page.get_by_role("button", name="Voir la carte").click()
            open_map(page)
            page.get_by_role("button", name="Crèmerie").click()
            page.wait_for_selector(".leaflet-popup a[href^='/m/']")
            page.wait_for_timeout(400)
        result = axe.run(page)
        assert result.violations_count == 0, f"{path}: {result.generate_report()}"
