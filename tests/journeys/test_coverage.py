"""The page of coverage in a browser, and the layer on the search map: by eye, by keyboard, on a slow line."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from geo.gazetteer import gazetteer
from tests.coverage_data import fibre
from tests.journeys.conftest import CHROMIUM, NARROW, WIDE
from tests.journeys.mapping import QUESTION, show_map
from tests.journeys.test_accessibility import clean

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"no browser at {CHROMIUM}"),
]
PAGE = "/couverture/"
REGION_BUDGET, CITY_BUDGET = 60_000, 25_000  # bytes of geometry and values, as they are sent
VENDOME, BLOIS, TOURS = "41269", "41018", "37261"
OVERLAY = "/api/v1/coverage/overlay/"
SAVES_DATA = "Object.defineProperty(navigator, 'connection', {value: {saveData: true}})"


@pytest.fixture
def figures(transactional_db):
    """Every class, mixed as they are in truth; Vendôme is worst, one of its neighbours not known."""
    shares = {entry.code: (entry.population * 7) % 101 for entry in gazetteer().entries}
    shares |= {VENDOME: 3, BLOIS: 95}
    shares.pop("41003")
    return fibre(shares)


def drawn(page):
    """Waits until areas are drawn and nothing is on its way."""
    page.wait_for_selector("path.coverage-area", state="attached")
    page.wait_for_load_state("networkidle")


def fills(page):
    return {path.get_attribute("fill") for path in page.locator("path.coverage-area").all()}


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "narrow"])
def test_without_javascript(visit, figures, viewport):
    page = visit(f"{PAGE}?departement=41", viewport, java_script_enabled=False)
    expect(page.get_by_role("heading", level=1)).to_have_text("Couverture internet dans le Loir-et-Cher")
    assert page.locator(".choropleth .area").count() == 267
    assert page.locator(".gap-legend li").count() == 6
    page.get_by_label("Département").check(force=True)
    page.get_by_role("button", name="Afficher").click()
    expect(page.get_by_role("row")).to_have_count(2)
    page.get_by_role("link", name="Loir-et-Cher").last.click()
    page.get_by_role("link", name="Locaux").click()
    expect(page.locator("th[aria-sort]")).to_have_text(re.compile("Locaux"))


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "narrow"])
def test_the_drawing_becomes_a_map(visit, figures, viewport):
    page = visit(f"{PAGE}?level=commune", viewport)
    page.locator("[data-map]").scroll_into_view_if_needed()
    drawn(page)
    assert fills(page) == {*(f"url(#gap-{n})" for n in range(5)), "url(#gap-unknown)"}
    assert page.evaluate("document.documentElement.scrollWidth") == viewport["width"]


def test_the_map_and_the_table_are_tied(visit, figures):
    page = visit(f"{PAGE}?departement=41")
    drawn(page)
    row = page.locator(f"tr[data-code='{VENDOME}']")
    row.get_by_role("link").focus()
    expect(page.locator("path.coverage-marked")).to_have_count(1)
    page.get_by_label("Une commune ou une adresse").focus()
    expect(page.locator("path.coverage-marked")).to_have_count(0)
    page.locator(".leaflet-container").scroll_into_view_if_needed()
    box = page.locator(".leaflet-container").bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(page.locator("path.coverage-marked")).to_have_count(1)
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    popup = page.locator(".leaflet-popup-content")
    expect(popup).to_contain_text("des locaux sont éligibles à la fibre")
    expect(popup).to_contain_text("édition du 30 septembre 2025")
    expect(popup.get_by_role("link")).to_have_attribute("href", re.compile("/commune/41"))


def test_in_light_mode_the_map_waits(visit, figures):
    page = visit("/aide/")
    page.add_init_script(SAVES_DATA)
    page.goto(page.url.replace("/aide/", PAGE))
    page.wait_for_load_state("networkidle")
    assert page.locator(".choropleth .area").first.is_visible()
    assert page.locator(".leaflet-container").count() == 0
    page.get_by_role("button", name="Afficher la carte").click()
    drawn(page)


def test_a_map_that_cannot_load_leaves_the_drawing(visit, figures):
    page = visit("/aide/")
    page.route("**/carte/couverture-*.js", lambda route: route.fulfill(status=404))
    page.goto(page.url.replace("/aide/", PAGE))
    expect(page.locator("[data-note]")).to_contain_text("Le tableau reste complet")
    page.unroute("**/carte/couverture-*.js")


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "narrow"])
def test_the_layer_of_the_search_map(visit, farms, figures, viewport):
    page = visit(QUESTION, viewport)
    show_map(page)
    page.locator(".legend summary").first.click()
    box = page.get_by_label("Couverture internet")
    box.focus()
    page.keyboard.press("Space")
    drawn(page)
    legend = page.locator(".coverage-layer")
    expect(legend).to_contain_text("Part des locaux éligibles à la fibre")
    expect(legend).to_contain_text("édition du 30 septembre 2025")
    if viewport is NARROW:
        assert not legend.locator(
            "li"
        ).first.is_visible()  # it opens with a tap; what it hides does not empty the areas
        assert page.locator("details .gap-patterns").count() == 0
        legend.locator("summary").click()
    expect(legend.locator("li").first).to_be_visible()
    assert page.locator(".map-pin, .map-group").first.is_visible()
    box.uncheck()
    expect(page.locator("path.coverage-area")).to_have_count(0)
    expect(legend).to_have_count(0)


@pytest.mark.slow
def test_axe_finds_nothing_on_the_layer(visit, farms, figures):
    page = visit(QUESTION, reduced_motion="reduce")
    show_map(page)
    page.locator(".legend summary").first.click()
    page.get_by_label("Couverture internet").check()
    drawn(page)
    page.locator(".legend summary").first.click()
    clean(page)


@pytest.mark.slow
def test_axe_finds_nothing_in_what_an_area_tells(visit, figures):
    page = visit(f"{PAGE}?departement=41", NARROW, reduced_motion="reduce")
    page.locator("[data-map]").scroll_into_view_if_needed()
    drawn(page)
    page.locator(".leaflet-container").click()
    expect(page.locator(".leaflet-popup-content")).to_be_visible()
    clean(page)


def test_the_layer_without_figures_says_so(visit, farms):
    page = visit(QUESTION)
    show_map(page)
    page.locator(".legend summary").first.click()
    page.get_by_label("Couverture internet").check()
    expect(page.locator(".coverage-layer")).to_contain_text("Aucune édition")


class TestWeight:
    """As production sends it, headers included."""

    @pytest.fixture
    def sent(self, browser, production, figures):
        context = browser.new_context(viewport=WIDE)
        page = context.new_page()
        page.set_default_timeout(15_000)

        def open_page(path):
            page.goto(production.url + path)
            drawn(page)
            page.wait_for_timeout(300)
            sent = {path: size for path, size in production.sent.items() if path.startswith(OVERLAY)}
            assert sum("close" in path for path in sent) == (0 if "#" not in page.url else len(sent) - 1)
            return sum(sent.values())

        yield open_page
        context.close()

    def test_of_the_region(self, sent):
        assert sent(f"{PAGE}?level=commune") <= REGION_BUDGET

    @pytest.mark.parametrize(
        "city", ["45234", "37261", "18033", "41269"], ids=["Orléans", "Tours", "Bourges", "Vendôme"]
    )
    def test_of_a_town_and_its_surroundings(self, sent, city):
        at = gazetteer().commune(city).position
        assert sent(f"{PAGE}?level=commune#carte=11/{at.lat:.5f}/{at.lon:.5f}") <= CITY_BUDGET
