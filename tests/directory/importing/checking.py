"""One row checked on its own: what it becomes with some cells changed."""

from __future__ import annotations

from directory.importing.candidates import Candidate, Refusal
from directory.importing.mapping import load
from directory.importing.reading import Row
from directory.importing.validating import Validator
from directory.vocabulary import vocabulary
from geo.gazetteer import gazetteer
from tests.directory.importing.conftest import row

FIELD = {
    "siret": "siret", "nom": "name", "adresse": "street", "code_postal": "postcode", "commune": "commune",
    "lat_lon": "lat_lon", "activites": "activities",
}  # fmt: skip


def check(mapping: str = "alimconfiance", **cells: str) -> Candidate | Refusal:
    """What one sound row becomes with these cells changed; cells are named as fields."""
    sound = {FIELD[header]: value for header, value in row().items()}
    (result,) = Validator(load(mapping), vocabulary(), gazetteer()).check([Row(2, sound | cells)])
    return result


def taken(**cells: str) -> Candidate:
    result = check(**cells)
    assert isinstance(result, Candidate), result
    return result


def refused(**cells: str) -> Refusal:
    result = check(**cells)
    assert isinstance(result, Refusal), result
    return result


def codes(candidate: Candidate) -> list[str]:
    return [note.code for note in candidate.notes]
