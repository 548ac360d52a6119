"""What the journeys on the map share: merchants around Vendôme, and how to read what is drawn."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

from tests.builders import at, centre_of, point_of_sale

QUESTION = "/?product=cheese&place=Vend%C3%B4me"
HOSTILE = "</script><img src=x onerror=alert(1)>"


@pytest.fixture
def farms(transactional_db):
    """Three that sell cheese, one of them hostile, apart from one another."""
    centre = centre_of()
    return [
        point_of_sale("Chèvrerie du Loir", pin=at(centre, 0, 2_345), activities=["goat_farm"], products=["valencay"]),
        point_of_sale("Crèmerie", pin=at(centre, 90, 8_000), activities=["cheese_shop"], products=["cow_cheese"]),
        point_of_sale(HOSTILE, pin=at(centre, 180, 7_000), products=["cheese"], demo=True),
    ]


@pytest.fixture
def town(farms):
    """The same, and two that share a pin: a disc."""
    for name in ("Ferme des Prés", "Ferme des Bois"):
        point_of_sale(name, pin=at(centre_of(), 270, 5_000), products=["cheese"])
    return farms


def open_map(page):
    """Waits until the map has drawn its first view."""
    page.wait_for_selector(".map-pin, .map-group")
    settled(page)


def show_map(page):
    """Shows the map where it is not, and waits for it."""
    toggle = page.locator("[data-toggle]")
    if toggle.is_visible():
        toggle.click()
    open_map(page)


def open_popup(page, name="Crèmerie"):
    """Opens a pin with the keyboard."""
    page.get_by_role("button", name=name).focus()
    page.keyboard.press("Enter")
    page.wait_for_selector(".leaflet-popup a[href*='/m/']")
    page.wait_for_timeout(100)


def settled(page):
    """Waits until the note tells of what is in view, and no request is on its way."""
    page.wait_for_timeout(250)
    expect(page.locator("[data-note]")).to_contain_text(re.compile("cette vue de la carte|this view of the map"))
    page.wait_for_load_state("networkidle")


def moved(page, to=""):
    """Waits until the address has the view to which the map has come; `to` is its beginning."""
    page.wait_for_url(re.compile(f"#carte={to}"))
    settled(page)


def note(page):
    return page.locator("[data-note]").inner_text().replace("\u202f", " ")


def counts(page):
    """What the marks on the map stand for, each."""
    discs = [int(re.sub(r"\D", "", text)) for text in page.locator(".map-group").all_inner_texts()]
    return sorted(discs + [1] * page.locator(".map-pin").count())


def pan(page, x, y):
    """Drags the map by so many pixels."""
    box = page.locator("[data-map]").bounding_box()
    start = box["x"] + box["width"] / 2, box["y"] + 90  # under the link that is offered
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move(start[0] + x, start[1] + y, steps=4)
    page.wait_for_timeout(120)  # let go at rest, the map stays where it is
    page.mouse.up()
    moved(page)


def view(page):
    """Zoom, latitude and longitude as the address has them; None where it has none."""
    found = re.search(r"carte=(\d+)/([\d.-]+)/([\d.-]+)", urlsplit(page.url).fragment)
    return found and (int(found[1]), float(found[2]), float(found[3]))


def asked_of(address):
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
