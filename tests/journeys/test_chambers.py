"""A chamber's agent at work: a list compared and written, a merchant registered, its letter, its own page."""

from __future__ import annotations

import pytest
from axe_playwright_python.base import AXE_SCRIPT, AxeResults
from django.contrib.auth.models import User

from directory.models import AssistedEntry, ChamberAgent, PointOfSale
from tests.journeys.conftest import CHROMIUM, NARROW, WIDE
from tests.journeys.entering import PASSWORD, entering
from tests.journeys.test_accessibility import ALL_RULES, WIDTH

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"no browser at {CHROMIUM}"),
]
HOME = "/agents/chambre/trades/"
EMAIL = "tom@example.org"
LONG = "Coopérative laitière et fromagère des producteurs réunis de la vallée du Loir et des collines"
LIST = f"""nom;activites;produits;commune
{LONG};goat_farm;goat_cheese;Vendôme
Boulangerie du Loir;bakery;bread;Vendôme
Perdue;bakery;;Atlantis
"""


@pytest.fixture
def signed_in(browser, live_server, transactional_db, settings):
    """Opens the chamber's home at a width, signed in; at the end no other host was asked, nothing was refused."""
    settings.GEOCODER = settings.GEOCODER | {"domain": ""}
    tom = User.objects.create_user(EMAIL, first_name="Tom", last_name="Petit", password=PASSWORD)
    ChamberAgent.objects.create(user=tom, chamber="trades")
    with entering(browser, live_server, settings, HOME, EMAIL) as enter:
        yield enter


def sound(page, viewport):
    """Axe has nothing to say, and nothing is wider than the screen."""
    page.evaluate(AXE_SCRIPT)
    found = AxeResults(page.evaluate("options => axe.run(options)", ALL_RULES))
    assert found.violations_count == 0, f"{page.url}: {found.generate_report()}"
    assert page.evaluate(WIDTH) <= viewport["width"], page.url


@pytest.mark.parametrize(
    ("viewport", "scheme"),
    [(WIDE, "light"), (NARROW, "dark"), ({"width": 320, "height": 640}, "light")],
    ids=["wide", "narrow", "320"],
)
def test_a_list_is_written_and_a_merchant_registered(signed_in, viewport, scheme):
    page = signed_in(viewport, color_scheme=scheme, bypass_csp=True)
    page.get_by_role("link", name="Téléverser une liste").click()
    sound(page, viewport)
    file = {"name": f"{LONG}.csv", "mimeType": "text/csv", "buffer": LIST.encode()}
    page.get_by_label("Fichier").set_input_files(file)
    page.get_by_role("button", name="Comparer avec l'annuaire").click()
    assert page.get_by_text("Fromage de chèvre").is_visible()
    assert page.get_by_text("commune inconnue").is_visible()
    assert PointOfSale.objects.count() == 0
    sound(page, viewport)
    page.get_by_role("button", name="Écrire").click()
    assert page.get_by_role("status").text_content() == "La liste est écrite."
    assert PointOfSale.objects.filter(status="published").count() == 2
    sound(page, viewport)
    page.get_by_role("link", name="Saisie accompagnée").click()
    register(page, viewport)
    link = page.locator(".letter-link").text_content().strip()
    page.goto(HOME)
    sound(page, viewport)
    page.goto(link)
    sound(page, viewport)
    page.get_by_label("Ce qu'il faut corriger").fill("Fermé le lundi.")
    page.get_by_role("button", name="Envoyer à la chambre").click()
    assert AssistedEntry.objects.get().correction == "Fermé le lundi."


def register(page, viewport):
    """Fills in the form by its labels, is told what is lacking, and prints the letter on one page."""
    page.get_by_label("Nom ou enseigne").fill("Fromagerie du Loir")
    page.get_by_label("Commune").fill("Vendome")
    page.get_by_label("Activité", exact=True).select_option("cheese_dairy")
    page.get_by_label("Produits").fill("fromage de chèvre")
    page.get_by_label("La fiche peut être publiée").check()
    page.get_by_label("Qui a donné son accord").fill("Claire Morin, gérante")
    page.get_by_role("button", name="Enregistrer").click()
    assert page.get_by_text("Choisissez comment cet accord a été donné.").is_visible()
    sound(page, viewport)
    page.get_by_label("Par quel moyen").select_option("phone")
    page.get_by_role("button", name="Enregistrer").click()
    assert page.get_by_role("status").text_content() == "C'est enregistré. Remettez cette lettre au commerçant."
    sound(page, viewport)
    printed = page.pdf(prefer_css_page_size=True)
    assert printed.count(b"/Type /Page\n") + printed.count(b"/Type/Page\n") == 1
    page.get_by_role("button", name="Je l'ai remise ou postée").click()
    assert page.get_by_text("commerçant prévenu le").is_visible()
