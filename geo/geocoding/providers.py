"""The address services: the national one (BAN, Géoplateforme) and any addok, which speak the same protocol."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache, partial
from urllib.parse import urlencode

from django.conf import settings
from geopy.adapters import AdapterHTTPError, get_retry_after
from geopy.exc import GeocoderParseError, GeocoderServiceError, GeocoderUnavailable
from geopy.geocoders import BANFrance

from geo.geocoding.errors import ProviderError, ProviderUnavailable
from geo.geocoding.parsing import RETRY_AFTER_S, Candidate, parse_candidates
from geo.geocoding.transport import BoundedAdapter, proxies_for

LIMIT = 10
# A 429 of the national service lasts five seconds, with or without the header.
RATE_LIMITED_S = 5.0
# After a time-out or a server's error everybody waits this long: a worker then loses at most `timeout_s` in every
# ten seconds to a service that hangs.
FAILURE_PAUSE_S = 10.0
# A refused connection costs nobody any time, and is often a server that restarts.
REFUSED_PAUSE_S = 2.0
# The service says that the question itself is wrong: asking again would not help.
_REFUSED_QUESTION = frozenset({400, 413, 414, 422})


@dataclass(frozen=True, slots=True)
class Query:
    """What is asked of a provider: a text, and filters by INSEE code, postcode or type (empty: none)."""

    text: str
    citycode: str = ""
    postcode: str = ""
    type: str = ""

    def parameters(self) -> dict[str, str | int]:
        """As the protocol names them. The text is a whole address, so nothing is to be completed."""
        given = {"citycode": self.citycode, "postcode": self.postcode, "type": self.type}
        filters = {name: value for name, value in given.items() if value}
        return {"q": self.text, "limit": LIMIT, "autocomplete": 0, **filters}


class _RefusedQuestion(Exception):  # noqa: N818 - an answer like another
    """The provider will not look for this text; it has no candidates."""


class AddokGeocoder(BANFrance):
    """geopy's BANFrance with the protocol's filters, all candidates, and our failures."""

    def search(self, query: Query, *, timeout: float, source: str) -> list[Candidate]:
        """The candidates for a query, best first. Raises ProviderUnavailable or ProviderError."""
        url = f"{self.geocode_api}?{urlencode(query.parameters())}"
        try:
            found: list[Candidate] = self._call_geocoder(url, partial(parse_candidates, source=source), timeout=timeout)
            return found
        except _RefusedQuestion:
            return []
        except GeocoderParseError as error:
            raise ProviderError(f"unreadable answer: {error}", RETRY_AFTER_S) from error
        except GeocoderUnavailable as error:
            raise ProviderUnavailable("the address service cannot be reached", REFUSED_PAUSE_S) from error
        except GeocoderServiceError as error:
            raise ProviderUnavailable(f"the address service failed: {type(error).__name__}", FAILURE_PAUSE_S) from error

    def _geocoder_exception_handler(self, error: Exception) -> None:
        """Called by geopy, which would otherwise drop a 503's Retry-After and call it a time-out."""
        if not isinstance(error, AdapterHTTPError):
            return
        if error.status_code in _REFUSED_QUESTION:
            raise _RefusedQuestion from error
        default = RATE_LIMITED_S if error.status_code == 429 else FAILURE_PAUSE_S
        asked = get_retry_after(error.headers)
        message = f"the address service answered {error.status_code}"
        raise ProviderUnavailable(message, default if asked is None else max(asked, 1.0)) from error


def geocoder() -> AddokGeocoder | None:
    """The provider of the settings, or None when look-ups are off (an empty domain)."""
    domain = settings.GEOCODER["domain"]
    return _geocoder(domain, settings.GEOCODER["scheme"]) if domain else None


@lru_cache(maxsize=4)
def _geocoder(domain: str, scheme: str) -> AddokGeocoder:
    contact = settings.REGION.get("legal", {}).get("contact_email", "")
    return AddokGeocoder(
        domain=domain,
        scheme=scheme,
        user_agent=f"local-dabord ({contact})" if contact else "local-dabord",
        proxies=proxies_for(domain),
        adapter_factory=BoundedAdapter,
    )
