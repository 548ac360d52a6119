"""`manage.py seed_demo`: invented merchants to try the service with, and their removal."""

from __future__ import annotations

import time
from argparse import ArgumentParser, ArgumentTypeError
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from directory import demo


def positive(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 20_000_000:
        raise ArgumentTypeError("a whole number from 1 to 20000000 is expected")
    return int(text)


class Command(BaseCommand):
    help = "Invent merchants, plausible for the région and the same for the same seed; replaces those invented before."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--merchants", type=positive, default=2000, metavar="N", help="how many (default: 2000)")
        parser.add_argument("--seed", type=int, default=1, metavar="S", help="same seed, same merchants (default: 1)")
        parser.add_argument(
            "--processes", type=positive, default=1, metavar="N",
            help="share the work among N; for 30000 merchants or more, and a database that can be thrown away, because"
            " it is then not done in one transaction (default: 1)",
        )  # fmt: skip
        parser.add_argument("--remove", action="store_true", help="delete every demonstration merchant, and stop")
        parser.add_argument(
            "--force", action="store_true", help="even beside real merchants, or on a database that is not private"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["remove"]:
            self.stdout.write(f"{demo.remove_demo()} demonstration points of sale removed.")
            return
        refusals = demo.refusals()
        if refusals and options["processes"] > 1:
            raise CommandError("\n".join(["Nothing is written.", *refusals, "--processes is not for such a database."]))
        if refusals and not options["force"]:
            raise CommandError("\n".join(["Nothing is written.", *refusals, "To do it all the same, add --force."]))
        began = time.monotonic()
        try:
            written = demo.seed_demo(options["merchants"], options["seed"], options["processes"])
        except demo.GroundMissingError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"{options['merchants']} demonstration merchants, {written} points of sale (seed {options['seed']}, "
            f"{time.monotonic() - began:.1f} s). `manage.py seed_demo --remove` deletes them."
        )
