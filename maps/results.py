"""An answer as a person reads it: the sentence, the list, its pages, and where the map finds the same answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import orjson
from django.urls import reverse
from django.utils.translation import gettext as _

from directory.api.parameters import MOST_RESULTS
from directory.questions import Question
from directory.search import Answer, Hit
from directory.summary import summary
from directory.vocabulary import TermEntry, vocabulary
from geo.points import DECIMALS, Position
from maps import wording
from maps.chips import Link, chips, relaxations, search_href

MOST_PRODUCTS = 6
DIRECTIONS = "https://www.openstreetmap.org/directions?route=%3B{lat}%2C{lon}"


@dataclass(frozen=True)
class Row:
    """One result. `matching` are the products that were asked for, said first; `more` counts those left unsaid."""

    id: int
    name: str
    href: str
    family: str
    activities: str
    matching: str
    others: str
    more: int
    distance: str
    commune: str
    address: str  # for paper; a sheet of its own says it on screen
    labels: list[str]
    demo: bool
    rough: bool
    directions: str


@dataclass(frozen=True)
class MapQuestion:
    """Where the map finds the answer's points: as many as one request gives, among them those of the page."""

    features: str
    families: str  # those asked for, which pins show before others
    centre: Position | None
    radius_m: int | None


def answer_context(answer: Answer) -> dict[str, Any]:
    """All that the page of an answer shows."""
    question = answer.question
    rows = [row(hit, question) for hit in answer.hits]
    parts = chips(question)
    last = question.offset + len(rows)
    return {
        "answer": answer,
        "sentence": summary(answer, wording.language()),
        "chips": parts,
        "question_title": " · ".join(part.text for part in parts) or _("Toutes les adresses"),
        "rows": rows,
        "shows_demo": any(shown.demo for shown in rows),
        "span": wording.span(question.offset + 1, last, answer.total) if rows else "",
        "start": question.offset + 1,
        "page_number": question.offset // question.limit + 1,
        "next": search_href(answer.next) if answer.next else "",
        "previous": search_href(answer.previous) if answer.previous else "",
        "first": search_href(question.page(0)),
        "relaxations": relaxations(question) if not answer.total else [],
        "exports": exports(question),
        "map": map_question(question),
        "canonical_query": question.query_string(),
    }


def row(hit: Hit, question: Question) -> Row:
    """One hit as a row of the list."""
    card = orjson.loads(hit.card)
    words = vocabulary()
    language = wording.language()
    asked = {words.by_code[code].id for code in question.products}
    matching = [code for code in card["products"] if words.is_below(code, asked)]
    others = [code for code in card["products"] if code not in matching]
    room = max(0, MOST_PRODUCTS - len(matching))
    family = family_of(card["activities"], question.activities)
    rough = card["pin"]["precision"] == "commune"
    return Row(
        id=hit.id,
        name=card["name"],
        href=sheet_href(card["url"]),
        family=family.code if family else "",
        activities=", ".join(words.labels(card["activities"], language)),
        matching=", ".join(words.labels(matching, language)),
        others=", ".join(words.labels(others[:room], language)),
        more=len(others[room:]),
        distance=wording.distance(hit.distance, rough),
        commune=card["commune"]["name"],
        address=card["address"] or "",
        labels=words.labels(card["labels"], language),
        demo=card["demo"],
        rough=rough,
        directions=directions(hit.position),
    )


def directions(position: Position) -> str:
    """A route to the position, on OpenStreetMap's site."""
    lon, lat = position.rounded(DECIMALS)
    return DIRECTIONS.format(lat=lat, lon=lon)


def family_of(activities: Sequence[str], asked: Sequence[str] = ()) -> TermEntry | None:
    """What the pin's shape says: the top of the tree above an activity, of one asked for if there is one."""
    found = families_of(activities)
    wanted = families_of(asked)
    return next((family for family in found if family in wanted), found[0] if found else None)


def families_of(activities: Sequence[str]) -> list[TermEntry]:
    words = vocabulary()
    return [words.by_id[words.by_code[code].path[-1]] for code in activities if code in words.by_code]


def sheet_href(url: str) -> str:
    """A card's `url` in the active language."""
    return reverse("maps:search").removesuffix("/") + url


def exports(question: Question) -> list[Link]:
    """The same question in other clothes."""
    asked = question.without_page().query_string()
    return [
        Link(text, f"{reverse(name)}?{asked}".removesuffix("?"))
        for text, name in (
            ("CSV", "api:merchants_csv"),
            ("GeoJSON", "api:merchants_geojson"),
            ("API", "api:merchants"),
        )
    ]


def map_question(question: Question) -> MapQuestion:
    start = question.offset - question.offset % MOST_RESULTS
    features = replace(question, limit=MOST_RESULTS, offset=start).query_string()
    radius = None if question.radius is None else round(question.radius.m)
    asked = " ".join(family.code for family in families_of(question.activities))
    return MapQuestion(f"{reverse('api:merchants')}?{features}", asked, question.centre, radius)
