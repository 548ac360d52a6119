"""No dead ends: what to ask less of when nothing matches, and how many each choice gives.

Every count is the search's own. The least change comes first: without the words, which nobody may say, where other
things are asked too; a wider circle, a broader term, then a filter less, the place last: people want what is near.
Where no single change helps, two filters are dropped; failing that, ever more. When time is up, what was found is told.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import reduce
from itertools import chain, combinations, islice
from typing import Any, TypeVar

from django.contrib.gis.measure import D
from django.db import OperationalError, connection
from django.utils import timezone
from psycopg.errors import QueryCanceled

from directory import search
from directory.questions import DEFAULT_RADIUS, Question, Sort
from directory.search.matching import Piece, candidates, distance, filled, near_enough, opening, what
from directory.vocabulary import vocabulary

Answered = TypeVar("Answered")
MOST = 6
MOST_PAIRS = 30
# Beside an answer that took milliseconds.
BUDGET_S = 1.0
RADII_KM = (1, 2, 3, 5, 8, 10, 12, 15, 20, 25, 30, 40, 50, 60, 80, 100, 125, 150, 200)

# What may be dropped, by the parameter that asks it, those that people miss least first; and what is left of each.
WHAT: dict[str, dict[str, Any]] = {
    "text": {"text": ""},
    "season": {"season": None},
    "label": {"labels": ()},
    "service": {"services": ()},
    "comes": {"comes": False},
    "open": {"opening": None},
    "product": {"products": ()},
    "activity": {"activities": ()},
}
WHERE: dict[str, dict[str, Any]] = {
    "bbox": {"bbox": None},
    "commune": {"communes": ()},
    "epci": {"epcis": ()},
    "departement": {"departements": ()},
    "place": {"centre": None, "radius": None, "place": None, "place_text": ""},
}
FILTERS = WHAT | WHERE

# A match near the centre, along the index. Those without words come in the index's own order, in degrees, so that the
# first is about the nearest; that few are looked at, however many are closed.
NEAR = """
SELECT {distance} AS distance
FROM {candidates}
{opening}
WHERE {near_enough} AND {is_open}
LIMIT 1
"""
NEAREST_FIRST = "ORDER BY public_point <-> ST_SetSRID(ST_MakePoint(%s, %s), 4326) LIMIT 20000"


@dataclass(frozen=True, slots=True)
class Relaxation:
    """A question that asks less, and its exact total, which is not 0.

    One of the others says what was changed: the parameters dropped, the radius, or the broader code of a parameter.
    """

    question: Question
    count: int
    dropped: tuple[str, ...] = ()
    radius_km: int | None = None
    broader: Mapping[str, str] = field(default_factory=dict)


def relaxations(
    question: Question, now: datetime | None = None, clock: Callable[[], float] = time.monotonic
) -> list[Relaxation]:
    """Ways on from a question that nothing answers, the best first; empty where the catalogue is.

    `clock` tells seconds: no query begins later than BUDGET_S from now.
    """
    asking = _Asking(now or timezone.now(), clock, clock() + BUDGET_S)
    return list(islice(_in_time(_ways(question.without_page(), asking)), MOST))


class _TimeIsUp(Exception):  # noqa: N818
    pass


@dataclass(frozen=True, slots=True)
class _Asking:
    """Queries at one moment, while there is time. Raises _TimeIsUp."""

    now: datetime
    clock: Callable[[], float]
    until: float
    counts: dict[str, int] = field(default_factory=dict)

    def count(self, question: Question) -> int:
        key = question.query_string()
        if key not in self.counts:
            self.counts[key] = self.run(search.count, question)
        return self.counts[key]

    def run(self, query: Callable[[Question, datetime], Answered], question: Question) -> Answered:
        if self.clock() >= self.until:
            raise _TimeIsUp
        try:
            return query(question, self.now)
        except OperationalError as error:
            # PostgreSQL's own limit: the answer was found, and is no failure.
            if isinstance(error.__cause__, QueryCanceled):
                raise _TimeIsUp from error
            raise


def _in_time(ways: Iterator[Relaxation]) -> Iterator[Relaxation]:
    with suppress(_TimeIsUp):
        yield from ways


def _ways(question: Question, asking: _Asking) -> Iterator[Relaxation]:
    names = [name for name in FILTERS if _dropped(question, name) != question]
    singles = names if len(names) > 1 else []
    helped = False
    for way in chain(
        _without(question, [(name,) for name in singles if name == "text"], asking),
        _wider(question, asking),
        _broader(question, singles, asking),
        _without(question, [(name,) for name in singles if name != "text"], asking),
    ):
        helped = True
        yield way
    if not helped:
        pairs = sorted(combinations(names, 2), key=lambda pair: sum(name in WHERE for name in pair))
        for way in _without(question, pairs[:MOST_PAIRS], asking):
            helped = True
            yield way
    if not helped:
        ever_more = (tuple(names[:n]) for n in range(1, len(names) + 1))
        yield from islice(_without(question, ever_more, asking), 1)


def _without(question: Question, choices: Iterable[tuple[str, ...]], asking: _Asking) -> Iterator[Relaxation]:
    """The question without these parameters."""
    for names in choices:
        relaxed = reduce(_dropped, names, question)
        if total := asking.count(relaxed):
            yield Relaxation(relaxed, total, dropped=names)


def _dropped(question: Question, name: str) -> Question:
    """The question without a parameter. A département that `place` named is dropped with `place`, and no other is."""
    changes = dict(FILTERS[name])
    if question.comes and name in ("comes", "place"):  # who comes there goes with it, and so does how far from
        usual = DEFAULT_RADIUS if question.radius == question.usual_radius else question.radius
        changes |= {"comes": False, "radius": None if name == "place" else usual}
    place = question.place
    if place is not None and place.kind == "departement":
        if name == "departement":
            changes["departements"] = (place.code,)
        elif name == "place":
            changes["departements"] = tuple(code for code in question.departements if code != place.code)
    if (name, question.sort) in (("place", Sort.DISTANCE), ("text", Sort.RELEVANCE)):
        changes["sort"] = None
    return replace(question, **changes)


def _broader(question: Question, droppable: Iterable[str], asking: _Asking) -> Iterator[Relaxation]:
    """The nearest terms above the products asked for that anything holds, and above the activities.

    Not where it finds just what dropping them does: that is the simpler to say.
    """
    for name, part in (("product", "products"), ("activity", "activities")):
        codes = getattr(question, part)
        while (above := _parents(codes)) != codes:
            codes = above
            relaxed = _with_codes(question, part, codes)
            if total := asking.count(relaxed):
                if name not in droppable or asking.count(_dropped(question, name)) != total:
                    yield Relaxation(relaxed, total, broader={name: ",".join(codes)})
                break


def _with_codes(question: Question, part: str, codes: tuple[str, ...]) -> Question:
    changes: dict[str, Any] = {part: codes}
    return replace(question, **changes)


def _parents(codes: tuple[str, ...]) -> tuple[str, ...]:
    """Each term's parent, or itself at the top; without those that lie below another."""
    words = vocabulary()
    terms = [words.by_code[code] for code in codes]
    above = dict.fromkeys(words.by_id[term.path[min(1, term.depth)]] for term in terms)
    ids = {term.id for term in above}
    return tuple(term.code for term in above if ids.isdisjoint(term.path[1:]))


