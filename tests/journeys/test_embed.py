"""The frame in another site's page, and the refusal of everything else to be framed."""

from __future__ import annotations

import re
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from tests.builders import at, centre_of, point_of_sale
from tests.journeys.conftest import CHROMIUM

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"no browser at {CHROMIUM}"),
]
HOSTILE = "</script><img src=x onerror=alert(1)>"
QUESTION = "product=cheese&place=Vend%C3%B4me"


class Site(BaseHTTPRequestHandler):
    """Another site: its one page has in a frame what its address names."""

    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        frame = f'<iframe src="{self.path[1:]}" width="100%" height="600" style="border: 0"></iframe>'
        self.wfile.write(f"<!DOCTYPE html><body style='margin: 0'>{frame}".encode())

    def log_message(self, *said):
        pass


@pytest.fixture(scope="module")
def site():
    with ThreadingHTTPServer(("127.0.0.1", 0), Site) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://localhost:{server.server_port}/"
        server.shutdown()


@pytest.fixture
def town(browser, site, production):
    """The page of another site, with one of ours in its frame."""
    for name, bearing in (("Chèvrerie du Loir", 0), (HOSTILE, 120)):
        point_of_sale(name, pin=at(centre_of(), bearing, 5_000), products=["cheese"])
    contexts, complaints = [], []

    def framing(path, width=600, **options):
        context = browser.new_context(viewport={"width": width, "height": 700}, **options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(5_000)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(site + production.url + path)
        return page, page.frame_locator("iframe")

    yield framing
    assert [context.cookies() for context in contexts] == [[]] * len(contexts)
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.mark.parametrize("width", [280, 320, 600])
def test_another_site_shows_an_answer(town, width):
    _, frame = town(f"/embed/?{QUESTION}", width)
    assert frame.locator(".result").count() == 2
    assert frame.locator("html").evaluate("html => html.scrollWidth") == width
    if width < 600:
        frame.get_by_role("button", name="Voir la carte").click()
    frame.locator(".map-pin, .map-group").first.wait_for()
    assert frame.locator("img[src=x]").count() == 0


def test_links_lead_out_of_the_frame(town, site):
    page, frame = town(f"/embed/?{QUESTION}&show=list")
    with page.context.expect_page() as opened:
        frame.get_by_role("link", name="Chèvrerie du Loir", exact=True).click()
    opened.value.wait_for_load_state()
    assert re.search(r"/m/\d+-chevrerie-du-loir/$", opened.value.url)
    assert opened.value.evaluate("window.opener") is None
    assert page.url.startswith(site)


def test_without_javascript(town):
    for show in ("both", "map"):
        page, frame = town(f"/embed/?{QUESTION}&show={show}", java_script_enabled=False)
        assert frame.locator(".result").count() == 2
        frame.get_by_role("link", name="Passer la carte").press("Enter")
        page.wait_for_timeout(300)
        assert len(page.context.pages) == 1, "a part of the page is no tab of its own"


@pytest.mark.parametrize("path", [f"/?{QUESTION}", f"/integrer/?{QUESTION}", "/aide/"])
def test_no_other_page_lets_itself_be_framed(town, path):
    page, _ = town(path)
    page.wait_for_timeout(300)
    assert page.frames[1].url.startswith("chrome-error:")


def test_the_code_is_copied_beside_what_it_shows(town, browser, production):
    page, _ = town("/embed/", 1200, permissions=["clipboard-read", "clipboard-write"])
    page.goto(f"{production.url}/integrer/?{QUESTION}&height=400")
    page.locator("iframe").scroll_into_view_if_needed()
    page.frame_locator("iframe").locator(".map-pin, .map-group").first.wait_for()
    assert "/sw.js" not in production.sent, "in a frame nothing is kept"
    page.get_by_role("button", name="Copier le code").click()
    page.get_by_text("Code copié.").wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    page.set_content(copied)
    assert page.locator("iframe").get_attribute("src") == f"{production.url}/embed/?{QUESTION}"
