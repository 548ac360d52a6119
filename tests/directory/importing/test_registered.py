"""Somebody registers under the name, or the SIRET, of a business that withdrew: no list brings that one back for it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from directory.importing.report import Outcome
from directory.models import Merchant, PointOfSale
from directory.owners.leaving import DAYS, leave, purge
from directory.registering.publishing import publish
from tests.builders import owner
from tests.directory.importing.conftest import name_of, only, row, siret
from tests.directory.registering.answers import draft, said

STREET = "3 rue Basse"


@pytest.fixture
def gone(import_rows):
    """The list brought it, and it left for good."""
    import_rows(row())
    leave(PointOfSale.objects.get().merchant)
    purge(timezone.now() + timedelta(days=DAYS, hours=1))
    assert not Merchant.objects.exists()


@pytest.mark.parametrize("number", [siret(1), siret(2), ""], ids=["its SIRET", "another", "no SIRET"])
def test_the_old_entry_stays_away_and_the_new_one_is_the_owner_s(gone, import_rows, number):
    place = publish(draft(), owner(), said(name=name_of(1), siret=number, street=STREET)).points_of_sale.get()
    before = PointOfSale.objects.filter(pk=place.pk).values().get()
    result = only(import_rows(row(adresse="99 RUE DU CHANGE")))
    assert (result.outcome, result.code) == (Outcome.SKIPPED, "withdrawn")
    assert PointOfSale.objects.values().get() == before
    assert not place.source_records.exists()
