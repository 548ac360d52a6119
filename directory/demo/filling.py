"""Many merchants by several connections at once, for a database that can be thrown away: not in one transaction.

Each process makes, writes and indexes a run of communes at a time; ids are given out beforehand, so that they follow
the order of the merchants whoever writes first.
"""

from __future__ import annotations

import gc
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import NamedTuple

from django.db import DEFAULT_DB_ALIAS, OperationalError, connection, connections, transaction
from psycopg.errors import DeadlockDetected

from directory.clusters import pyramid
from directory.demo import bulk
from directory.demo.making import Crowd, Maker
from directory.demo.writing import COLUMNS, LOOKED_UP, READ_MODELS, Writer, analyze, reserve_ids
from directory.indexing import deferred_indexing
from directory.models import Merchant, PointOfSale, Schedule

SHARE = 5_000  # merchants
MOST_POINTS = 2  # of a merchant
TRIES = 4


class Share(NamedTuple):
    """A crowd with its ids; not all of the points' are needed."""

    crowd: Crowd
    merchant_ids: range
    point_ids: range


class Filler:
    """Writes shares of the merchants, each in a transaction of its own."""

    def __init__(self, maker: Maker):
        self.maker, self.writer = maker, Writer()

    def shares(self) -> list[Share]:
        crowds = self.maker.crowds(SHARE)
        merchants = crowds[-1].numbers.stop
        merchant_ids, point_ids = reserve_ids(Merchant, merchants), reserve_ids(PointOfSale, MOST_POINTS * merchants)
        return [
            Share(
                crowd,
                merchant_ids[crowd.numbers.start : crowd.numbers.stop],
                point_ids[MOST_POINTS * crowd.numbers.start : MOST_POINTS * crowd.numbers.stop],
            )
            for crowd in crowds
        ]

    def write(self, share: Share) -> int:
        """The number of points of sale."""
        merchants = [merchant for place in share.crowd.places for merchant in self.maker.commune(place)]
        with transaction.atomic(), deferred_indexing() as ids:
            ids += self.writer.write(merchants, share.merchant_ids, share.point_ids)
            return len(ids)


_filler: Filler  # of a process that writes shares


def fill(maker: Maker, processes: int) -> int:
    """Write all merchants, and their search entries; the number of points of sale.

    A failure leaves those that were written, with all indexes.
    """
    # Two that make the same schedule would wait for each other.
    Schedule.objects.ids_of({text for texts in maker.tables.hours.values() for text in texts})
    filler = Filler(maker)
    first, *others = filler.shares()
    aside = bulk.drop([*COLUMNS, *READ_MODELS], keep=LOOKED_UP)
    with pyramid.left_to_rebuild():
        try:
            written = filler.write(first)
            analyze(COLUMNS)  # or all entries would be made by a plan for empty tables
            with ProcessPoolExecutor(processes, get_context("fork"), _begin, (filler,)) as pool:
                written += sum(pool.map(_write, others))
        finally:
            bulk.make_again(aside, processes)
    return written


def _begin(filler: Filler) -> None:
    """In a new process: a connection of its own, which does not wait for the disk. Merchants hold no cycles: looking
    for some took a quarter of the time that making them takes.
    """
    global _filler
    _filler = filler
    gc.disable()
    del connections[DEFAULT_DB_ALIAS]
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = off")
    pyramid.leave_to_rebuild()


def _write(share: Share) -> int:
    """Again after a deadlock: the entries of a large town are made in several statements, each of which adds words."""
    for _ in range(TRIES - 1):
        try:
            return _filler.write(share)
        except OperationalError as error:
            if not isinstance(error.__cause__, DeadlockDetected):
                raise
    return _filler.write(share)
