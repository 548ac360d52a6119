"""`manage.py import_merchants FILE --mapping NAME`: what a file of merchants would change; with --write, change it."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from rich.text import Text

from directory.importing import ImportFailure, Report, run_import
from directory.importing.mapping import names
from directory.importing.printing import print_report
from geo.console import Stages, console_on, progress_on


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
        print_report(console, report)
        if target:
            report.to_csv(target)
            console.print(Text(f"Every row: {target}"))
        console.print(Text(_closing(report)))


def _closing(report: Report) -> str:
    took = f"{report.seconds:.1f} s, {report.read / max(report.seconds, 0.001):,.0f} rows a second"
    if report.applied and not report.wrote:
        return f"Nothing to write: the directory is in step with the file ({took})."
    if report.applied:
        return f"Written, in one transaction ({took})."
    return f"Nothing was written: this was a dry run ({took}). To apply it, run the same command with --write."
