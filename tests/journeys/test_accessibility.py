"""Every page for everyone: nothing for axe to say in either language or scheme, small screens, text set wide."""

from __future__ import annotations

from urllib.parse import quote, urlsplit

import pytest
from axe_playwright_python.base import AXE_SCRIPT, AxeResults
from django.utils import timezone
from playwright.sync_api import expect

from directory.models import Consent, Offer, Schedule, Selection
from tests.builders import point_of_sale
from tests.coverage_data import fibre
from tests.journeys.conftest import CHROMIUM, NARROW, WIDE
from tests.journeys.mapping import QUESTION, open_map, open_popup, show_map

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"no browser at {CHROMIUM}"),
]
ASKED = urlsplit(QUESTION).query
EMPTY = "/?q=" + quote("fromage de chèvre à 1 km de Vendôme")
PAGES = (
    "/", "/?q=de+la", "/?q=" + quote("fromage autour de moi"), EMPTY, "/?place=nulle-part&activity=goat_frm",
    "{sheet}", "{gone}", "/absent/", "/commune/41269-vendome/", "/departement/41/", "/activite/goat_farm/",
    "/produit/cheese/", "/commune/41001-areines/", f"/embed/?{ASKED}&show=list", "/embed/?place=nulle-part",
    f"/integrer/?{ASKED}", "/hors-ligne/", "/aide/", "/donnees/", "/mentions-legales/", "/donnees-personnelles/",
    "/accessibilite/", "/selection/fraises/", "/couverture/", "/couverture/?departement=41&place=Vend%C3%B4me",
    "/couverture/?edition=2001-01-01",
)  # fmt: skip
WITH_MAP = (QUESTION, f"/embed/?{ASKED}", f"/embed/?{ASKED}&show=map")
# Preloading writes style sheets into the page, which its policy refuses; these two rules are off unless asked for.
ALL_RULES = {
    "preload": False,
    "resultTypes": ["violations"],
    "rules": {"target-size": {"enabled": True}, "label-content-name-mismatch": {"enabled": True}},
}
CONTRAST = {"preload": False, "resultTypes": ["violations"], "runOnly": ["color-contrast"]}
WIDE_TEXT = """
  * { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important }
  p { margin-bottom: 2em !important }"""
# What hides a part of its text; fields scroll theirs, the map is to be moved.
CLIPPED = """[...document.querySelectorAll("body *:not(input, textarea)")].filter((one) => {
  const { overflowX, overflowY, clipPath } = getComputedStyle(one);
  return /hidden|clip/.test(overflowX + overflowY) && clipPath === "none" && !one.closest("[data-map], svg")
    && (one.scrollWidth > one.clientWidth + 1 || one.scrollHeight > one.clientHeight + 1);
}).map((one) => one.outerHTML.slice(0, 80))"""
WIDTH = "document.documentElement.scrollWidth"


@pytest.fixture
def sheets(town):
    """Who sells around Vendôme, one of them with all that a sheet can have; one that closed; figures of broadband."""
    fibre({"41269": 10, "41018": 95, "37261": 60})
    farm, *_ = town
    hours = Schedule.objects.create(text='Mo-Sa 09:00-12:30,14:00-18:00; Dec 24-Jan 02 off; Aug "sur rendez-vous"')
    merchant = farm.merchant
    stall = {"merchant": merchant, "commune": "41018", "kind": "market_stall", "schedule": hours}
    point_of_sale(products=["strawberries"], labels=["organic"], services=["farm_visit"], **stall)
    Offer.objects.create(point_of_sale=farm, line="Tommes affinées à la cave", price_min=3)
    merchant.shop_url, merchant.phone = "https://chevrerie.example/boutique/", "0254000000"
    merchant.description_fr = "Soixante chèvres."
    merchant.save()
    Consent.objects.create(merchant=merchant, field="phone", audience="public", wording="1")
    today = timezone.localdate()
    Selection.objects.create(slug="fraises", title_fr="Les fraises", text_fr="Mûres.", question="product=strawberries",
                             starts_on=today, ends_on=today, published=True)  # fmt: skip
    gone = point_of_sale("Fournil", activities=["bakery"], status="closed")
    return {"sheet": f"/m/{merchant.pk}-chevrerie-du-loir/", "gone": f"/m/{gone.merchant_id}-fournil/"}


@pytest.fixture(params=[("", WIDE), ("/en", NARROW)], ids=["fr-wide", "en-narrow"])
def pages(request, visit, sheets, live_server):
    """Opens pages of a language, one after the other, without movement."""
    home, viewport = request.param
    page = visit(f"{home}/aide/", viewport, reduced_motion="reduce")

    def go(path):
        page.goto(live_server.url + home + path.format(**sheets))
        return page

    return go


def clean(page, within="html"):
    """Nothing for axe to say: every rule in light colours, contrasts again in dark ones."""
    page.evaluate(AXE_SCRIPT)
    for scheme, options in (("dark", CONTRAST), ("light", ALL_RULES)):
        page.emulate_media(color_scheme=scheme)
        result = AxeResults(page.evaluate("([within, options]) => axe.run(within, options)", [within, options]))
        assert result.violations_count == 0, f"{page.url} in {scheme} colours: {result.generate_report()}"


@pytest.mark.slow
def test_axe_finds_nothing(pages):
    for path in PAGES:
        clean(pages(path))


@pytest.mark.slow
def test_axe_finds_nothing_on_the_map(pages):
    for path in WITH_MAP:
        page = pages(path)
        show_map(page)
        open_popup(page)
        page.locator(".legend summary").click()
        clean(page)


@pytest.mark.slow
def test_axe_finds_nothing_in_what_opens(pages):
    page = pages(QUESTION)
    filters = page.locator(".filters > summary")
    if filters.is_visible():
        filters.click()
    menus = page.locator(".choose > summary")
    for menu in (menus.first, menus.last):
        menu.evaluate("summary => summary.click()")  # also where an open menu lies over it
        clean(page, within=".choose[open]")  # what it lies over is reached once it is closed
    page.locator("#q").focus()
    page.wait_for_selector("#q[role=combobox]")
    page.keyboard.type(" from")
    page.wait_for_selector("[role=option]")
    page.keyboard.press("ArrowDown")
    clean(page, within=".suggested")


@pytest.mark.slow
def test_axe_finds_nothing_in_light_mode(pages):
    pages("/").get_by_role("switch").click()
    for path in ("/", QUESTION):
        page = pages(path)
        expect(page.get_by_role("switch")).to_have_attribute("aria-checked", "true")
        clean(page)
    show = page.locator("[data-toggle]")
    if show.is_visible():
        show.click()
    else:
        page.locator("[data-load]").click()
    open_map(page)
    clean(page)


def widen(page):
    """As a person's own style would; the page's policy lets no other be added."""
    page.evaluate(
        """(text) => {
          const sheet = new CSSStyleSheet();
          sheet.replaceSync(text);
          document.adoptedStyleSheets = [sheet];
        }""",
        WIDE_TEXT,
    )


def test_nothing_is_wider_than_a_small_screen_or_cut_off(pages):
    for path in (*PAGES, *WITH_MAP):
        page = pages(path)
        page.set_viewport_size({"width": 320, "height": 256})
        if path in WITH_MAP:
            show_map(page)
            page.locator(".legend summary").click()
        assert page.evaluate(WIDTH) == 320, path
        widen(page)
        assert page.evaluate(WIDTH) == 320, f"{path} with wide text"
        assert page.evaluate(CLIPPED) == [], path
