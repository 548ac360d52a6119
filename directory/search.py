"""Question in, Answer out: the only read path.

Every question is one statement on one table, `directory_search_entry`. What the statement is made of stands below as
constants; a question chooses among them and gives values as parameters. The plans are pinned in tests/plans.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

from directory.places import place_term
from directory.questions import Question, Sort
from directory.vocabulary import vocabulary
from geo.points import Circle, Position

# Where. The box goes to the index; the circle itself is a plain filter on the exact distance, so that there is one
# indexable test only (two of them made PostgreSQL combine bitmaps: 9.3 ms against 2.2). The index keeps coordinates in
# single precision, hence the exact comparison for a box too.
IN_BOX = "public_point && ST_MakeEnvelope(%s, %s, %s, %s, 4326)"
EXACTLY_IN_BOX = "ST_X(public_point) BETWEEN %s AND %s AND ST_Y(public_point) BETWEEN %s AND %s"
# Metres along the WGS 84 ellipsoid; 1.3 µs a point, against 2.6 through geography.
DISTANCE = "ST_DistanceSpheroid(public_point, ST_SetSRID(ST_MakePoint(%s, %s), 4326))"

# What. `@@` is known only to the GiST index over (point, terms), the core's `&&` only to the GIN index over terms: the
# operator chooses the plan, not the planner's estimates.
TERMS_WITH_POINT = "terms @@ %s::query_int"
TERMS_ALONE = "terms OPERATOR(pg_catalog.&&) %s::int[]"

# How each order sorts, and the column that it needs besides id and distance.
ORDERS = {
    Sort.DISTANCE: ("distance, id", ""),
    Sort.NAME: ("name, id", ", name"),
    Sort.UPDATED: ("updated_at DESC, id", ", updated_at"),
}

# All that match, enumerated once: they are the total, and the page is cut from them.
ENUMERATE = """
WITH hit AS MATERIALIZED (
    SELECT id, distance{key}
    FROM (
        SELECT id, {distance} AS distance{key}
        FROM directory_search_entry
        WHERE {where}
        OFFSET 0
    ) AS candidate
    WHERE {within}
), page AS (
    SELECT * FROM hit ORDER BY {order} LIMIT %s OFFSET %s
)
SELECT total.n, page.id, page.distance, ST_X(entry.public_point), ST_Y(entry.public_point), entry.card
FROM (SELECT count(*) AS n FROM hit) AS total
LEFT JOIN page ON true
LEFT JOIN directory_search_entry AS entry ON entry.id = page.id
ORDER BY {page_order}
"""

# Nothing is asked: the page is read along an index.
BROWSE = """
WITH page AS (
    SELECT id, NULL::float8 AS distance{key}
    FROM directory_search_entry ORDER BY {order} LIMIT %s OFFSET %s
)
SELECT total.n, page.id, page.distance, ST_X(entry.public_point), ST_Y(entry.public_point), entry.card
FROM (SELECT count(*) AS n FROM directory_search_entry) AS total
LEFT JOIN page ON true
LEFT JOIN directory_search_entry AS entry ON entry.id = page.id
ORDER BY {page_order}
"""


@dataclass(frozen=True, slots=True)
class Hit:
    """One point of sale of an answer. `card` is its GeoJSON properties, as JSON text; `distance` is in metres."""

    id: int
    position: Position
    distance: float | None
    card: str


@dataclass(frozen=True, slots=True)
class Answer:
    """`total` is exact; `hits` is the page asked for, in the question's order."""

    question: Question
    total: int
    hits: list[Hit]

    @property
    def next(self) -> Question | None:
        """The question of the next page, or None on the last."""
        offset = self.question.offset + self.question.limit
        return self.question.page(offset) if offset < self.total and self.hits else None

    @property
    def previous(self) -> Question | None:
        if self.question.offset == 0:
            return None
        return self.question.page(max(0, self.question.offset - self.question.limit))


@dataclass(frozen=True, slots=True)
class Statement:
    sql: str
    parameters: list[Any]


def answer(question: Question) -> Answer:
    """Answer a question with one query.

    Raises django.db.OperationalError when the database is away, or cancels the query after its time limit.
    """
    built = statement(question)
    with connection.cursor() as cursor:
        cursor.execute(built.sql, built.parameters)
        rows = cursor.fetchall()
    hits = [Hit(id_, Position(x, y), distance, card) for _, id_, distance, x, y, card in rows if id_ is not None]
    return Answer(question, rows[0][0], hits)


def every_hit(question: Question, limit: int) -> Iterator[Hit]:
    """The first `limit` points of sale of a question in order, read in chunks through a server-side cursor."""
    built = statement(question, limit=limit, offset=0)
    connection.ensure_connection()
    with transaction.atomic(), connection.connection.cursor(name="every_hit") as cursor:
        cursor.itersize = 1000
        cursor.execute(built.sql, built.parameters)
        for _, id_, distance, x, y, card in cursor:
            if id_ is not None:
                yield Hit(id_, Position(x, y), distance, card)


def statement(question: Question, limit: int | None = None, offset: int | None = None) -> Statement:
    """The SQL of a question and its parameters, in order."""
    circle = question.circle
    where, values = _conditions(question, circle)
    order, key = ORDERS[question.order]
    page = [question.limit if limit is None else limit, question.offset if offset is None else offset]
    page_order = ", ".join(f"page.{key}" for key in order.split(", "))
    if not where:
        return Statement(BROWSE.format(key=key, order=order, page_order=page_order), page)
    sql = ENUMERATE.format(
        key=key,
        distance="NULL::float8" if circle is None else DISTANCE,
        where=" AND ".join(where),
        within="true" if circle is None else "distance <= %s",
        order=order,
        page_order=page_order,
    )
    centre = [] if circle is None else [circle.centre.lon, circle.centre.lat]
    radius = [] if circle is None else [circle.radius.m]
    return Statement(sql, [*centre, *values, *radius, *page])


def _conditions(question: Question, circle: Circle | None) -> tuple[list[str], list[Any]]:
    where: list[str] = []
    values: list[Any] = []
    for box, exact in ((circle.envelope() if circle else None, False), (question.bbox, True)):
        if box is None:
            continue
        where.append(IN_BOX)
        values += [box.west, box.south, box.east, box.north]
        if exact:
            where.append(EXACTLY_IN_BOX)
            values += [box.west, box.east, box.south, box.north]
    groups = list(_groups_of_terms(question))
    if groups and where:
        where.append(TERMS_WITH_POINT)
        values.append("&".join("(" + "|".join(map(str, group)) + ")" for group in groups))
    else:
        where += [TERMS_ALONE] * len(groups)
        values += groups
    return where, values


def _groups_of_terms(question: Question) -> Iterator[list[int]]:
    """Term ids asked for: alternatives within a group, every group required."""
    by_code = vocabulary().by_code
    for codes in (question.activities, question.products, question.labels, question.services):
        if codes:
            yield [by_code[code].id for code in codes]
    for places in (question.communes, question.epcis, question.departements):
        if places:
            yield [place_term(code) for code in places]
