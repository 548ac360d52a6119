"""A merchant's own report: by a link or signed in, once, kept apart, and what to do now."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.contrib.auth.models import User
from django.core.signing import TimestampSigner
from django.db import DataError, IntegrityError, OperationalError, ProgrammingError
from django.test import Client
from django.utils import timezone

from directory.models import CaseEvent, ConnectionReport, Consent, ExportLog, GapCase, PointOfSale, Remedy
from geo.models import CommuneFigures
from maps.desk.reports import link_to
from tests.builders import VENDOME, point_of_sale
from tests.coverage_data import fibre, zone
from tests.maps.admin_desk import BLOIS, NASTY, log_in

pytestmark = pytest.mark.django_db
SAID = {"fibre": "refused", "download_mbit": "2,5", "operator": "Orange", "comment": "Ligne coupée"}


@pytest.fixture
def owner(goats) -> Client:
    """The owner of the goat farm, signed in."""
    user = User.objects.create_user("chevre")
    merchant = goats.point_of_sale.merchant
    merchant.owner = user
    merchant.save()
    return log_in(user)


def own(place: PointOfSale) -> str:
    return f"/mon-commerce/{place.pk}/internet/"


def text_of(answer) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


# --- By the link -----------------------------------------------------------------------------------------------------
def test_an_official_hands_over_a_link_and_its_reply_is_in_the_queue(desk, goats):
    page = desk.get(f"/agents/departement/41/dossier/{goats.pk}/lien/").content.decode()
    link = re.search(r'value="http://testserver(/connexion-internet/[^"]+)"', page)[1]
    merchant = Client()
    asked = merchant.get(link)
    assert asked["Cache-Control"] == "private, no-store"
    assert asked["Referrer-Policy"] == "same-origin"
    answer = merchant.post(link, SAID)
    assert (answer.status_code, answer["Location"]) == (302, f"{link}merci/")
    row = ConnectionReport.objects.get()
    assert (row.point_of_sale, row.by, row.fibre) == (goats.point_of_sale, None, "refused")
    assert (row.download_mbit, row.operator, row.comment) == (Decimal("2.5"), "Orange", "Ligne coupée")
    goats.refresh_from_db()
    assert (goats.points["own_report"], goats.need, goats.evidence) == (15, "works", "commune")
    queue = desk.get("/agents/departement/41/?reported=1").content.decode()
    assert "Chèvrerie du Loir" in queue
    assert "Boulangerie Denis" not in queue


def test_official_figures_and_the_follow_up_stay_as_they_are(goats):
    before = (list(CommuneFigures.objects.values()), goats.finding, goats.eligible, goats.premises, goats.state)
    Client().post(link_to(goats.point_of_sale), SAID)
    goats.refresh_from_db()
    assert before == (
        list(CommuneFigures.objects.values()), goats.finding, goats.eligible, goats.premises, goats.state
    )  # fmt: skip
    assert not CaseEvent.objects.exists()


def test_the_links_page_shows_the_public_name_and_the_communes_figures_only(goats):
    place = goats.point_of_sale
    place.merchant.phone = "02 54 11 22 33"
    place.merchant.save()
    zone((0, 46, 3, 49), "HD3", label="Zone secrète")
    ConnectionReport.objects.create(point_of_sale=place, fibre="refused", operator="Orange", comment="Ligne coupée")
    Client().post(link_to(place), SAID)
    for path in (link_to(place), f"{link_to(place)}merci/"):
        page = text_of(Client().get(path))
        assert "Chèvrerie du Loir" in page
        assert not [word for word in ("02 54", "Zone", "Orange", "Ligne coupée", place.street) if word in page]
    assert "(90 sur 100)" in text_of(Client().get(link_to(place)))


def test_a_link_is_for_one_place_and_cannot_be_altered(cases):
    ours, other = (cases[name].point_of_sale for name in ("Chèvrerie du Loir", "Boulangerie Denis"))
    token = link_to(ours).split("/")[2]
    forged = [
        token.replace(str(ours.pk), str(other.pk), 1), token[:-1], f"{token}x", str(other.pk), "x",
        TimestampSigner(salt="other", sep=".").sign(str(other.pk)),
    ]  # fmt: skip
    for made_up in forged:
        for path in (f"/connexion-internet/{made_up}/", f"/connexion-internet/{made_up}/merci/"):
            page = Client().get(path)
            assert page.status_code == 404
            assert "Boulangerie" not in page.content.decode()
            assert "agent du département" in text_of(page)
        assert Client().post(f"/connexion-internet/{made_up}/", SAID).status_code == 404
    assert not ConnectionReport.objects.exists()


@pytest.mark.parametrize(("days", "status"), [(59, 200), (61, 404)])
def test_a_link_is_valid_for_sixty_days(goats, monkeypatch, days, status):
    path = link_to(goats.point_of_sale)
    later = (timezone.now() + timedelta(days=days)).timestamp()
    monkeypatch.setattr("django.core.signing.time.time", lambda: later)
    assert Client().get(path).status_code == status
    assert (Client().post(path, SAID).status_code == 302) is (status == 200)


def test_what_is_no_longer_published_has_no_link(goats):
    path = link_to(goats.point_of_sale)
    PointOfSale.objects.filter(pk=goats.point_of_sale_id).update(status="hidden")
    assert Client().get(path).status_code == 404
    assert "Chèvrerie" not in Client().get(path).content.decode()


def test_the_link_is_mailed_where_the_merchant_gave_an_address(desk, goats):
    path = f"/agents/departement/41/dossier/{goats.pk}/lien/"
    merchant = goats.point_of_sale.merchant
    merchant.email = "chevres@example.org"
    merchant.save()
    assert "mailto:chevres@example.org" not in desk.get(path).content.decode()
    Consent.objects.create(merchant=merchant, field="email", audience="departement", wording="1")
    assert "mailto:chevres@example.org?subject=" in desk.get(path).content.decode()


# --- The owner -------------------------------------------------------------------------------------------------------
def test_an_owner_reports_signed_in(owner, goats):
    place = goats.point_of_sale
    answer = owner.post(own(place), SAID)
    assert answer["Location"] == f"{own(place)}merci/"
    assert ConnectionReport.objects.get().by == place.merchant.owner
    assert owner.get(own(place))["Cache-Control"] == "private, no-store"


def test_anothers_place_is_not_found(owner, cases, desk):
    other = cases["Boulangerie Denis"].point_of_sale
    for client in (owner, desk):
        for path in (own(other), f"{own(other)}merci/", f"/en{own(other)}", own(PointOfSale(pk=10**9))):
            assert client.get(path).status_code == 404
        assert client.post(own(other), SAID).status_code == 404
    assert not ConnectionReport.objects.exists()


def test_strangers_are_asked_to_sign_in(goats):
    for answer in (Client().get(own(goats.point_of_sale)), Client().post(own(goats.point_of_sale), SAID)):
        assert answer["Location"].startswith("/connexion/?next=/mon-commerce/")
    assert not ConnectionReport.objects.exists()


# --- The form --------------------------------------------------------------------------------------------------------
def test_a_second_tap_is_the_same_report(goats):
    path = link_to(goats.point_of_sale)
    assert {Client().post(path, SAID).status_code for _ in range(2)} == {302}
    assert ConnectionReport.objects.count() == 1
    Client().post(path, SAID | {"fibre": "yes"})
    assert ConnectionReport.objects.count() == 2
    ConnectionReport.objects.update(at=timezone.now() - timedelta(minutes=11))
    Client().post(path, SAID | {"fibre": "yes"})
    assert ConnectionReport.objects.count() == 3


@pytest.mark.parametrize(
    "wrong",
    [{"fibre": ""}, {"fibre": "maybe"}, {"download_mbit": "vite"}, {"download_mbit": "-1"}, {"download_mbit": "10001"},
     {"download_mbit": "NaN"}, {"operator": "x" * 61}, {"comment": "x" * 1001}, {"comment": "\x00"}],
)  # fmt: skip
def test_what_cannot_be_understood_is_told_and_not_written(goats, wrong):
    answer = Client().post(link_to(goats.point_of_sale), SAID | wrong)
    assert answer.status_code == 400
    assert 'class="mistake"' in answer.content.decode()
    assert not ConnectionReport.objects.exists()


def test_a_forged_form_is_refused(goats):
    assert Client(enforce_csrf_checks=True).post(link_to(goats.point_of_sale), SAID).status_code == 403
    assert not ConnectionReport.objects.exists()


@pytest.mark.parametrize("error", [OperationalError, IntegrityError, DataError, ProgrammingError])
def test_a_report_is_kept_where_the_refresh_fails(goats, monkeypatch, caplog, error):
    def failing(places):
        raise error

    monkeypatch.setattr("directory.gaps.reporting.refresh", failing)
    assert Client().post(link_to(goats.point_of_sale), SAID).status_code == 302
    assert ConnectionReport.objects.count() == 1
    assert "brought in step later" in caplog.text


def test_five_reports_a_day_for_a_place(goats, owner):
    place = goats.point_of_sale
    path = link_to(place)
    for number in range(5):
        assert Client().post(path, SAID | {"download_mbit": str(number)}).status_code == 302
    assert Client().post(path, SAID | {"download_mbit": "4"}).status_code == 302, "a second tap of the fifth"
    for client, address in ((Client(), path), (owner, own(place))):
        for answer in (client.post(address, SAID | {"download_mbit": "9"}), client.get(address)):
            assert answer.status_code == 429
            assert "5 réponses en un jour" in text_of(answer)
            assert f'href="{address}merci/"' in answer.content.decode()
    assert ConnectionReport.objects.count() == 5
    ConnectionReport.objects.update(at=timezone.now() - timedelta(hours=25))
    assert Client().post(path, SAID).status_code == 302


def test_what_is_typed_is_text(desk, goats):
    Client().post(link_to(goats.point_of_sale), SAID | {"comment": NASTY, "operator": NASTY[:60]})
    assert NASTY not in desk.get(f"/agents/departement/41/dossier/{goats.pk}/").content.decode()


# --- What to do now --------------------------------------------------------------------------------------------------
def test_who_is_in_the_gap_reads_what_the_departement_keeps(goats):
    Remedy.objects.create(departement_id="41", kind="contact", title="Cellule numérique", phone="0254001122")
    Remedy.objects.create(departement_id="41", kind="fixed_4g", title="Box 4G", text="Jusqu'à 150 €", order=1)
    Remedy.objects.create(departement_id="37", kind="satellite", title="Antenne de Touraine")
    path = link_to(goats.point_of_sale)
    page = text_of(Client().post(path, SAID, follow=True))
    for words in ("Cellule numérique", "tel:+33254001122", "Box 4G", "Jusqu&#x27;à 150 €"):
        assert words in page
    assert "Touraine" not in page
    assert "CCI Centre" not in page


def test_where_the_departement_keeps_nothing_the_chambers_are_named(goats):
    page = text_of(Client().post(link_to(goats.point_of_sale), SAID, follow=True))
    assert "CCI Centre-Val de Loire" in page
    assert "contact@example.org" in page
    assert page.index("Le département (Loir-et-Cher) n'a pas encore rempli ses aides") < page.index("CCI Centre")
    Remedy.objects.create(departement_id="41", kind="fixed_4g", title="Box 4G")
    page = text_of(Client().get(f"{link_to(goats.point_of_sale)}merci/"))
    assert "pas encore rempli" not in page


def test_who_is_not_in_the_gap_is_thanked(db):
    place = point_of_sale("Atelier", commune=BLOIS)
    fibre({BLOIS: 90, VENDOME: 10})
    page = text_of(Client().post(link_to(place), {"fibre": "yes"}, follow=True))
    assert "Merci" in page
    assert "Qui appeler" not in page
    assert not GapCase.objects.exists()


def test_thanks_come_after_a_report_only(goats):
    path = link_to(goats.point_of_sale)
    assert Client().get(f"{path}merci/")["Location"] == path


def test_the_pages_are_in_english_too(goats):
    path = f"/en{link_to(goats.point_of_sale)}"
    assert Client().post(path, {"fibre": "yes", "download_mbit": "12.5"})["Location"] == f"{path}merci/"
    assert ConnectionReport.objects.get().download_mbit == Decimal("12.5")
    assert not ExportLog.objects.exists()
