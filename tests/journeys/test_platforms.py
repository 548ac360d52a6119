"""From a search to a platform's own site; the layer of the map; with a keyboard, on a phone, and nothing for axe."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from directory.models.platform import SoldOn
from tests.journeys.conftest import CHROMIUM, NARROW, WIDE
from tests.journeys.mapping import HOSTILE, QUESTION, show_map
from tests.journeys.test_accessibility import clean
from tests.platform_data import platform

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"no browser at {CHROMIUM}"),
]
VENDOME, TOURS = "41269", "37261"
EMPTY = "/?q=laine+%C3%A0+Vend%C3%B4me"
SITE = "https://vendome.example.org/"
viewports = pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "narrow"])


@pytest.fixture
def platforms(farms):
    """A town's marketplace, a hostile network of its département, and one of elsewhere."""
    town = platform("Vendôme en ligne", slug="vendome", communes=[VENDOME], products=["food", "craft_goods"], url=SITE,
                    sellers=[farms[0].merchant], description_fr="Les commerces de la ville.")  # fmt: skip
    SoldOn.objects.update(url=f"{SITE}chevrerie/")
    platform(HOSTILE, slug="hostile", departements=["41"], kind="producers_network", products=["food"], demo=True)
    platform("Tours en ligne", slug="tours", communes=[TOURS])
    return town


@viewports
@pytest.mark.parametrize("question", [QUESTION, EMPTY], ids=["found", "nothing"])
def test_from_a_search_to_a_platform_and_out(visit, platforms, viewport, question):
    page = visit(question, viewport, reduced_motion="reduce")
    beside = page.locator(".nearby")
    expect(beside.get_by_role("heading", level=2)).to_have_text("Aussi près de chez vous")
    expect(beside).to_contain_text("Vendôme en ligne")
    expect(page.locator("body")).not_to_contain_text("Tours en ligne")
    assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
    clean(page)
    beside.get_by_role("link", name="Vendôme en ligne").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Vendôme en ligne")
    out = page.get_by_role("link", name="Aller sur vendome.example.org")
    expect(out).to_have_attribute("href", SITE)
    expect(out).to_have_attribute("rel", "noopener nofollow")
    expect(out).to_be_in_viewport()  # before all else
    assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
    clean(page)


@viewports
def test_from_a_platform_to_its_merchant_and_from_there_out(visit, platforms, viewport):
    page = visit("/plateforme/vendome/", viewport, java_script_enabled=False)
    page.get_by_role("link", name="Chèvrerie du Loir", exact=True).click()
    out = page.get_by_role("link", name="Vend aussi sur Vendôme en ligne")
    expect(out).to_have_attribute("href", f"{SITE}chevrerie/")
    expect(out).to_be_in_viewport()


@viewports
def test_the_list_is_narrowed_without_javascript(visit, platforms, viewport):
    page = visit("/plateformes/", viewport, java_script_enabled=False)
    expect(page.locator(".platforms > li")).to_have_count(3)
    page.get_by_label("Où").select_option("41")
    page.get_by_label("Ce qui s'y vend").select_option("craft_goods")
    page.get_by_role("button", name="Afficher").click()
    expect(page.locator(".platforms > li")).to_have_count(1)
    expect(page.get_by_label("Où")).to_have_value("41")
    page.get_by_role("link", name="Toutes les plateformes").click()
    expect(page.locator(".platforms > li")).to_have_count(3)


@viewports
def test_axe_finds_nothing_in_the_list(visit, platforms, viewport):
    page = visit("/plateformes/", viewport, reduced_motion="reduce")
    assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
    clean(page)


@viewports
def test_the_layer_of_the_map(visit, platforms, viewport):
    page = visit(QUESTION, viewport, reduced_motion="reduce")
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    show_map(page)
    assert not any("platforms" in url or "couche" in url for url in asked)
    page.locator(".legend summary").click()
    box = page.get_by_label("Plateformes")
    box.press("Space")
    legend = page.locator(".platforms-layer")
    expect(page.locator("path.platform-area")).to_have_count(3)
    if viewport == NARROW:
        legend.locator("summary").press("Enter")
    expect(legend.get_by_role("link", name=HOSTILE)).to_have_attribute("href", "/plateforme/hostile/")
    legend.get_by_role("link", name="Vendôme en ligne").focus()
    expect(page.locator("path.platform-area.marked")).to_have_count(1)
    clean(page)
    box.press("Space")
    expect(legend).to_have_count(0)
    expect(page.locator("path.platform-area")).to_have_count(0)


def test_a_touched_place_tells_who_serves_it(visit, platforms):
    page = visit(QUESTION, WIDE, reduced_motion="reduce")
    show_map(page)
    page.locator(".legend summary").click()
    page.get_by_label("Plateformes").check()
    page.wait_for_selector("path.platform-area", state="attached")
    page.locator(".legend summary").click()
    page.locator("[data-map]").click(position={"x": 200, "y": 120})
    popup = page.locator(".leaflet-popup")
    expect(popup.get_by_role("link")).to_have_text([HOSTILE])  # as text; the town is elsewhere
    clean(page)


def test_both_layers_at_once(visit, platforms):
    page = visit(QUESTION, WIDE)
    show_map(page)
    page.locator(".legend summary").click()
    page.get_by_label("Plateformes").check()
    page.get_by_label("Couverture internet").check()
    expect(page.locator(".coverage-layer")).to_be_attached()
    expect(page.locator(".platforms-layer")).to_be_attached()
    page.get_by_label("Plateformes").uncheck()
    expect(page.locator(".platforms-layer")).not_to_be_attached()
    expect(page.locator(".coverage-layer")).to_be_attached()
