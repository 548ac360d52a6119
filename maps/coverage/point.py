"""What is known of broadband at a place that a person types or stands at, in words."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import QueryDict
from django.utils.translation import gettext as _

from geo.coverage import verdict, wording
from geo.gazetteer import find_place
from geo.points import GeoValueError, Position, parse_position
from maps.coverage.asking import LONGEST_PLACE


@dataclass(frozen=True)
class Told:
    """`check` leads to ARCEP's own map there. `found` is false where there is nothing to say of the place."""

    place: str
    sentence: str
    low: bool | None = None
    check: str = ""
    found: bool = True


def told(query: QueryDict) -> Told | None:
    """None where no place is asked about."""
    text = query.get("place", "").replace("\x00", "").strip()
    if text:
        return _of_text(text[:LONGEST_PLACE])
    if "lat" not in query and "lon" not in query:
        return None
    try:
        position = parse_position(query.get("lat", ""), query.get("lon", ""))
    except GeoValueError as error:
        return Told("", str(error), found=False)
    return _at(position, _("Ce point"))


def _of_text(text: str) -> Told:
    for place in find_place(text):
        if place.position is None:
            continue
        if place.kind == "commune":
            known = verdict.of_commune(place.code)
            return Told(place.name, wording.sentence(known), known.low, wording.arcep_map(place.position))
        return _at(place.position, place.name)
    return Told(
        text, _("Aucune commune et aucune adresse connue ne correspond. Essayez le nom d'une commune."), found=False
    )


def _at(position: Position, name: str) -> Told:
    known = verdict.at(position)
    if known is None:
        return Told(name, _("Ce point est hors de la région."), found=False)
    return Told(name, wording.sentence(known), known.low, wording.arcep_map(position))
