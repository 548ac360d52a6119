"""One import of coverage at a time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import OperationalError, connection, transaction

from geo.coverage.changed import hold
from geo.coverage.importing.errors import Busy

PATIENCE_S = 10


@contextmanager
def alone() -> Iterator[None]:
    """A transaction in which no other import runs, nobody makes a demonstration, and no case of the gap is made.

    The lock is the transaction's: it goes with it, also when the process is killed. Raises Busy where another holds it
    for longer than cases take.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL lock_timeout = '{PATIENCE_S}s'")
            try:
                hold()
            except OperationalError as error:
                raise Busy("Another import of coverage is running: wait until it ends. Nothing was written.") from error
            cursor.execute("SET LOCAL lock_timeout = DEFAULT")
        yield
