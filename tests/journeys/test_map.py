"""The map in a browser: what the service counts in view is what is drawn, at every zoom, and opens."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

from tests.builders import at, centre_of, point_of_sale
from tests.journeys.conftest import CHROMIUM, NARROW
from tests.journeys.mapping import HOSTILE, QUESTION, counts, moved, note, open_map, pan, settled, view

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"no browser at {CHROMIUM}"),
]


@pytest.fixture
def crowd(transactional_db):
    """Thirty around Vendôme: twenty in town, ten about the country."""
    centre = centre_of()
    for i in range(20):
        point_of_sale(f"Étal {i}", pin=at(centre, 18 * i, 60 + 20 * i), products=["cheese"])
    for i in range(10):
        point_of_sale(f"Ferme {i}", pin=at(centre, 36 * i, 6_000), products=["cheese"])


def test_what_is_drawn_adds_up_to_the_answer(visit, crowd):
    page = visit(QUESTION)
    open_map(page)
    assert sum(counts(page)) == 30
    assert max(counts(page)) >= 20, "those of the town are one disc"
    assert note(page) == "30 adresses, toutes dans cette vue de la carte"
    assert "30 adresses" in page.locator("h1").inner_text()


def test_marks_do_not_overlap(visit, crowd):
    page = visit(QUESTION)
    open_map(page)
    boxes = [mark.bounding_box() for mark in page.locator(".map-group, .map-pin").all()]
    middles = [(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, box["width"] / 2) for box in boxes]
    for i, (x, y, reach) in enumerate(middles):
        for other_x, other_y, other in middles[i + 1 :]:
            assert ((x - other_x) ** 2 + (y - other_y) ** 2) ** 0.5 > (reach + other) * 0.75


def test_a_disc_opens_to_what_it_holds_and_back(visit, crowd):
    page = visit(QUESTION)
    open_map(page)
    before = counts(page)
    page.get_by_role("button", name=re.compile(r"^2\d adresses ensemble")).click()
    moved(page)
    assert view(page)[0] >= 14
    assert len(counts(page)) > len(before)
    assert "sur 30 dans cette vue de la carte" in note(page)
    for _ in range(view(page)[0] - 11):
        page.get_by_role("button", name="Dézoomer").click()
        page.wait_for_timeout(350)
    settled(page)
    assert sum(counts(page)) == 30


def test_panning_asks_once_for_whole_cells(visit, farms):
    page = visit(QUESTION)
    open_map(page)
    asked = []
    page.on("request", lambda request: asked.append(request.url) if "/clusters/" in request.url else None)
    pan(page, -320, 0)
    assert len(asked) == 1
    given = parse_qs(urlsplit(asked[0]).query)
    assert {name: given[name] for name in ("product", "place")} == {"product": ["cheese"], "place": ["Vendôme"]}
    zoom = int(given["zoom"][0])
    for edge, origin, size in zip(given["bbox"][0].split(","), (180, 90, 180, 90), (24, 16, 24, 16), strict=True):
        cells = (float(edge) + origin) * 1e6 + 0.5
        assert round(cells) % (size << (22 - zoom)) == 0, "half a micro-degree before a cell"
    pan(page, 320, 0)
    assert len(asked) == 1, "the first view's answer is known"


def in_view(page):
    """What the API counts in the view that the map has."""
    href = page.get_by_role("link", name="Rechercher dans cette zone").get_attribute("href")
    address = f"/api/v1/clusters/?{urlsplit(href).query}&zoom=0"
    return page.evaluate("address => fetch(address).then((answer) => answer.json())", address)["numberMatched"]


def test_the_note_counts_what_is_in_view_though_edges_cut_cells(visit, transactional_db):
    """Forty along a street that runs over the view's edge, within one cell: their disc is in view, or out of it."""
    centre = centre_of()
    for i in range(40):
        point_of_sale(f"Étal {i}", pin=at(centre, 90, 40 * i), products=["cheese"])
    page = visit("/?product=cheese&place=Vend%C3%B4me&radius_km=30")
    open_map(page)
    assert note(page).startswith("40 adresses, toutes")
    box = page.locator("[data-map]").bounding_box()
    found = set()
    for part in (1, 2, 3, 4):
        lon = centre.lon + 0.0213 * part / 5
        page.evaluate(
            """([zoom, lat, lon, width]) => {
              const across = (width / 2 / 256 / 2 ** zoom) * 360;
              location.hash = `carte=${zoom}/${lat}/${(lon + across).toFixed(5)}`;
            }""",
            [12, centre.lat, lon, box["width"]],
        )
        settled(page)
        there = in_view(page)
        assert note(page) == f"{there} adresses sur 40 dans cette vue de la carte"
        found.add(there)
    assert len(found) == 4


def test_a_first_view_has_all_whatever_its_edges_cut(visit, transactional_db):
    for bearing in range(0, 360, 10):
        for near in (0, 5):
            point_of_sale(f"Ferme {bearing}", pin=at(centre_of(), bearing + near, 29_900), products=["cheese"])
    asked = []
    page = visit("/aide/")
    page.on("request", lambda request: asked.append(request.url) if "/clusters/" in request.url else None)
    page.goto(page.url.replace("/aide/", "/?product=cheese&place=Vend%C3%B4me&radius_km=30"))
    open_map(page)
    assert note(page) == "72 adresses, toutes dans cette vue de la carte"
    assert len(asked) == 1


def test_a_view_that_cannot_be_asked_leaves_what_is_drawn(visit, farms):
    page = visit(QUESTION)
    open_map(page)
    page.route("**/clusters/**", lambda route: route.fulfill(status=429, body="{}"))
    page.get_by_role("button", name="Dézoomer").click()
    expect(page.locator("[data-note]")).to_contain_text("n'a pas pu être mise à jour")
    assert sum(counts(page)) == 3


