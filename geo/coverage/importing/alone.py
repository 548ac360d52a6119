"""One import of coverage at a time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from geo.coverage.demo import LOCK
from geo.coverage.importing.errors import Busy


@contextmanager
def alone() -> Iterator[None]:
    """A transaction in which no other import runs, and nobody makes a demonstration. Raises Busy.

    The lock is the transaction's: it goes with it, also when the process is killed.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
            if not cursor.fetchone()[0]:
                raise Busy("Another import of coverage is running: wait until it ends. Nothing was written.")
        yield
