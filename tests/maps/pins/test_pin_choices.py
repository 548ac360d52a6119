"""Two answers at once."""

from __future__ import annotations

import html

import pytest

from directory.models import PointOfSale
from directory.pinning.owners import seen

pytestmark = pytest.mark.django_db


def test_coordinates_beside_another_choice_are_asked_about(mine, place):
    before = PointOfSale.objects.get(pk=place.pk).pin
    for do in ("preview", "save"):
        sent = {"do": do, "seen": seen(place), "where": "centre", "typed": "47.79, 1.07"}
        page = html.unescape(mine.post(f"/mon-commerce/{place.pk}/epingle/", sent).text)
        assert "Vous avez aussi choisi un autre endroit" in page
        assert "47.79, 1.07" in page
    assert PointOfSale.objects.get(pk=place.pk).pin == before
