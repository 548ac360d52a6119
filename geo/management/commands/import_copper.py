"""`manage.py import_copper FILE`: bring the closures of the copper network to what a file of lots says."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from rich.text import Text

from geo.console import console_on
from geo.coverage.importing.copper import SOURCE, import_copper
from geo.coverage.importing.errors import ImportFailure
from geo.coverage.importing.printing import closing, print_report
from geo.coverage.importing.report import write_csv


class Command(BaseCommand):
    help = "Import lots of copper closures (CSV: commune, lot, commercial and technical closure dates)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="CSV in UTF-8, with ; or ,")
        parser.add_argument("--replace", action="store_true", help="forget the communes that the file does not name")
        parser.add_argument("--source", default=SOURCE, help="what screens and exports cite (default: %(default)s)")
        parser.add_argument("--dry-run", action="store_true", help="say what would change, and change nothing")
        parser.add_argument(
            "--report", type=Path, metavar="FILE.csv", help="every line, with what became of it and why"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        began, console = time.monotonic(), console_on(self.stdout, options["no_color"])
        if (target := options["report"]) and not target.parent.is_dir():
            raise CommandError(f"{target}: there is no such folder.")
        write = not options["dry_run"]
        try:
            report = import_copper(options["file"], write=write, replace=options["replace"], source=options["source"])
        except ImportFailure as failure:
            raise CommandError(str(failure)) from failure
        print_report(console, report)
        if report.kept:
            console.print(Text(f"{report.kept:,} communes are not in the file and were kept; --replace forgets them."))
        if report.demo:
            console.print(
                Text("The demonstration's closures are taken away: real ones take their place.", style="yellow")
            )
        if target:
            write_csv(target, [report])
            console.print(Text(f"Every line: {target}"))
        console.print(Text(closing(report.wrote, write, time.monotonic() - began)))