def _wider(question: Question, asking: _Asking) -> Iterator[Relaxation]:
    """A circle just wide enough for the nearest match."""
    if question.radius is None or question.radius.km >= RADII_KM[-1]:
        return
    reach = asking.run(_reach, question)
    if reach is None:
        return
    nearest = asking.run(search.answer, replace(_within(question, reach), sort=None, limit=1))
    if nearest.hits:
        radius = _rounded_up(nearest.hits[0].distance or 0.0, question.radius.km)
        relaxed = _within(question, radius)
        yield Relaxation(relaxed, asking.count(relaxed), radius_km=radius)


def _reach(question: Question, now: datetime) -> int | None:
    """A radius in km that holds a match; None where there is none as far as one may ask."""
    if question.text or question.comes:
        # Found by their words, or their areas, wherever they are.
        return RADII_KM[-1]
    built = near(question, now)
    with connection.cursor() as cursor:
        cursor.execute(built.sql, built.values)
        row = cursor.fetchone()
    return None if row is None else _rounded_up(row[0], 0.0)


def near(question: Question, now: datetime) -> Piece:
    """The statement that finds a match near the centre."""
    widest, opened = _within(question, RADII_KM[-1]), opening(question, now)
    columns = ", schedule_id" if opened else ""
    centre = () if question.centre is None else (question.centre.lon, question.centre.lat)
    return filled(
        NEAR,
        distance=distance(widest),
        candidates=candidates(widest, now, columns, what(question), Piece(NEAREST_FIRST, centre)),
        opening=opened,
        near_enough=near_enough(widest),
        is_open=Piece("hours.is_open" if opened else "true"),
    )


def _within(question: Question, radius_km: int) -> Question:
    return replace(question, radius=D(km=radius_km))


def _rounded_up(metres: float, above_km: float) -> int:
    """The first of the usual radii that reaches so far, and is wider than `above_km`."""
    return next(radius for radius in RADII_KM if radius * 1000 >= metres and radius > above_km)
