"""`manage.py geocode --pending`: place the pins that wait for the address service, with a bar and a report."""

from __future__ import annotations

import sys
import time
from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db.models import Q
from django.utils import timezone
from rich.console import Console
from rich.table import Table
from rich.text import Text

from directory.management.commands.seed_demo import positive
from directory.models import PinRequest
from directory.pinning import queue, working
from geo.console import Stages, console_on, progress_on
from geo.gazetteer import gazetteer

# In a row: an outage of a minute or two is waited for, a longer one is left to the workers.
MOST_OUTAGES = 6
LONGEST_WAIT = timedelta(seconds=60)
MANY = 1 << 60
PLACED = {"housenumber": "at the house", "street": "at the street", "locality": "at the locality"}
AT_COMMUNE = {
    "no_street": "no street in the address",
    "nothing_found": "nothing found",
    "below_threshold": "nothing like enough",
    "other_commune": "found in another commune only",
    "stale": "an old answer",
}
FAILED = {
    "not_found": "no such address, no commune",
    "ambiguous": "several communes have it",
    "outside_region": "outside the région",
    "provider_error": "the service's answer cannot be read",
}
BY_HAND = {"manual": "placed or confirmed by a person: left alone"}
REPORT = (("Placed", PLACED), ("At the commune's centre", AT_COMMUNE), ("Failed", FAILED), ("Kept", BY_HAND))


class Command(BaseCommand):
    help = (
        "Geocode what waits in the queue, and what has no pin or only its commune's. Beside running workers, at their"
        " common pace; interrupted, it goes on where it was. Exit code 1 when the service was away and some still wait."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--pending", action="store_true", required=True, help="say that you mean it")
        parser.add_argument("--limit", type=positive, metavar="N", help="at most N addresses")
        parser.add_argument("--departement", metavar="CODE", help="of this département alone")
        parser.add_argument("--again-failed", action="store_true", help="also what was asked in the last 30 days")
        parser.add_argument("--dry-run", action="store_true", help="say how many there are, and ask nobody")

    def handle(self, *args: Any, **options: Any) -> None:
        if (code := options["departement"]) and code not in gazetteer().departements:
            known = ", ".join(sorted(gazetteer().departements))
            raise CommandError(f"{code!r} is no département of the région: {known}.")
        if not settings.GEOCODER["domain"]:
            raise CommandError("GEOCODER_DOMAIN is empty: look-ups are off, nothing can be placed.")
        console = console_on(self.stdout, options["no_color"])
        here = Q(point_of_sale__commune__departement=code) if code else Q()
        unplaced = queue.unplaced(options["again_failed"])
        if code:
            unplaced = unplaced.filter(commune__departement=code)
        new = list(unplaced.values_list("pk", flat=True)[: options["limit"]])
        if options["dry_run"]:
            waits = queue.waiting(here).count()
            console.print(Text(f"{waits:,} wait in the queue; {len(new):,} more would be asked. Nobody was."))
            return
        queue.enqueue(new, PinRequest.Why.NO_PIN)
        run = Run(here, options["limit"])
        try:
            with progress_on(console) as bar:
                run.drain(Stages(bar))
        except KeyboardInterrupt:
            report(console, run)
            console.print(Text("Interrupted: the same command goes on where this one was."))
            sys.exit(130)
        report(console, run)
        if run.left:
            sys.exit(1)


class Run:
    """One draining of the queue, through the short outages."""

    def __init__(self, only: Q, limit: int | None):
        self.only, self.limit = only, limit
        self.tally = working.Tally()
        self.left = 0
        self.began = time.monotonic()

    def drain(self, stages: Stages) -> None:
        waits = queue.waiting(self.only)
        total = min(waits.count(), self.limit or MANY)
        outages = 0
        while outages < MOST_OUTAGES:
            before = self.tally.settled
            left = None if self.limit is None else self.limit - before
            working.work(left, None, self.only, self.tally, lambda tally: stages("geocoding", tally.settled, total))
            outages = outages + 1 if self.tally.settled == before else 0
            wait = self._next_due()
            if self.tally.settled == self.limit or wait is None or wait > LONGEST_WAIT:
                break
            time.sleep(max(wait.total_seconds(), 0.0))
        if self.tally.settled != self.limit:
            # What other workers hold at present is no outage.
            self.left = waits.count() if self.tally.away else waits.filter(tries__gt=0).count()

    def _next_due(self) -> timedelta | None:
        first = queue.waiting(self.only).values_list("next_at", flat=True).first()
        return None if first is None else first - timezone.now()


def report(console: Console, run: Run) -> None:
    """What became of the addresses, by precision or by reason."""
    table = Table(show_header=False, box=None, padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(justify="right")
    known: set[str] = set()
    for title, outcomes in REPORT:
        known |= outcomes.keys()
        if count := sum(run.tally.outcomes[code] for code in outcomes):
            table.add_row(title, f"{count:,}")
        for code, words in outcomes.items():
            if run.tally.outcomes[code]:
                table.add_row(f"  {words}", f"{run.tally.outcomes[code]:,}")
    for code in sorted(run.tally.outcomes.keys() - known):
        table.add_row(code, f"{run.tally.outcomes[code]:,}")
    console.print(table)
    seconds = time.monotonic() - run.began
    total = run.tally.settled
    rate = total / max(seconds, 0.001)
    console.print(
        Text(f"{total:,} addresses in {seconds:.1f} s ({rate:.1f} a second); {run.tally.moved:,} pins moved.")
    )
    if run.tally.doubtful:
        console.print(Text(f"{run.tally.doubtful:,} are doubtful: /gestion/ shows them, as a list and on a map."))
    if run.left:
        console.print(Text(f"The address service was away: {run.left:,} still wait, and workers try them again."))
