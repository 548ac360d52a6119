"""The pin's map in a real browser: it and the two numbers say the same thing, under the service's own CSP."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import Group, User
from django.test import Client
from django.utils import timezone

from directory.models import PointOfSale, Source, SourceRecord
from geo.models import Commune
from geo.points import Position
from maps.admin.groups import AGENTS
from tests.builders import at, centre_of, point_of_sale
from tests.journeys.conftest import CHROMIUM

NASTY = "</script><img src=x onerror=alert(1)>"
BLOIS = "41018"

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"no browser at {CHROMIUM}"),
]


@pytest.fixture
def place(transactional_db: None) -> PointOfSale:
    """A doubtful one, with a nasty name and a source that puts it elsewhere."""
    place = point_of_sale(NASTY, reviews=["doubtful_pin"])
    source = Source.objects.create(slug="s", name=f"Liste {NASTY}", producer="P", licence="L")
    SourceRecord.objects.create(
        source=source,
        external_id="1",
        point_of_sale=place,
        fields={},
        row_hash="",
        imported_at=timezone.now(),
        point=at(centre_of(), 90, 800).to_geos(),
    )
    return place


@pytest.fixture
def page(browser: Any, live_server: Any) -> Iterator[Any]:
    """A page of a logged-in agent. It fails the test if the browser complained: of the CSP, of a script, of a file."""
    agent = User.objects.create_user("anne", is_staff=True)
    agent.groups.add(Group.objects.get(name=AGENTS))
    client = Client()
    client.force_login(agent, backend="django.contrib.auth.backends.ModelBackend")
    context = browser.new_context(base_url=live_server.url, viewport={"width": 1440, "height": 1000}, locale="fr-FR")
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
    page = context.new_page()
    complaints: list[str] = []
    page.on(
        "console", lambda message: complaints.append(message.text) if message.type in ("error", "warning") else None
    )
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("dialog", lambda dialog: (complaints.append(f"dialog: {dialog.message}"), dialog.dismiss()))
    yield page
    context.close()
    assert complaints == []


def url_of(place: PointOfSale, query: str = "") -> str:
    return f"/gestion/directory/pointofsale/{place.pk}/change/{query}"


def outlines_asked(page: Any) -> list[str]:
    """Keeps the addresses of the outlines that the page asks for."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if request.url.endswith("/contours/") else None)
    return asked


def open_form(page: Any, place: PointOfSale, query: str = "") -> None:
    page.goto(url_of(place, query))
    page.wait_for_selector(".pin-map path.pin-commune")


def numbers(page: Any) -> Position:
    return Position(float(page.input_value("#id_pin_lon")), float(page.input_value("#id_pin_lat")))


def middle(page: Any, selector: str) -> tuple[float, float]:
    box = page.locator(selector).bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_arrow_keys_move_the_pin_and_the_numbers_follow(page, place):
    open_form(page, place)
    start = numbers(page)
    page.focus(".pin-marker")
    page.keyboard.press("ArrowRight")
    coarse = numbers(page)
    page.keyboard.press("Shift+ArrowRight")
    fine = numbers(page)
    assert start.lon < coarse.lon < fine.lon
    assert coarse.lat == pytest.approx(start.lat, abs=2e-6)
    assert start.distance_to(coarse) / coarse.distance_to(fine) == pytest.approx(8, rel=0.05)
    page.keyboard.press("ArrowUp")
    assert numbers(page).lat > start.lat


def test_dragging_and_clicking_move_it_too(page, place):
    open_form(page, place)
    start = numbers(page)
    x, y = middle(page, ".pin-marker")
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 40, y + 30, steps=5)
    page.mouse.up()
    dragged = numbers(page)
    assert dragged.lon > start.lon
    assert dragged.lat < start.lat
    page.locator(".pin-map").click(position={"x": 200, "y": 120})
    assert numbers(page) != dragged


def test_numbers_move_the_pin(page, place):
    open_form(page, place)
    before = middle(page, ".pin-marker")
    there = at(centre_of(), 0, 1000)
    page.fill("#id_pin_lat", f"{there.lat:.6f}")
    assert middle(page, ".pin-marker")[1] < before[1]
    page.fill("#id_pin_lat", "")
    assert page.locator(".pin-marker").count() == 0
    assert "Pas d'épingle" in page.inner_text("[data-pin-says]")
    page.get_by_role("button", name="Remettre l'épingle où elle était").click()
    assert numbers(page).distance_to(centre_of()) < 0.2


