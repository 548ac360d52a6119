"""What was measured, as text: `benchmarks/RESULTS.md`, and the same tables on the console."""

from __future__ import annotations

import os
import platform
import re
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from importlib.metadata import version
from pathlib import Path

from django.db import connection

from benchmarks.data import Bench
from benchmarks.lines.plan import QUESTIONS_SEED
from benchmarks.peers.tipg import environment as tipg

RESULTS = Path(__file__).resolve().parent / "RESULTS.md"
PACKAGES = ("Django", "psycopg", "gunicorn", "djangorestframework", "djangorestframework-gis", "orjson")
NONE = "–"
TARGETS, TARGETED_ROWS = "Targets", 1_000_000


@dataclass(frozen=True, slots=True)
class Table:
    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Target:
    """One line of the table of targets. `reached` is what was measured, in `unit`; more is better unless `at_most`."""

    what: str
    must: float
    aim: float
    reached: float
    unit: str
    at_most: bool

    @property
    def verdict(self) -> str:
        def meets(bound: float) -> bool:
            return self.reached <= bound if self.at_most else self.reached >= bound

        return "aim" if meets(self.aim) else "must" if meets(self.must) else "**missed**"

    def row(self) -> tuple[str, ...]:
        sign = "≤" if self.at_most else "≥"
        bounds = (f"{sign} {bound:g}{self.unit}" for bound in (self.must, self.aim))
        return (self.what, *bounds, f"{figure(self.reached)}{self.unit}", self.verdict)


@dataclass(slots=True)
class Part:
    """What one file of benchmarks/lines found at one size."""

    tables: list[Table] = field(default_factory=list)
    targets: list[Target] = field(default_factory=list)

    def __add__(self, other: Part) -> Part:
        return Part(self.tables + other.tables, self.targets + other.targets)


def figure(value: float) -> str:
    """Three significant figures, as people write them."""
    if value >= 100:
        return f"{value:,.0f}"
    if value >= 10:
        return f"{value:.1f}"
    return f"{value:.2f}" if value >= 0.1 else f"{value:.3f}"


def markdown(table: Table, level: int = 3) -> str:
    lines = [f"{'#' * level} {table.title}", ""]
    if table.note:
        lines += [table.note, ""]
    lines += [_line(table.head), _line("---" if column == 0 else "---:" for column in range(len(table.head)))]
    return "\n".join([*lines, *map(_line, table.rows), ""])


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def console(table: Table) -> str:
    grid = [list(table.head), *map(list, table.rows)]
    widths = [max(len(row[column]) for row in grid) for column in range(len(table.head))]
    lines = []
    for row in grid:
        first, *others = (f"{cell:{'<' if at == 0 else '>'}{widths[at]}}" for at, cell in enumerate(row))
        lines.append("  ".join([first, *others]))
    return "\n".join([f"\n{table.title}", *([table.note] if table.note else []), *lines])


def targets_table(targets: Sequence[Target], points: int) -> Table:
    rows = [target.row() for target in targets]
    return Table(f"Targets, at {points:,} points of sale", ("", "must", "aim", "reached", "meets"), rows)


def targets_of_largest(parts: Mapping[str, Part]) -> list[Target]:
    """Targets are for the largest size, and for the sizes against each other."""
    by_what = {target.what: target for part in parts.values() for target in part.targets}
    return list(by_what.values())


def machine() -> list[tuple[str, str]]:
    """What the figures depend on, each with its value."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('server_version'), postgis_lib_version(), current_setting('shared_buffers')"
        )
        postgresql, postgis, buffers = cursor.fetchone()
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / (1 << 30)
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    return [
        ("Machine", f"{_processor()}, {os.cpu_count()} cores, {memory:.0f} GB; shared by database, servers and client"),
        ("System", platform.system()),
        ("PostgreSQL", f"{postgresql}, PostGIS {postgis}, shared_buffers {buffers}, jit off, no parallel workers"),
        ("Python", f"{platform.python_version()}; {packages}"),
        ("tipg", f"{_of_tipg('tipg')} with uvicorn {_of_tipg('uvicorn')} (uvloop, httptools)"),
    ]


def _processor() -> str:
    if Path("/proc/cpuinfo").exists():
        found = re.search(r"^model name\s*: (.+)$", Path("/proc/cpuinfo").read_text("utf-8"), re.MULTILINE)
        if found:
            return found[1]
    return platform.processor() or platform.machine()


def _of_tipg(package: str) -> str:
    """The version in tipg's environment; a dash where tipg was not measured."""
    if not tipg.PYTHON.exists():
        return NONE
    ask = f"from importlib.metadata import version; print(version({package!r}))"
    return subprocess.run([tipg.PYTHON, "-c", ask], capture_output=True, text=True).stdout.strip() or NONE


