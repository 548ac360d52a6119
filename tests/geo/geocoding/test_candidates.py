"""What there is to choose from for an address."""

from __future__ import annotations

import pytest

from geo.geocoding import (
    candidates,
)
from tests.geocoder import (
    BLOIS,
    DOUY,
    VENDOME,
    VINEUIL_36,
    VINEUIL_41,
    feature,
    hang,
)


def test_candidates_are_all_there_is_to_choose_from(service, places):
    service.says(feature(), feature("Rue du Change 41100 Vendôme", type="street", score=0.4))
    found = candidates("12 rue du Change", "41100", "Vendôme")
    assert not found.degraded
    assert [(c.precision, c.score, c.source) for c in found] == [("housenumber", 0.95, "ban"), ("street", 0.4, "ban")]
    assert len(found) == 2


@pytest.mark.parametrize("commune", [VENDOME, "Vendôme", DOUY])
def test_candidates_stay_in_the_commune(service, places, commune):
    code = places.commune(commune).code if commune != "Vendôme" else VENDOME
    service.says(feature(citycode=BLOIS), feature("ici", citycode=code))
    assert [candidate.label for candidate in candidates("12 rue du Change", "", commune)] == ["ici"]


def test_candidates_of_an_outage_are_the_communes(service, places):
    hang(service)
    found = candidates("12 rue du Change", "41100", "Vendôme")
    assert found.degraded
    assert [(c.label, c.precision, c.source) for c in found] == [("Vendôme (41)", "commune", "gazetteer")]


def test_candidates_with_look_ups_off(service, places, settings):
    settings.GEOCODER = settings.GEOCODER | {"domain": ""}
    both = candidates("1 rue de la Mairie", "", "Vineuil")
    assert both.degraded
    assert [candidate.citycode for candidate in both] == [VINEUIL_41, VINEUIL_36]
    assert [candidate.citycode for candidate in candidates("bloi")][:1] == [BLOIS]
    assert service.asked == []


def test_no_candidates_outside_the_region(service, places):
    assert candidates("1 rue de Rivoli", "75001").items == ()
    assert candidates("").items == ()
