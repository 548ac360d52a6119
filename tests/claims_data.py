"""What the tests of reports, claims and letters share."""

from __future__ import annotations

from typing import Any

import pytest

from directory import visitors
from directory.claims import claiming
from directory.models import Claim, PointOfSale
from tests.builders import owner, point_of_sale

SIRET, OTHER_SIRET = "73282932000074", "44306184100047"


@pytest.fixture(autouse=True)
def _counted_anew(monkeypatch):
    """What other tests did from this address does not count."""
    monkeypatch.setattr(visitors, "tally", visitors.WeeklyTally())


@pytest.fixture
def farm(db) -> PointOfSale:
    """Nobody's, with a contact on file."""
    place = point_of_sale("Ferme des Prés", siret=SIRET)
    place.merchant.email = "contact@fermedespres.example"
    place.merchant.save()
    return place


@pytest.fixture
def anne(db) -> Any:
    return owner("anne@example.org")


@pytest.fixture
def bruno(db) -> Any:
    return owner("bruno@example.org")


def asked(place: PointOfSale, by: Any, means: str = Claim.Means.MODERATOR) -> Claim:
    return claiming.ask(place, by, means, SIRET, "mon nom est au registre")


def owner_of(place: PointOfSale) -> Any:
    return PointOfSale.objects.get(pk=place.pk).merchant.owner
