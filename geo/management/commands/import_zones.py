"""`manage.py import_zones FILE --departement 41`: bring the zones that a département delivered to what a file says."""

from __future__ import annotations

import time
from argparse import ArgumentParser, ArgumentTypeError
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from rich.text import Text

from geo.console import console_on
from geo.coverage.importing.errors import ImportFailure
from geo.coverage.importing.printing import closing, print_report
from geo.coverage.importing.reading import parse_day
from geo.coverage.importing.report import write_csv
from geo.coverage.zones.running import Delivery, import_zones


def day(text: str) -> date:
    found = parse_day(text)
    if found is None:
        raise ArgumentTypeError("a day such as 2026-03-31 is expected")
    return found


class Command(BaseCommand):
    help = "Import zones that a département delivered: GeoJSON, GeoPackage or zipped Shapefile, in any CRS."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="GeoJSON, GeoPackage, or a Shapefile in a .zip")
        parser.add_argument("--departement", required=True, metavar="CODE", help="whose zones they are: 41")
        parser.add_argument(
            "--source", required=True, metavar="TEXT",
            help="who delivered them, cited everywhere; the next file of the same takes this one's place",
        )  # fmt: skip
        parser.add_argument("--date", required=True, type=day, metavar="YYYY-MM-DD", help="the day of the delivery")
        parser.add_argument("--licence", default="", metavar="TEXT", help="under which the zones may be shown")
        parser.add_argument("--layer", metavar="NAME", help="which layer, where there are several")
        parser.add_argument("--crs", metavar="EPSG:N", help="what the coordinates are, whatever the file says")
        for what, tells in (
            ("class", "the class of downlink"), ("label", "the label"), ("planned", "when works are planned"),
        ):  # fmt: skip
            parser.add_argument(f"--{what}-field", metavar="NAME", help=f"the field that tells {tells}")
        parser.add_argument(
            "--class", action="append", default=[], dest="classes", metavar="VALUE=CLASS",
            help='a value of that field and the class that it means: "bon débit=BHD8"; as often as needed',
        )  # fmt: skip
        parser.add_argument("--dry-run", action="store_true", help="say what would change, and change nothing")
        parser.add_argument(
            "--report", type=Path, metavar="FILE.csv", help="every feature, with what became of it and why"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        began, console = time.monotonic(), console_on(self.stdout, options["no_color"])
        if (target := options["report"]) and not target.parent.is_dir():
            raise CommandError(f"{target}: there is no such folder.")
        delivery = Delivery(
            departement=options["departement"], source=options["source"], delivered_on=options["date"],
            licence=options["licence"], layer=options["layer"], crs=options["crs"], classes=options["classes"],
            fields={what: options[f"{what}_field"] for what in ("class", "label", "planned")},
        )  # fmt: skip
        write = not options["dry_run"]
        try:
            report = import_zones(options["file"], delivery, write=write)
        except ImportFailure as failure:
            raise CommandError(str(failure)) from failure
        print_report(console, report)
        if report.demo:
            console.print(Text("The demonstration's zones go: real ones take their place.", style="yellow"))
        if target:
            write_csv(target, [report])
            console.print(Text(f"Every feature: {target}"))
        console.print(Text(closing(report.wrote, write, time.monotonic() - began)))
