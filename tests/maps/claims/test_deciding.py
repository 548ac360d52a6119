"""What moderators decide of reports, claims and withdrawals; and who may not."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from directory.claims import claiming, reporting
from directory.claims.reporting import Said
from directory.models import ChamberAgent, Claim, Deletion, PointOfSale, Report
from directory.owners import leaving
from geo.points import Position
from maps.admin import moderation
from tests.builders import owner
from tests.claims_data import asked, owner_of
from tests.maps.admin_desk import log_in, staff_with

pytestmark = pytest.mark.django_db

ADMIN = "/gestion/directory"


@pytest.fixture
def report(farm):
    said = Said("closed", "Le rideau est baissé.", Position(1.07, 47.8), "lise@example.org")
    return reporting.report(farm, said)


@pytest.fixture
def disputed(farm, anne, bruno):
    farm.merchant.owner = anne
    farm.merchant.save()
    return asked(farm, bruno)


def decide(client, row, button, words=""):
    return client.post(f"{ADMIN}/{row._meta.model_name}/{row.pk}/change/", {button: "1", "words": words})


def status(place):
    return PointOfSale.objects.get(pk=place.pk).status


# --- Reports ---------------------------------------------------------------------------------------------------------
def test_a_report_is_accepted_with_what_it_asks_for(desk, agent, farm, report, mailoutbox):
    decide(desk, report, "_close", "Vu sur place.")
    report.refresh_from_db()
    assert (report.state, report.handled_by, report.email, status(farm)) == ("accepted", agent, "", "closed")
    assert farm.history.first().history_user == agent
    (mail,) = mailoutbox
    assert mail.to == ["lise@example.org"]
    assert "corrigé" in mail.body
    assert "Vu sur place." in mail.body


def test_a_refused_one_changes_nothing_and_is_answered(desk, farm, report, mailoutbox):
    decide(desk, report, "_refuse")
    report.refresh_from_db()
    assert (report.state, status(farm)) == ("refused", "published")
    assert "reste comme elle est" in mailoutbox[0].body
    assert decide(desk, report, "_close").status_code == 403, "it was decided"
    assert status(farm) == "published"


def test_the_pin_goes_where_it_was_said_to_be(desk, agent, farm, report):
    decide(desk, report, "_pin")
    farm.refresh_from_db()
    assert Position.from_geos(farm.pin) == Position(1.07, 47.8)
    assert (farm.pin_precision, farm.pin_by) == ("manual", agent)


def test_the_page_has_a_link_to_the_form_of_the_point_of_sale(desk, farm, report):
    page = desk.get(f"{ADMIN}/report/{report.pk}/change/").content.decode()
    assert f'href="/gestion/directory/pointofsale/{farm.pk}/change/"' in page
    assert "lise@example.org" not in page
    assert "Le rideau est baissé." in page


# --- Claims ----------------------------------------------------------------------------------------------------------
def test_a_claim_is_granted_and_who_asked_is_told(desk, farm, anne, mailoutbox):
    decide(desk, asked(farm, anne), "_grant", "registre")
    assert owner_of(farm) == anne
    assert [mail.to for mail in mailoutbox] == [["anne@example.org"]]


def test_a_refusal_says_why(desk, farm, anne, mailoutbox):
    claim = asked(farm, anne)
    decide(desk, claim, "_refuse")
    claim.refresh_from_db()
    assert claim.state == "asked"
    decide(desk, claim, "_refuse", "le registre dit autre chose")
    claim.refresh_from_db()
    assert (claim.state, owner_of(farm)) == ("refused", None)
    assert "le registre dit autre chose" in mailoutbox[0].body


def test_a_transfer_waits_for_the_owners_answer_and_both_are_told(desk, farm, disputed, anne, bruno, mailoutbox):
    decide(desk, disputed, "_grant", "bail")
    assert owner_of(farm) == anne
    Claim.objects.update(disputed_at=timezone.now() - claiming.ANSWER - timedelta(minutes=1))
    decide(desk, disputed, "_grant", "bail")
    assert owner_of(farm) == bruno
    assert {mail.to[0]: mail.subject for mail in mailoutbox} == {
        "anne@example.org": "Votre fiche a changé de titulaire",
        "bruno@example.org": "La fiche est à vous",
    }


def test_who_is_beaten_is_told(desk, farm, anne, bruno, mailoutbox):
    asked(farm, bruno)
    decide(desk, asked(farm, anne), "_grant", "registre")
    assert {mail.to[0] for mail in mailoutbox} == {"anne@example.org", "bruno@example.org"}


# --- Who left --------------------------------------------------------------------------------------------------------
def test_what_was_abuse_is_put_back(desk, farm):
    deletion = leaving.leave(farm.merchant)
    assert (status(farm), decide(desk, deletion, "_come_back", "abus").status_code) == ("hidden", 302)
    assert status(farm) == "published"
    assert not Deletion.objects.exists()


def test_what_waited_for_a_person_leaves_by_a_button(desk, farm, mailoutbox):
    report = reporting.report(farm, Said("other", "Demande de retrait de la fiche.", None, "lise@example.org"))
    decide(desk, report, "_withdraw")
    report.refresh_from_db()
    assert (status(farm), report.state, report.email) == ("hidden", "accepted", "")
    assert Deletion.objects.get().by is None, "so that it can be put back"
    assert {mail.to[0] for mail in mailoutbox} == {"lise@example.org", *filter(None, [farm.merchant.email])}


def test_but_not_what_has_an_owner(desk, farm, report, anne):
    farm.merchant.owner = anne
    farm.merchant.save()
    assert decide(desk, report, "_withdraw").status_code == 403
    assert status(farm) == "published"


def test_what_an_owner_asked_for_is_not(desk, farm, anne):
    deletion = leaving.leave(farm.merchant, anne)
    assert decide(desk, deletion, "_come_back").status_code == 403
    assert status(farm) == "hidden"


# --- Who may ---------------------------------------------------------------------------------------------------------
@pytest.fixture(params=["nobody", "owner", "chamber", "staff", "looks"])
def stranger(request, db):
    match request.param:
        case "nobody":
            return Client()
        case "owner":
            return log_in(owner("chloe@example.org"))
        case "chamber":
            user = owner("agent@chambre.example")
            ChamberAgent.objects.create(user=user, chamber="agriculture")
            return log_in(user)
        case "staff":
            return staff_with("change_merchant", "change_pointofsale")
    return staff_with("view_report", "view_claim", "view_deletion")


def test_nobody_else_decides(stranger, farm, report, anne):
    claim = asked(farm, anne)
    for row, button in ((report, "_close"), (report, "_accept"), (claim, "_grant")):
        assert decide(stranger, row, button, "x").status_code in (302, 403)
    assert (Report.objects.get().state, owner_of(farm), status(farm)) == ("open", None, "published")
    deletion = leaving.leave(farm.merchant)
    assert decide(stranger, deletion, "_come_back").status_code in (302, 403)
    assert status(farm) == "hidden"


def test_who_may_decide_reports_alone_closes_no_point_of_sale(farm, report):
    client = staff_with("view_report", "change_report")
    assert decide(client, report, "_close").status_code == 403
    assert decide(client, report, "_pin").status_code == 403
    assert status(farm) == "published"
    assert decide(client, report, "_accept").status_code == 302


def test_an_entry_stays_before_the_moderators_while_a_claim_waits(farm, anne):
    asked(farm, anne)
    farm.refresh_from_db()
    assert moderation.nothing_to_say([PointOfSale.Review.REPORTED])(farm)
    assert farm.reviews == [PointOfSale.Review.REPORTED]
