"""An owner and its pin in a real browser: dragged, moved by keys, typed without a script, kept, taken back."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from directory.models import PointOfSale
from geo.points import Position
from tests.builders import at, centre_of, owned_place
from tests.geocoder import feature
from tests.journeys.conftest import CHROMIUM, NARROW, WIDE
from tests.journeys.entering import owning
from tests.journeys.test_accessibility import WIDTH, clean

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"no browser at {CHROMIUM}"),
]
PHONE = {"has_touch": True, "is_mobile": True}
HOSTILE = "</script><img src=x onerror=alert(1)>"


@pytest.fixture
def place(transactional_db):
    given = {"pin_precision": "street", "pin_score": 0.62, "street": f"12 rue du Change {HOSTILE}"}
    return owned_place(pin=at(centre_of(), 0, 60), **given)


@pytest.fixture
def own(browser, live_server, settings, place):
    with owning(browser, live_server, settings, place.merchant.owner) as own:
        yield lambda page="", viewport=WIDE, **options: own(
            f"/mon-commerce/{place.pk}/epingle/{page}", viewport, **options
        )


def with_map(page):
    page.wait_for_selector("path.pin-commune")
    return page


def typed(page):
    lat, lon = page.get_by_label("Coordonnées", exact=True).input_value().split(", ")
    return Position(float(lon), float(lat))


def pin_of(place):
    return Position.from_geos(PointOfSale.objects.get(pk=place.pk).pin)


def save(page):
    page.get_by_role("button", name="Vérifier avant d'enregistrer").click()
    page.get_by_role("button", name="Oui, l'épingle est à la bonne porte").click()
    expect(page.get_by_text("C'est enregistré.")).to_be_visible()


def test_in_light_mode_the_phone_says_where_it_is_before_any_map(own, place):
    options = {"geolocation": {"latitude": 47.80123, "longitude": 1.07456}, "permissions": ["geolocation"]}
    page = own(viewport=NARROW, **PHONE, **options)
    page.evaluate("localStorage.setItem('leger', 'on')")
    page.reload()
    page.get_by_role("button", name="Utiliser ma position").click()
    expect(page.get_by_label("Coordonnées", exact=True)).to_have_value("47.801230, 1.074560")
    expect(page.locator("[data-says]")).to_contain_text("du centre de Vendôme")
    expect(page.locator("main .locator")).to_be_visible()
    expect(page.locator(".pin-map")).to_be_hidden()
    page.get_by_role("button", name="Charger la carte").click()
    page.wait_for_selector("path.pin-commune")
    expect(page.locator("main .locator"), "the same is not drawn twice").to_have_count(0)
    expect(page.get_by_text("60 m au nord du centre de Vendôme").first).to_be_visible()
    save(page)
    assert pin_of(place).distance_to(Position(1.07456, 47.80123)) < 0.2


def test_dragged_on_a_phone_and_saved(own, place):
    page = with_map(own(viewport=NARROW, **PHONE))
    marker = page.locator(".pin-marker")
    marker.scroll_into_view_if_needed()
    box = marker.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 60, y + 20, steps=6)
    page.mouse.up()
    there = typed(page)
    assert there.lon > at(centre_of(), 0, 60).lon
    expect(page.get_by_role("status").filter(has_text="Dans la commune : Vendôme.")).to_be_visible()
    save(page)
    assert pin_of(place).distance_to(there) < 0.2


def test_a_finger_on_the_map_scrolls_the_page(own):
    page = with_map(own(viewport=NARROW, **PHONE))
    assert "pan" in page.locator("[data-map]").evaluate("map => getComputedStyle(map).touchAction")
    assert page.locator(".pin-marker").evaluate("pin => getComputedStyle(pin).touchAction") == "none"
    assert page.evaluate(WIDTH) <= NARROW["width"]


def test_moved_by_keys_and_told_where(own, place):
    page = with_map(own())
    page.locator(".pin-marker").focus()
    page.keyboard.press("ArrowRight")
    coarse = typed(page)
    page.keyboard.press("Shift+ArrowRight")
    fine = typed(page)
    start = at(centre_of(), 0, 60)
    assert start.distance_to(coarse) / coarse.distance_to(fine) == pytest.approx(8, rel=0.1)
    for _ in range(6):
        page.keyboard.press("ArrowUp")
    expect(page.get_by_role("status").filter(has_text=re.compile(r"m au nord.* du centre de Vendôme"))).to_be_visible()
    there = typed(page)
    save(page)
    assert pin_of(place).distance_to(there) < 0.2
    page.get_by_role("button", name="Annuler mon dernier changement").click()
    expect(page.get_by_text("remise où elle était")).to_be_visible()
    assert pin_of(place).distance_to(start) < 0.1


def test_here(own, place):
    there = at(centre_of(), 90, 500)
    options = {"geolocation": {"latitude": there.lat, "longitude": there.lon, "accuracy": 12}}
    page = with_map(own(permissions=["geolocation"], **options))
    page.get_by_role("button", name="Utiliser ma position").click()
    expect(page.get_by_role("status").filter(has_text="à 12 m près")).to_be_visible()
    assert typed(page).distance_to(there) < 0.2
    page.get_by_role("button", name="Remettre où elle était").click()
    assert page.get_by_label("Là où elle est").is_checked()


def test_refused_it_says_what_else_there_is(own):
    page = with_map(own())
    page.get_by_role("button", name="Utiliser ma position").click()
    expect(page.get_by_role("status").filter(has_text="Déplacez l'épingle sur la carte")).to_be_visible()


def test_coordinates_and_a_map_say_the_same(own):
    page = with_map(own())
    page.get_by_label("Coordonnées", exact=True).fill("47,8 1,066")
    assert page.get_by_label("À ces coordonnées").is_checked()
    expect(page.get_by_role("status").filter(has_text="au nord du centre de Vendôme")).to_be_visible()
    pin, frame = (page.locator(name).bounding_box() for name in (".pin-marker", "[data-map]"))
    assert pin["y"] + pin["height"] == pytest.approx(frame["y"] + frame["height"] / 2, abs=3), "the map followed it"


def test_without_a_script_coordinates_are_enough(own, place):
    page = own(viewport=NARROW, java_script_enabled=False)
    expect(page.locator("[data-map]")).to_be_hidden()
    there = at(centre_of(), 90, 350)
    page.get_by_label("Coordonnées", exact=True).fill(f"geo:{there.lat:.6f},{there.lon:.6f}?z=18")
    save(page)
    assert pin_of(place).distance_to(there) < 0.2


def test_another_address_and_the_old_pin_kept(own, place, address_service):
    there = at(centre_of(), 180, 900)
    address_service.says(feature("3 Rue Neuve 41100 Vendôme", lon=there.lon, lat=there.lat))
    page = own("adresse/", NARROW)
    page.get_by_label("Numéro et voie").fill("3 rue Neuve")
    page.get_by_role("button", name="Enregistrer l'adresse").click()
    page.get_by_role("button", name="Garder celle-ci").click()
    expect(page.get_by_text("C'est enregistré.")).to_be_visible()
    row = PointOfSale.objects.get(pk=place.pk)
    assert (row.street, row.pin_precision) == ("3 rue Neuve", "manual")
    assert pin_of(place).distance_to(at(centre_of(), 0, 60)) < 0.1


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "narrow"])
def test_axe_finds_nothing(own, place, viewport, address_service):
    there = at(centre_of(), 180, 900)
    address_service.says(feature(f"3 Rue Neuve {HOSTILE}", lon=there.lon, lat=there.lat))
    page = with_map(own(viewport=viewport, reduced_motion="reduce"))
    page.locator("path.pin-source").hover()  # over the commune, not under it
    expect(page.locator(".leaflet-tooltip")).to_have_text(f"3 Rue Neuve {HOSTILE}")
    clean(page)
    assert page.evaluate(WIDTH) <= viewport["width"]
    page.get_by_role("button", name="Vérifier avant d'enregistrer").click()
    clean(page)
    for other in ("adresse/", "adresse/choix/"):
        page.goto(f"/mon-commerce/{place.pk}/epingle/{other}")
        clean(page)
        assert page.evaluate(WIDTH) <= viewport["width"]
