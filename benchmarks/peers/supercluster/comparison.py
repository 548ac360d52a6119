"""supercluster asked for the views that were measured: what it takes, and what its clusters add up to."""

from __future__ import annotations

import statistics
from array import array
from collections.abc import Iterable, Sequence

from django.db import connection

from benchmarks.measure import Times
from benchmarks.peers.supercluster import environment
from benchmarks.peers.supercluster.environment import Answered, Run
from benchmarks.report import NONE, Table, figure
from benchmarks.views import KINDS, ZOOMS, Measured, edges
from directory.clusters.reading import only_term
from directory.models.cluster import ALL

# It gathers what lies within this distance of a point, as wide as our cells; on tiles of 256 pixels, as Leaflet's.
OPTIONS = {"radius": 72, "extent": 256, "minZoom": ZOOMS[0], "maxZoom": ZOOMS[-1]}
POINTS = "SELECT ST_X(public_point), ST_Y(public_point) FROM directory_search_entry ORDER BY id"
# The number, from 0, of each entry that has one of these terms.
HOLDERS = """
SELECT number, held
FROM (SELECT terms, row_number() OVER (ORDER BY id) - 1 AS number FROM directory_search_entry) AS entry
CROSS JOIN unnest(%s::int[]) AS held
WHERE held = ANY (terms)
"""
HEAD = (
    "", "views", "SQL p50 ms", "p95 ms", "clusters, median", "supercluster: index ms, median", "most", "then p50 ms",
    "p95 ms", "clusters, median", "views counted right",
)  # fmt: skip


def table(found: Sequence[Measured], runs: int) -> Table:
    """The views that were measured, and supercluster's answers; why not, where it cannot be measured."""
    title = "Clusters: npm's supercluster for the same views"
    terms = [only_term(one.view.question) or ALL for one in found]
    asked = sorted(set(terms) - {ALL})
    try:
        environment.ensure()
        run = _run(found, terms, asked, runs)
    except environment.MissingError as missing:
        return Table(title, ("", ""), [("supercluster", f"not measured: {missing}")])
    builds = dict(zip(asked, run.builds, strict=True))
    pairs = list(zip(found, run.answers, terms, strict=True))
    rows = [
        _row(kind, [(ours, theirs, builds.get(term)) for ours, theirs, term in pairs if ours.view.kind == kind])
        for kind in KINDS
    ]
    return Table(title, HEAD, rows, _note(run, [(ours, theirs) for ours, theirs, _ in pairs]))


def _run(found: Sequence[Measured], terms: Sequence[int], asked: Sequence[int], runs: int) -> Run:
    subsets = {term: array("I") for term in asked}
    with connection.cursor() as cursor:
        cursor.execute(POINTS)
        points = array("d", (axis for point in cursor.fetchall() for axis in point))
        cursor.execute(HOLDERS, [list(asked)])
        for number, term in cursor.fetchall():
            subsets[term].append(number)
    views = [
        {
            "bbox": edges(one.view.bbox),
            "zoom": one.view.zoom,
            "subset": None if term == ALL else asked.index(term),
        }
        for one, term in zip(found, terms, strict=True)
    ]
    return environment.run(points, list(subsets.values()), {"options": OPTIONS, "runs": runs, "views": views})


def _row(kind: str, rows: Sequence[tuple[Measured, Answered, float | None]]) -> tuple[str, ...]:
    ours, theirs = Times([one.ms for one, _, _ in rows]), Times([one.ms for _, one, _ in rows])
    builds = [build for _, _, build in rows if build is not None]
    right = sum(one.points == other.count for one, other, _ in rows)
    return (
        kind,
        f"{len(rows)}",
        *map(figure, (ours.p50, ours.p95)),
        _middle(one.clusters for one, _, _ in rows),
        *((figure(statistics.median(builds)), figure(max(builds))) if builds else (NONE, NONE)),
        *map(figure, (theirs.p50, theirs.p95)),
        _middle(one.clusters for _, one, _ in rows),
        f"{right} of {len(rows)}",
    )


def _middle(values: Iterable[int]) -> str:
    return f"{statistics.median(values):,.0f}"


def _note(run: Run, pairs: Sequence[tuple[Measured, Answered]]) -> str:
    off = [abs(ours.points - theirs.count) / ours.points for ours, theirs in pairs if ours.points]
    return (
        f"supercluster {environment.version()}, node {run.node}, one process, all in memory ({run.megabytes:,.0f} MB): "
        f"all points loaded once in {figure(run.load_ms / 1000)} s. What is filtered it must index first, from points "
        "that are at hand here: finding them is not counted. Its clusters are those whose middle is in view; they do "
        f"not add up to what is in view: off by {100 * statistics.mean(off):.1f} % on average, {100 * max(off):.0f} % "
        "at most, where something is. Ours are all counted right."
    )
