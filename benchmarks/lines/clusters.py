"""Clusters of a map's views: the SQL alone, over HTTP, and supercluster beside them."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from django.utils import timezone

from benchmarks import sql
from benchmarks.data import Bench
from benchmarks.lines.plan import QUESTIONS_SEED, Plan
from benchmarks.load import One, crowd, request
from benchmarks.measure import CROWD, MismatchError, Times
from benchmarks.peers.supercluster import comparison
from benchmarks.report import Part, Table, Target, figure
from benchmarks.servers import OURS, running
from benchmarks.views import HEIGHT, KINDS, WIDTH, ZOOMS, Measured, View, on_grid, views, whole_region
from directory import search
from directory.clusters.reading import statement

RUNS = 3
CHANGES = 1_000  # from so many on, the job that folds them makes all cells anew
CHANGED = """
INSERT INTO directory_cluster_change (entry, terms, lon, lat, sign)
SELECT id, terms, round(ST_X(public_point) * 1e6) + moved, round(ST_Y(public_point) * 1e6), sign
FROM directory_search_entry CROSS JOIN (VALUES (-1, 0), (1, 1)) AS twice (sign, moved)
WHERE id = ANY (%s)
LIMIT %s
"""
HEAD = ("", "views", "points, median", "clusters, median", "p50 ms", "p95 ms")


def measure(bench: Bench, plan: Plan) -> Part:
    seen = views(plan.others, QUESTIONS_SEED)
    snapped = on_grid(seen)
    region = whole_region(max(plan.others // 4, 3), QUESTIONS_SEED)
    with sql.connect(bench) as connection:
        grid = _measured(connection, snapped)
        with _unfolded(connection, bench) as changes:
            busy = _measured(connection, snapped, exact=False)
        any_box = _measured(connection, [view for view in seen if view.kind != KINDS[0]])
        several = _measured(connection, region)
    zooms = [_row(f"zoom {zoom}", (one for one in grid if one.view.zoom == zoom)) for zoom in ZOOMS]
    rows = [
        *(_row(f"on the grid: {kind}", (one for one in grid if one.view.kind == kind)) for kind in KINDS),
        _row("on the grid, all", grid),
        _row(f"… with {changes:,} changes not folded in", busy),
        _row("any box, one thing asked", any_box),
        *(
            _row(f"all of the région: {kind}", _of_kind(several, kind))
            for kind in dict.fromkeys(v.kind for v in region)
        ),
        _row("all of the région, several filters", several),
    ]
    note = (
        f"Maps of {WIDTH} by {HEIGHT} pixels at zooms {ZOOMS[0]} to {ZOOMS[-1]}, over the large towns and the country. "
        f"In process, prepared; of each view the median of {RUNS} runs. What clusters add up to was compared with the "
        "search's own count before."
    )
    tables = [
        Table("Clusters: the SQL alone", HEAD, rows, note),
        Table("Clusters: the SQL of a view on the grid, by zoom", HEAD, zooms),
        _over_http(bench, plan, snapped),
        comparison.table(grid, RUNS),
    ]
    return Part(tables, [*_targets(grid, any_box, several)])


def _measured(connection: sql.Connection, asked: Sequence[View], *, exact: bool = True) -> list[Measured]:
    """Raises MismatchError where clusters do not add up to what the search counts, if they are to be `exact`."""
    now = timezone.now()
    pieces = [statement(view.question, view.zoom, now) for view in asked]
    statements = [search.Statement(piece.sql, list(piece.values)) for piece in pieces]
    sql.warm_up(connection, statements)
    found = []
    for view, one in zip(asked, statements, strict=True):
        runs = [sql.fetched(connection, one, binary=True) for _ in range(RUNS)]
        rows = runs[0][1]
        points = sum(row[2] for row in rows)
        if exact and points != (counted := search.count(view.question, now)):
            raise MismatchError(f"{view.path}: clusters of {points}, the search counts {counted}")
        found.append(Measured(view, statistics.median(taken for taken, _ in runs), points, len(rows)))
    return found


@contextmanager
def _unfolded(connection: sql.Connection, bench: Bench) -> Iterator[int]:
    """Within the block there are changes that no job has folded into the cells; how many."""
    with connection.transaction(force_rollback=True):
        ids = list(range(1, 2 * bench.points, max(bench.points // CHANGES, 1)))
        yield connection.execute(CHANGED, [ids, CHANGES]).rowcount
    connection.execute("VACUUM directory_cluster_change")


def _of_kind(found: Iterable[Measured], kind: str) -> list[Measured]:
    return [one for one in found if one.view.kind == kind]


def _row(title: str, found: Iterable[Measured]) -> tuple[str, ...]:
    found = list(found)
    times = Times([one.ms for one in found])
    points, clusters = (
        statistics.median(values) for values in zip(*((o.points, o.clusters) for o in found), strict=True)
    )
    return title, f"{len(found)}", f"{points:,.0f}", f"{clusters:,.0f}", figure(times.p50), figure(times.p95)


def _over_http(bench: Bench, plan: Plan, asked: Sequence[View]) -> Table:
    messages = [request(view.path, "br") for view in asked]
    with running([OURS], bench) as ports:
        crowd(ports[OURS.key], messages, 2 * CROWD, plan.warm_up_s)
        client = One(ports[OURS.key])
        taken, sizes = [], []
        for message in messages:
            taken.append(client.timed(message))
            sizes.append(client.size)
        client.close()
    times = Times(taken)
    row = (
        f"{len(messages)} views on the grid",
        *map(figure, (times.p50, times.p95)),
        f"{statistics.median(sizes):,.0f}",
        f"{max(sizes):,}",
    )
    note = "One client, production middleware, Brotli; bytes with headers."
    return Table("Clusters over HTTP", ("", "p50 ms", "p95 ms", "bytes, median", "most"), [row], note)


def _targets(grid: list[Measured], any_box: list[Measured], several: list[Measured]) -> Iterator[Target]:
    bounds = (
        ("clusters of a view on the grid, one term at most, SQL", 3, 1, grid),
        ("clusters of any box, one term, SQL", 30, 10, any_box),
        ("clusters of the whole région, several filters, SQL", 250, 80, several),
    )
    for what, must, aim, found in bounds:
        times = Times([one.ms for one in found])
        yield Target(f"{what}, p50", must, aim, times.p50, " ms", at_most=True)
        yield Target(f"{what}, p95", must, aim, times.p95, " ms", at_most=True)
