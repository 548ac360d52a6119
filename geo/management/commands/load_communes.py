"""`manage.py load_communes`: bring départements, EPCI and communes to what the communes file says."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from geo.ground.errors import GroundError
from geo.ground.loading import load_communes


class Command(BaseCommand):
    help = "Load the communes file as a diff, in one transaction; départements and EPCI are unions of communes."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, default=settings.COMMUNES_FILE, help="default: region.toml's")
        parser.add_argument("--force", action="store_true", help="compare even if this very file was loaded last")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            report = load_communes(options["file"], force=options["force"])
        except GroundError as error:
            raise CommandError("\n".join(["Nothing is written.", *error.problems])) from error
        for line in report.lines():
            self.stdout.write(line)
