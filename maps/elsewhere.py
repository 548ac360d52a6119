"""The same question about another place: a view of the map, a position, or what may be handed on to others."""

from __future__ import annotations

from dataclasses import replace

from directory.questions import Question
from directory.questions.asking import as_typed
from geo.gazetteer import Place, gazetteer
from geo.models import Commune
from geo.points import Position
from maps.chips import changed, search_href

SHARED_DECIMALS = 2  # about a kilometre


def elsewhere_href(question: Question) -> str:
    """The page of the question about no place, to which a view of the map is added."""
    nowhere = {"comes": False, "centre": None, "radius": None, "place": None, "place_text": "", "bbox": None}
    return search_href(changed(question, **nowhere, communes=(), epcis=(), departements=()))


def around_href(question: Question) -> str:
    """The page of the question about wherever a position, when it is added, will be: a radius that was asked stays."""
    elsewhere = elsewhere_href(question)
    kept = ["comes=1"] if question.comes else []
    if question.radius not in (None, question.usual_radius):
        kept.append(f"radius_km={question.radius.km:g}")
    return f"{elsewhere}{'&' if '?' in elsewhere else '?'}{'&'.join(kept)}" if kept else elsewhere


def shareable(question: Question) -> Question:
    """The question as it may be handed on: about the commune of a position, not about where somebody is.

    Outside of the communes that are known, the position is rounded.
    """
    if question.centre is None or question.place is not None:
        return question
    code = Commune.objects.containing(question.centre).values_list("pk", flat=True).first()
    entry = gazetteer().commune(code) if code else None
    if entry is None:
        lon, lat = question.centre.rounded(SHARED_DECIMALS)
        return replace(question, centre=Position(lon, lat))
    commune = Place("commune", entry.code, entry.name, entry.position, entry.departement, 1.0)
    text, place = as_typed(gazetteer(), commune)
    return replace(question, centre=place.position, place=place, place_text=text)