INTRODUCTION = """\
# Results

Written by `make bench`; read the ratios rather than the milliseconds, which drift with the machine. All contenders
answer the same questions from the same database, and their answers are compared before anything is timed.

- **The floor** is bare WSGI around the service's own SQL, total included: a persistent connection for each thread,
  prepared statements, features joined as text. It neither checks parameters nor says anything in words.
- **The service** runs with its production middleware and `config/gunicorn.py`, but `RATE_LIMIT=off`: one client would
  soon be refused.
- **drf-gis, careful**: exact radius on an indexed geography column, semi-joins, only the columns shown, one query for
  each relation, its own count. **Textbook**: joins, `distinct`, `dwithin`, count, relations read by the serializer.
  In the benchmark's databases alone, both have what `benchmarks/peers/location.sql` adds: that column, its index, and
  indexes on offers by product and on activities. Where thousands match, the joins of the second may be planned better
  than the semi-joins of the first.
- **tipg** publishes `benchmarks/peers/tipg/functions.sql`, the service's query as functions. It sends two queries for
  an answer, the count and the page, which it orders by the distance of all that match. Without a centre it would do
  better with cards at hand than looked up: 190 ms instead of 304 at a million, in another run.
- **supercluster** (npm) holds all points in the memory of one process and makes their clusters of every zoom when it
  loads them (`benchmarks/peers/supercluster/`). It is asked for the service's views one by one, without database, HTTP
  or writes. A view that asks for something needs an index of what has it, which is timed by itself.

Where npm or Chromium is missing, what needs it says so and is left out.

The service and the floor forbid PostgreSQL to read a table from end to end, as config/wsgi.py does; the others let it
choose.

The databases are the benchmark's own, filled with invented merchants; the one that `make run` serves is never touched.
Every server has two processes with four threads each (tipg: two processes with four connections each), and all run at
once. With one client, contenders take turns in batches (A B C, C B A, …); with eight, for some seconds each, in turns.
"""


def write(benches: Sequence[Bench], parts: Mapping[str, Part], arguments: Sequence[str], load: float) -> None:
    """Write what was measured into RESULTS.md; what this run did not measure stays as it is.

    `load` is the machine's load average before: much above 0, others were at work.
    """
    seeds = f"catalogue {benches[0].seed}, questions {QUESTIONS_SEED}"
    measured = f"Measured on {date.today().isoformat()}: `{command(arguments)}`; load average before: {load:.1f}."  # noqa: DTZ011
    head = [INTRODUCTION, *(f"- {name}: {value}" for name, value in machine()), f"- Seeds: {seeds}"]
    largest = benches[-1]
    sections = _sections(RESULTS.read_text("utf-8")) if RESULTS.exists() else {}
    if TARGETS not in sections or (largest.rows == TARGETED_ROWS and "--only" not in arguments):
        table = markdown(targets_table(targets_of_largest(parts), largest.points))
        sections[TARGETS] = "\n".join([measured, "", table])
    for heading, part in parts.items():
        if heading in sections and "--only" in arguments:
            sections[heading] = _with_tables(sections[heading], part.tables, measured)
        elif part.tables:
            sections[heading] = "\n".join([measured, "", *map(markdown, part.tables)])
    written = [f"## {heading}\n\n{sections[heading].strip()}\n" for heading in sorted(sections, key=_order)]
    RESULTS.write_text("\n".join(["\n".join(head), "", *written]), encoding="utf-8")
    print(f"\nWrote {RESULTS}")


def _with_tables(section: str, tables: Iterable[Table], measured: str) -> str:
    """A section with these tables beside its others, or in place of their like, each saying when it was measured."""
    head, *others = section.split("\n### ")
    held = {other.partition("\n")[0]: other.strip() + "\n" for other in others}
    for table in tables:
        said = replace(table, note=f"{table.note} {measured}".strip())
        held[table.title] = markdown(said).removeprefix("### ")
    return "\n### ".join([head, *held.values()])


def _sections(text: str) -> dict[str, str]:
    """By heading, what stands below it."""
    return {head: body for head, _, body in (part.partition("\n") for part in text.split("\n## ")[1:])}


def _order(heading: str) -> tuple[bool, int, str]:
    """The targets, then the sizes, the smallest first."""
    number = heading.split(" ")[0].replace(",", "")
    return heading != TARGETS, int(number) if number.isdigit() else sys.maxsize, heading


def command(arguments: Sequence[str]) -> str:
    return "make bench" if not arguments else " ".join(("python -m benchmarks.run", *arguments))
