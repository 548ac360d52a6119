"""Keeps the windows of all schedules in step with the calendar. Writes directory_schedule, never the hot table."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from psycopg.types.multirange import TimestamptzMultirange

from directory.models import Schedule

# Schedules written in one transaction: half a second's work.
CHUNK = 1000
# Late, but with windows that still reach as far as a question may ask (DAYS_TO_SPARE).
LATE = timedelta(days=2)

WRITE = """
UPDATE directory_schedule AS schedule
SET open_during = fresh.open_during, known_during = fresh.known_during, refreshed_at = %s
FROM unnest(%s::bigint[], %s::tstzmultirange[], %s::tstzmultirange[]) AS fresh(id, open_during, known_during)
WHERE schedule.id = fresh.id
"""


def not_refreshed_since(moment: datetime) -> QuerySet[Schedule]:
    """Those whose windows were last worked out before the moment, or never."""
    return Schedule.objects.filter(Q(refreshed_at__lt=moment) | Q(refreshed_at=None))


def refresh_schedules(now: datetime | None = None) -> int:
    """Work out again all that was not since the local midnight; how many there were.

    May be called as often as one likes, and by several at once: rows that another holds are left to it.
    """
    now = now or timezone.now()
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    done = 0
    while written := _refresh_some(midnight, now):
        done += written
    return done


@transaction.atomic
def _refresh_some(midnight: datetime, now: datetime) -> int:
    stale = not_refreshed_since(midnight).select_for_update(skip_locked=True, no_key=True)
    schedules = list(stale.order_by("refreshed_at", "id")[:CHUNK])
    for schedule in schedules:
        schedule.work_out(now)
    with connection.cursor() as cursor:
        cursor.execute(
            WRITE,
            [
                now,
                [schedule.pk for schedule in schedules],
                [TimestamptzMultirange(schedule.open_during) for schedule in schedules],
                [TimestamptzMultirange(schedule.known_during) for schedule in schedules],
            ],
        )
    return len(schedules)
