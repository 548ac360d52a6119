"""What passages of feeds leave behind: kept while somebody may look at it, and no longer."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import F, Window
from django.db.models.functions import RowNumber
from django.utils import timezone

from directory.models import FeedRun
from directory.platforms.feeding import MISSING

KEPT_FOR, LAST_KEPT = timedelta(days=60), 20
# The rows of a passage name people, and say why their rows were refused.
ROWS_KEPT_FOR = timedelta(days=30)


def forget(now: datetime | None = None) -> int:
    """Delete old passages but for the last of each feed, and empty the rows of those that stay; how many were deleted.

    A held passage without its rows allows nothing any more: it is to be run again.
    """
    now = now or timezone.now()
    ranked = FeedRun.objects.annotate(
        rank=Window(RowNumber(), partition_by="feed", order_by=[F("started_at").desc(), F("id").desc()])
    )
    last = ranked.filter(rank__lte=LAST_KEPT).values_list("pk", flat=True)
    deleted, _ = FeedRun.objects.filter(started_at__lt=now - KEPT_FOR).exclude(pk__in=list(last)).delete()
    old = FeedRun.objects.filter(started_at__lt=now - ROWS_KEPT_FOR)
    old.exclude(rows=[]).update(rows=[])
    for run in old.filter(totals__has_key=MISSING).only("totals"):
        FeedRun.objects.filter(pk=run.pk).update(totals={k: n for k, n in run.totals.items() if k != MISSING})
    return deleted
