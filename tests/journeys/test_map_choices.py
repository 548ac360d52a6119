"""What a person chooses of the map: whether it comes at all, and what lies under it. Nothing is asked before."""

from __future__ import annotations

import re

import brotli
import pytest
from playwright.sync_api import expect

from maps.backdrops import BACKDROPS
from tests.journeys.conftest import CHROMIUM, NARROW
from tests.journeys.mapping import QUESTION, open_map

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"no browser at {CHROMIUM}"),
]
SAVES_DATA = "Object.defineProperty(navigator, 'connection', {value: {saveData: true}})"
PIXEL = bytes.fromhex("47494638396101000100800000ffffff00000021f90401000000002c00000000010001000002024401003b")


def test_a_slow_line_waits_for_a_tap_that_names_its_weight(visit, farms, live_server):
    page = visit("/aide/")
    page.add_init_script(SAVES_DATA)
    answers = []
    page.on("response", lambda answer: answers.append(answer))
    page.goto(live_server.url + QUESTION)
    page.wait_for_load_state("networkidle")
    assert page.get_by_role("switch", name="Mode léger").get_attribute("aria-checked") == "true"
    assert page.locator(".leaflet-container").count() == 0
    before = len(answers)
    button = page.get_by_role("button", name=re.compile("Afficher la carte"))
    named = int(re.search(r"(\d+)", button.inner_text())[1])
    button.click()
    open_map(page)
    page.wait_for_load_state("networkidle")
    weight = sum(len(brotli.compress(answer.body(), quality=5)) for answer in answers[before:]) / 1000
    assert named * 0.6 < weight < named * 1.1


@pytest.mark.parametrize("viewport", [None, NARROW], ids=["wide", "narrow"])
def test_light_mode_is_chosen_and_kept(visit, farms, live_server, viewport):
    page = visit(QUESTION, **({"viewport": viewport} if viewport else {}))
    switch = page.get_by_role("switch", name="Mode léger")
    assert switch.get_attribute("aria-checked") == "false"
    with page.expect_navigation():
        switch.click()
    expect(switch).to_have_attribute("aria-checked", "true")
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(live_server.url + "/?product=cheese")
    expect(page.locator(".result")).to_have_count(3)
    page.fill("#q", "from")
    page.wait_for_timeout(300)
    assert not any(part in url for url in asked for part in ("leaflet", "clusters", "suggest"))
    with page.expect_navigation():
        switch.click()
    expect(switch).to_have_attribute("aria-checked", "false")


def test_a_choice_is_stronger_than_what_the_browser_says(visit, farms, live_server):
    page = visit("/aide/")
    page.add_init_script(SAVES_DATA)
    page.goto(live_server.url + QUESTION)
    assert page.locator(".leaflet-container").count() == 0
    with page.expect_navigation():
        page.get_by_role("switch", name="Mode léger").click()
    open_map(page)
    expect(page.get_by_role("switch", name="Mode léger")).to_have_attribute("aria-checked", "false")


@pytest.fixture
def images(browser, farms, live_server):
    """A page whose images of other hosts are answered here; which were asked."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.set_default_timeout(5_000)
    asked, complaints = [], []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)

    def answer(route):
        asked.append(route.request)
        route.fulfill(body=PIXEL, content_type="image/gif")

    page.route(lambda url: not url.startswith(live_server.url), answer)
    page.goto(live_server.url + QUESTION)
    open_map(page)
    yield page, asked
    assert context.cookies() == []
    context.close()
    assert complaints == []


@pytest.mark.parametrize("backdrop", BACKDROPS, ids=lambda backdrop: backdrop.code)
def test_images_of_another_host_come_once_they_are_chosen(images, live_server, backdrop):
    page, asked = images
    assert asked == []
    page.locator(".legend summary").click()
    assert backdrop.host in page.locator(".legend").inner_text(), "named beside the choice"
    page.get_by_label(backdrop.name).check()
    page.wait_for_selector("img.leaflet-tile-loaded")
    assert {request.url.split("/")[2] for request in asked} == {backdrop.host}
    assert all(request.headers["referer"] == f"{live_server.url}/" for request in asked), "the origin alone"
    expect(page.locator(".map-credit")).to_have_text(str(backdrop.credit))
    expect(page.locator(".land").first).to_be_hidden()
    page.reload()
    page.wait_for_selector("img.leaflet-tile-loaded")
    assert page.locator(f"input[value={backdrop.code}]").is_checked()
    page.locator(".legend summary").click()
    page.get_by_label("Nos contours").check()
    expect(page.locator("img.leaflet-tile")).to_have_count(0)
    expect(page.locator(".map-credit")).to_have_count(0)


def test_light_mode_asks_no_images_that_were_chosen_before(images):
    page, asked = images
    page.locator(".legend summary").click()
    page.get_by_label("OpenStreetMap").check()
    page.wait_for_selector("img.leaflet-tile-loaded")
    with page.expect_navigation():
        page.get_by_role("switch", name="Mode léger").click()
    page.wait_for_load_state("networkidle")
    asked.clear()
    page.get_by_role("button", name=re.compile("Afficher la carte")).click()
    open_map(page)
    page.wait_for_timeout(200)
    assert asked == []


def test_a_browser_that_keeps_nothing_still_shows_the_map(visit, farms, live_server):
    page = visit("/aide/")
    page.add_init_script(
        "Object.defineProperty(window, 'localStorage', {get() { throw new DOMException('', 'SecurityError') }})"
    )
    page.goto(live_server.url + QUESTION)
    open_map(page)
    assert page.locator(".map-pin").count() == len(farms)
