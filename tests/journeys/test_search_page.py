"""The search page in a browser: asking, narrow and wide, with and without JavaScript."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest

from tests.journeys.conftest import CHROMIUM, NARROW, WIDE
from tests.journeys.mapping import QUESTION, open_map

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"no browser at {CHROMIUM}"),
]


def test_asking(visit, farms):
    page = visit("/")
    page.fill("#q", "fromage vendome")
    page.click("button[type=submit]")
    assert urlsplit(page.url).query == "q=fromage+vendome", "nothing else is in the address"
    assert page.locator("h1").inner_text().startswith("3 ")
    assert page.locator(".result").count() == 3
    page.get_by_role("link", name=re.compile("Retirer.*autour de Vendôme")).click()
    assert urlsplit(page.url).query == "product=cheese"


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
