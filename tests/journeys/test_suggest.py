"""The question's field as a combobox: keyboard, mouse, touch, screen reader, slow lines, and no JavaScript."""

from __future__ import annotations

import json
import re
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.builders import point_of_sale
from tests.journeys.conftest import CHROMIUM, NARROW, WIDE

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"no browser at {CHROMIUM}"),
]
HOSTILE = "<img src=x onerror=alert(1)> Fermette"


@pytest.fixture
def field(visit):
    """Opens the home page and gives its field, focused."""

    def open_field(path="/", viewport=WIDE, **options):
        page = visit(path, viewport, **options)
        box = page.locator("#q")
        box.focus()
        page.wait_for_selector("#q[role=combobox]")
        return box

    return open_field


def type_(box, text):
    """Types, and waits for what it brings."""
    box.press_sequentially(text, delay=10)
    box.page.wait_for_selector("[role=option]")


def options(box):
    return [text.split("\n")[0] for text in box.page.locator("[role=option]").all_inner_texts()]


def active(box):
    """The label of the active option, as the field points at it and as it is marked."""
    page = box.page
    id_ = box.get_attribute("aria-activedescendant")
    marked = page.locator("[role=option][aria-selected=true]")
    if id_ is None:
        assert marked.count() == 0
        return None
    assert marked.get_attribute("id") == id_
    return marked.locator("span").inner_text()


def test_the_pattern_s_roles_and_states(field):
    box = field()
    assert box.get_attribute("aria-autocomplete") == "list"
    assert box.get_attribute("aria-expanded") == "false"
    listbox = box.page.locator(f"#{box.get_attribute('aria-controls')}")
    assert listbox.get_attribute("role") == "listbox"
    assert listbox.get_attribute("aria-label") == "Suggestions"
    assert not listbox.is_visible()
    type_(box, "vend")
    assert box.get_attribute("aria-expanded") == "true"
    assert options(box)[0] == "Vendôme"
    assert active(box) is None, "nothing is chosen for the person"
    assert box.input_value() == "vend"
    assert re.match(r"\d+ suggestions", box.page.locator("[role=status]").inner_text())


def test_arrows_go_round_through_the_field(field):
    box = field()
    type_(box, "autour de vend")
    assert options(box) == ["Vendôme", "Vendœuvres"]
    seen = []
    for key in ("ArrowDown", "ArrowDown", "ArrowDown", "ArrowUp", "ArrowUp", "ArrowUp", "ArrowUp"):
        box.press(key)
        seen.append(active(box))
    assert seen == ["Vendôme", "Vendœuvres", None, "Vendœuvres", "Vendôme", None, "Vendœuvres"]
    assert box.input_value() == "autour de vend", "the text stays as typed until a suggestion is taken"


@pytest.mark.parametrize("key", ["Home", "End", "ArrowLeft", "ArrowRight"])
def test_keys_of_the_text_lead_back_to_it(field, key):
    box = field()
    type_(box, "vend")
    box.press("ArrowDown")
    box.press(key)
    assert active(box) is None
    caret = box.evaluate("field => field.selectionStart")
    assert caret == {"Home": 0, "ArrowLeft": 3}.get(key, 4)


def test_enter_takes_and_a_second_one_asks(field):
    box = field()
    type_(box, "fermes autour de vend")
    box.press("ArrowDown")
    box.press("Enter")
    assert box.input_value() == "fermes autour de Vendôme"
    assert box.get_attribute("aria-expanded") == "false"
    assert urlsplit(box.page.url).query == ""
    box.page.wait_for_timeout(300)
    assert box.get_attribute("aria-expanded") == "false", "what was taken is not asked again"
    with box.page.expect_navigation():
        box.press("Enter")
    assert parse_qs(urlsplit(box.page.url).query)["q"] == ["fermes autour de Vendôme"]


def test_enter_without_a_choice_asks_what_was_typed(field):
    box = field()
    type_(box, "vend")
    with box.page.expect_navigation():
        box.press("Enter")
    assert parse_qs(urlsplit(box.page.url).query)["q"] == ["vend"]


def test_escape_closes_then_clears(field):
    box = field()
    type_(box, "vend")
    box.press("Escape")
    assert box.get_attribute("aria-expanded") == "false"
    assert box.input_value() == "vend"
    box.press("ArrowDown")
    assert active(box) == "Vendôme", "an arrow opens it again"
    box.press("Escape")
    box.press("Escape")
    assert box.input_value() == ""


def test_alt_and_arrows_open_and_close(field):
    box = field()
    type_(box, "vend")
    box.press("Alt+ArrowUp")
    assert box.get_attribute("aria-expanded") == "false"
    box.press("Alt+ArrowDown")
    assert box.get_attribute("aria-expanded") == "true"
    assert active(box) is None


def test_tab_leaves_without_taking(field):
    box = field()
    type_(box, "vend")
    box.press("ArrowDown")
    box.press("Tab")
    assert box.input_value() == "vend"
    assert box.page.evaluate("document.activeElement.matches('[data-here] button')"), "what comes next"
    assert box.page.locator("[role=listbox]").is_hidden()
    assert box.page.locator("[role=status]").inner_text() == ""


