"""The understood question, part by part: chips that drop a part, or change it, each a link to another question."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.contrib.gis.measure import D
from django.urls import reverse
from django.utils.translation import gettext as _

from directory.facets import Facets
from directory.questions import DEFAULT_RADIUS, Question, Sort
from directory.questions.question import FIELDS
from directory.vocabulary import TermEntry, vocabulary
from geo.gazetteer import Place, gazetteer
from maps import wording
from maps.when import asked_opening, asked_season, other_openings

RADII_KM = (2, 5, 10, 20, 50)
MOST_NARROWER = 10


@dataclass(frozen=True)
class Link:
    """A question in words; `count` is what it gives, where that is known."""

    text: str
    href: str
    count: str = ""


@dataclass(frozen=True)
class Menu:
    """Other values of a part of the question."""

    title: str
    links: list[Link]


@dataclass(frozen=True)
class Chip:
    """A part of the question: `drop` is the question without it."""

    text: str
    drop: str
    menus: list[Menu] = field(default_factory=list)


def search_href(question: Question | None) -> str:
    """The page of a question, in the active language; the home page where nothing is asked."""
    asked = question.query_string() if question is not None else ""
    return f"{reverse('maps:search')}?{asked}" if asked else reverse("maps:search")


def changed(question: Question, **changes: Any) -> Question:
    """The question with other parts, from its first result; an order that has lost what it starts from is let go."""
    sort = changes.pop("sort", question.sort)
    parts = replace(question, sort=None, **changes).without_page()
    lost = (sort is Sort.DISTANCE and parts.centre is None) or (sort is Sort.RELEVANCE and not parts.text)
    return parts if lost else replace(parts, sort=sort)


def href_with(question: Question, **changes: Any) -> str:
    return search_href(changed(question, **changes))


def chips(question: Question, counts: Facets | None, now: datetime) -> list[Chip]:
    """Each part of the question, in the order of a sentence: what, where, when. `counts` are its facets, if known."""
    return [*_what(question, counts), *_where(question), *_when(question, now), *_words(question)]


# --- What ------------------------------------------------------------------------------------------------------------
def _what(question: Question, counts: Facets | None) -> Iterator[Chip]:
    for name, field_ in FIELDS.items():
        codes = getattr(question, field_)
        facets = (counts or {}).get(name)
        given = None if facets is None else {facet.code: facet.count for facet in facets}
        for code, label in zip(codes, vocabulary().labels(codes, wording.language()), strict=True):
            rest = tuple(other for other in codes if other != code)
            # With several codes a count would be another question's.
            menus = _terms(question, field_, code, given) if len(codes) == 1 else []
            yield Chip(label, href_with(question, **{field_: rest}), menus)


def _terms(question: Question, field_: str, code: str, given: dict[str, int] | None) -> list[Menu]:
    """The term above, and those just below that give something; without counts only the former is of use."""
    terms, term = vocabulary(), vocabulary().by_code[code]
    above = [terms.by_id[id_] for id_ in term.path[1:2]]
    below = [other for other in terms.terms if other.path[1:2] == (term.id,) and (given or {}).get(other.code)]
    below = sorted(below, key=lambda other: -(given or {})[other.code])[:MOST_NARROWER]
    menus = [
        Menu(title, [_term_link(question, field_, other, given) for other in others])
        for title, others in ((_("Plus précis"), below), (_("Plus large"), above))
    ]
    return [menu for menu in menus if menu.links]


def _term_link(question: Question, field_: str, term: TermEntry, given: dict[str, int] | None) -> Link:
    count = "" if given is None else wording.whole(given.get(term.code, 0))
    return Link(term.label(wording.language()), href_with(question, **{field_: (term.code,)}), count)


# --- Where -----------------------------------------------------------------------------------------------------------
def without_centre(question: Question, **changes: Any) -> Question:
    nowhere = {"comes": False, "centre": None, "radius": None, "place": None, "place_text": ""}
    return changed(question, **nowhere | changes)


def _where(question: Question) -> Iterator[Chip]:
    if question.comes:
        yield Chip(wording.comes(question.place), search_href(without_comes(question)))
    if question.radius is not None and not (question.comes and question.radius == question.usual_radius):
        around = wording.around(question.place, question.radius.m)
        yield Chip(around, search_href(without_centre(question)), _radii(question, question.radius))
    for field_, name_of in _areas().items():
        for code in getattr(question, field_):
            yield Chip(name_of(code), search_href(_without_area(question, field_, code)))
    if question.bbox is not None:
        yield Chip(_("Dans la zone de la carte"), href_with(question, bbox=None))


def without_comes(question: Question) -> Question:
    """The question whether they come or not, in the usual circle where none was asked."""
    whole = question.radius == question.usual_radius
    return changed(question, comes=False, radius=DEFAULT_RADIUS if whole else question.radius)


def _radii(question: Question, asked: D) -> list[Menu]:
    radii = [
        Link(f"{km}{wording.NBSP}km", href_with(question, radius=D(km=km)))
        for km in RADII_KM
        if D(km=km) != asked
    ]  # fmt: skip
    whole = whole_departement(question)
    area = [] if whole is None else [Link(name_of_departement(whole), search_href(whole))]
    return [Menu(_("À moins de"), radii), *([Menu(_("Plus large"), area)] if area else [])]


def whole_departement(question: Question) -> Question | None:
    """The same in all the département of the place around which it is asked."""
    code = question.place.departement if question.place else ""
    name = gazetteer().departements.get(code)
    if name is None:
        return None
    place = Place("departement", code, name, None, code, 1.0)
    return without_centre(question, place=place, place_text=name, departements=(code,))


def name_of_departement(question: Question) -> str:
    name = question.place.name if question.place else ""
    return _("Tout le département : {name}").format(name=name)


def _areas() -> dict[str, Callable[[str], str]]:
    """How the areas of each field are named."""
    ground = gazetteer()
    return {
        "communes": lambda code: entry.name if (entry := ground.commune(code)) else code,
        "epcis": lambda code: ground.epcis.get(code, code),
        "departements": lambda code: ground.departements.get(code, code),
    }


def _without_area(question: Question, field_: str, code: str) -> Question:
    changes: dict[str, Any] = {field_: tuple(other for other in getattr(question, field_) if other != code)}
    place = question.place
    if field_ == "departements" and place is not None and place.kind == "departement" and place.code == code:
        changes |= {"place": None, "place_text": ""}
    return changed(question, **changes)


# --- When, and in which words ----------------------------------------------------------------------------------------
def _when(question: Question, now: datetime) -> Iterator[Chip]:
    if question.opening is not None:
        others = [
            Link(asked_opening(other, now), href_with(question, opening=other))
            for other in other_openings(question.opening, now)
        ]
        said = asked_opening(question.opening, now)
        yield Chip(said, href_with(question, opening=None), [Menu(_("Plutôt"), others)])
    if question.season is not None:
        yield Chip(asked_season(question.season), href_with(question, season=None))


def _words(question: Question) -> Iterator[Chip]:
    if question.text:
        yield Chip(wording.quoted(question.text), href_with(question, text=""))
