"""What a merchant does and sells, in its own words and the vocabulary's."""

from __future__ import annotations

import pytest

from directory.registering.selling import Line, activities_of, kind_of, read_lines, without_ancestors

pytestmark = pytest.mark.django_db


def test_words_are_understood_as_the_search_does_and_kept_as_written():
    assert read_lines("Fromages de chèvre, miel;\nrillettes de ragondin ,, ") == [
        Line("Fromages de chèvre", "goat_cheese"),
        Line("miel", "honey"),
        Line("rillettes de ragondin", ""),
    ]


def test_each_product_once():
    assert read_lines("miel, Miels, MIEL, topinette, Topinettes") == [Line("miel", "honey"), Line("topinette", "")]


def test_an_activity_is_no_product_and_a_likeness_is_no_word():
    assert [line.code for line in read_lines("boulanger, mieel")] == ["", ""]


def test_a_code_of_the_register_proposes():
    assert activities_of("01.21Z") == ["winery"]
    assert {"goat_farm", "sheep_farm"} <= set(activities_of("01.45Z"))
    assert activities_of("84.11Z") == activities_of("") == []


@pytest.mark.parametrize(("codes", "kind"), [(["winery"], "farm_gate"), (["bakery"], "shop"), ([], ""), (["none"], "")])
def test_what_sort_of_place_that_makes(codes, kind):
    assert kind_of(codes) == kind


def test_an_activity_that_another_implies_is_left_out():
    assert without_ancestors(["farm", "goat_farm", "bakery", "bakery"]) == ["goat_farm", "bakery"]
