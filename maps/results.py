"""An answer as a person reads it: the sentence, the list, its pages, and where the map finds the same answer."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import orjson
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from directory import search as reading
from directory.facets import facets
from directory.moderating.labels import PROTECTED
from directory.questions import Question
from directory.search import Answer, Hit
from directory.summary import summary
from directory.vocabulary import TermEntry, vocabulary
from geo.grid import bbox_text
from geo.points import DECIMALS, Bbox, Position
from maps import wording
from maps.backdrops import BACKDROPS, Backdrop
from maps.chips import Link, chips, href_with, search_href
from maps.elsewhere import elsewhere_href, shareable
from maps.filters import comes_here, groups, open_now
from maps.forms import Asked
from maps.outlines import extent_of
from maps.reach import Reach, ways_to_reach
from maps.ways_on import other_meanings, ways_on
from maps.when import State, season_badge, state

MOST_PRODUCTS = 6
DIRECTIONS = "https://www.openstreetmap.org/directions?route=%3B{lat}%2C{lon}"
ROOM = 0.05  # degrees around what is shown of an answer


@dataclass(frozen=True)
class Row:
    """One result. `matching` are the products that were asked for, said first; `more` counts those left unsaid."""

    id: int
    name: str
    href: str
    family: str
    activities: str
    matching: list[Product]
    others: str
    more: int
    distance: str
    commune: str
    address: str  # for paper; a sheet of its own says it on screen
    state: State
    labels: list[str]
    unconfirmed: str
    demo: bool
    rough: bool
    lon: float
    lat: float
    directions: str
    phone: str
    shop: str
    site: str


@dataclass(frozen=True)
class Product:
    name: str
    in_season: bool


@dataclass(frozen=True)
class MapQuestion:
    """Where the map finds what the answer has in a view, and the page of the same question about a view."""

    clusters: str
    merchants: str
    area: str
    within: str  # the question's own box
    extent: str  # of the départements that were asked, or the région
    refined: bool  # whether the answer lies in some part of it
    total: int
    families: str  # those asked for, which pins show before others
    centre: Position | None
    radius_m: int | None
    backdrops: tuple[Backdrop, ...] = BACKDROPS


def answer_context(asked: Asked, now: datetime) -> dict[str, Any]:
    """All that the page of an answer shows."""
    answer = reading.answer(asked.question, now)
    counts = facets(asked.question, now) if answer.total else None
    parts = chips(asked.question, counts, now)
    return {
        "answer": answer,
        "chips": parts,
        "question_title": " · ".join(part.text for part in parts) or _("Toutes les adresses"),
        "comes_here": comes_here(asked.question, answer.total, now),
        "open_now": open_now(asked.question, counts, answer.total) if answer.total else None,
        "filters": groups(asked.question, counts, answer.total) if answer.total else [],
        "other_meanings": other_meanings(asked.question, asked.understood) if asked.understood else [],
        "passed_over": asked.understood.passed_over if asked.understood else (),
        "ways_on": [] if answer.total else ways_on(asked.question, now),
        "without_hours": href_with(asked.question, opening=None),
        "exports": exports(asked.question),
        "map": map_question(answer),
        "canonical_query": shareable(asked.question).query_string(),
        "own_query": own_query(asked),
        "from_here": asked.question.centre is not None and asked.question.place is None,
        **page_context(answer, now),
    }


def own_query(asked: Asked) -> str:
    """For the same person in the other language: their position stays, and so do words that ask for it."""
    return asked.query.urlencode(safe=",") if asked.needs_position else asked.question.query_string()


def page_context(answer: Answer, now: datetime) -> dict[str, Any]:
    """The sentence, and the page of the list."""
    question = answer.question
    rows = rows_of(answer, now)
    last = question.offset + len(rows)
    sentence = summary(answer, wording.language())
    return {
        "sentence": sentence,
        "meanwhile": sentence[:1].lower() + sentence[1:],
        "rows": rows,
        "season_badge": season_badge(question.season),
        "shows_demo": any(shown.demo for shown in rows),
        "span": wording.span(question.offset + 1, last, answer.total) if rows else "",
        "start": question.offset + 1,
        "page_number": question.offset // question.limit + 1,
        "next": search_href(answer.next) if answer.next else "",
        "previous": search_href(answer.previous) if answer.previous else "",
        "first": search_href(question.page(0)),
    }


def rows_of(answer: Answer, now: datetime) -> list[Row]:
    """The page's rows; how to reach their merchants is one query for all of them."""
    cards = [orjson.loads(hit.card) for hit in answer.hits]
    reached = ways_to_reach([hit.id for hit in answer.hits])
    return [row(hit, card, reached[hit.id], answer.question, now) for hit, card in zip(answer.hits, cards, strict=True)]


