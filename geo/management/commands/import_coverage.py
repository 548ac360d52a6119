"""`manage.py import_coverage FILE…`: bring editions of ARCEP's figures to what its files say."""

from __future__ import annotations

import tempfile
import time
from argparse import ArgumentParser, ArgumentTypeError
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.table import Column, Table
from rich.text import Text

from geo.console import Stages, console_on, progress_on
from geo.coverage.importing.downloading import DEFAULT_LAYOUTS, download
from geo.coverage.importing.errors import ImportFailure
from geo.coverage.importing.printing import closing, print_report
from geo.coverage.importing.reading import parse_day
from geo.coverage.importing.report import write_csv
from geo.coverage.importing.running import FiguresReport, Progress, Run, Source, import_figures
from geo.coverage.layouts import LAYOUTS
from geo.gazetteer import gazetteer

ABSENT_NAMES = 10


class Command(BaseCommand):
    help = "Import ARCEP's figures of communes (CSV), or fetch the current edition; --dry-run says what would change."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="*", type=Path, metavar="FILE", help="CSV files, or folders of them")
        parser.add_argument(
            "--download",
            nargs="*",
            choices=list(LAYOUTS),
            metavar="LAYOUT",
            help=f"fetch the current edition (of {', '.join(DEFAULT_LAYOUTS)}, unless others are named)",
        )
        parser.add_argument(
            "--layout", choices=list(LAYOUTS), help="of a file whose header three layouts share and whose name is mute"
        )
        parser.add_argument("--date", type=_day, metavar="YYYY-MM-DD", help="the day of a file that has no dates")
        parser.add_argument("--dry-run", action="store_true", help="say what would change, and change nothing")
        parser.add_argument(
            "--report", type=Path, metavar="FILE.csv", help="every line, with what became of it and why"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        began, console = time.monotonic(), console_on(self.stdout, options["no_color"])
        if (target := options["report"]) and not target.parent.is_dir():
            raise CommandError(f"{target}: there is no such folder.")
        if not options["files"] and options["download"] is None:
            raise CommandError("Give a FILE, or --download to fetch the current edition.")
        try:
            with progress_on(console) as bar, tempfile.TemporaryDirectory() as folder:
                run = _import(options, Path(folder), Stages(bar))
        except ImportFailure as failure:
            raise CommandError(str(failure)) from failure
        for report in run.reports:
            _print(console, report)
        if run.demo:
            console.print(Text("The demonstration is taken away: real figures take its place.", style="yellow"))
        if target:
            write_csv(target, run.reports)
            console.print(Text(f"Every line: {target}"))
        console.print(Text(closing(run.wrote, not options["dry_run"], time.monotonic() - began)))


def _import(options: dict[str, Any], folder: Path, progress: Progress) -> Run:
    sources = [Source(path) for path in options["files"]]
    if options["download"] is not None:
        for layout in options["download"] or DEFAULT_LAYOUTS:
            fetched = download(layout, folder, lambda size: progress("fetching", size, 0))
            sources.append(Source(*fetched))
    return import_figures(
        sources, write=not options["dry_run"], layout=options["layout"], day=options["date"], progress=progress
    )


def _print(console: Console, report: FiguresReport) -> None:
    print_report(console, report, f" ({report.layout} of {report.day})")
    if report.departements:
        names = gazetteer().departements
        right = [Column(title, justify="right") for title in ("lines", "premises")]
        table = Table("département", *right, box=None, pad_edge=False)
        for code, (lines, premises) in report.departements.items():
            table.add_row(f"{code} {names[code]}", f"{lines:,}", f"{premises:,}")
        console.print(table)
    if report.absent:
        named = ", ".join(f"{entry.name} ({entry.code})" for entry in report.absent[:ABSENT_NAMES])
        rest = len(report.absent) - ABSENT_NAMES
        more = f" and {rest:,} more" if rest > 0 else ""
        console.print(Text(f"{len(report.absent):,} communes are unknown in this edition: {named}{more}."))


def _day(text: str) -> date:
    day = parse_day(text)
    if day is None:
        raise ArgumentTypeError(f"{text!r} is no day such as 2024-12-31")
    return day