def test_communes_are_named_where_they_are_once_the_map_is_touched(visit, farms):
    page = visit(QUESTION)
    open_map(page)
    page.locator("[data-map]").hover(position={"x": 5, "y": 5})
    expect(page.locator(".map-name", has_text=re.compile("^Lunay$"))).to_have_count(1)
    lunay, vendome = (page.locator(".map-name", has_text=re.compile(f"^{name}$")) for name in ("Lunay", "Vendôme"))
    assert lunay.bounding_box()["x"] < vendome.bounding_box()["x"] - 100


def test_shapes_follow_the_families(visit, farms):
    page = visit(QUESTION)
    open_map(page)
    pin = page.get_by_role("button", name="Crèmerie").locator("use")
    assert pin.get_attribute("href").endswith("pins.svg#food_shop")
    assert page.locator(".result").nth(2).locator("use").get_attribute("href").endswith("pins.svg#food_shop")


def test_the_family_asked_for_comes_first(visit, transactional_db):
    point_of_sale("Chez Deux", activities=["bakery", "tea_room"])
    page = visit("/?activity=eating_out&place=Vend%C3%B4me")
    open_map(page)
    assert page.locator(".result use").get_attribute("href").endswith("#eating_out")
    assert page.locator(".map-pin use").get_attribute("href").endswith("#eating_out")


def test_a_pin_opens_with_the_keyboard_closes_with_escape_and_leads_to_the_sheet(visit, farms):
    page = visit(QUESTION)
    open_map(page)
    pin = page.get_by_role("button", name="Chèvrerie du Loir")
    pin.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector(".leaflet-popup a[href^='/m/']")
    assert page.evaluate("document.activeElement.textContent") == "Chèvrerie du Loir"
    assert "2,3\u00a0km" in page.locator(".leaflet-popup").inner_text()
    page.keyboard.press("Escape")
    expect(page.locator(".leaflet-popup")).to_have_count(0)
    expect(pin).to_be_focused()
    page.keyboard.press("Space")
    page.wait_for_selector(".leaflet-popup a[href^='/m/']")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/m/\d+-chevrerie-du-loir/$"))


def test_the_keyboard_stays_on_the_map_when_it_comes_closer(visit, crowd):
    page = visit(QUESTION)
    open_map(page)
    page.get_by_role("button", name=re.compile(r"^2\d adresses ensemble")).focus()
    page.keyboard.press("Enter")
    moved(page)
    assert page.evaluate("document.activeElement.matches('.map-group, .map-pin')")


def test_marks_are_reached_in_reading_order(visit, farms):
    page = visit(QUESTION)
    open_map(page)
    names = [pin.get_attribute("aria-label") for pin in page.locator(".map-pin").all()]
    assert names == ["Chèvrerie du Loir", "Crèmerie", f"{HOSTILE} (Démonstration)"], "from north to south"


def test_what_merchants_write_is_text(visit, farms):
    page = visit(QUESTION)
    open_map(page)
    page.get_by_role("button", name=HOSTILE).hover()
    assert HOSTILE in page.locator(".leaflet-tooltip").inner_text()
    page.get_by_role("button", name=HOSTILE).click()
    page.wait_for_selector(".leaflet-popup a[href^='/m/']")
    assert HOSTILE in page.locator(".leaflet-popup").inner_text()
    assert "Démonstration" in page.locator(".leaflet-popup").inner_text()
    assert page.locator("img[src=x]").count() == 0


@pytest.mark.parametrize("viewport", [None, NARROW], ids=["wide", "narrow"])
def test_identical_points_open_as_a_list_of_all(visit, transactional_db, viewport):
    for i in range(23):
        point_of_sale(HOSTILE if i == 7 else f"Ferme {i:02}", pin_hidden=True, products=["cheese"])
    page = visit(QUESTION, **({"viewport": viewport} if viewport else {}))
    if viewport:
        page.get_by_role("button", name="Voir la carte").click()
    open_map(page)
    page.get_by_role("button", name="23 adresses ensemble").click()
    page.wait_for_selector(".leaflet-popup a[href^='/m/']")
    popup = page.locator(".leaflet-popup")
    assert popup.locator("li").count() == 23
    assert HOSTILE in popup.inner_text()
    assert page.locator("img[src=x]").count() == 0
    last = popup.get_by_role("link", name="Ferme 22")
    last.focus()
    assert popup.bounding_box()["height"] < 400
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/m/\d+-ferme-22/$"))


def test_neighbours_at_the_closest_zoom_open_as_a_list(visit, transactional_db):
    centre = centre_of()
    for i in range(3):
        point_of_sale(f"Étal {i}", pin=at(centre, 120 * i, 3), products=["cheese"])
    page = visit(QUESTION)
    open_map(page)
    disc = page.get_by_role("button", name="3 adresses ensemble")
    disc.click()
    moved(page, 16)
    disc.click()
    page.wait_for_selector(".leaflet-popup a[href^='/m/']")
    assert page.locator(".leaflet-popup li").count() == 3


def test_one_announcement_for_a_move(visit, crowd):
    page = visit(QUESTION)
    open_map(page)
    page.evaluate("""() => {
        window.said = [];
        const note = document.querySelector("[data-note]");
        new MutationObserver(() => window.said.push(note.textContent)).observe(note, {childList: true, subtree: true});
    }""")
    pan(page, -300, 0)
    said = page.evaluate("window.said")
    assert len(said) == 1
    assert said[0] == page.locator("[data-note]").inner_text()
