"""From an address to one position, or one typed failure."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from geo.geocoding import (
    Address,
    Ambiguous,
    NotFound,
    OutsideRegion,
    resolve,
)
from geo.models import CachedAddress
from geo.points import Position
from tests.geocoder import (
    BLOIS,
    CHANGE,
    CLOYES,
    DOUY,
    VENDOME,
    VINEUIL_36,
    VINEUIL_41,
    collection,
    feature,
    is_centre_of,
)


def test_resolves_an_address_in_its_commune(service, places):
    found = resolve(CHANGE)
    assert found.position == Position(1.0654, 47.7931)
    assert (found.precision, found.score, found.source, found.type) == ("housenumber", 0.95, "ban", "housenumber")
    assert (found.commune, found.label) == (VENDOME, "12 Rue du Change 41100 Vendôme")
    assert (found.degraded, found.note) == (False, "")
    assert timezone.now() - found.resolved_at < timedelta(seconds=5)
    assert service.asked[0]["q"] == "12 rue du Change"
    assert service.asked[0]["citycode"] == VENDOME


@pytest.mark.parametrize(
    "address",
    [
        Address("12 rue du Change", commune_code=VENDOME),
        Address("12 rue du Change", "41106", commune_name="VENDOME CEDEX"),
        Address("12 rue du Change 41100 Vendôme"),
        Address("12 rue du Change, Vendôme"),
        Address("12 rue du Change 41100 Vendôme", "41100", commune_name="Vendôme"),
        Address("12 rue du Change, 41100 VENDOME", commune_code=VENDOME),
    ],
)
def test_an_address_may_be_written_in_many_ways(service, places, address):
    found = resolve(address)
    assert (found.commune, found.precision) == (VENDOME, "housenumber")
    assert (service.asked[0]["q"], service.asked[0]["citycode"]) == ("12 rue du Change", VENDOME)


def test_the_provider_of_the_settings_is_the_source(service, places, settings):
    settings.GEOCODER = settings.GEOCODER | {"provider": "addok"}
    assert resolve(CHANGE).source == "addok"


def test_a_candidate_in_another_commune_is_not_believed(service, places):
    service.says(feature("12 Rue du Change 41000 Blois", citycode=BLOIS, city="Blois", lon=1.33, lat=47.59))
    found = resolve(CHANGE)
    assert is_centre_of(places, found, VENDOME)
    assert (found.note, found.degraded) == ("other_commune", False)


def test_the_right_commune_wins_over_a_better_score(service, places):
    service.says(feature("Blois", citycode=BLOIS, score=0.97, lon=1.33, lat=47.59), feature(score=0.9))
    assert resolve(CHANGE).commune == VENDOME


@pytest.mark.parametrize(("score", "precision"), [(0.56, "housenumber"), (0.54, "commune")])
def test_below_the_threshold_the_commune_stands(service, places, score, precision):
    service.says(feature(score=score))
    found = resolve(CHANGE)
    assert found.precision == precision
    assert found.note == ("" if precision == "housenumber" else "below_threshold")


def test_without_a_commune_the_threshold_is_higher(service, places):
    service.says(feature(score=0.69))
    with pytest.raises(NotFound):
        resolve(Address("12 rue du Change Vendôme"))
    service.says(feature(score=0.71))
    CachedAddress.objects.all().delete()
    assert resolve(Address("12 rue du Change Vendôme")).commune == VENDOME


def test_nothing_found_is_the_commune(service, places):
    service.says()
    found = resolve(CHANGE)
    assert is_centre_of(places, found, VENDOME)
    assert (found.note, found.degraded) == ("nothing_found", False)


def test_a_commune_level_answer_is_our_centre(service, places):
    """One centre for each commune, whoever names it: hidden pins stand there too."""
    service.says(feature("Vendôme", type="municipality", lon=1.0, lat=47.0))
    assert is_centre_of(places, resolve(CHANGE), VENDOME)


def test_a_street_is_worth_more_than_a_commune_that_fits_better(service, places):
    service.says(feature("Vendôme", type="municipality", score=0.97), feature(type="street", score=0.8))
    assert resolve(CHANGE).precision == "street"


def test_a_former_code_means_its_successor(service, places):
    """The service may not have heard of the merger, nor the file."""
    assert places.commune(DOUY).code == CLOYES
    service.says(feature("3 Rue X 28220 Douy", citycode=DOUY))
    assert resolve(Address("3 rue X", commune_code=CLOYES)).commune == CLOYES
    assert resolve(Address("3 rue X", commune_code=DOUY)).commune == CLOYES


def test_a_merged_commune_is_asked_for_without_its_code_too(service, places):
    """A self-hosted index older than the merger finds nothing under the new code."""
    found = collection(feature("3 Rue du Moulin 28220 Douy", citycode=DOUY, type="street"))
    service.answer = lambda asked: (200, {}, collection() if "citycode" in asked else found)
    resolved = resolve(Address("3 rue du Moulin", commune_code=CLOYES))
    assert (resolved.commune, resolved.precision) == (CLOYES, "street")
    assert [asked.get("citycode") for asked in service.asked] == [CLOYES, None]


def test_a_candidate_without_a_code_is_placed_by_its_city(service, places):
    service.says(feature(citycode=None))
    assert resolve(CHANGE).commune == VENDOME


def test_two_communes_of_one_name_are_ambiguous(service, places):
    with pytest.raises(Ambiguous) as failure:
        resolve(Address("", commune_name="Vineuil"))
    assert sorted(failure.value.labels) == ["Vineuil (36)", "Vineuil (41)"]
    service.says(
        feature("1 Rue de la Mairie 41350 Vineuil", citycode=VINEUIL_41, score=0.93),
        feature("1 Rue de la Mairie 36110 Vineuil", citycode=VINEUIL_36, score=0.91),
    )
    with pytest.raises(Ambiguous) as failure:
        resolve(Address("1 rue de la Mairie", commune_name="Vineuil"))
    assert len(failure.value.candidates) == 2


def test_the_only_one_of_two_communes_with_the_street_is_meant(service, places):
    service.says(feature("1 Rue des Lilas 36110 Vineuil", citycode=VINEUIL_36, score=0.93))
    assert resolve(Address("1 rue des Lilas", commune_name="Vineuil")).commune == VINEUIL_36


def test_a_clearly_better_candidate_is_not_ambiguous(service, places):
    service.says(
        feature("1 Rue de la Mairie 41350 Vineuil", citycode=VINEUIL_41, score=0.95),
        feature("1 Rue de la Mairie 36110 Vineuil", citycode=VINEUIL_36, score=0.85),
    )
    assert resolve(Address("1 rue de la Mairie", commune_name="Vineuil")).commune == VINEUIL_41


@pytest.mark.parametrize(
    "address",
    [
        Address("1 rue de Rivoli", "75001", commune_name="Paris"),
        Address("1 rue de Rivoli", commune_code="75101"),
        Address("1 rue de Rivoli 75001 Paris"),
        Address("1 rue de Paris", "78540", commune_name="Vernouillet"),
    ],
)
def test_what_is_outside_the_region_is_not_asked(service, places, address):
    with pytest.raises(OutsideRegion):
        resolve(address)
    assert service.asked == []


def test_an_answer_outside_the_region_says_so(service, places):
    service.says(
        feature("1 Rue de Rivoli 75001 Paris", citycode="75101", city="Paris", postcode="75001", lon=2.36, lat=48.85)
    )
    with pytest.raises(OutsideRegion):
        resolve(Address("1 rue de Rivoli", commune_name="Paris"))


@pytest.mark.parametrize("address", [Address(""), Address("?"), Address("xx"), Address("", commune_name="Xyzzy")])
def test_an_address_of_nothing_is_not_found(service, places, address):
    with pytest.raises(NotFound):
        resolve(address)


def test_a_code_that_no_commune_had_is_not_found(service, places):
    with pytest.raises(NotFound):
        resolve(Address("12 rue du Change", commune_code="41999"))


def test_a_commune_alone_needs_no_look_up(service, places):
    for address in (
        Address("", commune_code=VENDOME),
        Address("", "41100", commune_name="Vendôme"),
        Address("Vendôme"),
        Address("Vendôme", commune_code=VENDOME),
    ):
        found = resolve(address)
        assert is_centre_of(places, found, VENDOME)
        assert (found.note, found.degraded) == ("no_street", False)
    assert service.asked == []
