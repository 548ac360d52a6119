"""Says that figures, zones or closures changed: copies in memory are made anew, and who depends on them is told."""

from __future__ import annotations

from django.db import connection
from django.dispatch import Signal

from geo import revisions

LOCK = 0x636F7664
changed = Signal()


def hold() -> None:
    """Wait until nobody else writes coverage, or what is made of it, until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def announce() -> None:
    """Call it in the transaction of the import, last."""
    revisions.bump("coverage")
    changed.send(sender=None)
