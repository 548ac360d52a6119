"""A question's answer, read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import NamedTuple

from django.db import connection, transaction
from django.utils import timezone
from psycopg.pq import Format

from directory.hours import state
from directory.questions import Question
from directory.search.matching import Piece, filled
from directory.search.statements import statement
from geo.points import Position

STATES = """
SELECT schedule_id, state.open_now, state.changes_at FROM unnest({schedules}::bigint[]) AS asked(schedule_id) {state}
"""


# A tuple takes a third of the time of a frozen dataclass to make, and a page holds up to 200.
class Hit(NamedTuple):
    """One point of sale of an answer. `card` is its GeoJSON properties, as JSON text; `distance` is in metres.

    `open_now` is None where that is not known. `changes_at` is when it closes, if it is open, else when it is next
    known to open; None where that lies beyond what is known.
    """

    id: int
    lon: float
    lat: float
    distance: float | None
    card: str
    open_now: bool | None = None
    changes_at: datetime | None = None

    @property
    def position(self) -> Position:
        return Position(self.lon, self.lat)


@dataclass(frozen=True, slots=True)
class Answer:
    """`total` is exact; `hits` is the page asked for, in the question's order.

    `unknown_hours` counts those that an opening filter left out for want of hours; None without such a filter. `now` is
    when that, and what the hits say of being open, was so.
    """

    question: Question
    total: int
    hits: list[Hit]
    unknown_hours: int | None = None
    now: datetime = field(default_factory=timezone.now)

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


def answer(question: Question, now: datetime | None = None) -> Answer:
    """Answer a question with one query, as it is at `now`: the time of asking, unless given.

    Raises django.db.OperationalError when the database is away, or cancels the query after its time limit.
    """
    now = now or timezone.now()
    built = statement(question, now=now)
    with connection.cursor() as cursor:
        cursor.cursor.format = Format.BINARY  # a fifth less to read than numbers as text
        cursor.execute(built.sql, built.parameters)
        rows = cursor.fetchall()
    hits = [
        Hit(id_, lon, lat, distance, card, open_now, None if at is None else datetime.fromtimestamp(at, UTC))
        for _, id_, distance, lon, lat, card, open_now, at, _ in rows
        if id_ is not None
    ]
    return Answer(question, rows[0][0], hits, rows[0][-1], now)


def count(question: Question, now: datetime | None = None) -> int:
    """How many answer a question: the same total, without a page."""
    built = statement(question, limit=0, offset=0, now=now, with_state=False)
    with connection.cursor() as cursor:
        cursor.execute(built.sql, built.parameters)
        return int(cursor.fetchone()[0])


def open_states(
    schedules: Iterable[int], now: datetime | None = None
) -> dict[int, tuple[bool | None, datetime | None]]:
    """Of each schedule, by its id: whether it is open at `now`, and when that changes, as a Hit has them."""
    built = filled(STATES, schedules=Piece("%s", (list(schedules),)), state=Piece(state.AT, (now or timezone.now(),)))
    with connection.cursor() as cursor:
        cursor.execute(built.sql, built.values)
        return {id_: (open_now, changes_at) for id_, open_now, changes_at in cursor.fetchall()}


def every_hit(question: Question, limit: int, now: datetime | None = None) -> Iterator[Hit]:
    """The first `limit` points of sale of a question in order, read in chunks through a server-side cursor.

    Whether they are open is not told: a file is read later.
    """
    built = statement(question, limit=limit, offset=0, now=now, with_state=False)
    connection.ensure_connection()
    with transaction.atomic(), connection.connection.cursor(name="every_hit") as cursor:
        cursor.itersize = 1000
        cursor.execute(built.sql, built.parameters)
        for _, id_, distance, lon, lat, card, *_ in cursor:
            if id_ is not None:
                yield Hit(id_, lon, lat, distance, card)
