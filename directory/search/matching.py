"""What matches, as SQL: the pieces that every statement of the search is put together from.

They stand here as constants; a question chooses among them and gives values as parameters, in the order in which they
stand in the statement. The plans are pinned in tests/plans.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from directory.hours import state
from directory.models.cluster import ALL
from directory.places import place_term
from directory.questions import THIS_MONTH, Question
from directory.questions.opening import local_zone, span
from directory.text import text_condition
from directory.vocabulary import vocabulary
from geo.plane import Plane
from geo.points import Bbox

# Where. The box goes to the index; the circle itself is a plain filter, so that there is one indexable test only (two
# of them made PostgreSQL combine bitmaps: 9.3 ms against 2.2). The index keeps coordinates in single precision, hence
# the exact comparison for a box too.
IN_BOX = "public_point && ST_MakeEnvelope(%s, %s, %s, %s, 4326)"
EXACTLY_IN_BOX = "ST_X(public_point) BETWEEN %s AND %s AND ST_Y(public_point) BETWEEN %s AND %s"
# Metres along the WGS 84 ellipsoid; 1.3 µs a point, against 2.6 through geography.
DISTANCE = "ST_DistanceSpheroid(public_point, ST_SetSRID(ST_MakePoint(%s, %s), 4326))"
# Metres on the plane about the centre (geo.plane), a tenth of that: the ellipsoid is asked only of points that lie so
# near the circle that the plane does not tell on which side, and of the page.
NEAR = ", point(ST_X(public_point) * %s, ST_Y(public_point) * %s) <-> point(%s, %s) AS near, public_point"
IN_CIRCLE = "CASE WHEN near < %s THEN true WHEN near <= %s THEN {distance} <= %s ELSE false END"
# The widest box, in square degrees (some 70 km across), that is thought to hold fewer entries than a word does.
NARROW = 0.6

# What. `@@` is known only to the GiST index over (point, terms), the core's `&&` only to the GIN index over terms: the
# operator chooses the plan, not the planner's estimates.
TERMS_WITH_POINT = "terms @@ %s::query_int"
TERMS_ALONE = "terms OPERATOR(pg_catalog.&&) %s::int[]"

# Entries are found by where and what, and looked at one by one; OFFSET 0 keeps each part a scan of its own.
BY_ENTRY = """(
        SELECT id{near}{columns}
        FROM directory_search_entry
        WHERE {where}
        {fence}
    ) AS candidate"""
# Words and seasons stand beside the entries, in a table that is looked up by the same key.
WITH_DETAIL = """
    CROSS JOIN LATERAL (
        SELECT {rank} AS rank, seasons
        FROM directory_search_detail AS detail
        WHERE detail.id = candidate.id AND {said}
        OFFSET 0
    ) AS detail"""
# Where words or the season are the more telling, they are found first, and their entries looked up.
BY_DETAIL = """(
        SELECT id, {rank} AS rank, seasons
        FROM directory_search_detail AS detail
        WHERE {said}
        OFFSET 0
    ) AS detail
    CROSS JOIN LATERAL (
        SELECT id{near}{columns}
        FROM directory_search_entry
        WHERE id = detail.id AND {where}
        OFFSET 0
    ) AS candidate"""
# Where traders are asked for who come to the centre: their areas are found first, and their entries looked up.
BY_AREA = """(
        SELECT here, ARRAY(SELECT code::text FROM geo_commune WHERE ST_Covers(contour, here)) AS here_in
        FROM (SELECT {centre} AS here) AS point
        OFFSET 0
    ) AS asked
    CROSS JOIN LATERAL (
        SELECT id
        FROM directory_service_area
        WHERE box && here AND (ST_DistanceSpheroid(centre, here) <= radius_m OR communes && here_in)
        OFFSET 0
    ) AS area
    CROSS JOIN LATERAL (
        SELECT id{near}{columns}
        FROM directory_search_entry
        WHERE id = area.id AND {where}
        OFFSET 0
    ) AS candidate"""
CENTRE = "ST_SetSRID(ST_MakePoint(%s, %s), 4326)"
# As with terms, the operator chooses: only `&&` is known to the index over seasons. Beside words it is not to be used.
IN_SEASON = "seasons OPERATOR(pg_catalog.&&) %s::int[]"
IN_SEASON_WITH_WORDS = "seasons @@ %s::query_int"
MONTHS = 16  # a season's element is a term's id times this, plus the month


class Piece(NamedTuple):
    """Some SQL, and the values of its parameters in order."""

    sql: str
    values: tuple[Any, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.sql)


def joined(pieces: Iterable[Piece], separator: str) -> Piece:
    """Pieces side by side; the empty ones are left out."""
    kept = [piece for piece in pieces if piece]
    return Piece(separator.join(piece.sql for piece in kept), tuple(value for piece in kept for value in piece.values))


def filled(template: str, **pieces: Piece) -> Piece:
    """A template with its slots filled; values in the order in which the slots stand in it."""
    values = tuple(value for name in _slots(template, tuple(pieces)) for value in pieces[name].values)
    return Piece(template.format(**{name: piece.sql for name, piece in pieces.items()}), values)


@cache
def _slots(template: str, names: tuple[str, ...]) -> list[str]:
    return sorted(names, key=lambda name: template.index(f"{{{name}}}"))


def candidates(question: Question, now: datetime, columns: str, what: Piece, fence: Piece | None = None) -> Piece:
    """FROM: the entries that meet `what` and the question's place, words and season, with `columns` of theirs.

    Its rows are `candidate` (id, columns; where there is a centre, near and public_point) and, where the question has
    words or a season, `detail` (rank, seasons). `fence` ends the scan of entries: an order, a limit.
    """
    box, where = _where(question)
    slots = {
        "near": _near(question),
        "columns": Piece(columns),
        "where": joined([*where, what], " AND ") or Piece("true"),
    }
    said = joined([_words(question), _season(question, now)], " AND ")
    if question.comes:
        found = filled(BY_AREA, **slots, centre=_centre(question))
    else:
        found = filled(BY_ENTRY, **slots, fence=fence or Piece("OFFSET 0"))
    if not said:
        return found
    detail = {"rank": _rank(question.text) if question.text else Piece("NULL::float4"), "said": said}
    if not question.comes and _is_detail_telling(question, box):
        return filled(BY_DETAIL, **detail, **slots)
    return joined([found, filled(WITH_DETAIL, **detail)], "")


def _is_detail_telling(question: Question, box: Bbox | None) -> bool:
    """Words are, but for a narrow box; a season is, where nothing else than products is asked: 19 ms instead of 155."""
    if box is not None and _is_narrow(box):
        return False
    others = (question.activities, question.labels, question.services, *place_groups(question))
    return bool(question.text) or not any(others)


def near_enough(question: Question) -> Piece:
    """WHERE: within the circle, exactly."""
    circle = question.circle
    if circle is None:
        return Piece("true")
    plane, radius = Plane.around(circle), circle.radius.m
    exact = distance(question)
    return Piece(
        IN_CIRCLE.format(distance=exact.sql), (plane.within(radius), plane.reach(radius), *exact.values, radius)
    )


def distance(question: Question) -> Piece:
    """Metres from the centre to a row's `public_point`, exactly."""
    centre = question.centre
    return Piece("NULL::float8") if centre is None else Piece(DISTANCE, (centre.lon, centre.lat))


