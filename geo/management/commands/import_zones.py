"""`manage.py import_zones FILE --departement 41`: bring the zones that a département delivered to what a file says."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from rich.console import Console

from geo.coverage.importing.command import ImportCommand, day
from geo.coverage.zones.running import Delivery, ZonesReport, import_zones


class Command(ImportCommand):
    help = "Import zones that a département delivered: GeoJSON, GeoPackage or zipped Shapefile, in any CRS."
    line = "feature"

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
        super().add_arguments(parser)

    def bring(self, console: Console, options: dict[str, Any], write: bool) -> tuple[list[ZonesReport], int]:
        delivery = Delivery(
            departement=options["departement"], source=options["source"], delivered_on=options["date"],
            licence=options["licence"], layer=options["layer"], crs=options["crs"], classes=options["classes"],
            fields={what: options[f"{what}_field"] for what in ("class", "label", "planned")},
        )  # fmt: skip
        report = import_zones(options["file"], delivery, write=write)
        return [report], report.demo
