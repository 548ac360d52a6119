"""When the line drops: the last answer is shown, as of when; any other page says what to do."""

from __future__ import annotations

import re
import threading
import time

import pytest

from tests.builders import point_of_sale
from tests.journeys.conftest import CHROMIUM

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"no browser at {CHROMIUM}"),
]
QUESTION = "/?product=cheese&place=Vend%C3%B4me"
PAGES = sorted([QUESTION, "/hors-ligne/", "/en/hors-ligne/"])
TEXTS = """async () => {
  const texts = [];
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const page of await cache.keys()) texts.push(await (await cache.match(page, { ignoreVary: true })).text());
  }
  return texts.join();
}"""
INSTALLED = "navigator.serviceWorker.ready.then(() => navigator.serviceWorker.controller !== null)"


@pytest.fixture
def page(browser, production):
    point_of_sale("Chèvrerie du Loir", products=["cheese"])
    context = browser.new_context(base_url=production.url)
    page = context.new_page()
    page.set_default_timeout(5_000)
    complaints = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    context.close()
    assert complaints == []


def kept(page):
    return page.evaluate(
        """async () => {
          const found = [];
          for (const name of await caches.keys())
            for (const { url } of await (await caches.open(name)).keys()) found.push(url.slice(location.origin.length));
          return found.filter((path) => !path.startsWith("/static/"));
        }"""
    )


def visit(page, path):
    """A second page, once the worker is at work and has kept what it should."""
    page.goto("/aide/")
    page.goto(path, referer=page.url)
    page.wait_for_function(INSTALLED)
    page.wait_for_timeout(300)


def test_the_last_answer_stays(page):
    visit(page, QUESTION)
    page.context.set_offline(True)
    page.reload()
    assert page.locator(".result h3").inner_text() == "Chèvrerie du Loir"
    said = page.locator(".from-memory").inner_text()
    assert re.search(r"comme elle était le \d+ \S+ \d{4} à \d+:\d\d", said)
    assert page.locator("h1").evaluate("h1 => getComputedStyle(h1).fontFamily").startswith('"Iowan'), "with its styles"
    page.context.set_offline(False)
    page.reload()
    assert page.locator(".from-memory").count() == 0


def test_another_question_says_what_to_do(page):
    visit(page, QUESTION)
    page.context.set_offline(True)
    page.goto("/?product=honey")
    assert page.locator("h1").inner_text() == "Vous êtes hors ligne"
    page.get_by_role("link", name=re.compile("Fromage")).click()
    page.locator(".result").wait_for()
    page.goto("/?product=honey")
    page.get_by_role("link", name=re.compile("Fromage")).wait_for()
    page.context.set_offline(False)
    page.locator("h1", has_text="hors ligne").wait_for(state="detached", timeout=15_000)
    assert page.locator(".from-memory").count() == 0


def test_each_page_is_told_of_in_its_language(page):
    visit(page, QUESTION)
    page.goto(f"/en{QUESTION}")
    page.wait_for_timeout(300)
    page.context.set_offline(True)
    page.reload()
    assert "as it was on" in page.locator(".from-memory").inner_text()
    page.goto("/en/?product=honey")
    assert page.locator("html").get_attribute("lang") == "en"
    assert page.get_by_role("link", name=re.compile("Fromage")).get_attribute("lang") == "fr"
    page.goto("/?product=honey")
    assert page.locator("html").get_attribute("lang") == "fr"


def test_nobody_s_position_is_kept(page):
    around = "/?product=cheese&lat=47.793&lon=1.066"
    first = page.context.new_page()  # open while the worker begins
    assert first.goto(around).ok
    visit(page, QUESTION)
    page.goto(around)
    page.wait_for_timeout(300)
    assert sorted(kept(page)) == PAGES
    assert "47.793" not in page.evaluate(TEXTS)
    page.context.set_offline(True)
    page.reload()
    assert page.locator("h1").inner_text() == "Vous êtes hors ligne"


def test_a_page_that_is_slow_holds_nobody_up(page, production):
    """While a worker begins, navigations wait for it: what is open is asked for once more, and given up."""
    answers = production.httpd.get_app()
    again = threading.Event()
    times = iter((0, 6))

    def slow(environ, start_response):
        if environ["PATH_INFO"] != "/nulle-part/":
            return answers(environ, start_response)  # not found, so that the browser has no copy of its own
        if wait := next(times, 0):
            again.set()
        time.sleep(wait)
        return answers(environ, start_response)

    production.httpd.set_app(slow)
    page.context.new_page().goto("/nulle-part/")
    page.goto("/aide/")
    page.goto(QUESTION, referer=page.url)
    assert again.wait(5)
    begun = time.monotonic()
    page.goto("/mentions-legales/")
    assert time.monotonic() - begun < 4


def test_what_is_kept(page):
    frame = page.context.new_page()  # open while the worker begins: it keeps what is open, but not this
    assert frame.goto("/embed/").ok
    visit(page, QUESTION)
    assert sorted(kept(page)) == PAGES
    for path in ("/gestion/", "/api/v1/merchants/?product=cheese", "/embed/", "/?product=chese", "/nulle-part/",
                 "/agents/", "/connexion-internet/x/"):  # fmt: skip
        page.goto(path)
    page.goto("/aide/")
    page.wait_for_timeout(300)
    assert sorted(kept(page)) == sorted([*PAGES, "/aide/"])
    for number in range(1, 14):
        page.goto(f"/?product=cheese&radius_km={number}&place=Vend%C3%B4me")
    page.wait_for_timeout(300)
    assert len(kept(page)) == 2 + 12
    assert QUESTION not in kept(page), "the oldest goes"


def test_what_another_version_kept_goes(page):
    visit(page, QUESTION)
    page.evaluate("caches.open('old')")
    page.evaluate("navigator.serviceWorker.getRegistration().then((one) => one.unregister())")
    visit(page, QUESTION)
    assert len(page.evaluate("caches.keys()")) == 1


def test_a_visit_of_one_page_installs_nothing(page):
    page.goto(QUESTION)
    page.wait_for_timeout(500)
    registered = "navigator.serviceWorker.getRegistrations().then((all) => all.length)"
    assert page.evaluate(registered) == 0
    page.fill("#q", "miel")
    page.keyboard.press("Enter")
    page.wait_for_url("**/?q=miel*")
    page.wait_for_function(INSTALLED)
    assert page.evaluate(registered) == 1
