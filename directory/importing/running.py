"""One import, from a file to a report: what the command, jobs and tests call."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import IntegrityError, OperationalError, connection, transaction

from directory.importing import mapping as mappings
from directory.importing.candidates import Candidate, Refusal
from directory.importing.errors import Busy, ChangedMeanwhile, Interrupted, InvalidMapping, UnreadableFile
from directory.importing.known import known_records
from directory.importing.mapping import Mapping
from directory.importing.placing import geocode
from directory.importing.planning import Plan, Planner
from directory.importing.reading import MOST_ROWS, BadRow, Row, read
from directory.importing.report import Absent, Report
from directory.importing.validating import Validator
from directory.importing.writing import Writer
from directory.models import PointOfSale
from directory.vocabulary import vocabulary
from geo.gazetteer import gazetteer

# Told the stage ("reading", "geocoding", "comparing", "writing"), how many rows are done, and of how many (0: unknown).
Progress = Callable[[str, int, int], None]
TOLD_EVERY = 500


def run_import(
    path: Path | str,
    mapping: str | Mapping,
    write: bool,
    *,
    geocode_missing: bool = False,
    progress: Progress = lambda stage, done, of: None,
) -> Report:
    """Compare a file of merchants with the directory, and with `write` bring the directory in step.

    `mapping`: one already parsed, or a name. One transaction: all of it is written, or nothing. `geocode_missing` asks
    the address service about the rows without a point, which waits for the network. Raises ImportFailure.
    """
    with _without_collector():
        return _run(Path(path), mapping, write, geocode_missing, progress)


def _run(path: Path, named: str | Mapping, write: bool, geocode_missing: bool, progress: Progress) -> Report:
    began = time.monotonic()
    mapping = named if isinstance(named, Mapping) else mappings.load(named)
    words = vocabulary()
    if problems := mapping.problems_with(words):
        raise InvalidMapping("\n".join(problems))
    slug = mapping.source.slug
    contents = read(path, mapping)
    counter = Counter(contents.rows, contents.about, progress)
    checked = list(Validator(mapping, words, gazetteer()).check(counter))
    if geocode_missing:
        _geocode(checked, slug, progress)
    with _alone(slug) if write else transaction.atomic():
        progress("comparing", 0, counter.read)
        plan = Planner(slug, lock=write).plan(checked)
        report = Report(path.name, named if isinstance(named, str) else slug, slug, write, counter.read, plan.results)
        if write:
            _write(mapping, plan, progress)
        report.absent, report.wrote = _absent(plan), write and plan.writes
    report.seconds = time.monotonic() - began
    return report


@contextmanager
def _without_collector() -> Iterator[None]:
    """Rows and candidates make no cycles, but looking for some among 50,000 took a quarter of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


class Counter:
    """Counts the rows as they are read, whatever becomes of them."""

    def __init__(self, rows: Iterator[Row | BadRow], about: int, progress: Progress):
        self.rows, self.about, self.progress = rows, about, progress
        self.read = 0

    def __iter__(self) -> Iterator[Row | BadRow]:
        for row in self.rows:
            self.read += 1
            if self.read > MOST_ROWS:
                raise UnreadableFile(f"more than {MOST_ROWS:,} rows; split it.")
            if self.read % TOLD_EVERY == 0:
                self.progress("reading", self.read, self.about)
            yield row
        self.progress("reading", self.read, self.read)


@contextmanager
def _alone(slug: str) -> Iterator[None]:
    """A transaction in which no other import of this source runs. Raises Busy, ChangedMeanwhile.

    The lock is the transaction's: it goes with it, also when the process is killed.
    """
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", [f"import {slug}"])
                if not cursor.fetchone()[0]:
                    raise Busy(f"Another import of {slug!r} is running: wait until it ends. Nothing was written.")
            yield
    except IntegrityError as error:
        raise ChangedMeanwhile(
            f"Somebody wrote the same merchants while the import ran ({str(error).splitlines()[0]}). "
            "Nothing was written: run it again."
        ) from error
    except OperationalError as error:
        raise Interrupted(
            f"The database stopped the import ({str(error).splitlines()[0]}). Nothing was written: run it again."
        ) from error


def _write(mapping: Mapping, plan: Plan, progress: Progress) -> None:
    total, done = len(plan.creations) + len(plan.revisions), 0

    def step(rows: int) -> None:
        nonlocal done
        done += rows
        progress("writing", done, total)

    progress("writing", 0, total)
    Writer(mapping.source, vocabulary(), step).write(plan)


def _geocode(checked: Iterable[Candidate | Refusal], slug: str, progress: Progress) -> None:
    """Place the rows without a point that are new or changed, before the transaction: the network is slow."""
    known = known_records(slug)
    waiting = [
        row
        for row in checked
        if isinstance(row, Candidate)
        and row.given_point is None
        and ((record := known.get(row.external_id)) is None or record.row_hash != row.row_hash)
    ]
    for done, row in enumerate(waiting, 1):
        geocode(row)
        progress("geocoding", done, len(waiting))


def _absent(plan: Plan) -> list[Absent]:
    names = {
        place.pk: place.name or place.merchant.name
        for place in PointOfSale.objects.filter(pk__in=[record.point_of_sale for record in plan.absent]).select_related(
            "merchant"
        )
    }
    return [
        Absent(external_id, names.get(record.point_of_sale, ""), record.point_of_sale)
        for external_id, record in zip(plan.absent_ids, plan.absent, strict=True)
    ]
