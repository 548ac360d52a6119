"""`manage.py run_feed SLUG`: one passage of a partner's list now; with --dry-run, what it would change."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from rich.text import Text

from directory.importing import ImportFailure
from directory.importing.printing import print_report
from directory.models import Feed
from directory.platforms import feeding
from directory.platforms.errors import FetchFailure
from geo.console import console_on


class Command(BaseCommand):
    help = "Fetch a partner's list now and bring the directory in step with it, or say what that would change."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", help="the feed's code in the admin")
        parser.add_argument("--dry-run", action="store_true", help="say what would change, and write nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        feed = Feed.objects.select_related("platform").filter(slug=options["slug"]).first()
        if feed is None:
            known = ", ".join(Feed.objects.values_list("slug", flat=True)) or "none"
            raise CommandError(f"There is no feed {options['slug']!r}. Known: {known}.")
        console = console_on(self.stdout, options["no_color"])
        if options["dry_run"]:
            try:
                seen = feeding.preview(feed)
            except (FetchFailure, ImportFailure) as error:
                raise CommandError(str(error)) from error
            print_report(console, seen.report)
            waits = " It would be held until somebody confirms it." if seen.doubtful else ""
            gone = f"{len(seen.leaving):,} would be hidden, {len(seen.staying):,} stay though absent."
            console.print(Text(f"Nothing was written: this was a dry run. {gone}{waits}"))
            return
        made = feeding.run(feed, fresh=True)
        if made.outcome in feeding.FAILING:
            raise CommandError(f"{made.outcome}: {made.detail} Nothing was changed.")
        counts = ", ".join(f"{count:,} {name}" for name, count in made.totals.items() if name != feeding.MISSING)
        console.print(Text(f"{made.outcome}: {counts}; {made.withdrawn:,} hidden, {made.returned:,} shown again."))
        if made.detail:
            console.print(Text(made.detail))
