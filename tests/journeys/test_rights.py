"""An owner chooses who sees its contacts, withdraws it all, deletes its entry and comes back: on a phone, without
JavaScript."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from directory.models import Consent, PointOfSale
from tests.builders import owned_place
from tests.journeys.conftest import CHROMIUM, NARROW, WIDE
from tests.journeys.entering import owning
from tests.journeys.test_accessibility import WIDTH, clean

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"no browser at {CHROMIUM}"),
]
RIGHTS = "/mon-commerce/droits/"


@pytest.fixture
def place(transactional_db) -> PointOfSale:
    return owned_place(name="Chèvrerie du Loir")


@pytest.fixture
def own(browser, live_server, settings, place):
    with owning(browser, live_server, settings, place.merchant.owner) as open_page:
        yield open_page


def test_contacts_are_shown_withdrawn_and_the_entry_goes_and_comes_back(own, place):
    page = own(RIGHTS, NARROW, java_script_enabled=False)
    expect(page.get_by_text("ne sont montrés à personne")).to_be_visible()
    page.get_by_role("link", name="Changer mes coordonnées").click()
    page.get_by_label("Téléphone", exact=True).fill("02 54 00 00 02")
    page.get_by_label("mon téléphone soit montré à tout le monde").check()
    page.get_by_role("button", name="Enregistrer").click()
    assert Consent.objects.filter(withdrawn_at=None).count() == 1
    page.get_by_role("button", name="Tout retirer").click()
    expect(page.get_by_text("plus personne ne voit vos coordonnées", exact=False).first).to_be_visible()
    assert not Consent.objects.filter(withdrawn_at=None).exists()
    page.goto(RIGHTS)
    page.get_by_role("link", name="Supprimer cette fiche").click()
    page.get_by_label("J'ai compris").check()
    page.get_by_role("button", name="Supprimer ma fiche").click()
    expect(page.get_by_role("heading", name="Votre fiche est masquée")).to_be_visible()
    place.refresh_from_db()
    assert place.status == "hidden"
    page.goto("/mon-commerce/")
    page.get_by_role("button", name="Annuler la suppression").click()
    expect(page.get_by_text("La suppression est annulée")).to_be_visible()
    place.refresh_from_db()
    assert place.status == "published"


@pytest.mark.parametrize("viewport", [NARROW, WIDE], ids=["narrow", "wide"])
def test_axe_has_nothing_to_say(own, place, viewport):
    below = f"{RIGHTS}{place.merchant_id}/"
    page = own(RIGHTS, viewport, reduced_motion="reduce")
    for path in (RIGHTS, f"{below}coordonnees/", f"{below}supprimer/", "/donnees-personnelles/"):
        page.goto(path)
        clean(page)
        assert page.evaluate(WIDTH) <= viewport["width"]