def test_the_mouse_takes_and_the_field_keeps_the_focus(field):
    box = field()
    type_(box, "from")
    box.page.get_by_role("option", name="Fromage de chèvre").click()
    assert box.input_value() == "Fromage de chèvre"
    assert box.evaluate("field => field === document.activeElement")


def test_a_finger_takes(field):
    box = field(viewport=NARROW, has_touch=True, is_mobile=True)
    type_(box, "from")
    box.page.get_by_role("option", name="Fromage de chèvre").tap()
    assert box.input_value() == "Fromage de chèvre"


@pytest.mark.parametrize(("path", "sheet"), [("/", "/m/"), ("/en/", "/en/m/")])
def test_a_merchant_leads_to_its_sheet(field, path, sheet):
    place = point_of_sale("Zoé Zimmer")
    box = field(path)
    type_(box, "zoé")
    box.press("ArrowDown")
    with box.page.expect_navigation():
        box.press("Enter")
    assert urlsplit(box.page.url).path == f"{sheet}{place.merchant_id}-zoe-zimmer/"


def test_the_page_s_language_not_the_browser_s(field):
    box = field("/en/", locale="fr-FR")
    type_(box, "chees")
    assert options(box)[0] == "Cheese"


def test_what_merchants_write_is_text(field):
    point_of_sale(HOSTILE)
    box = field()
    type_(box, "fermette")
    assert HOSTILE in options(box)
    assert box.page.locator("img[src=x]").count() == 0


def test_one_request_for_each_pause(field):
    box = field()
    asked = []
    box.page.on("request", lambda request: asked.append(request.url) if "/suggest/" in request.url else None)
    type_(box, "autour de vendo")
    box.page.wait_for_timeout(300)
    assert [parse_qs(urlsplit(url).query)["q"] for url in asked] == [["autour de vendo"]]


def test_a_late_answer_is_not_shown(field):
    box = field()
    waiting = []
    box.page.route(re.compile(r"/suggest/\?q=from$"), lambda route: waiting.append(route))
    box.press_sequentially("from")
    while not waiting:
        box.page.wait_for_timeout(20)
    box.fill("")
    type_(box, "vend")
    with_cheese = {"kind": "product", "code": "cheese", "label": "LATE", "q": "LATE", "detail": ""}
    waiting[0].fulfill(status=200, body=json.dumps([with_cheese]), content_type="application/json")
    box.page.wait_for_timeout(200)
    assert options(box)[0] == "Vendôme"


@pytest.mark.parametrize("failure", ["offline", "too many", "no list"])
def test_an_outage_leaves_a_plain_field(field, failure):
    box = field()
    page = box.page
    if failure == "offline":  # as fetch says it; the browser itself would also complain on the console
        page.evaluate("() => { window.whole = fetch; window.fetch = () => Promise.reject(new TypeError('offline')) }")
    else:
        status, body = (429, "[]") if failure == "too many" else (200, "<html>")
        page.route("**/suggest/**", lambda route: route.fulfill(status=status, body=body))
    box.press_sequentially("vend")
    page.wait_for_timeout(400)
    assert box.get_attribute("aria-expanded") == "false"
    assert page.locator("[role=status]").inner_text() == ""
    page.unroute("**/suggest/**")
    page.evaluate("() => { window.fetch = window.whole ?? window.fetch }")
    type_(box, "ô")
    assert options(box)[0] == "Vendôme"


def test_nothing_is_asked_while_an_input_method_composes(field):
    box = field()
    asked = []
    box.page.on("request", lambda request: asked.append(request.url) if "/suggest/" in request.url else None)
    client = box.page.context.new_cdp_session(box.page)
    client.send("Input.imeSetComposition", {"text": "vend", "selectionStart": 4, "selectionEnd": 4})
    box.page.wait_for_timeout(300)
    assert asked == []
    client.send("Input.insertText", {"text": "vend"})
    box.page.wait_for_selector("[role=option]")
    assert len(asked) == 1


def test_a_reader_who_saves_data_keeps_a_plain_field(visit, live_server):
    page = visit("/aide/")
    page.add_init_script("Object.defineProperty(navigator, 'connection', {value: {saveData: true}})")
    asked = []
    page.on("request", lambda request: asked.append(urlsplit(request.url).path))
    page.goto(live_server.url + "/")
    page.locator("#q").press_sequentially("vend")
    page.wait_for_timeout(400)
    assert page.locator("#q").get_attribute("role") is None
    assert not any("suggest" in path for path in asked)


@pytest.mark.parametrize("width", [320, 375])
def test_nothing_is_wider_than_a_small_screen(field, width):
    point_of_sale(
        "Boulangerie-Pâtisserie-Confiserie-Chocolaterie-Salon-de-thé du Vieux Pressoir de Saint-Amand-Longpré"
    )
    box = field(viewport={"width": width, "height": 640})
    type_(box, "boulangerie-p")
    assert box.page.evaluate("document.documentElement.scrollWidth") == width
    heights = box.page.evaluate("[...document.querySelectorAll('[role=option]')].map(o => o.offsetHeight)")
    assert min(heights) >= 24
