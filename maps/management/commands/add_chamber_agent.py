"""`manage.py add_chamber_agent EMAIL --chamber trades`: an account, its chambers, and a link to choose a password."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.contrib.auth.models import User

from directory.chambers.access import chambers
from directory.models import ChamberAgent
from maps.management.accounts import AddCommand


class Command(AddCommand):
    help = "Adds an agent of one or more chambers, or gives one who is there more of them; takes none away."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        known = [chamber.kind for chamber in chambers()]
        parser.add_argument("--chamber", action="append", required=True, choices=known, help="may be repeated")

    def give(self, user: User, options: dict[str, Any]) -> str:
        kinds = dict.fromkeys(options["chamber"])
        added = sum(ChamberAgent.objects.get_or_create(user=user, chamber=kind)[1] for kind in kinds)
        held = ", ".join(ChamberAgent.objects.filter(user=user).order_by("chamber").values_list("chamber", flat=True))
        return f"{added} chamber(s) added; agent of {held}"
