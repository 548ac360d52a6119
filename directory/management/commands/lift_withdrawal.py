"""`manage.py lift_withdrawal --commune 41269 --name "Ferme des Prés"`: a merchant that withdrew wrote to come back."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from directory import withdrawals


class Command(BaseCommand):
    """What was withdrawn stays cleared; lists and agents may name the merchant again."""

    help = "Let a merchant that withdrew be registered again, at its own written wish alone."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--siret", default="")
        parser.add_argument("--name", default="", help="with --commune")
        parser.add_argument("--commune", default="", help="its INSEE code")

    def handle(self, *args: Any, **options: Any) -> None:
        if not withdrawals.lift(options["siret"], options["name"], options["commune"]):
            raise CommandError("nobody of that SIRET, or of that name there, withdrew")
        self.stdout.write("lifted")
