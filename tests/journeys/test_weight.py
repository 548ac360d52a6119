"""What the search page weighs over the wire on a first visit: every byte of every answer, headers included."""

from __future__ import annotations

import pytest

from directory.demo import seed_demo
from tests.journeys.conftest import CHROMIUM, WIDE

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"no browser at {CHROMIUM}"),
]
QUESTION = "/?q=fermes+%C3%A0+moins+de+30+km+de+Vend%C3%B4me+qui+vendent+du+fromage"
LIGHT, WITH_MAP = 20_000, 75_000  # bytes
SAVES_DATA = "Object.defineProperty(navigator, 'connection', {value: {saveData: true}})"


@pytest.fixture
def page(browser, production):
    seed_demo(2000, 1)
    context = browser.new_context(viewport=WIDE)
    page = context.new_page()
    page.set_default_timeout(10_000)
    yield page
    context.close()


def weighed(page, server, most):
    """The bytes sent until nothing is asked any more; when they are too many, the failure says of what."""
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(300)
    total = server.sent.total()
    table = "\n".join(f"{size:7,} {path}" for path, size in server.sent.most_common())
    assert total <= most, f"{total:,} bytes, of which\n{table}"


def test_in_light_mode(page, production):
    page.add_init_script(SAVES_DATA)
    page.set_extra_http_headers({"Save-Data": "on"})
    page.goto(production.url + QUESTION)
    assert page.locator(".result").count() == 20
    weighed(page, production, LIGHT)
    assert not any("leaflet" in path for path in production.sent)


def test_with_the_map(page, production):
    page.goto(production.url + QUESTION)
    assert page.locator(".result").count() == 20
    page.wait_for_selector(".map-pin, .map-group")
    weighed(page, production, WITH_MAP)
    assert any("leaflet" in path for path in production.sent)
