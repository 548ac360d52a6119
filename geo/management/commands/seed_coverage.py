"""`manage.py seed_coverage`: invented broadband figures to try the service with, and their removal."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from geo.coverage import demo
from geo.coverage.changed import announce


class Command(BaseCommand):
    help = "Invent two editions of broadband figures, zones and copper closures; replaces those invented before."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--seed", type=int, default=1, metavar="S", help="same seed, same figures (default: 1)")
        parser.add_argument("--remove", action="store_true", help="delete all demonstration coverage, and stop")
        parser.add_argument("--force", action="store_true", help="even beside real figures, zones or closures")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["remove"]:
            with transaction.atomic():
                gone = demo.remove_demo()
                announce()
            self.stdout.write(f"{gone} demonstration editions, files of zones and copper closures removed.")
            return
        refusals = demo.refusals()
        if refusals and not options["force"]:
            raise CommandError("\n".join(["Nothing is written.", *refusals, "To do it all the same, add --force."]))
        began = time.monotonic()
        try:
            seeded = demo.seed_coverage(options["seed"])
        except demo.GroundMissingError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"{seeded} (seed {options['seed']}, {time.monotonic() - began:.1f} s). "
            "`manage.py seed_coverage --remove` deletes them."
        )
