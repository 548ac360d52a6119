"""The question stream: seeded, the same for every contender, drawn from the catalogue; each finds something.

The main question: a centre, one activity, one mid-level product, 10 km, the 50 nearest. A centre is the public point of
a point of sale drawn at random; activity and product are those of another one, taken up to the level at which people
ask ("a farm", not "a goat farm"; "cheese", not "goat's cheese in ash"). What nothing answers is drawn again: there the
service says more than its contenders.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib.gis.measure import D
from django.db import connection

from directory import search
from directory.questions import Question
from directory.vocabulary import TermEntry, vocabulary
from geo.points import Position

LIMIT = 50
# By id alone: what is drawn does not depend on the order in which a database holds its rows.
DRAWN = """
SELECT id, ST_X(public_point), ST_Y(public_point), terms FROM directory_search_entry WHERE id = ANY (%s) ORDER BY id
"""


@dataclass(frozen=True, slots=True)
class Shape:
    """One kind of question. `radius_km` is None where it has no centre."""

    key: str
    title: str
    radius_km: int | None
    with_activity: bool
    with_product: bool


MAIN = Shape("two_terms", "an activity and a product within 10 km", 10, True, True)
SHAPES = (
    MAIN,
    Shape("one_term", "an activity within 10 km", 10, True, False),
    Shape("wider", "an activity and a product within 30 km", 30, True, True),
    Shape("no_filter", "anything within 50 km", 50, False, False),
    Shape("no_centre", "an activity and a product, no centre", None, True, True),
)


@dataclass(frozen=True, slots=True)
class Asked:
    """One question of the stream; `parameters` are those of the service's URL."""

    shape: Shape
    lat: float
    lon: float
    activity: str
    product: str

    @property
    def parameters(self) -> dict[str, str]:
        shape = self.shape
        return {
            **({"activity": self.activity} if shape.with_activity else {}),
            **({"product": self.product} if shape.with_product else {}),
            **({"lat": f"{self.lat:.6f}", "lon": f"{self.lon:.6f}"} if shape.radius_km else {}),
            **({"radius_km": str(shape.radius_km)} if shape.radius_km else {}),
            "limit": str(LIMIT),
        }

    @property
    def query(self) -> str:
        return urlencode(self.parameters)

    @property
    def question(self) -> Question:
        """As the value that the service answers."""
        shape = self.shape
        around: dict[str, Any] = {}
        if shape.radius_km is not None:
            around = {"centre": Position(self.lon, self.lat), "radius": D(km=shape.radius_km)}
        return Question(
            activities=(self.activity,) if shape.with_activity else (),
            products=(self.product,) if shape.with_product else (),
            limit=LIMIT,
            **around,
        )


def stream(shape: Shape, count: int, seed: int) -> list[Asked]:
    """`count` questions of one shape, from the database that Django's connection is to."""
    draw = random.Random(f"{shape.key} {seed}")
    ids = _ids()
    asked: list[Asked] = []
    while len(asked) < count:
        rows = _rows([draw.choice(ids) for _ in range(4 * count)])
        draw.shuffle(rows)
        for where, what in zip(rows[::2], rows[1::2], strict=False):
            words = _words(what[3])
            if words is not None and len(asked) < count:
                drawn = Asked(shape, round(where[2], 6), round(where[1], 6), *words)
                if search.count(drawn.question):
                    asked.append(drawn)
    return asked


def _ids() -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM directory_search_entry ORDER BY id")
        return [id_ for (id_,) in cursor.fetchall()]


def _rows(ids: Sequence[int]) -> list[tuple[int, float, float, list[int]]]:
    with connection.cursor() as cursor:
        cursor.execute(DRAWN, [list(ids)])
        return list(cursor.fetchall())


def _words(ids: Sequence[int]) -> tuple[str, str] | None:
    """An activity and a mid-level product of an entry's terms; None where it has not both."""
    held = [term for id_ in ids if (term := vocabulary().by_id.get(id_)) is not None]
    activity = _first(held, lambda term: term.dimension == "activity" and term.depth == 1)
    product = _first(held, lambda term: term.dimension == "product" and term.depth >= 1 and term.id in _parents())
    return None if activity is None or product is None else (activity.code, product.code)


def _first(terms: Sequence[TermEntry], wanted: Callable[[TermEntry], bool]) -> TermEntry | None:
    return next((term for term in terms if wanted(term)), None)


def _parents() -> set[int]:
    return {term.path[1] for term in vocabulary().terms if term.depth}
