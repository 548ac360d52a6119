"""Labels that are declared, verified and run out."""

from __future__ import annotations

from datetime import date

import pytest
from django.contrib.auth.models import User
from django.test import Client

from directory.models import Label, MerchantLabel, OwnerNotice
from directory.moderating import labels
from tests.builders import owned_place

pytestmark = pytest.mark.django_db
LAST = date(2027, 3, 31)


@pytest.fixture
def link() -> MerchantLabel:
    return MerchantLabel.objects.get(merchant=owned_place(labels=["organic"]).merchant)


def states(link: MerchantLabel) -> list[dict[str, str]]:
    place = link.merchant.points_of_sale.get()
    return Client().get(f"/api/v1/merchants/{place.pk}/").json()["properties"]["label_states"]


def test_verified_says_by_whom_until_when(link):
    agent = User.objects.create_user("anne", is_staff=True)
    labels.verify(link, "Ecocert", date(2099, 3, 31), agent)
    link.refresh_from_db()
    assert (link.state, link.verified_by) == ("verified", "Ecocert")
    assert link.history.first().history_user == agent
    assert states(link) == [{"label": "organic", "state": "verified", "verified_until": "2099-03-31"}]


@pytest.mark.parametrize(("today", "state"), [(LAST, "verified"), (date(2027, 4, 1), "declared")])
def test_it_runs_out_after_its_last_day(link, today, state):
    labels.verify(link, "Ecocert", LAST, None)
    assert labels.state_on(link, today) == state
    assert labels.expire(today) == (state == "declared")
    link.refresh_from_db()
    assert link.state == state
    told = OwnerNotice.objects.filter(what__code="label_expired")
    assert told.count() == (state == "declared")


def test_without_an_end_it_stays(link):
    labels.verify(link, "la chambre d'agriculture", None, None)
    assert labels.expire(date(2099, 1, 1)) == 0


def test_the_api_says_declared_before_the_job_has_run(link):
    labels.verify(link, "Ecocert", date(2020, 1, 1), None)
    assert states(link) == [{"label": "organic", "state": "declared", "verified_until": None}]


def test_refused_it_leaves_and_the_owner_is_told(link):
    labels.refuse(link, None)
    assert not MerchantLabel.objects.exists()
    assert OwnerNotice.objects.filter(what={"code": "label_refused", "label": "organic"}).exists()


def test_every_protected_label_is_in_the_vocabulary():
    assert set(Label.objects.filter(code__in=labels.PROTECTED).values_list("code", flat=True)) == labels.PROTECTED
