"""How the time of a question grows with the catalogue when the number of matches stays the same."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.gis.measure import D

from benchmarks import data, sql
from benchmarks.data import Bench
from benchmarks.lines.plan import QUESTIONS_SEED, Plan
from benchmarks.measure import Times
from benchmarks.report import Part, Table, Target, figure
from benchmarks.stream import Asked, Shape, stream
from directory import search
from directory.questions import Question
from directory.vocabulary import vocabulary
from geo.points import Position

MATCHES = 50
SHAPE = Shape("growth", "an activity, within the distance of its 50th nearest", 10, True, False)
# Nearer in degrees is not nearer in metres: the 50th is looked for among more.
LOOKED_AT = 8 * MATCHES
DISTANCES = """
SELECT ST_DistanceSpheroid(public_point, ST_SetSRID(ST_MakePoint(%(lon)s, %(lat)s), 4326)) AS metres
FROM (
    SELECT public_point FROM directory_search_entry WHERE terms @@ %(term)s::query_int
    ORDER BY public_point <-> ST_SetSRID(ST_MakePoint(%(lon)s, %(lat)s), 4326) LIMIT %(looked_at)s
) AS near
ORDER BY metres OFFSET %(skipped)s LIMIT 1
"""


@dataclass(slots=True)
class Series:
    """One size: its connection, its questions as SQL, and what was measured."""

    bench: Bench
    connection: sql.Connection
    statements: list[search.Statement]
    times: Times
    totals: list[int]


def measure(benches: Sequence[Bench], plan: Plan) -> Part:
    """The sizes take turns, question by question."""
    series = [_series(bench, plan) for bench in benches]
    for one in series:
        sql.warm_up(one.connection, one.statements)
    for number in range(min(len(one.statements) for one in series)):
        for one in series if number % 2 == 0 else reversed(series):
            taken, total = sql.timed(one.connection, one.statements[number])
            one.times.milliseconds.append(taken)
            one.totals.append(total)
    for one in series:
        one.connection.close()
    return _part(series)


def _series(bench: Bench, plan: Plan) -> Series:
    data.prepare(bench.rows, bench.seed)
    connection = sql.connect(bench)
    statements = []
    for asked in stream(SHAPE, plan.questions, QUESTIONS_SEED):
        radius = _radius(connection, asked)
        if radius is not None:
            centre = Position(asked.lon, asked.lat)
            question = Question(activities=(asked.activity,), centre=centre, radius=D(m=radius), limit=MATCHES)
            statements.append(search.statement(question))
    return Series(bench, connection, statements, Times(), [])


def _radius(connection: sql.Connection, asked: Asked) -> float | None:
    """Metres to the 50th match; None where there are not so many."""
    values: dict[str, Any] = {
        "lon": asked.lon,
        "lat": asked.lat,
        "term": str(vocabulary().by_code[asked.activity].id),
        "looked_at": LOOKED_AT,
        "skipped": MATCHES - 1,
    }
    found = connection.execute(DISTANCES, values).fetchone()
    return None if found is None else float(found[0]) + 0.001


def _part(series: Sequence[Series]) -> Part:
    first, last = series[0], series[-1]
    rows = [
        (
            f"{one.bench.points:,}",
            f"{statistics.median(one.totals):,.0f}",
            figure(one.times.p50),
            figure(one.times.p95),
            figure(one.times.p50 / first.times.p50),
        )
        for one in series
    ]
    head = ("points of sale", "matches, median", "p50 ms", "p95 ms", f"p50 ÷ that at {first.bench.points:,}")
    growth = last.times.p50 / first.times.p50
    what = f"growth of p50 from {first.bench.rows:,} to {last.bench.rows:,} at the same matches"
    title = f"Growth: {SHAPE.title}; the SQL alone"
    return Part([Table(title, head, rows)], [Target(what, 2.0, 1.3, growth, " ×", at_most=True)])
