"""What a plain page leads to: what is there by activity and product, places beside it or within it, each counted."""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib.gis.measure import D
from django.utils.translation import gettext as _

from directory import search, tallies
from directory.facets import MOST, Facet, Facets
from directory.questions import Question
from directory.questions.question import FIELDS
from directory.search import Answer
from directory.vocabulary import TermEntry, vocabulary
from geo.gazetteer import CommuneEntry, Place, gazetteer
from maps import wording
from maps.chips import Link, href_with, search_href
from maps.plain.subjects import commune_path, in_the_departement, term_path
from maps.platforms.cards import links as platform_links

MOST_TERMS = 12
# So many of the nearest communes are looked at, and so many of those that have something are named.
MOST_LOOKED_AT, MOST_NEIGHBOURS = 30, 12
MOST_TOWNS = 18
# How far to look for something around a commune that has nothing, in km, and how many of it to show.
FARTHER_KM = (10, 30, 100)
MOST_NEAR = 5


@dataclass(frozen=True)
class Section:
    """Links under a heading, each with what it gives where that is known."""

    title: str
    links: list[Link]


def platforms(question: Question) -> Section:
    return Section(_("Plateformes"), platform_links(question))


def filled(sections: Iterable[Section]) -> list[Section]:
    return [section for section in sections if section.links]


# --- Terms -----------------------------------------------------------------------------------------------------------
def offered(question: Question, counts: Facets | None, *dimensions: str) -> list[Section]:
    """What is there, by activity and by product, those that most have first; each link asks it here."""
    titles = {"activity": _("Par activité"), "product": _("Par produit")}
    found = []
    for name in dimensions:
        facets = _telling((counts or {}).get(name) or [])[:MOST_TERMS]
        links = [_asked_too(question, vocabulary().by_code[facet.code], facet.count) for facet in facets]
        found.append(Section(titles[name], links))
    return found


def _telling(facets: Sequence[Facet]) -> list[Facet]:
    """Those that something is. Of a term and one right below it that as many have, the latter says more."""
    words = vocabulary()
    said = {(words.by_code[facet.code].path[1:2], facet.count) for facet in facets}
    return [
        facet
        for facet in facets
        if facet.count and ((words.by_code[facet.code].id,), facet.count) not in said
    ]  # fmt: skip


def _asked_too(question: Question, term: TermEntry, count: int) -> Link:
    href = href_with(question, **{FIELDS[term.dimension]: (term.code,)})
    return Link(term.label(wording.language()), href, wording.whole(count))


def narrower(term: TermEntry, counts: Facets | None) -> Section:
    """The terms right below; where that is known, only those that something is, those that most are first."""
    below = [other for other in vocabulary().of(term.dimension) if other.path[1:2] == (term.id,)]
    facets = (counts or {}).get(term.dimension)
    links = [Link(other.label(wording.language()), term_path(other)) for other in below]
    if facets is not None:
        given = {facet.code: facet.count for facet in facets}
        known = sorted((other for other in below if given.get(other.code)), key=lambda other: -given[other.code])
        links = [
            Link(other.label(wording.language()), term_path(other), wording.whole(given[other.code])) for other in known
        ]
    return Section(_("Plus précis"), links)


def by_departement(question: Question, total: int) -> Section:
    """The question in each département; beyond what is counted elsewhere on the page, without counts."""
    codes = list(gazetteer().departements)
    counts = tallies.in_places(codes, question) if total <= MOST else None
    return Section(
        _("Par département"),
        [
            Link(
                gazetteer().departements[code],
                search_href(in_the_departement(question, code)),
                "" if counts is None else wording.whole(counts[code]),
            )
            for code in codes
            if counts is None or counts[code]
        ],
    )


# --- Communes --------------------------------------------------------------------------------------------------------
def neighbours(entry: CommuneEntry) -> Section:
    """The nearest other communes that have something."""
    nearest = heapq.nsmallest(MOST_LOOKED_AT + 1, gazetteer().entries, key=lambda other: _gap(entry, other))
    return Section(_("Aux alentours"), _counted(nearest[1:])[:MOST_NEIGHBOURS])


def _gap(one: CommuneEntry, other: CommuneEntry) -> float:
    """Distance in degrees of latitude on a plane about the one: it orders neighbours, and measures nothing."""
    east = (other.position.lon - one.position.lon) * math.cos(math.radians(one.position.lat))
    return math.hypot(east, other.position.lat - one.position.lat)


def largest_towns(departement: str) -> Section:
    """The most populous communes of a département, those that have something."""
    towns = [entry for entry in gazetteer().entries if entry.departement == departement]
    return Section(_("Principales communes"), _counted(towns[:MOST_TOWNS]))


def _counted(entries: Sequence[CommuneEntry]) -> list[Link]:
    counts = tallies.in_places([entry.code for entry in entries])
    return [
        Link(entry.name, commune_path(entry), wording.whole(counts[entry.code]))
        for entry in entries
        if counts[entry.code]
    ]  # fmt: skip


def nearest_elsewhere(entry: CommuneEntry, now: datetime) -> Answer | None:
    """The nearest points of sale of a commune that has none; None where the région has nothing far and wide."""
    name = f"{entry.postcodes[0]} {entry.name}" if entry.postcodes else entry.name
    place = Place("commune", entry.code, entry.name, entry.position, entry.departement, 1.0)
    for radius in FARTHER_KM:
        question = Question(centre=entry.position, radius=D(km=radius), place=place, place_text=name, limit=MOST_NEAR)
        found = search.answer(question, now)
        if found.total:
            return found
    return None
