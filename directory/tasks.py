"""Work done in the background by `manage.py procrastinate worker`, which `make run` starts too."""

from __future__ import annotations

from datetime import timedelta

from django.db import connection
from django.utils import timezone
from procrastinate.contrib.django import app

from directory import demand
from directory.chambers import lists
from directory.clusters import pyramid
from directory.gaps import refreshing as gaps
from directory.hours.refreshing import refresh_schedules
from directory.indexing import forget_words, restore_order
from directory.models import Feed, FeedRun, PinRequest, SearchEntry
from directory.moderating import duplicates, labels
from directory.owners import files, leaving, retention
from directory.pinning import queue, working
from directory.platforms import feeding, forgetting, keeping, links


# Each hour, though there is something to do only after midnight: a worker that was off then, or a row written past
# Django, is made good within the hour, and at once when a worker starts (PROCRASTINATE_PERIODIC_DEFAULTS).
@app.periodic(cron="5 * * * *")
@app.task(name="refresh_schedules", queueing_lock="refresh_schedules")
def refresh(timestamp: int) -> int:
    """Bring the windows of opening hours up to date; how many schedules that took."""
    return refresh_schedules()


@app.periodic(cron="* * * * *")
@app.task(name="catch_up_clusters", queueing_lock="catch_up_clusters")
def catch_up_clusters(timestamp: int) -> int:
    """Fold into the cells of the clusters what was written since; how many changes. Nobody waits for it."""
    return pyramid.catch_up()


@app.periodic(cron="30 2 * * *")
@app.task(name="mend_clusters", queueing_lock="mend_clusters")
def mend_clusters(timestamp: int) -> bool:
    """Make the cells of the clusters anew where they need it; whether they did."""
    return pyramid.mend()


# Before the words of names that are gone.
@app.periodic(cron="10 3 * * *")
@app.task(name="purge_merchants", queueing_lock="purge_merchants")
def purge_merchants(timestamp: int) -> int:
    """Delete for good those whose owners asked for it long enough ago; how many. And files that nothing names."""
    gone = leaving.purge()
    files.sweep()
    return gone


@app.periodic(cron="15 3 * * *")
@app.task(name="forget_served", queueing_lock="forget_served")
def forget_served(timestamp: int) -> int:
    """Delete what was kept of people for a purpose that is served; how many rows."""
    return retention.forget()


@app.periodic(cron="20 3 * * *")
@app.task(name="forget_words", queueing_lock="forget_words")
def forget(timestamp: int) -> int:
    """Remove the words of names that are gone; how many."""
    return forget_words()


# Once a month, when few ask: entries written since then stand at the end of the table. Questions wait meanwhile; with
# more entries than these they would wait longer than they may, and be refused: there somebody chooses the hour.
MOST_REORDERED = 200_000
SUNDAY = 7


@app.periodic(cron="40 3 1 * *")
@app.task(name="restore_order", queueing_lock="restore_order")
def reorder(timestamp: int) -> bool:
    """Put neighbours side by side again in the table of entries; whether that was done."""
    done = SearchEntry.objects.count() <= MOST_REORDERED and restore_order()
    if done:
        with connection.cursor() as cursor:
            cursor.execute("VACUUM (ANALYZE) directory_search_entry")
    return done


# What a merchant's report or an import changes is written at once; a moved pin or a new shop within ten minutes.
@app.periodic(cron="*/10 * * * *")
@app.task(name="refresh_gaps", queueing_lock="refresh_gaps")
def refresh_gaps(timestamp: int) -> int:
    """Bring the cases of the broadband gap in step; how many were written or left."""
    done = gaps.refresh()
    return done.written + done.left


@app.periodic(cron="50 3 * * *")
@app.task(name="forget_demand", queueing_lock="forget_demand")
def forget_demand(timestamp: int) -> int:
    """Delete unmet demand older than it may be shown; how many rows."""
    return demand.forget()


@app.periodic(cron="10 4 * * *")
@app.task(name="check_platform_links", queueing_lock="check_platform_links")
def check_platform_links(timestamp: int) -> int:
    """Look at the platforms' sites; of how many the state changed."""
    return links.check_links()


# The admin does so for each platform that it saves; this follows the communes and the vocabulary.
@app.periodic(cron="25 3 * * *")
@app.task(name="keep_platforms", queueing_lock="keep_platforms")
def keep_platforms(timestamp: int) -> int:
    """Bring territories and what is sold in step with the communes and the vocabulary; of how many platforms."""
    return keeping.keep()


@app.periodic(cron="35 3 * * *")
@app.task(name="forget_chamber_lists", queueing_lock="forget_chamber_lists")
def forget_chamber_lists(timestamp: int) -> int:
    """Drop the chambers' lists that nobody wrote within a week; how many."""
    return lists.forget()


@app.periodic(cron="*/15 * * * *")
@app.task(name="run_due_feeds", queueing_lock="run_due_feeds")
def run_due_feeds(timestamp: int) -> int:
    """Bring the directory in step with the partners' lists whose hour has come; how many were looked at."""
    return len(feeding.run_due())


@app.periodic(cron="45 3 * * *")
@app.task(name="forget_feed_runs", queueing_lock="forget_feed_runs")
def forget_feed_runs(timestamp: int) -> int:
    """Delete old passages of the feeds, and the rows of those that stay; how many were deleted."""
    return forgetting.forget()


# Of the two minutes until the next, so that what is due each minute never waits long behind it: some 500 addresses of a
# service that answers in a tenth of a second. `manage.py geocode` takes no such breaks.
DRAIN_S = 50.0
# Each night, of what nobody asked for: an hour's work at most.
MOST_UNPLACED = 5_000


@app.periodic(cron="*/2 * * * *")
@app.task(name="place_pins", queueing_lock="place_pins")
def place_pins(timestamp: int) -> int:
    """Ask the address service about the pins that wait; how many are settled."""
    return working.work(seconds=DRAIN_S).settled


@app.periodic(cron="45 0 * * *")
@app.task(name="ask_for_pins", queueing_lock="ask_for_pins")
def ask_for_pins(timestamp: int) -> int:
    """Queue what has no pin, or only its commune's; how many."""
    places = queue.unplaced().values_list("pk", flat=True)[:MOST_UNPLACED]
    return queue.enqueue(places, PinRequest.Why.NO_PIN)


# A night that was missed is made good by the next: a week is looked at, and all of it on Sundays.
@app.periodic(cron="15 1 * * *")
@app.task(name="find_duplicates", queueing_lock="find_duplicates")
def find_duplicates(timestamp: int) -> int:
    """Propose entries that may be one; how many pairs are new."""
    now = timezone.localtime()
    return duplicates.find(None if now.isoweekday() == SUNDAY else now - timedelta(days=7))


@app.periodic(cron="10 0 * * *")
@app.task(name="expire_labels", queueing_lock="expire_labels")
def expire_labels(timestamp: int) -> int:
    """Labels whose verification ran out are declared again; how many."""
    return labels.expire()


@app.task(name="run_feed")
def run_feed(slug: str, confirmed: int | None = None) -> str:
    """One passage that a person asked for, of a held one that was confirmed; what came of it."""
    feed = Feed.objects.select_related("platform").get(slug=slug)
    held = feed.runs.filter(pk=confirmed, outcome=FeedRun.Outcome.HELD).first() if confirmed else None
    return feeding.run(feed, fresh=True, confirmed=held).outcome
