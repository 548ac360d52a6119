"""Merchants among the suggestions: by a beginning, an inner word or a typo of their name."""

from __future__ import annotations

import pytest

from directory.models import PointOfSale
from directory.suggesting import MOST, suggest
from geo.gazetteer import gazetteer
from tests.builders import point_of_sale

pytestmark = pytest.mark.django_db


def first(question):
    return suggest(question, "fr")[0]


def test_a_beginning_an_inner_word_a_typo():
    place = point_of_sale("Chèvrerie du Vieux Pressoir")
    for typed in ("chèvrerie du vieux", "CHEVRERIE DU V", "vieux press", "pressoir", "chevrerie du vieu presoir"):
        (found,) = [one for one in suggest(typed, "fr") if one.kind == "merchant"]
        assert (found.code, found.label, found.q) == (str(place.merchant_id), place.merchant.name, found.label)
        assert found.url == f"/m/{place.merchant_id}-chevrerie-du-vieux-pressoir/"
        assert found.detail == "Vendôme"
        assert found.position.lon == pytest.approx(place.pin.x)


def test_a_whole_name_comes_first():
    point_of_sale("Fromage")
    point_of_sale("Ferme du Moulin")
    assert first("ferme du moul").kind == "merchant"
    assert first("fromage").kind == "product"


def test_two_letters_name_no_merchant():
    point_of_sale("Zoé Zimmer")
    assert suggest("zo", "fr") == []
    assert first("zoé").kind == "merchant"


def test_a_merchant_is_named_once():
    place = point_of_sale("Zoé Zimmer")
    point_of_sale("Zoé Zimmer, marché", merchant=place.merchant)
    assert [one.label for one in suggest("zoé", "fr")] == ["Zoé Zimmer"]


def test_only_what_is_published_and_only_the_public_point():
    point_of_sale("Zoé Zimmer", status=PointOfSale.Status.DRAFT)
    assert suggest("zoé", "fr") == []
    point_of_sale("Zoé Zorro", pin_hidden=True)
    assert first("zoé").position == gazetteer().commune("41269").position


def test_many_do_not_hide_the_rest():
    for i in range(15):
        point_of_sale(f"Fromagerie {i:02}")
    kinds = [one.kind for one in suggest("fromag", "fr")]
    assert len(kinds) == MOST
    assert kinds.count("product") >= 3
    assert "merchant" in kinds


def test_signs_that_sql_would_read_are_text():
    point_of_sale("Zoé Zimmer")
    assert suggest("%%%", "fr") == suggest("___", "fr") == []
    assert suggest("zo_é\\'%", "fr") is not None
