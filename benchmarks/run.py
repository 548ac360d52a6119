"""`python -m benchmarks.run`: fill what must be filled, measure, write RESULTS.md.

--quick            the sizes and counts that take under five minutes
--rows N           only this size, in merchants (repeat for several)
--only NAME        only this file of benchmarks/lines (repeat for several)
--fill             fill the databases and stop
--drop             drop the benchmark's databases and stop
--write            write RESULTS.md also after a run that is not a full one
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import time
from collections.abc import Sequence

os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
# For every server that is started here, and said in the results.
os.environ["RATE_LIMIT"] = "off"

import django

django.setup()

from benchmarks import data, report  # noqa: E402
from benchmarks.data import Bench  # noqa: E402
from benchmarks.lines import (  # noqa: E402
    clusters,
    coverage,
    filling,
    geocoding,
    growth,
    importing,
    in_process,
    interpreting,
    over_http,
    pages,
    suggest,
    worklist,
)  # fmt: skip
from benchmarks.lines.plan import FULL, QUICK, Plan  # noqa: E402
from benchmarks.load import BadAnswerError  # noqa: E402
from benchmarks.measure import MismatchError  # noqa: E402
from benchmarks.report import Part  # noqa: E402

SIZES = (10_000, 100_000, 1_000_000)
QUICK_SIZES = (10_000, 50_000)
# A line's file measures each size by itself, or the sizes against each other.
OF_ONE_SIZE = {
    "over_http": over_http,
    "in_process": in_process,
    "suggest": suggest,
    "clusters": clusters,
    "filling": filling,
}
ACROSS_SIZES = {"growth": growth}
ONCE = {
    "interpreting": interpreting,
    "importing": importing,
    "coverage": coverage,
    "worklist": worklist,
    "geocoding": geocoding,
    "pages": pages,
}


def main(arguments: Sequence[str]) -> int:
    options = _options(arguments)
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))  # so that servers are stopped
    sizes = tuple(sorted(options.rows or (QUICK_SIZES if options.quick else SIZES)))
    if options.drop:
        for rows in options.rows or SIZES:
            data.drop(rows)
        return 0
    began, load = time.monotonic(), os.getloadavg()[0]
    print("Its own databases, RATE_LIMIT=off. The database that `make run` serves is not touched.", flush=True)
    benches = [data.prepare(rows) for rows in sizes]
    if options.fill:
        return 0
    plan = QUICK if options.quick else FULL
    try:
        parts = _measured(benches, plan, options.only)
    except (MismatchError, BadAnswerError) as error:
        print(f"Stopped: {error}", file=sys.stderr)
        return 1
    _say(benches, parts)
    if options.write or not (options.quick or options.rows or options.only):
        report.write(benches, parts, arguments, load)
    print(f"\n{time.monotonic() - began:.0f} s in all")
    return 0


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    raw = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(prog="python -m benchmarks.run", description=__doc__, formatter_class=raw)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--rows", type=int, action="append", metavar="N")
    parser.add_argument("--only", action="append", choices=[*OF_ONE_SIZE, *ACROSS_SIZES, *ONCE], metavar="NAME")
    parser.add_argument("--fill", action="store_true")
    parser.add_argument("--drop", action="store_true")
    parser.add_argument("--write", action="store_true")
    return parser.parse_args(arguments)


def _measured(benches: Sequence[Bench], plan: Plan, only: Sequence[str] | None) -> dict[str, Part]:
    """What was found, under the heading that it stands under."""
    parts: dict[str, Part] = {}
    for bench in benches:
        part = Part()
        data.prepare(bench.rows, bench.seed)
        for name, line in OF_ONE_SIZE.items():
            if not only or name in only:
                print(f"{name}, {bench.points:,} points of sale", flush=True)
                part += line.measure(bench, plan)
        parts[f"{bench.points:,} points of sale"] = part
    for name, line in ACROSS_SIZES.items():
        if len(benches) > 1 and (not only or name in only):
            print(name, flush=True)
            parts["Across sizes"] = line.measure(benches, plan)
    for name, line in ONCE.items():
        if not only or name in only:
            print(name, flush=True)
            parts["Of no size"] = parts.get("Of no size", Part()) + line.measure(benches, plan)
    return parts


def _say(benches: Sequence[Bench], parts: dict[str, Part]) -> None:
    for heading, part in parts.items():
        print(f"\n== {heading}")
        for table in part.tables:
            print(report.console(table))
    print(report.console(report.targets_table(report.targets_of_largest(parts), benches[-1].points)))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
