"""Where an address may be: what the address service finds, to choose from; kept with the registration."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from geo.geocoding import Candidate, Resolution, candidates
from geo.geocoding.parsing import candidate_from_json

MOST = 5
# Below this the words of another address fit nearly as well: it would only be in the way.
SCORE_AT_LEAST = 0.4


@dataclass(frozen=True, slots=True)
class Found:
    """What there is to choose from, best first. `away`: the address service did not answer, ask again later."""

    candidates: tuple[Candidate, ...] = ()
    away: bool = False

    def as_json(self) -> dict[str, Any]:
        """As kept with the registration."""
        return {"candidates": [one.as_json() for one in self.candidates], "away": self.away}


def look(street: str, postcode: str, commune: str) -> Found:
    """The places of that address in the commune (INSEE code). May wait for the service: never in a transaction."""
    if not street:
        return Found()
    found = candidates(street, postcode, commune)
    fitting = [one for one in found if one.precision != "commune" and one.score >= SCORE_AT_LEAST]
    return Found(tuple(fitting[:MOST]), found.degraded)


def found_from_json(kept: dict[str, Any]) -> Found:
    """The inverse of `Found.as_json`."""
    return Found(tuple(candidate_from_json(row) for row in kept.get("candidates", [])), bool(kept.get("away")))


def chosen(one: Candidate, commune: str) -> Resolution:
    """A candidate that the person chose."""
    return Resolution(
        position=one.position,
        precision=one.precision,
        score=one.score,
        source=one.source,
        label=one.label,
        type=one.type,
        commune=commune,
        resolved_at=timezone.now(),
    )