def opening(question: Question, now: datetime) -> Piece:
    """A join that adds hours.is_open to rows with a `schedule_id`: open at the time asked; empty where none is."""
    return Piece("") if question.opening is None else Piece(state.DURING, span(question.opening, now))


def is_boundless(question: Question) -> bool:
    """Whether nothing but terms can narrow it."""
    given = (question.centre, question.bbox, question.opening, question.season)
    return not question.text and all(part is None for part in given)


def only_term(question: Question) -> int | None:
    """The one term that is asked beside the box, ALL where there is none; None where more is asked."""
    more = (question.centre, question.opening, question.season)
    if question.text or any(part is not None for part in more):
        return None
    groups = [*term_groups(question).values(), *place_groups(question)]
    if not groups:
        return ALL
    return groups[0][0] if len(groups) == 1 == len(groups[0]) else None


def what(question: Question) -> Piece:
    """All the terms asked for: alternatives within a group, every group required."""
    groups = [*term_groups(question).values(), *place_groups(question)]
    if question.circle is None and question.bbox is None:
        return joined([Piece(TERMS_ALONE, (list(group),)) for group in groups], " AND ")
    return Piece(TERMS_WITH_POINT, ("&".join(map(alternatives, groups)),)) if groups else Piece("")


def alternatives(group: Iterable[int]) -> str:
    """Any of these terms, as intarray's query_int says it."""
    return f"({'|'.join(map(str, group))})"


