"""Facets: for each code, how many the question would give with that parameter set to that code alone.

One pass counts them all. A point of sale that meets everything asked counts for all its codes; one that misses a single
parameter counts for the codes of that parameter, since setting it anew would find it. So those that miss at most one
are enumerated once, and their terms, which hold every ancestor, are counted by what they miss.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import connection
from django.utils import timezone

from directory.clusters.totals import totals, totals_of
from directory.hours import state
from directory.models.cluster import ALL
from directory.places import VOCABULARY_IDS_BELOW
from directory.questions import Now, Question
from directory.questions.opening import span
from directory.search.matching import (
    IN_SEASON,
    MONTHS,
    TERMS_ALONE,
    TERMS_WITH_POINT,
    Piece,
    alternatives,
    candidates,
    filled,
    in_month,
    is_boundless,
    joined,
    month_of,
    near_enough,
    only_term,
    opening,
    place_groups,
    root_products,
    term_groups,
)
from directory.vocabulary import DIMENSIONS, vocabulary

# More points of sale than this are not looked at.
MOST = 50_000
OPEN = "open"

COUNT = """
WITH seen AS MATERIALIZED (
    SELECT terms, seasons, schedule_id, missed[1] AS missed
    FROM (
        SELECT terms, {seasons} AS seasons, schedule_id, array_remove(ARRAY[{misses}]::text[], NULL) AS missed
        FROM {candidates}
        {opening}
        WHERE {near_enough}
    ) AS looked_at
    WHERE cardinality(missed) <= {most_missed}
    LIMIT {most} + 1
), number AS MATERIALIZED (
    SELECT count(*) AS n FROM seen
)
SELECT 'seen', NULL, NULL, n FROM number
UNION ALL
SELECT 'terms', missed, term, count(*)
FROM (SELECT missed, unnest(terms) AS term FROM seen WHERE (SELECT n FROM number) <= {most}) AS held
WHERE term < {places}
GROUP BY missed, term
UNION ALL
SELECT 'seasons', missed, month / {months}, count(*)
FROM (SELECT missed, unnest(seasons) AS month FROM seen WHERE (SELECT n FROM number) <= {most}) AS held
WHERE mod(month, {months}) = {month}
GROUP BY missed, month
UNION ALL
SELECT 'open', missed, NULL, count(*)
FROM seen {now}
WHERE (SELECT n FROM number) <= {most} AND hours.is_open
GROUP BY missed
"""


@dataclass(frozen=True, slots=True)
class Facet:
    """A value of a parameter, and how many the question would give with it alone."""

    code: str
    count: int


# By parameter: the codes that would give something, most first; None where there is too much to count.
Facets = dict[str, list[Facet] | None]


def facets(question: Question, now: datetime | None = None) -> Facets | None:
    """What each code of each vocabulary, and `open=now`, would give; None where more than MOST are to be looked at.

    Where only those that meet everything asked are few enough, they tell of the parameters that are not asked. Where
    one parameter is asked at most, what any code of it would give alone is known for the whole catalogue.
    """
    now = now or timezone.now()
    seen, matching = _expected(question)
    found = _counted(question, now, most_missed=1) if seen <= MOST else None
    if found is not None:
        return found
    asked = set(_tests(question, now))
    told = _counted(question, now, most_missed=0) if asked and matching <= MOST else None
    whole = _of_everything(question) or {}
    merged = {name: whole.get(name) if told is None or name in asked else told[name] for name in (*DIMENSIONS, OPEN)}
    return merged if any(counts is not None for counts in merged.values()) else None


def _expected(question: Question) -> tuple[int, int]:
    """How many miss one parameter at most, and how many none, where that is known without looking: else 0, 0."""
    term = only_term(question) if question.bbox is None else None
    if term is None:
        return 0, 0
    wider = term if term >= VOCABULARY_IDS_BELOW else ALL
    found = totals_of([wider, term])
    return found[wider], found[term]


def _of_everything(question: Question) -> Facets | None:
    """Facets that the totals of the catalogue tell; None where they tell nothing, since a place or a time is asked."""
    asked = _asked(question)
    if not is_boundless(question) or any(place_groups(question)) or len(asked) > 1:
        return None
    by_id, counts = vocabulary().by_id, {name: Counter[str]() for name in (asked or DIMENSIONS)}
    for term_id, n in totals().items():
        term = by_id.get(term_id)
        if term is not None and term.dimension in counts:
            counts[term.dimension][term.code] = n
    return _sorted(counts)


def _counted(question: Question, now: datetime, most_missed: int) -> Facets | None:
    built = statement(question, now, most_missed)
    with connection.cursor() as cursor:
        cursor.execute(built.sql, built.values)
        rows = cursor.fetchall()
    counts: dict[str, Counter[str]] = {name: Counter() for name in (*DIMENSIONS, OPEN)}
    by_id = vocabulary().by_id
    for kind, missed, term_id, n in rows:
        if kind == "seen":
            if n > MOST:
                return None
            continue
        name, code = (OPEN, "now") if kind == "open" else (by_id[term_id].dimension, by_id[term_id].code)
        of_season = name == "product" and question.season is not None
        if missed in (None, name) and of_season == (kind == "seasons"):
            counts[name][code] += n
    return _sorted(counts)


def _sorted(counts: dict[str, Counter[str]]) -> Facets:
    """Most first, then in the order of the vocabulary."""
    place = {term.code: number for number, term in enumerate(vocabulary().terms)}
    return {
        name: [Facet(code, n) for code, n in sorted(found.items(), key=lambda item: (-item[1], place.get(item[0], 0)))]
        for name, found in counts.items()
    }


def statement(question: Question, now: datetime, most_missed: int) -> Piece:
    """The SQL that counts; `most_missed` is 1, or 0 to look only at those that meet everything asked."""
    tests = _tests(question, now)
    opened = opening(question, now)
    of_season = question.season is not None
    misses = [Piece(f"CASE WHEN {test.sql} THEN NULL ELSE '{name}' END", test.values) for name, test in tests.items()]
    # Any product in its season will do: which of them is asked is one of the tests.
    looked_at = replace(question, products=())
    return filled(
        COUNT,
        seasons=Piece("seasons" if of_season else "NULL::int[]"),
        misses=joined(misses, ", "),
        candidates=candidates(looked_at, now, ", terms, schedule_id", _what(question, most_missed)),
        opening=opened,
        near_enough=near_enough(question),
        most_missed=Piece(str(most_missed)),
        most=Piece(str(MOST)),
        places=Piece(str(VOCABULARY_IDS_BELOW)),
        months=Piece(str(MONTHS)),
        month=Piece(str(month_of(question, now))),
        now=Piece(state.DURING, span(Now(), now)),
    )


def _asked(question: Question) -> dict[str, list[int]]:
    """The terms asked for, by parameter."""
    return term_groups(replace(question, season=None))


def _tests(question: Question, now: datetime) -> dict[str, Piece]:
    """Whether a point of sale meets each parameter that is asked."""
    tests = {name: Piece(TERMS_ALONE, (group,)) for name, group in _asked(question).items()}
    if question.season is not None and question.products:
        tests["product"] = Piece(IN_SEASON, (in_month(_asked(question)["product"], month_of(question, now)),))
    if question.opening is not None:
        tests[OPEN] = Piece("hours.is_open")
    return tests


def _what(question: Question, most_missed: int) -> Piece:
    """The places asked for, and all of the other groups of terms but one, whichever; a season needs a product."""
    required = list(place_groups(question))
    if question.season is not None:
        required.append(root_products())
    asked = list(_asked(question).values())
    ways = [[*asked[:n], *asked[n + 1 :]] for n in range(len(asked))] if most_missed and asked else [asked]
    if question.circle is None and question.bbox is None:
        each = [Piece(TERMS_ALONE, (group,)) for group in required]
        any_way = [joined(_alone(way), " AND ") for way in ways]
        if all(any_way):
            some = joined(any_way, ") OR (")
            each.append(Piece(f"(({some.sql}))", some.values))
        return joined(each, " AND ")
    each_way = ["&".join(map(alternatives, way)) for way in ways]
    said = [*map(alternatives, required), *([f"(({')|('.join(each_way)}))"] if all(each_way) else [])]
    return Piece(TERMS_WITH_POINT, ("&".join(said),)) if said else Piece("")


def _alone(groups: Iterable[list[int]]) -> Iterator[Piece]:
    return (Piece(TERMS_ALONE, (group,)) for group in groups)
