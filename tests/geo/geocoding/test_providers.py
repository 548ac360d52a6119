"""The provider against a server that refuses, breaks off, lies, hangs and trickles."""

from __future__ import annotations

import threading
import time

import pytest

from geo.geocoding import (
    ProviderError,
    ProviderUnavailable,
)
from geo.geocoding.providers import FAILURE_PAUSE_S, Query, geocoder
from tests.geocoder import (
    FAULTS,
    TIMEOUT_S,
    VENDOME,
    collection,
    feature,
    takes_less_than,
)


def ask(text="12 rue du Change", **filters):
    return geocoder().search(Query(text, **filters), timeout=TIMEOUT_S, source="ban")


def test_asks_with_filters_and_says_who_asks(service):
    assert len(ask("12 rue du Change", citycode=VENDOME, postcode="41100", type="street")) == 1
    (asked,) = service.asked
    assert asked == {
        "path": "/geocodage/search",
        "q": "12 rue du Change",
        "limit": "10",
        "autocomplete": "0",
        "citycode": VENDOME,
        "postcode": "41100",
        "type": "street",
    }
    assert service.headers[0]["User-Agent"].startswith("local-dabord")


def test_no_filter_is_sent_empty(service):
    ask()
    assert set(service.asked[0]) == {"path", "q", "limit", "autocomplete"}


@pytest.mark.parametrize(
    ("status", "headers", "retry_after"),
    [
        (429, {"Retry_After": "7"}, 7),
        (429, {}, 5),
        (429, {"Retry_After": "soon"}, 5),
        (429, {"Retry_After": "-3"}, 1),
        (503, {"Retry_After": "30"}, 30),
        (503, {}, FAILURE_PAUSE_S),
        (500, {}, FAILURE_PAUSE_S),
        (403, {}, FAILURE_PAUSE_S),
    ],
)
def test_a_refusal_is_obeyed_and_not_asked_again(service, status, headers, retry_after):
    service.answers(status, b'{"error": "no"}', **headers)
    with takes_less_than(TIMEOUT_S), pytest.raises(ProviderUnavailable) as failure:
        ask()
    assert failure.value.retry_after == retry_after
    assert len(service.asked) == 1


@pytest.mark.parametrize("status", [400, 413, 414, 422])
def test_a_question_that_is_refused_has_no_candidates(service, status):
    service.answers(status, b"{}")
    assert ask() == []


@pytest.mark.parametrize(
    "body",
    [
        collection(feature())[:-40],
        b"<html>",
        b"",
        b"[" * 100_000,
        b"\xff\xfe\xfd",
        b'{"features": [{"x": NaN}]}',
        b"1" * 5000,
    ],
    ids=["truncated", "html", "empty", "deep", "not utf-8", "NaN", "a number too long"],
)
def test_what_is_no_json_is_a_provider_error(service, body):
    service.answers(200, body)
    with pytest.raises(ProviderError):
        ask()


def test_a_body_that_breaks_off_is_a_failure(service):
    service.answers(200, collection(feature())[:50], Content_Length="5000")
    with pytest.raises(ProviderUnavailable):
        ask()


def test_an_endless_body_is_not_read_to_the_end(service):
    service.answers(200, b" " * 2_100_000)
    with pytest.raises(ProviderError):
        ask()


def test_redirects_do_not_go_round_for_ever(service):
    service.answers(302, Location="/geocodage/search")
    with pytest.raises(ProviderUnavailable):
        ask()
    assert len(service.asked) <= 4


def test_nobody_there(service, settings):
    settings.GEOCODER = settings.GEOCODER | {"domain": "127.0.0.1:1"}
    with takes_less_than(TIMEOUT_S), pytest.raises(ProviderUnavailable):
        ask()


@pytest.mark.parametrize("trickle", ["slow drip", "slow headers"])
def test_a_server_that_trickles_is_cut_off_and_leaves_no_thread(service, trickle):
    FAULTS[trickle].play(service)
    before = threading.active_count()
    with takes_less_than(TIMEOUT_S + 0.5), pytest.raises(ProviderUnavailable):
        ask()
    until = time.monotonic() + 3
    while threading.active_count() > before and time.monotonic() < until:
        time.sleep(0.02)
    assert threading.active_count() <= before
    assert service.cut_off
