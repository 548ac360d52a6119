"""What it took to fill the database: schema, communes, vocabulary, merchants, entries and all indexes."""

from __future__ import annotations

from benchmarks.data import Bench
from benchmarks.lines.plan import Plan
from benchmarks.report import Part, Table, Target, figure

TARGETED_ROWS = 1_000_000


def measure(bench: Bench, plan: Plan) -> Part:
    """Not measured now, but when the database was filled, from 30,000 merchants on by a process for each core."""
    row = (f"{bench.rows:,}", f"{bench.points:,}", figure(bench.seconds), figure(bench.points / bench.seconds))
    table = Table("Filling the database", ("merchants", "points of sale", "seconds", "points of sale/s"), [row])
    if bench.rows != TARGETED_ROWS:
        return Part([table])
    return Part([table], [Target("filling 1,000,000 merchants", 180, 90, bench.seconds, " s", at_most=True)])