def row(hit: Hit, card: dict[str, Any], reached: Reach, question: Question, now: datetime) -> Row:
    """One hit as a row of the list."""
    words = vocabulary()
    language = wording.language()
    asked = {words.by_code[code].id for code in question.products}
    month = question.season or localtime(now).month
    in_season = {code for code, months in card["seasons"].items() if is_in_season(months, month)}
    matching = [code for code in card["products"] if words.is_below(code, asked)]
    if question.season is not None and not asked:
        matching = [code for code in card["products"] if code in in_season]
    others = [code for code in card["products"] if code not in matching]
    room = max(0, MOST_PRODUCTS - len(matching))
    family = family_of(card["activities"], question.activities)
    rough = card["pin"]["precision"] == "commune"
    lon, lat = hit.position.rounded(DECIMALS)
    return Row(
        id=hit.id,
        name=card["name"],
        href=sheet_href(card["url"]),
        family=family.code if family else "",
        activities=", ".join(words.labels(card["activities"], language)),
        matching=_products(matching, in_season, language),
        others=", ".join(words.labels(others[:room], language)),
        more=len(others[room:]),
        distance=wording.distance(hit.distance, rough),
        commune=card["commune"]["name"],
        address=card["address"] or "",
        state=state(hit.open_now, hit.changes_at, now),
        labels=_labels(card["labels"], reached.verified, language),
        unconfirmed=wording.unconfirmed(reached.stale_since),
        demo=card["demo"],
        rough=rough,
        lon=lon,
        lat=lat,
        directions=directions(hit.position),
        phone=reached.phone,
        shop=reached.shop,
        site=reached.site,
    )


def _labels(codes: list[str], verified: Collection[str], language: str) -> list[str]:
    """A label that the law protects is only "declared" until somebody has verified it."""
    names = zip(codes, vocabulary().labels(codes, language), strict=True)
    declared = _("{label} (déclaré)")
    return [declared.format(label=name) if code in PROTECTED and code not in verified else name for code, name in names]


def _products(codes: list[str], in_season: set[str], language: str) -> list[Product]:
    """The products, those in their season first."""
    labels = zip(codes, vocabulary().labels(codes, language), strict=True)
    return sorted(
        (Product(label, code in in_season) for code, label in labels), key=lambda product: not product.in_season
    )


def is_in_season(months: Sequence[int], month: int) -> bool:
    """Whether a month lies from the first to the last, over the new year too. All the year is no season."""
    first, last = months
    return (month - first) % 12 <= (last - first) % 12 < 11


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


def map_question(answer: Answer) -> MapQuestion:
    """Its box, its order and its page are left to the map. Who comes from anywhere is shown where they are."""
    question, total = answer.question, answer.total
    centre = None if question.comes else question.centre
    asked = replace(question, bbox=None, sort=None).without_page().query_string()
    box = question.bbox
    return MapQuestion(
        clusters=f"{reverse('api:clusters')}?{asked}".removesuffix("?"),
        merchants=f"{reverse('api:merchants')}?{asked}".removesuffix("?"),
        area=elsewhere_href(question),
        within="" if box is None else bbox_text(box),
        extent=bbox_text(_around(answer) if question.comes else Bbox(*extent_of(question.departements))),
        refined=bool(question.communes or question.epcis),
        total=total,
        families=" ".join(family.code for family in families_of(question.activities)),
        centre=centre,
        radius_m=None if question.radius is None or centre is None else round(question.radius.m),
    )


def _around(answer: Answer) -> Bbox:
    """A box around the centre and the page's results, with some room."""
    centre = answer.question.centre
    points = [(hit.lon, hit.lat) for hit in answer.hits] + ([(centre.lon, centre.lat)] if centre else [])
    lons, lats = zip(*points, strict=True)
    return Bbox(min(lons) - ROOM, min(lats) - ROOM, max(lons) + ROOM, max(lats) + ROOM)