def test_it_says_whether_the_pin_is_in_the_commune_chosen(page, place):
    open_form(page, place)
    assert page.inner_text("[data-pin-says]") == "L'épingle est dans Vendôme."
    away = centre_of(BLOIS)
    page.fill("#id_pin_lat", f"{away.lat:.6f}")
    page.fill("#id_pin_lon", f"{away.lon:.6f}")
    assert page.inner_text("[data-pin-says]") == "L'épingle est hors de Vendôme."
    page.locator(".field-commune .select2-selection").click()
    page.locator(".select2-search__field").last.fill("blois")
    page.locator(".select2-results__option", has_text="Blois (41018)").click()
    page.locator("[data-pin-says]", has_text="L'épingle est dans Blois.").wait_for()


def test_the_outline_is_asked_for_once(page, place):
    asked = outlines_asked(page)
    open_form(page, place)
    page.wait_for_load_state("networkidle")
    assert len(asked) == 1


def test_centring_on_the_commune(page, place):
    open_form(page, place)
    page.get_by_role("button", name="Centrer sur l'épingle").click()
    page.get_by_role("button", name="Centrer sur la commune").click()
    outline, box = (page.locator(name).bounding_box() for name in ("path.pin-commune", ".pin-map"))
    assert box["x"] <= outline["x"]
    assert outline["x"] + outline["width"] <= box["x"] + box["width"]


def test_names_are_text_on_the_map(page, place):
    open_form(page, place)
    page.locator("path.pin-source").hover(force=True)
    assert page.inner_text(".leaflet-tooltip") == f"Liste {NASTY}"
    assert page.locator(".pin-map img").count() == 0
    outlined = Commune.objects.get(pk=place.commune_id).name
    assert outlined in page.locator(".pin-name-own").inner_text()


def test_from_the_queue_to_the_next(page, place):
    other = point_of_sale("La suivante", reviews=["doubtful_pin"])
    page.goto("/gestion/directory/pointofsale/epingles-douteuses/")
    page.get_by_role("link", name=NASTY, exact=True).click()
    page.wait_for_selector(".pin-map path.pin-commune")
    page.focus(".pin-marker")
    page.keyboard.press("ArrowDown")
    moved = numbers(page)
    page.get_by_role("button", name="Enregistrer et suivant").first.click()
    page.wait_for_url(f"**{url_of(other, '?file=epingles')}")
    place.refresh_from_db()
    assert Position.from_geos(place.pin).distance_to(moved) < 0.2
    assert (place.pin_source, place.pin_by.username, place.reviews) == ("manual", "anne", [])


def test_without_a_script_the_two_numbers_are_enough(browser, live_server, page, place):
    context = browser.new_context(java_script_enabled=False, storage_state=page.context.storage_state())
    plain = context.new_page()
    plain.goto(live_server.url + url_of(place))
    assert not plain.locator(".pin-map").is_visible()
    there = at(centre_of(), 90, 300)
    plain.get_by_label("Latitude").fill(f"{there.lat:.6f}")
    plain.get_by_label("Longitude").fill(f"{there.lon:.6f}")
    plain.locator("input[name=_save]").click()
    place.refresh_from_db()
    assert Position.from_geos(place.pin).distance_to(there) < 0.2
    context.close()


@pytest.mark.parametrize(
    "path",
    ["", "directory/pointofsale/", "directory/pointofsale/epingles-douteuses/", "directory/pointofsale/a-moderer/",
     "directory/merchant/", "directory/product/", "geo/commune/"],
)  # fmt: skip
def test_no_page_is_stopped_by_the_policy(page, place, path):
    page.goto(f"/gestion/{path}")
    page.wait_for_load_state("networkidle")


def test_the_forms_and_the_history_pass_too(page, place):
    place.save()
    for url in (
        url_of(place),
        f"/gestion/directory/pointofsale/{place.pk}/history/",
        f"/gestion/directory/pointofsale/{place.pk}/history/{place.history.first().pk}/",
        f"/gestion/directory/merchant/{place.merchant_id}/change/",
        f"/gestion/directory/merchant/{place.merchant_id}/history/",
    ):
        page.goto(url)
        page.wait_for_load_state("networkidle")
    page.goto(url_of(place))
    page.get_by_text("Ajouter un objet Offre supplémentaire").click()
    page.locator("#offers-0 .select2-selection").click()
    page.locator(".select2-search__field").last.fill("chevre")
    page.locator(".select2-results__option", has_text="Fromage de chèvre").first.wait_for()
