"""`manage.py import_merchants FILE --mapping NAME`: what a file of merchants would change; with --write, change it."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.table import Column, Table
from rich.text import Text

from directory.importing import ImportFailure, Outcome, Report, RowResult, run_import
from directory.importing.mapping import names
from geo.console import Stages, console_on, progress_on

DIFF_ROWS = 20
ABSENT_ROWS = 10
STYLES = {
    Outcome.WRITTEN: "green",
    Outcome.UNCHANGED: "dim",
    Outcome.HELD: "yellow",
    Outcome.SKIPPED: "cyan",
    Outcome.REFUSED: "red",
}


class Command(BaseCommand):
    help = "Import a file of merchants (CSV, GeoJSON, XLSX): say what it would change; change it with --write."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="CSV, GeoJSON or XLSX")
        parser.add_argument(
            "--mapping", required=True, metavar="NAME", help=f"{', '.join(names())}, or the path of a .toml file"
        )
        parser.add_argument("--write", action="store_true", help="write it all, in one transaction")
        parser.add_argument("--report", type=Path, metavar="FILE.csv", help="every row, with what became of it and why")
        parser.add_argument(
            "--geocode",
            action="store_true",
            help="ask the address service about rows without a point (slow: 20 a second)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        console = console_on(self.stdout, options["no_color"])
        if (target := options["report"]) and not target.parent.is_dir():
            raise CommandError(f"{target}: there is no such folder.")
        try:
            with progress_on(console) as bar:
                report = run_import(
                    options["file"],
                    options["mapping"],
                    options["write"],
                    geocode_missing=options["geocode"],
                    progress=Stages(bar),
                )
        except ImportFailure as error:
            raise CommandError(str(error)) from error
        _print_diff(console, report)
        _print_totals(console, report)
        _print_absent(console, report)
        if target:
            report.to_csv(target)
            console.print(Text(f"Every row: {target}"))
        console.print(Text(_closing(report)))


def _print_diff(console: Console, report: Report) -> None:
    """The first changes, a field a line: what goes, what comes."""
    rows = report.diff
    for row in rows[:DIFF_ROWS]:
        console.print(Text(f"line {row.line}  {row.code}  {row.name}", style=f"bold {STYLES[row.outcome]}"))
        console.print(_changes(row))
    changing = sum(count for (outcome, code), count in report.reasons().items() if outcome is Outcome.WRITTEN)
    if changing > DIFF_ROWS:
        console.print(Text(f"… {changing:,} rows are written in all; --report FILE.csv lists every one."))


def _changes(row: RowResult) -> Text:
    lines = []
    if row.point_of_sale is None:  # a new entry: its values on one line
        values = " · ".join(change.after for change in row.changes if change.field != "name")
        lines.append(Text(f"    + {values}", style="green"))
    for change in row.changes if lines == [] else ():
        if change.before:
            lines.append(Text(f"    - {change.field}: {change.before}", style="red"))
        if change.after or not change.before:
            lines.append(Text(f"    + {change.field}: {change.after}", style="green"))
    lines += [Text(f"    = {field}: kept, edited here", style="cyan") for field in row.kept]
    lines += [Text(f"    ! {note.message}", style="yellow") for note in row.notes]
    return Text("\n").join(lines)


def _print_totals(console: Console, report: Report) -> None:
    totals = report.totals()
    line = " + ".join(f"{count:,} {outcome}" for outcome, count in totals.items())
    console.print(Text(f"{report.file}: {report.read:,} rows read = {line}", style="bold"))
    table = Table("outcome", "reason", Column("rows", justify="right"), box=None, pad_edge=False)
    for (outcome, code), count in report.reasons().items():
        table.add_row(Text(outcome, style=STYLES[outcome]), code, f"{count:,}")
    for code, count in report.notes().items():
        table.add_row(Text("note", style="yellow"), code, f"{count:,}")
    console.print(table)


def _print_absent(console: Console, report: Report) -> None:
    if not report.absent:
        return
    console.print(Text(f"{len(report.absent):,} known from this source are not in the file; nothing is done to them:"))
    for entry in report.absent[:ABSENT_ROWS]:
        console.print(Text(f"    {entry.external_id}  {entry.name} ({entry.point_of_sale})"))


def _closing(report: Report) -> str:
    took = f"{report.seconds:.1f} s, {report.read / max(report.seconds, 0.001):,.0f} rows a second"
    if report.applied and not report.wrote:
        return f"Nothing to write: the directory is in step with the file ({took})."
    if report.applied:
        return f"Written, in one transaction ({took})."
    return f"Nothing was written: this was a dry run ({took}). To apply it, run the same command with --write."
