"""A real addok: the addresses of the région's town halls, as people write them, through the class of production.

One test, because a second one might run in another process, which would start another addok.
"""

from __future__ import annotations

import os
from collections import Counter

import pytest

from benchmarks.addok.indexing import town_halls
from benchmarks.addok.measuring import measure
from benchmarks.addok.serving import serving, why_not
from benchmarks.addok.writing import WAYS
from geo.geocoding import Address, resolve

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def addok(settings, places):
    if reason := why_not():
        (pytest.fail if os.environ.get("REQUIRE_ADDOK") else pytest.skip)(reason)
    with serving() as domain:
        settings.GEOCODER = {
            "provider": "addok",
            "domain": domain,
            "scheme": "http",
            "timeout_s": 20.0,  # beside the other tests
            "calls_per_second": 0.0,
            "cache_days": 90,
        }
        yield domain


def test_town_halls_are_found_however_people_write_their_address(addok):
    halls = town_halls()
    assert len(halls) == 1_641
    hall = resolve(Address("2 route d'Henrichemont", "18250", commune_name="Achères"))
    assert (hall.precision, hall.source, hall.commune) == ("housenumber", "addok", "18001")
    found = list(measure(halls, each=False))
    kinds = Counter(each.kind for each in found)
    assert {each.way for each in found} == set(WAYS)
    assert kinds["near"] / len(found) >= 0.95, kinds
    others = [each for each in found if each.kind not in ("near", "commune", "refused")]
    # One wrong letter may make another street of the same commune of it: then the score says that it is not sure.
    assert [each for each in others if each.sure or each.kind == "wrong commune"] == []
    assert len(others) <= 0.002 * len(found), others