def term_groups(question: Question) -> dict[str, list[int]]:
    """Ids of the terms asked for, by dimension of the vocabulary."""
    words = vocabulary()
    asked = {
        "activity": question.activities,
        "product": question.products,
        "label": question.labels,
        "service": question.services,
    }
    groups = {dimension: [words.by_code[code].id for code in codes] for dimension, codes in asked.items() if codes}
    if question.season is not None and not question.products:
        # Implied by the season; so an index knows of it.
        groups["product"] = root_products()
    return groups


def place_groups(question: Question) -> Iterator[list[int]]:
    for places in (question.communes, question.epcis, question.departements):
        if places:
            yield [place_term(code) for code in places]


def root_products() -> list[int]:
    return [term.id for term in vocabulary().of("product") if term.depth == 0]


def month_of(question: Question, now: datetime) -> int:
    """The month of the season that is asked."""
    return now.astimezone(local_zone()).month if question.season == THIS_MONTH else question.season or 0


def in_month(terms: Sequence[int], month: int) -> list[int]:
    """These products in that month, as `seasons` holds them."""
    return [term * MONTHS + month for term in terms]


def _near(question: Question) -> Piece:
    circle = question.circle
    if circle is None:
        return Piece("")
    plane, centre = Plane.around(circle), circle.centre
    return Piece(NEAR, (plane.east, plane.north, centre.lon * plane.east, centre.lat * plane.north))


def _centre(question: Question) -> Piece:
    centre = question.centre
    return Piece("NULL::geometry") if centre is None else Piece(CENTRE, (centre.lon, centre.lat))


def _where(question: Question) -> tuple[Bbox | None, list[Piece]]:
    """The narrowest box there is, and the tests of all."""
    circle, box = question.circle, question.bbox
    around = circle.envelope() if circle is not None else None
    tests: list[Piece] = []
    if around is not None:
        tests.append(Piece(IN_BOX, (around.west, around.south, around.east, around.north)))
    if box is not None:
        tests.append(Piece(IN_BOX, (box.west, box.south, box.east, box.north)))
        tests.append(Piece(EXACTLY_IN_BOX, (box.west, box.east, box.south, box.north)))
    return min((one for one in (around, box) if one is not None), key=_size, default=None), tests


def _size(box: Bbox) -> float:
    return (box.east - box.west) * (box.north - box.south)


def _is_narrow(box: Bbox) -> bool:
    return _size(box) <= NARROW


def _words(question: Question) -> Piece:
    if not question.text:
        return Piece("")
    condition = text_condition(question.text)
    return Piece(condition.sql, condition.params)


def _rank(text: str) -> Piece:
    condition = text_condition(text)
    return Piece(condition.rank_sql, condition.rank_params)


def _season(question: Question, now: datetime) -> Piece:
    if question.season is None:
        return Piece("")
    months = in_month(term_groups(question)["product"], month_of(question, now))
    return Piece(IN_SEASON_WITH_WORDS, (alternatives(months),)) if question.text else Piece(IN_SEASON, (months,))
