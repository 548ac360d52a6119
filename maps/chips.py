"""The understood question, part by part, as links that change it: chips that drop a part, and ways to ask less."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from django.contrib.gis.measure import D
from django.urls import reverse
from django.utils.translation import gettext as _

from directory.questions import Question, Sort
from directory.vocabulary import vocabulary
from geo.gazetteer import Place, gazetteer
from maps import wording

WHAT = ("activities", "products", "labels", "services")
WIDER_KM = (25, 50, 100)


@dataclass(frozen=True)
class Link:
    text: str
    href: str


def search_href(question: Question | None) -> str:
    """The page of a question, in the active language; the home page where nothing is asked."""
    asked = question.query_string() if question is not None else ""
    return f"{reverse('maps:search')}?{asked}" if asked else reverse("maps:search")


def chips(question: Question) -> list[Link]:
    """Each part of the question; its link is the question without it."""
    found = []
    for field in WHAT:
        codes = getattr(question, field)
        for code, label in zip(codes, vocabulary().labels(codes, wording.language()), strict=True):
            rest = tuple(other for other in codes if other != code)
            found.append(Link(label, search_href(_from_first(question, **{field: rest}))))
    return found + _place_chips(question)


def _place_chips(question: Question) -> list[Link]:
    found = []
    if question.radius is not None:
        around = wording.around(question.place, question.radius.m)
        found.append(Link(around, search_href(_without_centre(question))))
    for field, name_of in _areas().items():
        codes = getattr(question, field)
        found += [Link(name_of(code), search_href(_without_area(question, field, code))) for code in codes]
    if question.bbox is not None:
        found.append(Link(_("Dans la zone de la carte"), search_href(_from_first(question, bbox=None))))
    return found


def _areas() -> dict[str, Callable[[str], str]]:
    """How the areas of each field are named."""
    ground = gazetteer()
    return {
        "communes": lambda code: entry.name if (entry := ground.commune(code)) else code,
        "epcis": lambda code: ground.epcis.get(code, code),
        "departements": lambda code: ground.departements.get(code, code),
    }


def _from_first(question: Question, **changes: Any) -> Question | None:
    """The changed question from its first result; None when it asks nothing any more."""
    changed = replace(question, **changes).without_page()
    return changed if changed.parameters() else None


def _without_centre(question: Question, **changes: Any) -> Question | None:
    sort = None if question.sort is Sort.DISTANCE else question.sort
    without = {"centre": None, "radius": None, "place": None, "place_text": "", "sort": sort}
    return _from_first(question, **without | changes)


def _without_area(question: Question, field: str, code: str) -> Question | None:
    changes: dict[str, Any] = {field: tuple(other for other in getattr(question, field) if other != code)}
    place = question.place
    if field == "departements" and place is not None and place.kind == "departement" and place.code == code:
        changes |= {"place": None, "place_text": ""}
    return _from_first(question, **changes)


def relaxations(question: Question) -> list[Link]:
    """Questions that ask less: a wider circle, the whole département, or without one of the things asked."""
    found = []
    if question.radius is not None:
        for radius in WIDER_KM:
            if radius > question.radius.km:
                wider = _from_first(question, radius=D(km=radius))
                found.append(Link(wording.around(question.place, radius * 1000), search_href(wider)))
        found += _whole_departement(question)
    for field in WHAT:
        codes = getattr(question, field)
        without = _from_first(question, **{field: ()}) if codes else None
        if without is not None:
            names = ", ".join(vocabulary().labels(codes, wording.language()))
            found.append(Link(_("Sans « {what} »").format(what=names), search_href(without)))
    return found


def _whole_departement(question: Question) -> list[Link]:
    code = question.place.departement if question.place else ""
    name = gazetteer().departements.get(code)
    if name is None:
        return []
    place = Place("departement", code, name, None, code, 1.0)
    whole = _without_centre(question, place=place, place_text=name, departements=(code,))
    return [Link(_("Tout le département : {name}").format(name=name), search_href(whole))]
