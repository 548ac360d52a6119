"""Off the network, addresses keep their commune; what was answered before is kept."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from geo.gazetteer import CONFIDENT, find_place
from geo.geocoding import (
    Address,
    GeocodingError,
    NotFound,
    ProviderUnavailable,
    cache,
    resolve,
)
from geo.geocoding.providers import FAILURE_PAUSE_S, Query
from geo.models import CachedAddress, ProviderPace
from geo.points import Position
from tests.geocoder import (
    CHANGE,
    FAULTS,
    TIMEOUT_S,
    VENDOME,
    feature,
    hang,
    is_centre_of,
    takes_less_than,
)


def answers_503(service):
    service.answers(503)


def answers_429(service):
    service.answers(429, Retry_After="3")


def answers_nonsense(service):
    service.answers(200, b'{"features": [{}]}')


@pytest.mark.parametrize("fault", [hang, answers_503, answers_429, answers_nonsense])
def test_an_outage_gives_the_commune_and_says_so(service, places, fault):
    fault(service)
    with takes_less_than(TIMEOUT_S + 0.5):
        found = resolve(CHANGE)
    assert is_centre_of(places, found, VENDOME)
    assert (found.degraded, found.note, found.commune) == (True, "provider_away", VENDOME)
    assert not CachedAddress.objects.exists()


@pytest.mark.parametrize("name", FAULTS)
def test_each_fault_has_a_type_for_who_can_wait(service, places, name):
    """What keeps a queue's pins: an outage is never a position, and what is no outage is never asked again."""
    fault = FAULTS[name]
    fault.play(service)
    if fault.error is None:
        found = resolve(CHANGE, wants_service=True)
        assert is_centre_of(places, found, VENDOME)
        assert (found.note, found.degraded) == (fault.note, False)
    else:
        with takes_less_than(TIMEOUT_S + 0.5), pytest.raises(fault.error) as failure:
            resolve(CHANGE, wants_service=True)
        assert type(failure.value) is fault.error
        assert failure.value.retry_after >= 1
        assert not CachedAddress.objects.exists()


def test_an_outage_without_a_commune_is_a_failure_to_try_again(service, places):
    service.answers(503, Retry_After="12")
    with pytest.raises(ProviderUnavailable) as failure:
        resolve(Address("12 rue du Change Vendôme"))
    assert failure.value.retry_after == 12
    assert isinstance(failure.value, GeocodingError)


def test_an_outage_does_not_choose_between_communes(service, places):
    hang(service)
    with pytest.raises(ProviderUnavailable):
        resolve(Address("1 rue de la Mairie", commune_name="Vineuil"))


def test_look_ups_switched_off_call_nobody(service, places, settings):
    settings.GEOCODER = settings.GEOCODER | {"domain": ""}
    found = resolve(CHANGE)
    assert is_centre_of(places, found, VENDOME)
    assert (found.degraded, found.note) == (False, "lookups_off")
    with pytest.raises(NotFound):
        resolve(Address("12 rue du Change Vendôme"))
    assert service.asked == []
    assert not ProviderPace.objects.filter(pk="ban").exists()


def test_one_slow_call_spares_the_next_ones(service, places):
    """The first waits for the time-out; after it nobody asks for ten seconds, so nobody else waits."""
    hang(service)
    resolve(CHANGE)
    with takes_less_than(0.3):
        assert resolve(Address("13 rue du Change", commune_code=VENDOME)).degraded
    assert len(service.asked) == 1
    left = ProviderPace.objects.get(pk="ban").next_call_at - timezone.now()
    assert FAILURE_PAUSE_S - 1 < left.total_seconds() <= FAILURE_PAUSE_S


def test_a_retry_after_holds_everybody_back(service, places):
    service.answers(429, Retry_After="30")
    resolve(CHANGE)
    service.says(feature())
    assert resolve(Address("13 rue du Change", commune_code=VENDOME)).degraded
    assert len(service.asked) == 1
    ProviderPace.objects.update(next_call_at=timezone.now())
    assert resolve(CHANGE).precision == "housenumber"


def test_an_unreadable_answer_holds_nobody_back(service, places):
    answers_nonsense(service)
    assert resolve(CHANGE).degraded
    service.says(feature())
    assert resolve(CHANGE).precision == "housenumber"


def age(days):
    CachedAddress.objects.update(fetched_at=timezone.now() - timedelta(days=days))


def test_the_same_address_is_asked_once(service, places):
    first = resolve(CHANGE)
    again = resolve(Address("12, RUE DU  CHANGE", "41100", commune_name="vendome"))
    assert again == first
    assert len(service.asked) == 1


def test_an_answer_grows_old(service, places):
    resolve(CHANGE)
    age(89)
    resolve(CHANGE)
    assert len(service.asked) == 1
    age(91)
    resolve(CHANGE)
    assert len(service.asked) == 2


def test_nothing_found_grows_old_sooner(service, places):
    service.says()
    resolve(CHANGE)
    age(6)
    resolve(CHANGE)
    assert len(service.asked) == 1
    age(8)
    service.says(feature())
    assert resolve(CHANGE).precision == "housenumber"


def test_an_old_answer_is_better_than_none(service, places):
    first = resolve(CHANGE)
    age(400)
    service.answers(503)
    found = resolve(CHANGE)
    assert (found.position, found.precision, found.note, found.degraded) == (
        first.position,
        "housenumber",
        "stale",
        False,
    )
    assert timezone.now() - found.resolved_at > timedelta(days=399)


def test_with_look_ups_off_what_is_known_still_counts(service, places, settings):
    resolve(CHANGE)
    settings.GEOCODER = settings.GEOCODER | {"domain": ""}
    assert resolve(CHANGE).precision == "housenumber"


def test_two_providers_do_not_share_their_answers(service, places, settings):
    resolve(CHANGE)
    settings.GEOCODER = settings.GEOCODER | {"provider": "addok"}
    resolve(CHANGE)
    assert len(service.asked) == 2


def test_what_another_version_kept_is_asked_again(service, places):
    resolve(CHANGE)
    CachedAddress.objects.update(candidates=[{"label": "x"}])
    assert resolve(CHANGE).precision == "housenumber"
    assert len(service.asked) == 2


def test_a_long_address_has_a_key_that_fits():
    short, long = cache.key_of("ban", Query("12 rue du Change", VENDOME)), cache.key_of("ban", Query("ﷺ" * 200))
    assert short == "ban|12 rue du change|41269||"
    assert len(long) <= 300
    assert long != cache.key_of("ban", Query("ﷺ" * 199))


def test_find_place_knows_addresses_geocoded_before_and_asks_nobody(service, places):
    resolve(CHANGE)
    service.answer = None
    best = find_place("12 rue du Change 41100 Vendôme")[0]
    assert (best.kind, best.code, best.name) == ("address", "", "12 Rue du Change 41100 Vendôme")
    assert (best.position, best.departement, best.score) == (Position(1.0654, 47.7931), "41", 0.95)
    assert find_place("14 rue du Change 41100 Vendôme")[0].score < CONFIDENT
    assert len(service.asked) == 1
