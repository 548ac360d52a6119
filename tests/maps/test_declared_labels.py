"""No page says of a label that the law protects more than is known of it."""

from __future__ import annotations

from datetime import date

import pytest

from directory.models import MerchantLabel
from directory.moderating import labels
from tests.builders import point_of_sale

pytestmark = pytest.mark.django_db


@pytest.fixture
def place():
    return point_of_sale("Chèvrerie du Loir", labels=["organic", "bienvenue_a_la_ferme"])


def shown(client) -> list[str]:
    rows = client.get("/", {"place": "Vendôme", "activity": "farm"}).context["rows"]
    return rows[0].labels


@pytest.mark.parametrize(
    ("until", "said"),
    [(None, "Agriculture biologique"), (date(2099, 1, 1), "Agriculture biologique"),
     (date(2020, 1, 1), "Agriculture biologique (déclaré)")],
)  # fmt: skip
def test_results_say_declared_until_it_is_verified_and_after_it_ran_out(client, place, until, said):
    assert sorted(shown(client)) == ["Agriculture biologique (déclaré)", "Bienvenue à la ferme"]
    labels.verify(MerchantLabel.objects.get(label__code="organic"), "Ecocert", until, None)
    assert sorted(shown(client)) == [said, "Bienvenue à la ferme"]


def test_the_sheet_says_who_vouches(client, place):
    labels.verify(MerchantLabel.objects.get(label__code="organic"), "Ecocert", date(2099, 1, 1), None)
    page = client.get(f"/m/{place.merchant_id}-chevrerie-du-loir/").content.decode()
    assert "vérifié par Ecocert, valable jusqu" in page
    assert "déclaré par le commerçant" in page
