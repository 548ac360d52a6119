"""`manage.py import_copper FILE`: bring the closures of the copper network to what a file of lots says."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.text import Text

from geo.coverage.importing.command import ImportCommand
from geo.coverage.importing.copper import SOURCE, CopperReport, import_copper


class Command(ImportCommand):
    help = "Import lots of copper closures (CSV: commune, lot, commercial and technical closure dates)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="CSV in UTF-8, with ; or ,")
        parser.add_argument("--replace", action="store_true", help="forget the communes that the file does not name")
        parser.add_argument("--source", default=SOURCE, help="what screens and exports cite (default: %(default)s)")
        super().add_arguments(parser)

    def bring(self, console: Console, options: dict[str, Any], write: bool) -> tuple[list[CopperReport], int]:
        report = import_copper(options["file"], write=write, replace=options["replace"], source=options["source"])
        return [report], report.demo

    def print_more(self, console: Console, report: CopperReport) -> None:
        if report.kept:
            console.print(Text(f"{report.kept:,} communes are not in the file and were kept; --replace forgets them."))
