"""What anybody may say of an entry, on a phone, without JavaScript: it is wrong, it is theirs, it is to go."""

from __future__ import annotations

import re

import pytest

from directory.claims import claiming, codes, letters
from directory.models import PointOfSale, Report
from tests.claims_data import SIRET, _counted_anew, anne, asked, bruno, farm, owner_of  # noqa: F401
from tests.directory.importing.conftest import import_rows, row, siret, write_file  # noqa: F401
from tests.journeys.conftest import CHROMIUM, NARROW
from tests.journeys.entering import owning, visiting
from tests.journeys.test_accessibility import WIDTH, clean

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"no browser at {CHROMIUM}"),
]


@pytest.fixture
def phone(browser, live_server, transactional_db, settings):
    """A phone held in one hand, whose browser runs no script."""
    with visiting(browser, live_server, settings) as open_page:
        yield open_page(NARROW, java_script_enabled=False)


def sheet_of(place):
    return f"/m/{place.merchant_id}/"


def test_a_mistake_is_reported_from_the_sheet(phone, farm):  # noqa: F811
    phone.goto(sheet_of(farm))
    phone.get_by_role("link", name="Signaler une erreur").click()
    phone.get_by_role("button", name="Envoyer").click()
    assert phone.locator(".mistake").count() == 1
    phone.get_by_label("Le commerce a fermé").check()
    phone.get_by_label("Ce que vous savez").fill("Le rideau est baissé.")
    assert phone.locator(".visually-hidden", has=phone.get_by_label("Laissez ce champ vide")).count() == 1
    phone.get_by_role("button", name="Envoyer").click()
    assert phone.locator("h1").inner_text() == "Merci, c'est transmis"
    report = Report.objects.get()
    assert (report.kind, report.text) == ("closed", "Le rideau est baissé.")
    phone.get_by_role("link", name="Revenir à la fiche").click()
    assert phone.locator("h1").inner_text() == "Ferme des Prés"


def test_who_leaves_is_not_brought_back_by_its_list(phone, import_rows):  # noqa: F811
    import_rows(row(1), row(2))
    place = PointOfSale.objects.get(siret=siret(1))
    phone.goto(sheet_of(place))
    assert "Fiche non revendiquée, d'après Alim'confiance." in phone.locator(".theirs").inner_text()
    phone.get_by_role("link", name="Retirez ma fiche").click()
    phone.get_by_label("Je suis la personne").check()
    phone.get_by_role("button", name="Retirer la fiche").click()
    assert phone.locator("h1").inner_text() == "La fiche est retirée"
    import_rows(row(1), row(2))
    assert phone.goto(sheet_of(place)).status == 404
    assert place.display_name not in phone.content()
    phone.goto("/commune/41269-vendome/")
    shown = phone.locator("main").inner_text()
    assert PointOfSale.objects.get(siret=siret(2)).display_name in shown
    assert place.display_name not in shown


def test_the_code_of_a_letter_gives_the_entry(phone, farm, mailoutbox, live_server):  # noqa: F811
    code = letters.make(None, letters.due())[0].code
    phone.goto("/lettre/")
    phone.get_by_label("Le code de votre lettre").fill(codes.grouped(code).lower())
    phone.get_by_role("button", name="Continuer").click()
    phone.get_by_label("Votre adresse électronique").fill("anne@example.org")
    phone.get_by_role("button", name="Recevoir le lien").click()
    (mail,) = mailoutbox
    phone.goto(re.search(r"https?://\S+/connexion/lien/\S+", mail.body)[0])
    phone.locator("main form button").first.click()
    assert "Ferme des Prés" in phone.locator("main").inner_text()
    phone.get_by_role("button", name="Oui, c'est mon commerce").click()
    assert phone.locator("h1").inner_text() == "La fiche est à vous"
    assert owner_of(farm).email == "anne@example.org"


def test_the_pages_are_for_everyone(browser, live_server, transactional_db, settings, farm, anne, bruno):  # noqa: F811
    code = letters.make(None, letters.due())[0].code
    pending = asked(farm, bruno, "contact")
    public = [
        f"/signaler/{farm.pk}/",
        f"/retirer/{farm.pk}/",
        f"/revendiquer/{farm.pk}/",
        "/lettre/",
        f"/lettre/{code}/",
    ]
    with visiting(browser, live_server, settings) as open_page:
        page = open_page({"width": 320, "height": 640}, reduced_motion="reduce")
        for path in public:
            page.goto(path)
            assert page.evaluate(WIDTH) == 320, path
            clean(page)
        page.goto(public[0])
        page.get_by_role("button", name="Envoyer").click()
        clean(page)
    with owning(browser, live_server, settings, bruno) as own:
        for path in (f"/revendiquer/{farm.pk}/", f"/revendication/{pending.pk}/", f"/lettre/{code}/"):
            clean(own(path, NARROW, reduced_motion="reduce"))
    farm.merchant.owner = anne
    farm.merchant.save()
    claim = claiming.ask(farm, bruno, "moderator", SIRET, "le bail")
    with owning(browser, live_server, settings, anne) as own:
        clean(own(f"/revendication/{claim.pk}/reponse/", NARROW, reduced_motion="reduce"))
