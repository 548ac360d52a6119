"""The map without a mouse, in forced colours, without movement: what each needs is reached, seen and kept."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.builders import point_of_sale
from tests.journeys.conftest import CHROMIUM, NARROW, WIDE
from tests.journeys.mapping import QUESTION, open_map, open_popup, settled, show_map, view

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"no browser at {CHROMIUM}"),
]


@pytest.mark.parametrize("width", [280, 320, 1440])
def test_what_opens_on_the_map_lies_under_nothing(visit, transactional_db, width):
    point_of_sale("Grange aux Fromages de Saint-Firmin-des-Prés", products=["cheese"])
    page = visit(QUESTION, {"width": width, "height": 640}, reduced_motion="reduce")
    show_map(page)
    page.locator("[data-map]").focus()
    for _ in range(3):
        page.keyboard.press("ArrowDown")  # the pin goes to the upper edge, and the link for this area is offered
    page.wait_for_url(re.compile("#carte"))
    settled(page)
    open_popup(page, "Grange")
    popup = page.locator(".leaflet-popup-content-wrapper").bounding_box()
    frame = page.locator("[data-map]").bounding_box()
    assert frame["x"] <= popup["x"]
    assert frame["y"] <= popup["y"]
    for other in (".search-here", ".leaflet-control-zoom"):
        box = page.locator(other).bounding_box()
        beside = popup["x"] >= box["x"] + box["width"] or popup["x"] + popup["width"] <= box["x"]
        assert beside or popup["y"] >= box["y"] + box["height"], other


# Every stop of the keyboard, which of the page's parts it is, and whether one sees it.
STOPS = """(seen) => {
  const parts = [...document.querySelectorAll("a[href], button, input, summary, [tabindex='0']")]
    .filter((one) => one.checkVisibility() && one.tabIndex >= 0);
  if (seen === null) return parts.map((one) => one.outerHTML.slice(0, 60));
  const one = document.activeElement;
  const { outlineStyle, outlineWidth } = getComputedStyle(one);
  const { left, right, top, bottom } = one.getBoundingClientRect();
  const above = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
  const outlined = outlineStyle === "solid" && parseFloat(outlineWidth) >= 2;
  const covered = !one.contains(above) && !above?.contains(one);
  return one === document.body ? null : [parts.indexOf(one), outlined && !covered, one.outerHTML.slice(0, 60)];
}"""


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "narrow"])
def test_the_keyboard_reaches_everything_and_is_seen_everywhere(visit, town, viewport):
    page = visit(f"{QUESTION}#vue=carte", viewport)
    open_map(page)
    parts = page.evaluate(STOPS, None)
    assert sum("map-pin" in part or "map-group" in part for part in parts) >= 3
    reached = set()
    for _ in range(2 * len(parts)):
        page.keyboard.press("Tab")
        stop = page.evaluate(STOPS, 0)
        if stop is None:
            break
        number, shown, part = stop
        assert shown, part
        reached.add(number)
    assert [part for number, part in enumerate(parts) if number not in reached] == []


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "narrow"])
def test_skip_links_lead_on_and_leave_the_view(visit, town, viewport):
    page = visit(QUESTION, viewport)
    show_map(page)
    page.locator("[data-map]").focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_url(re.compile("#carte"))
    settled(page)
    address = page.url
    targets = ("#resultats", "#q", "#apres-carte")
    for skip, target in zip(page.locator(".skip").all(), targets, strict=True):
        skip.focus()
        expect(skip).to_be_in_viewport()
        page.keyboard.press("Enter")
        expect(page.locator(target)).to_be_focused()
    assert page.url == address
    assert page.locator("[data-map]").is_visible()


def test_the_map_moves_by_keys_from_its_marks_and_says_so_once(visit, town):
    page = visit(QUESTION)
    open_map(page)
    page.evaluate("""() => {
      const note = document.querySelector("[data-note]");
      window.said = [];
      new MutationObserver(() => said.push(note.textContent)).observe(note, { childList: true });
    }""")
    page.get_by_role("button", name="Chèvrerie du Loir").focus()
    zooms = []
    for key in ("+", "ArrowLeft", "-"):
        before = page.url
        page.keyboard.press(key)
        page.wait_for_function("before => location.href !== before", arg=before)
        settled(page)
        zooms.append(view(page)[0])
        assert page.evaluate("document.activeElement.matches('.map-pin, .map-group')")
    assert zooms == [12, 12, 11]
    told = page.evaluate("said")
    assert 0 < len(told) <= 3
    assert told[-1] == page.locator("[data-note]").text_content()
    open_popup(page)
    at_rest = view(page)
    page.keyboard.press("ArrowDown")
    page.wait_for_timeout(400)
    assert view(page) == at_rest, "in what opened, arrows are for reading"


@pytest.mark.parametrize("asked", ["no-preference", "reduce"])
def test_who_asks_for_less_movement_gets_none(visit, town, asked):
    page = visit(QUESTION, reduced_motion=asked)
    open_map(page)
    page.evaluate("""() => {
      const pane = document.querySelector(".leaflet-map-pane");
      window.glided = false;
      const look = () => { glided ||= pane.classList.contains("leaflet-pan-anim"); };
      new MutationObserver(look).observe(pane, { attributes: true });
    }""")
    page.locator("[data-map]").focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_url(re.compile("#carte"))
    moves = asked == "no-preference"
    assert page.evaluate("glided") is moves
    assert (page.locator(".leaflet-zoom-anim, .leaflet-fade-anim").count() > 0) is moves
    lasting = """[...document.querySelectorAll("body *")].some((one) => {
      const { transitionDuration, animationName } = getComputedStyle(one);
      return animationName !== "none" || !/^(0s,? ?)+$/.test(transitionDuration);
    })"""
    assert page.evaluate(lasting) is moves


def test_forced_colours_tell_states_apart(visit, town):
    page = visit(QUESTION, forced_colors="active")
    open_map(page)

    def style(selector, name):
        return page.locator(selector).first.evaluate("(one, name) => getComputedStyle(one)[name]", name)

    families = {style(f".map-pin .pin-{family}", "color") for family in ("farming", "food_shop")}
    assert len(families) == 2, "pins keep their colours"
    plain = style(".map-group", "backgroundColor")
    page.locator(".result", has_text="Ferme des Prés").hover()
    page.wait_for_timeout(200)
    assert style(".map-group.marked", "backgroundColor") != plain
    page.get_by_role("button", name="Crèmerie").focus()
    assert style(".result.marked", "outlineStyle") == "solid"
    open_popup(page)
    for edged in (".map-group", ".chip", ".leaflet-popup-content-wrapper", ".leaflet-bar", "#q"):
        assert style(edged, "borderTopStyle") == "solid", edged
        assert style(edged, "borderTopWidth") != "0px", edged
    assert "underline" in style("[data-share] button", "textDecorationLine")
    expect(page.get_by_role("link", name="Crèmerie").last).to_be_focused()
    assert style(".leaflet-popup a[href*='/m/']", "outlineStyle") == "solid"
