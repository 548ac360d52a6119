"""What was understood of plain words, as the parts of a Question."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from functools import lru_cache
from typing import Any

from django.contrib.gis.measure import D

from directory.questions.interpretation import Alternative, Interpretation
from directory.questions.lexicon import Meaning
from directory.questions.question import ANY_RADIUS, DEFAULT_RADIUS, FIELDS, Question
from geo.gazetteer import Gazetteer, Place, gazetteer
from geo.points import Position

Parts = dict[str, Any]


def parts_of(understood: Interpretation, position: Position | None = None) -> Parts:
    """The parts of the question that was understood, only those that were said.

    `position` is where the person is, for "near me"; without it the answer ignores that part.
    """
    parts: Parts = {field: codes for field in FIELDS.values() if (codes := getattr(understood, field))}
    said = {"text": understood.text, "opening": understood.opening, "season": understood.season}
    parts |= {name: value for name, value in said.items() if value not in (None, "")}
    if understood.place is not None:
        parts |= _place_parts(understood.place, understood.place_text)
    elif understood.here and position is not None:
        parts["centre"] = position
    if understood.comes and "centre" in parts:
        parts["comes"] = True
    if understood.radius_km is not None:
        parts["radius"] = D(m=round(understood.radius_km * 1000, 3))
    return parts


def question_of(understood: Interpretation, position: Position | None = None) -> Question:
    """The question that was understood."""
    parts = parts_of(understood, position)
    if "centre" in parts:
        parts.setdefault("radius", ANY_RADIUS if understood.comes else DEFAULT_RADIUS)
    else:
        parts.pop("radius", None)
    return Question(**parts)


def without(parts: Parts, dropped: Collection[str]) -> Parts:
    """The parts but for those that the person said otherwise."""
    return {name: value for name, value in parts.items() if name not in dropped}


def with_alternative(understood: Interpretation, other: Alternative) -> Interpretation:
    """The interpretation in which some words mean the other thing."""
    changes: dict[str, Any] = {}
    if isinstance(other.instead_of, Meaning):
        field, code = FIELDS[other.instead_of.dimension], other.instead_of.code
        changes[field] = tuple(held for held in getattr(understood, field) if held != code)
    else:
        changes["place"] = None
    if isinstance(other.meaning, Meaning):
        field = FIELDS[other.meaning.dimension]
        changes[field] = (*changes.get(field, getattr(understood, field)), other.meaning.code)
    else:
        changes |= {"place": other.meaning, "here": False}
    return replace(understood, **changes)


def _place_parts(place: Place, typed: str) -> Parts:
    text, found = (typed, place) if typed else as_typed(gazetteer(), place)
    if found.position is None:
        return {"place": found, "place_text": text, "departements": (found.code,)}
    return {"place": found, "place_text": text, "centre": found.position}


@lru_cache(maxsize=4096)
def as_typed(places: Gazetteer, place: Place) -> tuple[str, Place]:
    """A text that names just this place when it is typed as `place`, and the place as it is then found.

    Some communes of a région bear another's name: their département or postcode tells them apart.
    """
    texts = [place.code] if place.kind == "postcode" else [place.name]
    if (entry := places.commune(place.code)) is not None and place.kind == "commune":
        texts += [f"{place.name} ({entry.departement})", *(f"{code} {place.name}" for code in entry.postcodes)]
    for text in texts:
        found = places.find(text, limit=1)
        if found and (found[0].kind, found[0].code) == (place.kind, place.code):
            return text, found[0]
    return place.name, place
