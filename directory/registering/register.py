"""The State's register of businesses, asked for a SIRET, or for a name in a commune.

Same discipline as with the address service: bounded in time whatever the register does, a pace that all workers keep
together, a pause that it asks for obeyed. It may wait as long as REGISTER["timeout_s"]: call nothing here in a
transaction. Nothing is kept of an answer.
"""

# ruff: noqa: N818 - named for what happened, as Django's DoesNotExist is
from __future__ import annotations

import time
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from geopy.adapters import AdapterHTTPError, get_retry_after
from geopy.exc import GeocoderParseError, GeocoderServiceError

from directory.registering.records import Establishment, Unreadable, read
from geo.geocoding.errors import ProviderUnavailable
from geo.geocoding.pace import pause, wait_for_turn
from geo.geocoding.transport import BoundedAdapter, proxies_for

PROVIDER = "register"
MOST = 10
# Of the time-out, what may pass before it is our turn.
WAIT = 0.5
# After a 429 without a Retry-After; after a time-out or a server's error.
RATE_LIMITED_S, FAILURE_PAUSE_S = 1.0, 10.0
# The question itself is what the register refuses: asking again would not help.
_REFUSED_QUESTION = frozenset({400, 404, 422})
LONGEST_QUESTION = 100


class RegisterFailure(Exception):
    """The register did not say who that is."""


class NotFound(RegisterFailure):
    """It answered, and knows nobody of that SIRET."""


class Unavailable(RegisterFailure):
    """It did not answer, cannot be read, or is switched off. `retry_after` is in seconds, None where it is off."""

    def __init__(self, message: str, retry_after: float | None):
        super().__init__(message)
        self.retry_after = retry_after


def by_siret(siret: str) -> Establishment:
    """The establishment of that SIRET, closed ones too. Raises NotFound or Unavailable."""
    for one in _ask({"q": siret}):
        if one.siret == siret:
            return one
    raise NotFound(siret)


def by_name(name: str, commune: str) -> list[Establishment]:
    """The establishments of that name in the commune (INSEE code), open ones first. Raises Unavailable."""
    found = _ask({"q": name[:LONGEST_QUESTION], "code_commune": commune})
    there = [one for one in found if one.commune == commune]
    return sorted(there, key=lambda one: one.closed)[:MOST]


def _ask(question: dict[str, str]) -> list[Establishment]:
    if not settings.REGISTER["domain"]:
        raise Unavailable("the register is switched off", None)
    timeout = settings.REGISTER["timeout_s"]
    deadline = time.monotonic() + timeout
    try:
        wait_for_turn(PROVIDER, settings.REGISTER["calls_per_second"], timeout * WAIT)
    except ProviderUnavailable as error:
        raise Unavailable("the register is being left alone for a while", error.retry_after) from error
    try:
        return read(_get(question, deadline - time.monotonic()))
    except (GeocoderParseError, Unreadable) as error:
        raise Unavailable(f"unreadable answer: {error}", FAILURE_PAUSE_S) from error
    except AdapterHTTPError as error:
        if error.status_code in _REFUSED_QUESTION:
            return []
        default = RATE_LIMITED_S if error.status_code == 429 else FAILURE_PAUSE_S
        asked = get_retry_after(error.headers)
        raise _paused(f"the register answered {error.status_code}", default if asked is None else asked) from error
    except GeocoderServiceError as error:  # time-outs and refused connections are some too
        raise _paused(f"the register failed: {type(error).__name__}", FAILURE_PAUSE_S) from error


def _paused(message: str, seconds: float) -> Unavailable:
    pause(PROVIDER, seconds)
    return Unavailable(message, seconds)


def _get(question: dict[str, str], timeout: float) -> Any:
    # The minimal answer names no person but the business itself.
    parameters = question | {"minimal": "true", "include": "siege,matching_etablissements", "per_page": str(MOST)}
    domain, scheme = settings.REGISTER["domain"], settings.REGISTER["scheme"]
    contact = settings.REGION.get("legal", {}).get("contact_email", "")
    headers = {"User-Agent": f"local-dabord ({contact})" if contact else "local-dabord", "Accept": "application/json"}
    url = f"{scheme}://{domain}/search?{urlencode(parameters)}"
    return _adapter(domain).get_json(url, timeout=max(timeout, 0.1), headers=headers)


@lru_cache(maxsize=4)
def _adapter(domain: str) -> BoundedAdapter:
    return BoundedAdapter(proxies=proxies_for(domain), ssl_context=None)
