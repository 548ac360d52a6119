"""What the commands that import coverage share: a dry run, a report of every line, and the same words at the end."""

from __future__ import annotations

import time
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.text import Text

from geo.console import console_on
from geo.coverage.importing.errors import ImportFailure
from geo.coverage.importing.printing import closing, print_report
from geo.coverage.importing.reading import parse_day
from geo.coverage.importing.report import Report, write_csv


class ImportCommand(BaseCommand):
    """A subclass says what it imports (`bring`), and what its reports have besides (`print_more`)."""

    line = "line"  # what a report has one of for each entry of the file

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="say what would change, and change nothing")
        parser.add_argument(
            "--report", type=Path, metavar="FILE.csv", help=f"every {self.line}, with what became of it and why"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        began, console = time.monotonic(), console_on(self.stdout, options["no_color"])
        if (target := options["report"]) and not target.parent.is_dir():
            raise CommandError(f"{target}: there is no such folder.")
        write = not options["dry_run"]
        try:
            reports, demo = self.bring(console, options, write)
        except ImportFailure as failure:
            raise CommandError(str(failure)) from failure
        for report in reports:
            print_report(console, report)
            self.print_more(console, report)
        if demo:
            console.print(Text("What was invented goes: what is real takes its place.", style="yellow"))
        if target:
            write_csv(target, reports)
            console.print(Text(f"Every {self.line}: {target}"))
        wrote = bool(demo) or any(report.wrote for report in reports)
        console.print(Text(closing(wrote, write, time.monotonic() - began)))

    def bring(self, console: Console, options: dict[str, Any], write: bool) -> tuple[Sequence[Report], int]:
        """Import, and say how much of the demonstration went. Raises ImportFailure."""
        raise NotImplementedError

    def print_more(self, console: Console, report: Any) -> None:
        """Print what only this kind of report has."""


def day(text: str) -> date:
    """The type of an argument that is a day."""
    found = parse_day(text)
    if found is None:
        raise ArgumentTypeError(f"{text!r} is no day such as 2026-03-31")
    return found
