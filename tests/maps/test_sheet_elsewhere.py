"""Sheets that are gone: merged ones lead to what they became, closed ones to who does the same nearby."""

from __future__ import annotations

from itertools import pairwise

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from directory.models import PointOfSale
from geo.gazetteer import gazetteer
from maps.sheets.moved import MOST_STEPS, around
from tests.builders import point_of_sale
from tests.maps.test_pages import _strict_templates, get, names, text_of  # noqa: F401

pytestmark = pytest.mark.django_db
MERGED = PointOfSale.Status.MERGED


def merge(place, into):
    PointOfSale.objects.filter(pk=place.pk).update(status=MERGED, merged_into=into)


def sheet(place):
    return f"/m/{place.merchant_id}-x/"


class TestMerged:
    def test_leads_to_what_it_became(self, client):
        old, new = point_of_sale("Ancienne"), point_of_sale("Nouvelle")
        merge(old, new)
        for prefix in ("", "/en"):
            response = client.get(prefix + sheet(old))
            assert response.status_code == 301
            assert response["Location"] == f"{prefix}/m/{new.merchant_id}-nouvelle/"

    def test_follows_a_chain(self, client):
        places = [point_of_sale(f"Ferme {i}") for i in range(MOST_STEPS)]
        for place, into in pairwise(places):
            merge(place, into)
        assert client.get(sheet(places[0]))["Location"] == f"/m/{places[-1].merchant_id}-ferme-{MOST_STEPS - 1}/"

    def test_a_loop_is_not_found(self, client):
        one, two = point_of_sale("Une"), point_of_sale("Deux")
        merge(one, two)
        merge(two, one)
        with CaptureQueriesContext(connection) as made:
            assert client.get(sheet(one)).status_code == 404
        assert len(made) < 40

    @pytest.mark.parametrize("status", ["draft", "hidden", "closed"])
    def test_into_one_that_is_not_published(self, client, status):
        old, new = point_of_sale("Ancienne"), point_of_sale("Nouvelle", status=status)
        merge(old, new)
        assert client.get(sheet(old)).status_code == 404

    def test_what_is_left_is_shown(self, client):
        old, new = point_of_sale("Ferme"), point_of_sale("Nouvelle")
        point_of_sale("Étal", merchant=old.merchant, kind="market_stall")
        merge(old, new)
        page = get(client, f"/m/{old.merchant_id}-ferme/")
        assert "Étal de marché" in page


class TestClosed:
    def test_says_so_and_who_does_the_same_nearby(self, client):
        closed = point_of_sale("Fournil de Jean", activities=["bakery"], status="closed")
        other = point_of_sale("Boulangerie du Pont", activities=["bakery"])
        page = get(client, sheet(closed), status=410)
        assert "a fermé définitivement" in page
        assert "Jean" not in page, "its name may be a person's"
        assert '<meta name="robots" content="noindex">' in page
        href = f"{around_vendome(('bakery',)).href}".replace("&", "&amp;")
        assert f'href="{href}"' in page
        assert "Boulangeries · 10\u00a0km autour de Vendôme" in text_of(page)
        assert names(get(client, href.replace("&amp;", "&"))) == [other.merchant.name]

    def test_one_of_which_some_part_is_hidden_is_not_found(self, client):
        closed = point_of_sale("Fournil", status="closed")
        point_of_sale("Étal", merchant=closed.merchant, status="hidden")
        assert client.get(sheet(closed)).status_code == 404

    def test_without_activity_or_commune(self, client):
        closed = point_of_sale("Fournil", activities=[], status="closed")
        get(client, sheet(closed), status=410)
        PointOfSale.objects.update(commune=None)
        assert "Faire une recherche" in get(client, sheet(closed), status=410)


def around_vendome(activities):
    return around(gazetteer().commune("41269"), activities)
