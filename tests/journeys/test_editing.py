"""An owner edits its entry on a phone, without scripts; what it says is found by the search and seen on the sheet."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from axe_playwright_python.base import AXE_SCRIPT, AxeResults
from playwright.sync_api import expect

from tests.builders import owned_place
from tests.journeys.conftest import CHROMIUM, NARROW, WIDE
from tests.journeys.entering import owning
from tests.maps.editing.pictures import jpeg

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"no browser at {CHROMIUM}"),
]
RULES = {"preload": False, "resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}
PAGES = ("", "horaires/", "produits/", "photos/", "services/", "presentation/")
SAVES_DATA = "Object.defineProperty(navigator, 'connection', {value: {saveData: true}})"


@pytest.fixture
def place(transactional_db, settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)
    return owned_place(name="Ferme des Prés", products=["honey"])


@pytest.fixture
def own(browser, live_server, settings, place):
    with owning(browser, live_server, settings, place.merchant.owner) as open_page:
        yield open_page


def send_photo(page, text):
    file = {"name": "IMG_2041.jpg", "mimeType": "image/jpeg", "buffer": jpeg()}
    page.get_by_label("Photo", exact=True).set_input_files(file)
    page.get_by_label("Ce qu'on voit").fill(text)
    page.get_by_role("button", name="Envoyer").click()


def test_hours_as_a_person_types_them(own, place):
    page = own(f"/mon-commerce/{place.pk}/horaires/", NARROW, java_script_enabled=False)
    monday, tuesday = (page.get_by_role("group", name=day) for day in ("Lundi", "Mardi"))
    monday.get_by_label("de").first.fill("9h")
    monday.get_by_label("à").first.fill("midi")
    monday.get_by_label("de").nth(1).fill("14h30")
    monday.get_by_label("à").nth(1).fill("9")
    tuesday.get_by_label("comme la veille").check()
    page.get_by_role("button", name="Enregistrer").click()
    expect(monday.get_by_text("La fin est avant le début")).to_be_visible()
    monday.get_by_label("à").nth(1).fill("18 h")
    page.get_by_role("button", name="Enregistrer").click()
    read = page.get_by_role("region", name="Ce que le public lit")
    expect(read).to_contain_text("9\u00a0h – midi, 14\u00a0h\u00a030 – 18\u00a0h")
    page.get_by_role("button", name="Fermé aujourd'hui").click()
    expect(page.get_by_role("status")).to_contain_text("Fermé aujourd'hui")
    page.goto(f"/m/{place.merchant_id}-ferme-des-pres/")
    expect(page.get_by_text("Fermé", exact=False).first).to_be_visible()
    expect(page.locator(".today")).to_contain_text("fermé")


def test_a_word_that_nobody_knows_is_found(own, place):
    page = own(f"/mon-commerce/{place.pk}/produits/", NARROW, java_script_enabled=False)
    page.get_by_label("Ce que vous vendez, dans vos mots").fill("piquette de sureau 4 € la bouteille\ncrottin")
    page.get_by_role("button", name="Ajouter").click()
    expect(page.get_by_text("Gardé dans vos mots")).to_be_visible()
    page.goto("/?q=" + quote("piquette de sureau"))
    expect(page.get_by_role("link", name="Ferme des Prés").first).to_be_visible()
    page.goto(f"/m/{place.merchant_id}-ferme-des-pres/")
    expect(page.get_by_text("4 € / bouteille")).to_be_visible()


def test_a_photograph_is_seen_on_the_sheet_but_not_in_light_mode(own, place, browser, live_server):
    page = own(f"/mon-commerce/{place.pk}/photos/", NARROW, java_script_enabled=False)
    send_photo(page, "L'étal devant la grange")
    expect(page.get_by_role("status")).to_contain_text("La photo est sur votre fiche")
    sheet = f"/m/{place.merchant_id}-ferme-des-pres/"
    loads = "async (image) => { image.scrollIntoView(); await image.decode(); return image.naturalWidth }"
    without_scripts = page.context.new_page()
    without_scripts.goto(sheet)
    without_scripts.mouse.wheel(0, 400)
    expect(without_scripts.get_by_role("img", name="L'étal devant la grange")).to_be_visible()
    scripted = own(sheet, NARROW)
    photo = scripted.get_by_role("img", name="L'étal devant la grange")
    assert photo.evaluate(loads) == 1200
    expect(scripted.get_by_text("Voir la photo")).to_have_count(0)

    light = own("/aide/", NARROW)
    light.add_init_script(SAVES_DATA)
    asked = []
    light.on("request", lambda request: asked.append(request.url))
    light.goto(sheet, wait_until="networkidle")
    expect(light.get_by_role("img", name="L'étal devant la grange")).to_have_count(0)
    expect(light.get_by_text("L'étal devant la grange")).to_be_visible()
    assert not [url for url in asked if "/photo/" in url]
    with light.expect_request("**/photo/*.jpg"):
        light.get_by_role("link", name="Voir la photo").click()


def test_another_point_of_sale(own, place):
    page = own(f"/mon-commerce/{place.pk}/", NARROW, java_script_enabled=False)
    page.get_by_role("link", name="Ajouter un point de vente").click()
    page.get_by_label("Étal de marché").check()
    page.get_by_label("Commune").fill("Vendôme")
    page.get_by_role("button", name="Ajouter").click()
    page.wait_for_url("**/epingle/")
    stall = place.merchant.points_of_sale.exclude(pk=place.pk).get()
    page.goto(f"/mon-commerce/{stall.pk}/")
    page.get_by_role("button", name="Publier").click()
    expect(page.get_by_role("status")).to_contain_text("publiée")
    page.get_by_text("Ce point de vente a fermé définitivement").click()
    page.get_by_role("button", name="Oui, il est fermé définitivement").click()
    expect(page.get_by_role("status")).to_contain_text("fermé définitivement")


@pytest.mark.parametrize("viewport", [NARROW, WIDE], ids=["narrow", "wide"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_is_for_everyone(own, place, viewport, scheme):
    page = own(f"/mon-commerce/{place.pk}/photos/", viewport, color_scheme=scheme)
    send_photo(page, "L'étal devant la grange")
    page.goto(f"/mon-commerce/{place.pk}/produits/")
    page.get_by_label("Ce que vous vendez, dans vos mots").fill("fraises et framboises, piquette")
    page.get_by_role("button", name="Ajouter").click()
    offer = page.get_by_role("link", name="modifier piquette").get_attribute("href")
    photo = f"photos/{place.photos.get().pk}/"
    addresses = [*(f"/mon-commerce/{place.pk}/{name}" for name in (*PAGES, photo)), offer,
                 f"/mon-commerce/ajouter/{place.merchant_id}/", f"/m/{place.merchant_id}-ferme-des-pres/"]  # fmt: skip
    for address in addresses:
        page.goto(address)
        page.evaluate(AXE_SCRIPT)
        found = AxeResults(page.evaluate("(options) => axe.run(document, options)", RULES))
        assert found.violations_count == 0, f"{address}\n{found.generate_report()}"
        assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"], address


SIZES = """() => [...document.querySelectorAll('main :is([type=checkbox], [type=radio])')]
    .map((box) => box.getBoundingClientRect()).filter((box) => box.width || box.height)
    .map((box) => Math.min(box.width, box.height))"""


def test_boxes_are_large_enough_for_a_finger(own, place):
    for name in ("epingle/", "horaires/", "services/", "zone/"):
        page = own(f"/mon-commerce/{place.pk}/{name}", NARROW, java_script_enabled=False)
        sizes = page.evaluate(SIZES)
        assert sizes, name
        assert min(sizes) >= 24, name


def test_a_product_removed_by_mistake_comes_back(own, place):
    page = own(f"/mon-commerce/{place.pk}/produits/", NARROW, java_script_enabled=False)
    page.get_by_role("button", name="retirer Miel").click()
    expect(page.get_by_role("status")).to_contain_text("« Miel » est retiré.")
    page.get_by_role("button", name="Annuler").click()
    expect(page.get_by_role("button", name="retirer Miel")).to_be_visible()
