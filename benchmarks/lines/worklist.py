"""The page of the official's worklist when every point of sale is in the gap; none of it stays."""

from __future__ import annotations

import time
from collections.abc import Sequence

from django.contrib.auth import get_user_model
from django.db import connection, transaction
from django.test import Client

from benchmarks import data
from benchmarks.data import Bench
from benchmarks.lines.plan import Plan
from benchmarks.measure import Times
from benchmarks.report import Part, Table, Target, figure
from directory.gaps.refreshing import refresh
from directory.models import GapCase
from geo import revisions
from geo.coverage.changed import announce
from geo.coverage.layouts import LAYOUTS, Name
from geo.gazetteer import gazetteer
from geo.models import CommuneFigures, CoverageFile, Edition

DAY = "2025-12-31"
RUNS = 10
ONE = "45"
# What an official asks: the list, those of one state, of an activity, by date and by name, overdue ones, a later page.
QUERIES = ("", "?state=to_verify", "?activity=farm", "?sort=next", "?sort=name", "?overdue=1", "?page=20")


def measure(benches: Sequence[Bench], plan: Plan) -> Part:
    """Pages through the whole of Django, signed in; everything in one transaction, which is rolled back."""
    bench = benches[len(benches) // 2]
    data.prepare(bench.rows, bench.seed)
    with transaction.atomic(), connection.cursor() as cursor:
        first, again = _everyone_in_the_gap()
        cursor.execute("ANALYZE directory_gapcase")
        cursor.execute("SET LOCAL enable_seqscan = off")  # as in the service
        cases = GapCase.objects.count()
        spread = _timed([f"/agents/departement/{code}/" for code in gazetteer().departements])
        cursor.execute("UPDATE directory_gapcase SET departement_id = %s", [ONE])
        cursor.execute("ANALYZE directory_gapcase")
        heaped = _timed([f"/agents/departement/{ONE}/"])
        transaction.set_rollback(True)
    revisions.forget()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE) directory_gapcase")
    rows = [
        (what, f"{held:,}", figure(times.p50), figure(times.p95))
        for what, held, times in (
            ("each département's own cases", cases // len(gazetteer().departements), spread),
            ("all of them in one département", cases, heaped),
        )
    ]
    note = (
        f"{bench.points:,} points of sale, {cases:,} of them in the gap: cases made in {figure(first)} s, and in step "
        f"again in {figure(again)} s. Whole pages, made in process: {len(QUERIES)} ways to ask, {RUNS} times each."
    )
    head = ("", "cases in the list", "p50 ms", "p95 ms")
    return Part(
        [Table("The official's worklist", head, rows, note)],
        [Target(f"the worklist of a département, of {cases:,} cases, p50", 200, 100, spread.p50, " ms", at_most=True)],
    )


def _everyone_in_the_gap() -> tuple[float, float]:
    """An edition without fibre; the seconds that making the cases took, and those of doing it again."""
    revisions.forget()
    file = CoverageFile.objects.create(
        edition=Edition.objects.create(date=DAY), layout=Name.TECHNOLOGIES, name="none.csv", checksum="0",
        source="Benchmark", licence="-",
    )  # fmt: skip
    none = dict.fromkeys(LAYOUTS[Name.TECHNOLOGIES].columns.values(), 0)
    CommuneFigures.objects.bulk_create(
        CommuneFigures(file=file, code=entry.code, premises=100, eligible=none) for entry in gazetteer().entries
    )
    began = time.perf_counter()
    announce()
    made = time.perf_counter()
    refresh()
    return made - began, time.perf_counter() - made


def _timed(pages: Sequence[str]) -> Times:
    """Every page, asked in every way; a first round is not counted."""
    client = Client()
    client.force_login(get_user_model().objects.get_or_create(username="benchmark", is_superuser=True)[0])
    times = Times()
    for run in range(RUNS + 1):
        for page in pages:
            for query in QUERIES:
                began = time.perf_counter()
                response = client.get(page + query, headers={"host": "localhost"})
                taken = time.perf_counter() - began
                if response.status_code != 200:
                    raise RuntimeError(f"{page}{query}: {response.status_code}")
                if run:
                    times.milliseconds.append(taken * 1000)
    return times
