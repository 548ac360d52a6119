"""What can go wrong between an address and a position. Only `ProviderUnavailable` is worth another try."""

# ruff: noqa: N818 - named for what happened, as Django's DoesNotExist is
from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from geo.geocoding.parsing import Candidate


class GeocodingError(Exception):
    """An address that could not be placed. `code` is for machines."""

    code = "geocoding_error"


class NotFound(GeocodingError):
    """Nothing fits the address, and it names no commune of the région."""

    code = "not_found"


class Ambiguous(GeocodingError):
    """Places in different communes fit as well. `labels` name them, for a person to choose."""

    code = "ambiguous"

    def __init__(self, message: str, labels: tuple[str, ...] = (), candidates: tuple[Candidate, ...] = ()):
        super().__init__(message)
        self.labels = labels or tuple(candidate.label for candidate in candidates)
        self.candidates = candidates


class OutsideRegion(GeocodingError):
    """The address is in France, but not in the région."""

    code = "outside_region"


class ProviderUnavailable(GeocodingError):
    """The address service did not answer, or asked to wait. `retry_after` is in seconds."""

    code = "provider_unavailable"

    def __init__(self, message: str, retry_after: float):
        super().__init__(message)
        self.retry_after = retry_after


class ProviderError(ProviderUnavailable):
    """The address service answered something that cannot be read."""

    code = "provider_error"
