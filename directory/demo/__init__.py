"""Demonstration merchants: invented, plausible for the région, marked as such everywhere, removed in one command.

`PointOfSale.demo` marks them, and `Platform.demo` the platforms that some of them sell on. The words and weights stand
in `fixtures/demo`, and what grows where in the région's own `demo/terroirs.toml`, beside its region.toml.
"""

from __future__ import annotations

import psycopg
from django.conf import settings
from django.db import connection, transaction
from psycopg.conninfo import conninfo_to_dict

from directory.clusters import pyramid
from directory.demo import filling, making, owning, platforms, removing, selections, writing
from directory.demo.land import read_lands
from directory.demo.tables import Tables, read_tables
from directory.models import PointOfSale, Term

LOCK = 0x64656D6F  # one demonstration at a time
MANY = 30_000  # merchants, from which on making indexes anew is quicker than keeping them


class GroundMissingError(RuntimeError):
    """The communes or the vocabulary are not loaded; the message says how to load them."""


def tables() -> Tables:
    """The words and weights of the région that the settings name."""
    return read_tables(settings.BASE_DIR / "fixtures" / "demo", settings.REGION_FILE.parent / "demo" / "terroirs.toml")


def demo_present() -> bool:
    """Whether there is any demonstration point of sale."""
    return PointOfSale.objects.filter(demo=True).exists()


def refusals() -> list[str]:
    """Why merchants should not be invented here, in words for the person at the keyboard; empty where they may."""
    found = []
    real = PointOfSale.objects.filter(demo=False, status=PointOfSale.Status.PUBLISHED).count()
    if real:
        found.append(f"{real} published points of sale are real: invented ones would mix with them.")
    if external_database():
        found.append("DATABASE_URL leads to a database that is not this checkout's own: others may rely on it.")
    return found


def external_database() -> bool:
    """Whether DATABASE_URL leads elsewhere than to the server that `bin/cluster` runs for this checkout."""
    if not settings.DATABASE_IS_EXTERNAL:
        return False
    note = settings.LOCAL_DIR / "database_url"
    if not note.exists():
        return True
    connection.ensure_connection()
    raw: psycopg.Connection = connection.connection
    private = conninfo_to_dict(note.read_text().strip())
    return (raw.info.host, raw.info.port) != (private.get("host"), int(private.get("port") or 5432))


def seed_demo(merchants: int, seed: int, processes: int = 1) -> int:
    """Replace the demonstration by `merchants` new ones; the number of points of sale, about 1.1 times as many.

    The same `merchants` and `seed` give the same content, in the same order. Asks nothing: a caller that may run on a
    database of real merchants reads `refusals()` first. In one transaction; unless several `processes` share the work,
    which is for databases that can be thrown away: a failure leaves no demonstration, and a machine that stops leaves
    tables without their indexes. Raises GroundMissingError.
    """
    lands = read_lands()
    if not lands or not Term.objects.exists():
        raise GroundMissingError("Run `manage.py load_communes` and `manage.py load_vocabulary` first.")
    words = tables()
    if processes > 1 and merchants >= MANY:
        return _fill(making.Maker(merchants, seed, lands, words), processes)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        removing.remove()
        written = writing.write(making.make(merchants, seed, lands, words), many=merchants >= MANY)
        platforms.write()
        selections.write()
        owning.write()
        pyramid.catch_up()
        return written


def _fill(maker: making.Maker, processes: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        try:
            with transaction.atomic(durable=True):
                removing.remove()
            try:
                written = filling.fill(maker, processes)
                platforms.write()
                selections.write()
                owning.write()
                return written
            except BaseException:
                removing.remove()
                raise
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])


def remove_demo() -> int:
    """Delete the demonstration and every row that hangs on it; the number of points of sale removed."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        removed = removing.remove()
        owning.remove()
        return removed
