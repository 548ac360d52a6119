"""The SQL alone: each shape of question, and what one matched point within a radius costs."""

from __future__ import annotations

import statistics
from dataclasses import replace

from benchmarks import sql
from benchmarks.data import Bench
from benchmarks.lines.plan import QUESTIONS_SEED, Plan
from benchmarks.measure import Times
from benchmarks.report import Part, Table, Target, figure
from benchmarks.stream import MAIN, SHAPES, Shape, stream
from directory import search

RUNS = 3
# Circles that hold from a few points to a good part of the catalogue: the slope over them is the cost of a point.
RADII_KM = (2, 5, 10, 20)
COSTED = ("one_term", "no_filter")
HEAD = ("", "matches, median", "p50 ms", "p95 ms")


def measure(bench: Bench, plan: Plan) -> Part:
    with sql.connect(bench) as connection:
        shown = [_shape(connection, shape, plan.questions if shape is MAIN else plan.others) for shape in SHAPES]
        costs = [_cost(connection, shape, plan) for shape in SHAPES if shape.key in COSTED]
    rows = [(f"{shape.title.rsplit(' within')[0]} within a radius", *row) for shape, *row in costs]
    head = ("", "circles", "most matches", "µs a matched point")
    note = f"Least squares of time over matches, radii of {', '.join(map(str, RADII_KM))} km; the dearer one counts."
    dearest = max(float(row[-1]) for _, *row in costs)
    return Part(
        [Table("The SQL alone, in process, prepared", HEAD, shown), Table("Cost of a matched point", head, rows, note)],
        [Target("cost per matched point within a radius", 15, 6, dearest, " µs", at_most=True)],
    )


def _shape(connection: sql.Connection, shape: Shape, count: int) -> tuple[str, ...]:
    statements = [search.statement(asked.question) for asked in stream(shape, count, QUESTIONS_SEED)]
    sql.warm_up(connection, statements[: sql.USES_BEFORE_TIMING])
    runs = [sql.timed(connection, statement) for statement in statements]
    times = Times([taken for taken, _ in runs])
    matches = statistics.median(total for _, total in runs)
    return shape.title, f"{matches:,.0f}", figure(times.p50), figure(times.p95)


def _cost(connection: sql.Connection, shape: Shape, plan: Plan) -> tuple[Shape, str, str, str]:
    """Of a shape, at several radii: circles, matches of the largest, microseconds a point."""
    runs: list[tuple[float, int]] = []
    for radius in RADII_KM:
        asked = stream(replace(shape, radius_km=radius), max(plan.others // 4, 5), QUESTIONS_SEED)
        statements = [search.statement(one.question) for one in asked]
        sql.warm_up(connection, statements[:1])
        runs += [sql.middle(connection, statement, RUNS) for statement in statements]
    slope = statistics.linear_regression([total for _, total in runs], [taken for taken, _ in runs]).slope
    return shape, f"{len(runs)}", f"{max(total for _, total in runs):,}", f"{slope * 1000:.2f}"
