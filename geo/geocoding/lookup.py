"""One question to the address service: the cache, then our turn, then the network, all within one time-out."""

from __future__ import annotations

import time

from django.conf import settings

from geo.geocoding import cache
from geo.geocoding.allowance import spend
from geo.geocoding.cache import Answer
from geo.geocoding.errors import ProviderError, ProviderUnavailable
from geo.geocoding.pace import pause, wait_for_turn
from geo.geocoding.parsing import Candidate
from geo.geocoding.providers import AddokGeocoder, Query, geocoder

# Waiting for our turn leaves at least this part of the time-out to the call: with less, a call that began late would
# time out by its own fault and send everybody into a pause.
LEFT_FOR_THE_CALL = 0.5


class LookupsOff(Exception):  # noqa: N818 - a state, not a failure
    """GEOCODER["domain"] is empty, and this address was not looked up before."""


def look_up(query: Query) -> Answer:
    """What the provider answers, or answered. Raises LookupsOff, or ProviderUnavailable when nothing is known.

    A failure is never kept. When the provider is away an old answer is given, marked as stale.
    """
    provider, service = settings.GEOCODER["provider"], geocoder()
    known = cache.read(provider, query)
    if known is not None and (service is None or not known.stale):
        return known
    if service is None:
        raise LookupsOff
    try:
        return cache.write(provider, query, _ask(service, provider, query))
    except ProviderUnavailable:
        if known is not None and known.candidates:
            return known
        raise


def _ask(service: AddokGeocoder, provider: str, query: Query) -> list[Candidate]:
    timeout = settings.GEOCODER["timeout_s"]
    deadline = time.monotonic() + timeout
    spend()
    wait_for_turn(provider, settings.GEOCODER["calls_per_second"], timeout * (1 - LEFT_FOR_THE_CALL))
    try:
        return service.search(query, timeout=deadline - time.monotonic(), source=provider)
    except ProviderError:
        raise  # an answer that came in time: it hangs nobody, and the next question may be answered well
    except ProviderUnavailable as error:
        pause(provider, error.retry_after)
        raise
