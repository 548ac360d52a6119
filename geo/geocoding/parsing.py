"""What a geocoder answers -> candidates. Pure: no network, no database, no Django.

The protocol is addok's GeoJSON, as the national address service (BAN) speaks it. The answer is a stranger's: anything
but a collection of features with a position, a score and a label raises `ProviderError`, never anything else.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from geo.geocoding.errors import ProviderError
from geo.points import Position

Precision = Literal["housenumber", "street", "locality", "commune"]

# BAN has the first four; older addok indexes the others.
PRECISIONS: dict[str, Precision] = {
    "housenumber": "housenumber",
    "street": "street",
    "locality": "locality",
    "municipality": "commune",
    "place": "locality",
    "village": "commune",
    "town": "commune",
    "city": "commune",
}
MAX_CANDIDATES = 50  # a service asked for ten that sends thousands is not read to the end
MAX_TEXT = 300
# A wrong answer is not a passing overload; the same question again at once would get the same.
RETRY_AFTER_S = 60.0


@dataclass(frozen=True, slots=True)
class Candidate:
    """One answer of a geocoder. `score` is from 0 to 1; `type` is the provider's word for `precision`.

    `citycode` is the INSEE code, `id` the provider's; they are empty when the provider gives none.
    """

    label: str
    position: Position
    precision: Precision
    score: float
    source: str
    type: str
    city: str = ""
    citycode: str = ""
    postcode: str = ""
    id: str = ""

    def as_json(self) -> dict[str, Any]:
        """As kept in the cache."""
        fields: dict[str, Any] = {name: getattr(self, name) for name in self.__slots__}
        return fields | {"position": [self.position.lon, self.position.lat]}


def parse_candidates(payload: object, source: str) -> list[Candidate]:
    """All candidates of an answer, in its order. Raises ProviderError.

    One feature that cannot be read spoils the answer: it may have been the right one, and the next best would then
    pass for it. Features of a type that is no address (a point of interest) are left out.
    """
    if not isinstance(payload, Mapping):
        raise _error("an object is expected")
    features = payload.get("features")
    if not isinstance(features, list):
        raise _error("`features` is not a list")
    return [found for feature in features[:MAX_CANDIDATES] if (found := _candidate(feature, source)) is not None]


def candidate_from_json(row: Mapping[str, Any]) -> Candidate:
    """The inverse of `Candidate.as_json`. Raises KeyError, TypeError or ValueError on what an older version wrote."""
    lon, lat = row["position"]
    return Candidate(**{**row, "position": Position(float(lon), float(lat))})


def _candidate(feature: object, source: str) -> Candidate | None:
    properties = feature.get("properties") if isinstance(feature, Mapping) else None
    if not isinstance(feature, Mapping) or not isinstance(properties, Mapping):
        raise _error("a feature without properties")
    kind = properties.get("type")
    if not isinstance(kind, str):
        raise _error("a feature without a type")
    precision = PRECISIONS.get(kind)
    if precision is None:
        return None
    label = _text(properties, "label")
    if not label:
        raise _error("a feature without a label")
    return Candidate(
        label=label,
        position=_position(feature.get("geometry")),
        precision=precision,
        score=min(max(_number(properties.get("score"), "score"), 0.0), 1.0),
        source=source,
        type=kind,
        city=_text(properties, "city"),
        citycode=_text(properties, "citycode"),
        postcode=_text(properties, "postcode"),
        id=_text(properties, "id"),
    )


def _position(geometry: object) -> Position:
    coordinates = geometry.get("coordinates") if isinstance(geometry, Mapping) else None
    if not isinstance(geometry, Mapping) or geometry.get("type") != "Point" or not isinstance(coordinates, list):
        raise _error("a feature without a point")
    if len(coordinates) not in (2, 3):
        raise _error("a point without two coordinates")
    lon, lat = _number(coordinates[0], "longitude"), _number(coordinates[1], "latitude")
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise _error("a position that is not on Earth")
    return Position(lon, lat)


def _number(value: object, what: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _error(f"{what} is not a number")
    try:
        number = float(value)
    except OverflowError:  # an integer of four hundred digits
        number = math.inf
    if not math.isfinite(number):
        raise _error(f"{what} is not a finite number")
    return number


def _text(properties: Mapping[str, Any], name: str) -> str:
    """A text property; a self-hosted addok may give a list (names in order of preference) or a number."""
    value = properties.get(name)
    if isinstance(value, list):
        value = value[0] if value else None
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise _error(f"{name} is not a text")
    # PostgreSQL keeps neither null characters nor lone surrogates, and no address has control characters.
    return "".join(char for char in str(value)[:MAX_TEXT] if char.isprintable()).strip()


def _error(what: str) -> ProviderError:
    return ProviderError(f"unreadable answer: {what}", RETRY_AFTER_S)
