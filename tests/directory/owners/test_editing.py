"""What every change by an owner goes through."""

from __future__ import annotations

import pytest
from django.http import Http404

from directory.models import PointOfSale
from directory.owners.editing import editing
from tests.builders import owned_place, owner

pytestmark = pytest.mark.django_db


def test_who_owns_it_no_more_changes_nothing():
    """The page was opened while it was theirs."""
    place = owned_place()
    with pytest.raises(Http404), editing(place, owner("autre@example.org")) as row:
        row.name = "À moi"
    assert PointOfSale.objects.get(pk=place.pk).name == ""
    assert PointOfSale.objects.get(pk=place.pk).confirmed_at is None


def test_a_first_edit_keeps_what_was_before():
    place = owned_place(name="Ferme des Prés")
    PointOfSale.history.all().delete()
    with editing(place, place.merchant.owner) as row:
        row.name = "La grange"
        row.merchant.website = "https://lespres.example"
    after, before = place.history.all()[:2]
    assert (after.name, after.history_user, before.name) == ("La grange", place.merchant.owner, "")
    assert place.merchant.history.first().website == "https://lespres.example"
    assert PointOfSale.objects.get(pk=place.pk).confirmed_at is not None


def test_nothing_is_kept_of_an_edit_that_fails():
    place = owned_place()

    def fail():
        with editing(place, place.merchant.owner) as row:
            row.activities.clear()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert place.activities.exists()
