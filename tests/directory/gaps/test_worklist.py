"""The list of a département: what the filters ask for, in which order, and what it adds up to."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import User

from directory.gaps import access, worklist
from directory.gaps.follow_up import FollowUpError, assignees, record
from directory.gaps.worklist import PAGE, Filters
from directory.models import CaseEvent, ConnectionReport, Consent, GapCase, Merchant, Official, PointOfSale
from geo.models import Departement
from tests.builders import VENDOME, centre_of, point_of_sale
from tests.coverage_data import fibre

pytestmark = pytest.mark.django_db
BLOIS, TOURS = "41018", "37261"
TODAY = date(2026, 11, 28)


@pytest.fixture
def three():
    """Two cases in Loir-et-Cher, the worst in Blois, and one in Indre-et-Loire."""
    places = {
        "vendome": point_of_sale("Vendôme"),
        "blois": point_of_sale("Blois", commune=BLOIS, pin=centre_of(BLOIS), activities=["bakery"]),
        "tours": point_of_sale("Tours", commune=TOURS, pin=centre_of(TOURS)),
    }
    fibre({VENDOME: 40, BLOIS: 10, TOURS: 10})
    return {name: GapCase.objects.get(point_of_sale=place) for name, place in places.items()}


def listed(filters: Filters) -> list[GapCase]:
    return list(worklist.page(filters, TODAY).cases)


def test_a_departement_lists_its_own_worst_first(three):
    assert listed(Filters("41")) == [three["blois"], three["vendome"]]
    assert listed(Filters("37")) == [three["tours"]]


def test_filters_choose_and_tallies_count_all_states(three):
    official = User.objects.create_user("agent")
    Official.objects.create(user=official, departement_id="41")
    record(three["blois"], official, state="to_contact", assignee=official, next_on=TODAY - timedelta(days=1))
    assert listed(Filters("41", state="to_contact")) == [three["blois"]]
    assert listed(Filters("41", commune=VENDOME)) == [three["vendome"]]
    assert listed(Filters("41", epci=three["blois"].epci_id)) == [three["blois"]]
    assert listed(Filters("41", activity="food_craft")) == [three["blois"]], "with what it contains"
    assert listed(Filters("41", activity="farm")) == [three["vendome"]]
    assert listed(Filters("41", assignee=official.pk)) == [three["blois"]]
    assert listed(Filters("41", assignee=0)) == [three["vendome"]]
    assert listed(Filters("41", overdue=True)) == [three["blois"]]
    tally = worklist.tally(Filters("41", state="to_contact"), TODAY)
    assert (tally.total, tally.overdue, tally.unassigned) == (2, 1, 1)
    assert tally.by_state["to_verify"] == tally.by_state["to_contact"] == 1


def test_those_who_left_are_a_list_of_their_own(three):
    fibre({VENDOME: 90, BLOIS: 10, TOURS: 10}, date(2025, 12, 31))
    assert listed(Filters("41")) == [three["blois"]]
    assert listed(Filters("41", left=True)) == [three["vendome"]]


def test_what_is_done_is_not_overdue(three):
    record(three["blois"], None, state="connected", next_on=TODAY - timedelta(days=1))
    assert listed(Filters("41", overdue=True)) == []


def test_merchants_who_said_something_are_a_queue(three):
    for _ in range(2):
        ConnectionReport.objects.create(point_of_sale=three["vendome"].point_of_sale, fibre="unknown")
    assert worklist.page(Filters("41", reported=True), TODAY).total == 1


def test_pages_hold_fifty_and_miss_nothing():
    for number in range(PAGE + 3):
        point_of_sale(f"Ferme {number}")
    fibre({VENDOME: 20})
    first, second = (worklist.page(Filters("41"), TODAY, number) for number in (1, 2))
    assert (first.total, first.pages, len(first.cases), len(second.cases)) == (PAGE + 3, 2, PAGE, 3)
    assert not {case.pk for case in first.cases} & {case.pk for case in second.cases}


def test_a_page_makes_the_same_queries_for_few_and_for_many(three, django_assert_num_queries):
    def read() -> None:
        for case in worklist.page(Filters("41"), TODAY).cases:
            access.contact(case.point_of_sale.merchant)
            [str(activity) for activity in case.point_of_sale.activities.all()]
            _ = case.commune.name, case.epci.name, case.edition, case.zone, case.assignee

    with django_assert_num_queries(5):
        read()
    for number in range(20):
        point_of_sale(f"Ferme {number}")
    fibre({VENDOME: 20}, date(2025, 12, 31))
    with django_assert_num_queries(5):
        read()


def test_contacts_are_those_that_the_merchant_lets_the_departement_have(three):
    merchant = three["vendome"].point_of_sale.merchant
    Merchant.objects.filter(pk=merchant.pk).update(phone="02 54 00 00 00", email="ferme@example.org")

    def contact() -> dict[str, str]:
        case = access.case_of(Departement.objects.get(pk="41"), three["vendome"].pk)
        return access.contact(case.point_of_sale.merchant)

    assert contact() == {}
    Consent.objects.create(merchant=merchant, field="phone", audience="departement", wording="1")
    Consent.objects.create(merchant=merchant, field="email", audience="chamber", wording="1")
    assert contact() == {"phone": "02 54 00 00 00"}
    Consent.objects.update(withdrawn_at="2026-01-01T00:00Z")
    assert contact() == {}


def test_another_departements_case_is_not_found(three):
    assert access.case_of(Departement.objects.get(pk="41"), three["tours"].pk) is None


def test_a_desk_opens_for_its_officials_only(three):
    official, stranger, admin = (User.objects.create_user(name) for name in ("agent", "autre", "admin"))
    Official.objects.create(user=official, departement_id="41")
    User.objects.filter(pk=admin.pk).update(is_superuser=True)
    admin.refresh_from_db()
    assert [row.pk for row in access.departements_of(official)] == ["41"]
    assert list(access.departements_of(stranger)) == []
    assert len(access.departements_of(admin)) == 6
    official.is_active = False
    assert list(access.departements_of(official)) == []


def test_a_step_says_who_when_from_what_to_what(three):
    official = User.objects.create_user("agent")
    step = record(three["blois"], official, state="contacted", note="  Répondeur.  ")
    assert (step.by, step.before, step.after, step.note) == (official, "to_verify", "contacted", "Répondeur.")
    later = record(three["blois"], official, state="solution_found")
    held = GapCase.objects.get(pk=three["blois"].pk)
    assert held.contacted_at is not None
    assert held.solved_at >= held.contacted_at >= held.flagged_at
    assert (later.before, later.after) == ("contacted", "solution_found")
    record(three["blois"], official, state="contacted")
    assert GapCase.objects.get(pk=held.pk).contacted_at == held.contacted_at, "the first contact stays the first"
    assert CaseEvent.objects.count() == 3


def test_a_contact_that_was_a_mistake_is_taken_back(three):
    record(three["blois"], None, state="connected")
    record(three["blois"], None, state="to_verify", note="Erreur de ligne")
    held = GapCase.objects.get(pk=three["blois"].pk)
    assert (held.contacted_at, held.solved_at) == (None, None)


def test_a_step_that_says_nothing_is_refused(three):
    with pytest.raises(FollowUpError, match="Rien n'a changé"):
        record(three["blois"], None, state="to_verify", note="  ")
    assert not CaseEvent.objects.exists()


def test_a_case_is_given_to_an_official_of_its_departement_only(three):
    theirs, other = User.objects.create_user("agent"), User.objects.create_user("autre")
    Official.objects.create(user=theirs, departement_id="41")
    Official.objects.create(user=other, departement_id="37")
    with pytest.raises(FollowUpError):
        record(three["blois"], theirs, assignee=other)
    record(three["blois"], theirs, assignee=theirs)
    assert GapCase.objects.get(pk=three["blois"].pk).assignee == theirs
    record(three["blois"], theirs, assignee=None)
    assert GapCase.objects.get(pk=three["blois"].pk).assignee is None
    assert assignees("41") == [theirs]


def test_a_deleted_point_of_sale_takes_its_case_along(three):
    record(three["blois"], None, note="Fermé.")
    PointOfSale.objects.filter(pk=three["blois"].point_of_sale_id).delete()
    assert not GapCase.objects.filter(pk=three["blois"].pk).exists()
