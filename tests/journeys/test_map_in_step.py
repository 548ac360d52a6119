"""List, map and address in step: each says what the others say, and a link shows what its sender saw."""

from __future__ import annotations

import re
from urllib.parse import quote, urlsplit

import pytest
from playwright.sync_api import expect

from tests.builders import at, centre_of, point_of_sale
from tests.journeys.conftest import CHROMIUM, NARROW
from tests.journeys.mapping import QUESTION, asked_of, counts, moved, note, open_map, pan, view

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"no browser at {CHROMIUM}"),
]


def marked(locator):
    expect(locator).to_have_class(re.compile(r"\bmarked\b"))
    return True


def test_rows_and_pins_point_at_each_other(visit, farms):
    page = visit(QUESTION)
    open_map(page)
    pin = page.get_by_role("button", name="Chèvrerie du Loir")
    row = page.locator(".result").first
    assert not page.locator(".marked").count()
    row.hover()
    assert marked(pin)
    page.locator("h1").hover()
    expect(page.locator(".marked")).to_have_count(0)
    row.get_by_role("link").first.focus()
    assert marked(pin)
    pin.focus()
    assert marked(row)


def test_a_row_marks_the_disc_that_holds_it(visit, transactional_db):
    centre = centre_of()
    for i in range(4):
        point_of_sale(f"Étal {i}", pin=at(centre, 90 * i, 50), products=["cheese"])
    point_of_sale("Grange", pin=at(centre, 0, 8_000), products=["cheese"])
    page = visit(QUESTION)
    open_map(page)
    disc = page.get_by_role("button", name="4 adresses ensemble")
    page.locator(".result", has_text="Étal 2").hover()
    assert marked(disc)
    assert page.locator(".marked").count() == 1
    page.locator(".result", has_text="Grange").hover()
    assert "marked" not in disc.get_attribute("class")
    disc.focus()
    expect(page.locator(".result.marked")).to_have_count(4)


def test_a_pin_brings_its_row_into_view(visit, transactional_db):
    centre = centre_of()
    for i in range(18):
        point_of_sale(f"Ferme {i:02}", pin=at(centre, 20 * i, 9_000 if i else 9_900), products=["cheese"])
    page = visit(QUESTION)
    open_map(page)
    row = page.locator(".result", has_text="Ferme 00")
    expect(row).not_to_be_in_viewport()
    page.get_by_role("button", name="Ferme 00").click()
    expect(row).to_be_in_viewport()


def test_search_in_this_area(visit, farms):
    centre = centre_of()
    point_of_sale("Ferme au Loin", pin=at(centre, 90, 25_000), products=["cheese"])
    page = visit("/?q=" + quote("fromage à 10 km de Vendôme"))
    open_map(page)
    link = page.get_by_role("link", name="Rechercher dans cette zone")
    expect(link).to_be_hidden()
    pan(page, -400, 0)
    expect(link).to_be_visible()
    before = view(page)
    link.click()
    page.wait_for_url(re.compile("bbox="))
    open_map(page)
    assert set(asked_of(page.url)) == {"product", "bbox"}
    assert all(re.fullmatch(r"-?\d+\.\d{4}", edge) for edge in asked_of(page.url)["bbox"].split(","))
    assert view(page) == before
    listed = page.locator(".result h3 a").all_inner_texts()
    assert listed == ["Crèmerie", "Ferme au Loin"]
    assert sum(counts(page)) == 2
    assert note(page) == "2 adresses, toutes dans cette vue de la carte"


def test_a_link_shows_the_same_view(visit, farms):
    page = visit(QUESTION)
    open_map(page)
    assert view(page) is None, "nothing is added to an address before somebody moves"
    pan(page, -120, 60)
    page.get_by_role("button", name="Zoomer", exact=True).click()
    moved(page, 12)
    here, told = view(page), note(page)
    other = visit(urlsplit(page.url)._replace(scheme="", netloc="").geturl())
    open_map(other)
    assert view(other) == here
    assert note(other) == told
    links = [shown.get_by_role("link", name="Rechercher dans cette zone") for shown in (page, other)]
    assert links[0].get_attribute("href") == links[1].get_attribute("href")
    middle = other.evaluate("document.querySelector('.leaflet-control-scale-line').textContent")
    assert middle == page.evaluate("document.querySelector('.leaflet-control-scale-line').textContent")


def test_the_map_follows_its_address(visit, farms):
    page = visit(QUESTION)
    open_map(page)
    page.evaluate("location.hash = 'carte=15/47.70000/1.30000'")
    expect(page.locator("[data-note]")).to_contain_text("Aucune des 3 adresses")
    page.go_back()
    expect(page.locator("[data-note]")).to_contain_text("3 adresses, toutes")
    page.go_forward()
    expect(page.locator("[data-note]")).to_contain_text("Aucune des 3 adresses")


