"""What a merchant does, as the register's code proposes it."""

from __future__ import annotations

import pytest

from directory.registering.selling import activities_of, kind_of, without_ancestors

pytestmark = pytest.mark.django_db


def test_a_code_of_the_register_proposes():
    assert activities_of("01.21Z") == ["winery"]
    assert {"goat_farm", "sheep_farm"} <= set(activities_of("01.45Z"))
    assert activities_of("84.11Z") == activities_of("") == []


@pytest.mark.parametrize(("codes", "kind"), [(["winery"], "farm_gate"), (["bakery"], "shop"), ([], ""), (["none"], "")])
def test_what_sort_of_place_that_makes(codes, kind):
    assert kind_of(codes) == kind


def test_an_activity_that_another_implies_is_left_out():
    assert without_ancestors(["farm", "goat_farm", "bakery", "bakery"]) == ["goat_farm", "bakery"]
