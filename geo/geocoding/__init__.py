"""Addresses -> positions: the national address service through geopy, then the commune's centre.

`resolve(Address(…))` gives one Resolution or raises a GeocodingError; `candidates(…)` gives what there is to choose
from. Both may wait for the network as long as GEOCODER["timeout_s"]; call neither inside a transaction.
"""

from geo.geocoding.errors import (
    Ambiguous,
    GeocodingError,
    NotFound,
    OutsideRegion,
    ProviderError,
    ProviderUnavailable,
)
from geo.geocoding.parsing import Candidate, Precision
from geo.geocoding.policy import SURE_SCORE, Candidates, Note, Resolution, candidates, resolve
from geo.geocoding.scope import Address

__all__ = [
    "SURE_SCORE",
    "Address",
    "Ambiguous",
    "Candidate",
    "Candidates",
    "GeocodingError",
    "NotFound",
    "Note",
    "OutsideRegion",
    "Precision",
    "ProviderError",
    "ProviderUnavailable",
    "Resolution",
    "candidates",
    "resolve",
]