def test_back_from_a_sheet_shows_the_same_view(visit, farms):
    page = visit(QUESTION)
    open_map(page)
    pan(page, -120, 60)
    here = view(page)
    page.locator(".result h3 a").first.click()
    page.wait_for_url(re.compile("/m/"))
    page.go_back()
    open_map(page)
    assert view(page) == here


def test_on_a_phone_the_map_is_one_tap_away_and_back(visit, farms):
    page = visit(QUESTION, NARROW, has_touch=True)
    assert not page.locator("[data-map]").is_visible()
    page.get_by_role("button", name="Voir la carte").tap()
    open_map(page)
    assert urlsplit(page.url).fragment == "vue=carte"
    assert not page.locator(".results").is_visible()
    shared = visit(urlsplit(page.url)._replace(scheme="", netloc="").geturl(), NARROW)
    open_map(shared)
    assert not shared.locator(".results").is_visible()
    page.go_back()
    expect(page.locator(".results")).to_be_visible()
    page.go_forward()
    expect(page.locator(".results")).to_be_hidden()
    page.get_by_role("button", name="Voir la liste").tap()
    expect(page.locator(".results")).to_be_visible()


def test_a_phone_s_map_stays_when_a_part_of_the_page_is_gone_to(visit, farms):
    page = visit(f"{QUESTION}#vue=carte", NARROW)
    open_map(page)
    page.evaluate("location.hash = 'apres-carte'")
    page.wait_for_timeout(200)
    expect(page.locator("[data-map]")).to_be_visible()
    page.go_back()
    expect(page.locator("[data-map]")).to_be_visible()


def test_a_browser_that_writes_no_more_addresses_still_follows_the_map(visit, farms):
    page = visit(QUESTION)
    open_map(page)
    page.evaluate("() => { history.replaceState = () => { throw new DOMException('', 'SecurityError') } }")
    for _ in range(3):
        page.get_by_role("button", name="Zoomer", exact=True).click()
        page.wait_for_timeout(350)
    expect(page.locator("[data-note]")).not_to_contain_text("toutes")
    link = page.get_by_role("link", name="Rechercher dans cette zone")
    expect(link).to_have_attribute("href", re.compile("bbox="))


def test_a_page_that_comes_back_asks_what_was_on_its_way(visit, farms):
    """A browser that keeps a whole page drops its requests when the page is left."""
    page = visit(QUESTION)
    open_map(page)
    page.route("**/clusters/**", lambda route: route.fulfill(status=429, body="{}"))
    page.get_by_role("button", name="Dézoomer").click()
    expect(page.locator("[data-note]")).to_contain_text("n'a pas pu être mise à jour")
    page.unroute("**/clusters/**")
    page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
    expect(page.locator("[data-note]")).to_contain_text("3 adresses, toutes")


def test_what_cannot_be_loaded_for_a_tap_is_said(visit, farms, live_server):
    page = visit(QUESTION)
    page.route(re.compile("/(here|share)[^/]*\\.js$"), lambda route: route.fulfill(status=404))
    page.get_by_role("button", name="Partager").click()
    expect(page.get_by_text(f"À copier : {live_server.url}{QUESTION}")).to_be_visible()
    page.get_by_role("button", name="Autour de moi").click()
    expect(page.get_by_text("Votre position n'a pas pu être trouvée")).to_be_visible()


def test_around_me_from_the_field(visit, farms):
    centre = centre_of()
    position = {"latitude": centre.lat + 0.000_04, "longitude": centre.lon}
    page = visit("/?q=" + quote("fromage à 20 km de Blois"), geolocation=position, permissions=["geolocation"])
    page.get_by_role("button", name="Autour de moi").click()
    page.wait_for_url(re.compile("lat="))
    given = asked_of(page.url)
    assert all(re.fullmatch(r"\d+\.\d{3}", given.pop(name)) for name in ("lat", "lon"))
    assert given == {"product": "cheese", "radius_km": "20"}
    expect(page.locator(".result")).to_have_count(3)
    page.fill("#q", "fromage de vache")
    page.get_by_role("button", name="Autour de moi").click()
    page.wait_for_url(re.compile("q="))
    expect(page.locator(".result h3 a")).to_have_text(["Crèmerie"])


def test_around_me_refused_from_the_field(visit, farms):
    page = visit(QUESTION)
    page.get_by_role("button", name="Autour de moi").click()
    expect(page.get_by_text("n'a pas donné votre position")).to_be_visible()
    assert asked_of(page.url) == asked_of(QUESTION)


def test_what_is_shared_names_the_commune(visit, farms, live_server):
    centre = centre_of()
    around = f"/?product=cheese&lat={centre.lat:.3f}&lon={centre.lon:.3f}"
    page = visit(around, permissions=["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Partager").click()
    expect(page.get_by_text("Adresse copiée.")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == f"{live_server.url}/?product=cheese&place=Vend%C3%B4me"
    other = visit(copied.removeprefix(live_server.url))
    expect(other.locator(".result")).to_have_count(3)
