"""`manage.py add_official EMAIL --departement 41`: an account, its posts, and a link to choose a password."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import CommandError

from directory.models import Official
from geo.models import Departement
from maps.management.accounts import AddCommand


class Command(AddCommand):
    help = "Adds an official of one or more départements, or gives one who is there more of them; takes none away."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--departement", action="append", required=True, metavar="CODE", help="may be repeated")

    def check_options(self, options: dict[str, Any]) -> None:
        known = list(Departement.objects.values_list("code", flat=True))
        if unknown := [code for code in options["departement"] if code not in known]:
            raise CommandError(f"No such département: {', '.join(unknown)}. Known: {', '.join(known)}.")

    def give(self, user: User, options: dict[str, Any]) -> str:
        codes = dict.fromkeys(options["departement"])
        added = sum(Official.objects.get_or_create(user=user, departement_id=code)[1] for code in codes)
        held = ", ".join(user.posts.order_by("departement").values_list("departement", flat=True))
        return f"{added} post(s) added; official of {held}"
