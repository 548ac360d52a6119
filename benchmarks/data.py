"""The benchmark's own databases, one for each number of rows: made, filled once, and filled anew when what made them
changes. The database that `make run` serves is never opened.
"""

from __future__ import annotations

import hashlib
import os
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from psycopg import sql

from directory.vocabulary_loading import load_vocabulary
from geo import revisions
from geo.ground.loading import load_communes

SEED = 20261122
LARGEST_WITH_LOCATION = 1_000_000
PEERS = Path(__file__).resolve().parent / "peers"
LOCATION_SQL = PEERS / "location.sql"
TIPG_SQL = PEERS / "tipg" / "functions.sql"
# Settings of every connection, so that a contender that cannot set them itself has them too; but whether PostgreSQL may
# read a table from end to end is each one's own (benchmarks/servers.py). What is not counted, autovacuum leaves alone:
# it would work while the database is filled, or measured.
DATABASE_SETTINGS = {"jit": "off", "max_parallel_workers_per_gather": "0", "track_counts": "off"}


@dataclass(frozen=True, slots=True)
class Bench:
    """A filled database. `points` is its number of points of sale that a search finds; making and filling it took
    `seconds`, without what contenders and measuring need besides.
    """

    rows: int
    seed: int
    name: str
    url: str
    points: int
    seconds: float

    @property
    def has_location(self) -> bool:
        """Whether the drf-gis contenders have their column: beyond a size they are not asked."""
        return self.rows <= LARGEST_WITH_LOCATION


def server_url() -> str:
    """DATABASE_URL, else the private cluster's address; which database of it does not matter here."""
    return os.environ.get("DATABASE_URL") or (settings.LOCAL_DIR / "database_url").read_text("utf-8").strip()


def url_of(database: str) -> str:
    return urlunsplit(urlsplit(server_url())._replace(path=f"/{database}"))


def prepare(rows: int, seed: int = SEED) -> Bench:
    """The database of so many rows, filled if need be; Django's connection is to it from here on."""
    name = database_of(rows)
    made_by = schema_hash()
    _connect(name)
    if not _exists(name) or (stamp := _stamped(rows, seed, made_by)) is None:
        stamp = _fill(name, rows, seed, made_by)
    return Bench(rows, seed, name, url_of(name), *stamp)


def drop(rows: int) -> None:
    """Drop the database of so many rows, if there is one."""
    with psycopg.connect(url_of("postgres"), autocommit=True) as server:
        name = sql.Identifier(database_of(rows))
        server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))


def database_of(rows: int) -> str:
    return f"local_dabord_bench_{rows}"


def schema_hash() -> str:
    """Of all that decides what is in the database: migrations, communes, vocabulary, generator, contenders' SQL."""
    root = settings.BASE_DIR
    files = [settings.COMMUNES_FILE, LOCATION_SQL, TIPG_SQL]
    for pattern in ("*/migrations/**/*.py", "*/migrations/**/*.sql", "fixtures/vocabulary/*", "fixtures/demo/*"):
        files += root.glob(pattern)
    files += (root / "directory" / "demo").glob("**/*.py")
    digest = hashlib.sha256()
    for path in sorted(files):
        digest.update(f"{path.relative_to(root)}\n".encode() + path.read_bytes())
    return digest.hexdigest()


def _connect(name: str) -> None:
    """Turn Django's connection of this process to another database."""
    connection.close()
    connection.settings_dict["NAME"] = name
    revisions.forget()


def _exists(name: str) -> bool:
    with psycopg.connect(url_of("postgres")) as server:
        return server.execute("SELECT FROM pg_database WHERE datname = %s", [name]).fetchone() is not None


def _stamped(rows: int, seed: int, made_by: str) -> tuple[int, float] | None:
    """How many points the database holds, and the seconds that took, if it was filled to the end by this very code."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('bench_filled')")
        if cursor.fetchone() == (None,):
            return None
        stamp = "SELECT points, seconds FROM bench_filled WHERE rows = %s AND seed = %s AND made_by = %s"
        cursor.execute(stamp, [rows, seed, made_by])
        return cursor.fetchone()


def _fill(name: str, rows: int, seed: int, made_by: str) -> tuple[int, float]:
    from directory.demo import seed_demo

    began = time.monotonic()
    print(f"Filling {name}: {rows:,} merchants, seed {seed}", flush=True)
    connection.close()
    drop(rows)
    _create(name)
    call_command("migrate", verbosity=0, interactive=False)
    load_communes(settings.COMMUNES_FILE)
    load_vocabulary(settings.VOCABULARY_DIR)
    seed_demo(rows, seed, processes=os.cpu_count() or 1)
    seconds = time.monotonic() - began
    if rows <= LARGEST_WITH_LOCATION:
        add_location()
    with connection.cursor() as cursor:
        cursor.execute(TIPG_SQL.read_text("utf-8"))
        cursor.execute("VACUUM (ANALYZE)")
        cursor.execute("SELECT count(*) FROM directory_search_entry")
        points = int(cursor.fetchone()[0])
        cursor.execute("CREATE TABLE bench_filled (rows int, seed int, made_by text, points int, seconds float)")
        cursor.execute("INSERT INTO bench_filled VALUES (%s, %s, %s, %s, %s)", [rows, seed, made_by, points, seconds])
    connection.close()
    print(f"  {points:,} points of sale ({seconds:.0f} s, then {time.monotonic() - began - seconds:.0f} s)", flush=True)
    return points, seconds


def add_location() -> None:
    """The drf-gis contenders' column and indexes. Search entries do not depend on it, so they are left alone."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # what waits for the end would stop the table being altered
        cursor.execute("SET LOCAL maintenance_work_mem = '512MB'")
        cursor.execute(LOCATION_SQL.read_text("utf-8"))


def _create(name: str) -> None:
    with psycopg.connect(url_of("postgres"), autocommit=True) as server:
        database = sql.Identifier(name)
        server.execute(sql.SQL("CREATE DATABASE {}").format(database))
        for setting, value in DATABASE_SETTINGS.items():
            change = sql.SQL("ALTER DATABASE {} SET {} = {}")
            server.execute(change.format(database, sql.Identifier(setting), sql.Literal(value)))
