"""An official's Monday: sign in, whom to call first, two calls recorded, the sheet printed."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from axe_playwright_python.base import AXE_SCRIPT, AxeResults
from django.contrib.auth.models import User
from django.utils import timezone

from directory.demand import weeks_back
from directory.gaps.follow_up import record
from directory.models import CaseEvent, ConnectionReport, Consent, GapCase, Official, Remedy, Term, UnmetDemand
from tests.builders import VENDOME, point_of_sale
from tests.coverage_data import fibre
from tests.journeys.conftest import CHROMIUM, NARROW, WIDE
from tests.journeys.entering import PASSWORD, entering
from tests.journeys.test_accessibility import ALL_RULES, WIDTH

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"no browser at {CHROMIUM}"),
]
DESK = "/agents/departement/41/"
LONG = "Coopérative laitière et fromagère des producteurs réunis de la vallée du Loir et des collines"
EMAIL = "odile@example.org"


@pytest.fixture
def week(transactional_db):
    """A long week in Loir-et-Cher: long names, as many late and done as a sheet shows, two editions, remedies."""
    odile = User.objects.create_user(EMAIL, first_name="Marie-Odile", last_name="de La Tour", password=PASSWORD)
    Official.objects.create(user=odile, departement_id="41")
    for number in range(30):
        place = point_of_sale(f"{LONG} {number}", activities=["goat_farm", "bakery", "beekeeper"])
        merchant = place.merchant
        merchant.phone = f"02 54 00 00 {number:02}"
        merchant.save()
        if number % 3:
            Consent.objects.create(merchant=merchant, field="phone", audience="departement", wording="1")
    communes = [f"41{number:03}" for number in range(1, 60)]
    fibre(dict.fromkeys(communes, 80) | {VENDOME: 10}, day=timezone.localdate() - timedelta(days=200))
    fibre(dict.fromkeys(communes, 20) | {VENDOME: 8}, day=timezone.localdate() - timedelta(days=100))
    yesterday = timezone.localdate() - timedelta(days=1)
    for case in GapCase.objects.order_by("-priority", "-id")[:15]:
        record(case, odile, state="contacted", assignee=odile, next_on=yesterday, note="Rappeler demain. " * 20)
    ConnectionReport.objects.create(point_of_sale=case.point_of_sale, fibre="refused", comment="Refus en mars.")
    Remedy.objects.create(departement_id="41", kind="contact", title="Mission numérique", phone="02 54 00 00 00")
    Remedy.objects.create(departement_id="41", kind="satellite", title="Satellite")
    last, terms = weeks_back(1)[0], Term.objects.filter(dimension="product")[:10]
    UnmetDemand.objects.bulk_create(
        UnmetDemand(week=last, commune_id=commune, term=term, times=9) for commune in communes[:20] for term in terms
    )
    return case


@pytest.fixture
def signed_in(browser, live_server, week, settings):
    """Opens the desk at a width, signed in; at the end no other host was asked, nothing was refused or thrown."""
    with entering(browser, live_server, settings, DESK, EMAIL) as enter:
        yield enter


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "narrow"])
def test_two_calls_are_recorded_without_a_script(signed_in, viewport):
    page = signed_in(viewport, java_script_enabled=False)
    page.get_by_role("link", name="Point du lundi").click()
    names = page.locator("tbody th a").all_text_contents()
    assert len(names) == 10
    assert page.get_by_role("link", name=re.compile("^02")).count() > 3
    for name in names[:2]:
        page.goto(f"{DESK}point/")
        page.get_by_role("link", name=name, exact=True).click()
        page.get_by_label("Contacté", exact=True).check()
        page.get_by_label("Fibre commandable, pas prise").check()
        page.get_by_label("Suivi par").select_option("Marie-Odile de La Tour")
        page.get_by_label("Prochaine date").fill("2026-12-24")
        page.get_by_label("Note", exact=True).fill("Va commander la fibre.")
        page.get_by_role("button", name="Enregistrer l'étape").click()
        assert page.get_by_role("status").text_content() == "Étape enregistrée."
        assert "à vérifier → contacté" in page.locator(".timeline").text_content()
    assert CaseEvent.objects.filter(note="Va commander la fibre.", by__username=EMAIL).count() == 2
    page.goto(f"{DESK}point/")
    assert not set(names[:2]) & set(page.locator("tbody th a").all_text_contents())


def test_the_monday_sheet_is_one_page(signed_in):
    page = signed_in()
    page.goto(f"{DESK}point/")
    printed = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page[^s]", printed)) == 1
    # A page wider than the paper would be shrunk to fit, unread.
    page.set_viewport_size({"width": 703, "height": 1040})
    page.emulate_media(media="print")
    assert page.evaluate(WIDTH) <= 703


@pytest.mark.parametrize(("viewport", "scheme"), [(WIDE, "light"), (NARROW, "dark")], ids=["wide", "narrow"])
def test_axe_has_nothing_to_say(signed_in, week, viewport, scheme):
    page = signed_in(viewport, color_scheme=scheme, bypass_csp=True)
    remedy = Remedy.objects.first()
    paths = ["", "?state=open&overdue=1", f"dossier/{week.pk}/", "comparer/", "point/", "aides/", f"aides/{remedy.pk}/",
             "demandes/"]  # fmt: skip
    for path in [*(DESK + path for path in paths), "/en" + DESK, "/agents/mot-de-passe/"]:
        page.goto(path)
        page.evaluate(AXE_SCRIPT)
        found = AxeResults(page.evaluate("options => axe.run(options)", ALL_RULES))
        assert found.violations_count == 0, f"{path}: {found.generate_report()}"
        assert page.evaluate(WIDTH) <= viewport["width"], path


def test_a_narrow_screen_reflows(signed_in, week):
    page = signed_in({"width": 320, "height": 640})
    for path in ("", f"dossier/{week.pk}/", "comparer/", "point/", "aides/", "demandes/"):
        page.goto(DESK + path)
        assert page.evaluate(WIDTH) <= 320, path


def test_the_sum_of_a_priority_opens_by_keyboard(signed_in):
    page = signed_in()
    summary = page.locator(".case-priority summary").first
    summary.focus()
    page.keyboard.press("Enter")
    assert page.get_by_text(re.compile("classe 30 sur 30")).first.is_visible()
