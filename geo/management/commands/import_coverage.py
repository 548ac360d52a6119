"""`manage.py import_coverage FILE…`: bring editions of ARCEP's figures to what its files say."""

from __future__ import annotations

import tempfile
from argparse import ArgumentParser
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from rich.console import Console
from rich.table import Column, Table
from rich.text import Text

from geo.console import Stages, progress_on
from geo.coverage.importing.command import ImportCommand, day
from geo.coverage.importing.downloading import DEFAULT_LAYOUTS, download
from geo.coverage.importing.running import FiguresReport, Source, import_figures
from geo.coverage.layouts import LAYOUTS
from geo.gazetteer import CommuneEntry, gazetteer

ABSENT_NAMES = 10


class Command(ImportCommand):
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
            "--layout",
            choices=list(LAYOUTS),
            metavar="NAME",
            help=f"of a file whose header three share and whose name is mute: {', '.join(LAYOUTS)}",
        )
        parser.add_argument("--date", type=day, metavar="YYYY-MM-DD", help="the day of a file that has no dates")
        parser.add_argument(
            "--replace",
            action="store_true",
            help="communes that a file leaves out lose the figures they had of that day, instead of keeping them",
        )
        super().add_arguments(parser)

    def bring(self, console: Console, options: dict[str, Any], write: bool) -> tuple[list[FiguresReport], int]:
        if not options["files"] and options["download"] is None:
            raise CommandError("Give a FILE, or --download to fetch the current edition.")
        sources = [Source(path) for path in options["files"]]
        with progress_on(console) as bar, tempfile.TemporaryDirectory() as folder:
            progress = Stages(bar)
            if options["download"] is not None:
                for layout in options["download"] or DEFAULT_LAYOUTS:
                    fetched = download(layout, Path(folder), lambda size: progress("fetching", size, 0))
                    sources.append(Source(*fetched))
            given = {"layout": options["layout"], "day": options["date"], "replace": options["replace"]}
            run = import_figures(sources, write=write, **given, progress=progress)
        return run.reports, run.demo

    def print_more(self, console: Console, report: FiguresReport) -> None:
        if report.departements:
            console.print(_premises(report))
        if report.absent:
            named = _named(report.absent[:ABSENT_NAMES])
            rest = len(report.absent) - ABSENT_NAMES
            more = f" and {rest:,} more" if rest > 0 else ""
            console.print(Text(f"{len(report.absent):,} communes are unknown in this edition: {named}{more}."))
        if report.kept:
            kept = f"{len(report.kept):,} communes are not in this file, and kept from {report.former}"
            console.print(Text(f"{kept}: {_named(report.kept)}. --replace takes their figures away.", style="yellow"))
        if report.same_as:
            console.print(Text(f"Same figures as {report.same_as}, which is still cited: nothing is written for it."))


def _named(entries: Iterable[CommuneEntry]) -> str:
    return ", ".join(f"{entry.name} ({entry.code})" for entry in entries)


def _premises(report: FiguresReport) -> Table:
    """By département, to be held against what the source says."""
    names = gazetteer().departements
    right = [Column(title, justify="right") for title in ("lines", "premises")]
    table = Table("département", *right, box=None, pad_edge=False)
    for code, (lines, premises) in report.departements.items():
        table.add_row(f"{code} {names[code]}", f"{lines:,}", f"{premises:,}")
    return table
