"""A question's SQL timed by itself, on a connection like the service's: no HTTP, no Python around it."""

from __future__ import annotations

import statistics
import time
from collections.abc import Sequence
from typing import Any

import psycopg

from benchmarks.data import DATABASE_SETTINGS, Bench
from directory import search

Connection = psycopg.Connection[Any]
OF_THE_SERVICE = {"enable_seqscan": "off"}  # as config/wsgi.py sets it
USES_BEFORE_TIMING = 8  # a plan made once for all parameters is considered from the sixth use on


def connect(bench: Bench) -> Connection:
    options = " ".join(f"-c {name}={value}" for name, value in (DATABASE_SETTINGS | OF_THE_SERVICE).items())
    return psycopg.connect(bench.url, autocommit=True, options=options, prepare_threshold=0)


def warm_up(connection: Connection, statements: Sequence[search.Statement]) -> None:
    for statement in (*statements, *statements[:USES_BEFORE_TIMING]):
        connection.execute(statement.sql, statement.parameters).fetchall()


def fetched(
    connection: Connection, statement: search.Statement, *, binary: bool = False
) -> tuple[float, list[tuple[Any, ...]]]:
    """Milliseconds until the last row is here, and the rows."""
    began = time.perf_counter()
    rows = connection.execute(statement.sql, statement.parameters, binary=binary).fetchall()
    return (time.perf_counter() - began) * 1000, rows


def timed(connection: Connection, statement: search.Statement) -> tuple[float, int]:
    """Milliseconds until the last row is here, and the total that the answer gives."""
    taken, rows = fetched(connection, statement)
    return taken, int(rows[0][0])


def middle(connection: Connection, statement: search.Statement, times: int) -> tuple[float, int]:
    """The median of several runs."""
    runs = [timed(connection, statement) for _ in range(times)]
    return statistics.median(taken for taken, _ in runs), runs[0][1]
