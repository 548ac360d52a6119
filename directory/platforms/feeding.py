"""One passage of a feed: its list fetched, compared through the importer, written; what it lacks, withdrawn.

All of it is written or nothing, and whatever happens becomes a FeedRun. A list that is empty, or that lacks too much of
what it had, is held until somebody confirms it.
"""

from __future__ import annotations

import hashlib
import logging
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import takewhile
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from directory.importing import Busy, ImportFailure, InvalidMapping, Outcome, Report, UnreadableFile, run_import
from directory.importing.mapping import Mapping, parse_text
from directory.models import Feed, FeedRun
from directory.platforms import withdrawing
from directory.platforms.errors import FetchFailure, Unreachable
from directory.platforms.fetching import TOTAL_S, Fetched, NotModified, fetch
from directory.platforms.withdrawing import Missing

log = logging.getLogger(__name__)
Result = FeedRun.Outcome
FAILING = (Result.UNREACHABLE, Result.REFUSED, Result.FAILED)
# Rows kept with a passage: those that somebody should look at, not the list itself.
ROWS_KEPT = 200
KEPT = "kept_here"
# Among the totals of a held passage: the external ids of what would have gone, all that a confirmation allows.
MISSING = "missing"
# After failures in a row: an hour, two, four… never later than the next day.
LONGEST_WAIT_H = 24
# Longer than any passage: one that was killed is taken up again then.
LEASE = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Preview:
    """What a passage would do. `leaving` and `staying` name entries that the list no longer has."""

    report: Report
    leaving: list[str]
    staying: list[str]
    doubtful: bool


class _Held(Exception):  # noqa: N818 - undoes the transaction, and is no error
    pass


def run(feed: Feed, *, fresh: bool = False, confirmed: FeedRun | None = None) -> FeedRun:
    """Bring the directory in step with the list, and say what came of it. Raises nothing.

    `fresh` reads the list again though it has not changed. `confirmed` is a held passage that somebody confirmed: what
    it would have withdrawn may go, and no more.
    """
    made, began = FeedRun(feed=feed, started_at=timezone.now(), outcome=Result.UNCHANGED), time.monotonic()
    try:
        feed.refresh_from_db(fields=["etag", "checksum"])
        got = fetch(feed.url, "" if fresh or confirmed else feed.etag)
        if isinstance(got, Fetched):
            _take(feed, got, made, fresh=fresh, confirmed=confirmed)
        if not made.totals:
            made.detail = _still_refused(feed)
    except FetchFailure as error:
        made.outcome = Result.UNREACHABLE if isinstance(error, Unreachable) else Result.REFUSED
        made.detail = str(error)
    except ImportFailure as error:
        made.outcome = Result.REFUSED if isinstance(error, UnreadableFile | InvalidMapping) else Result.FAILED
        made.detail = str(error)
    except Exception as error:
        log.exception("feed %s", feed.slug)
        made.outcome, made.detail = Result.FAILED, _("Erreur imprévue : %s.") % type(error).__name__
    made.seconds, made.detail = time.monotonic() - began, made.detail.replace("\0", "")
    _keep(feed, made)
    return made


def _keep(feed: Feed, made: FeedRun) -> None:
    """Write what came of a passage. Where even that fails, the feed's lease brings its turn again."""
    try:
        with transaction.atomic():
            made.save()
            Feed.objects.filter(pk=feed.pk).update(next_at=_next(feed, made.started_at))
    except Exception:
        log.exception("feed %s: its passage is not kept", feed.slug)


def _still_refused(feed: Feed) -> str:
    """What to say of a list that has not changed, while rows of it are still refused or held."""
    last = feed.runs.filter(read__gt=0, outcome__in=(Result.WRITTEN, Result.UNCHANGED)).only("totals").first()
    count = sum(last.totals.get(outcome, 0) for outcome in (Outcome.REFUSED, Outcome.HELD)) if last else 0
    words = ngettext(
        "La liste n'a pas changé : {count} ligne y est toujours refusée ou retenue.",
        "La liste n'a pas changé : {count} lignes y sont toujours refusées ou retenues.",
        count,
    )
    return words.format(count=count) if count else ""


def preview(feed: Feed, seconds: float = TOTAL_S) -> Preview:
    """What the list would change, nothing written. Raises FetchFailure, ImportFailure."""
    got = fetch(feed.url, "", seconds)
    if isinstance(got, NotModified):  # nobody asked whether it had changed
        raise Unreachable(_("Le serveur répond par le code %s au lieu de la liste.") % 304)
    with _file(feed, got.content) as path, transaction.atomic():
        known = withdrawing.known_before(feed.slug)
        report = run_import(path, mapping_of(feed), False)
        gone = _missing(known, report)
        return Preview(
            report,
            [place.display_name for place in withdrawing.leaving(gone).select_related("merchant").order_by("pk")],
            [place.display_name for place in withdrawing.staying(gone)],
            gone.is_doubtful(report.read),
        )


def run_due(now: datetime | None = None) -> list[FeedRun]:
    """A passage of every feed whose hour has come, one after the other."""
    now = now or timezone.now()
    due = Q(active=True) & (Q(next_at=None) | Q(next_at__lte=now))
    feeds = Feed.objects.filter(due).select_related("platform").order_by("next_at", "pk")
    # Another worker may have taken it since.
    return [run(feed) for feed in feeds if Feed.objects.filter(due, pk=feed.pk).update(next_at=now + LEASE)]


def mapping_of(feed: Feed) -> Mapping:
    """The feed's mapping. Raises InvalidMapping, also where it is another source's."""
    mapping = parse_text(feed.mapping)
    if mapping.source.slug != feed.slug:
        raise InvalidMapping(f"source: slug must be {feed.slug!r}, as the feed's")
    return mapping


def _take(feed: Feed, got: Fetched, made: FeedRun, *, fresh: bool, confirmed: FeedRun | None) -> None:
    checksum = hashlib.sha256(got.content).hexdigest()
    if checksum == feed.checksum and not (fresh or confirmed):
        return
    mapping = mapping_of(feed)
    try:
        with _file(feed, got.content) as path, transaction.atomic():
            _lock(feed)
            _write(feed, path, mapping, made, confirmed)
            Feed.objects.filter(pk=feed.pk).update(etag=got.etag, checksum=checksum)
    except _Held:
        made.outcome, made.withdrawn, made.returned = Result.HELD, 0, 0


def _write(feed: Feed, path: Path, mapping: Mapping, made: FeedRun, confirmed: FeedRun | None) -> None:
    known = withdrawing.known_before(feed.slug)
    report = run_import(path, mapping, True)
    gone = _missing(known, report)
    made.read, made.rows = report.read, _rows(report)
    made.totals = {**report.totals(), "absent": len(gone.by_id)}
    seen = confirmed.totals.get(MISSING, ()) if confirmed is not None else ()
    if gone.is_doubtful(report.read) and not gone.by_id.keys() <= set(seen):
        made.totals[MISSING] = sorted(gone.by_id)
        made.detail = _(
            "%(gone)s des %(known)s entrées connues manquent à la liste : rien n'est écrit avant confirmation."
        ) % {"gone": len(gone.by_id), "known": gone.known}
        raise _Held
    if _unnamed(report):
        made.detail = _("Des lignes illisibles n'ont pas d'identifiant : rien n'est retiré tant qu'elles y sont.")
    made.rows += [_staying(place) for place in withdrawing.staying(gone)][:ROWS_KEPT]
    made.withdrawn = withdrawing.withdraw(feed.slug, gone, made.started_at)
    made.returned = withdrawing.restore(feed.slug, {each.external_id for each in report.absent}, made.started_at)
    sold = withdrawing.list_sellers(feed.slug, feed.platform, made.started_at) if feed.platform else 0
    made.outcome = Result.WRITTEN if report.wrote or made.withdrawn or made.returned or sold else Result.UNCHANGED


def _missing(known: dict[str, int], report: Report) -> Missing:
    """What the list lacks; nothing while it has rows of which nobody can tell which entries they are."""
    absent = [] if _unnamed(report) else [each.external_id for each in report.absent]
    return withdrawing.missing(known, absent)


def _unnamed(report: Report) -> bool:
    return any(row.outcome is Outcome.REFUSED and not row.external_id for row in report.rows)


def _rows(report: Report) -> list[dict[str, Any]]:
    kept = [row for row in report.rows if row.outcome in (Outcome.REFUSED, Outcome.HELD)]
    return [
        {"line": row.line, "outcome": row.outcome, "code": row.code, "name": row.name, "message": row.message}
        for row in kept[:ROWS_KEPT]
    ]


def _staying(place: Any) -> dict[str, Any]:
    return {
        "line": None,
        "outcome": "absent",
        "code": KEPT,
        "name": place.display_name,
        "message": f"gone from the list, but edited or claimed by a person: left alone ({place.pk})",
    }


def _next(feed: Feed, now: datetime) -> datetime:
    """When the feed's turn comes again: at its own pace, or sooner after a failure, ever less so."""
    last = FeedRun.objects.filter(feed=feed).values_list("outcome", flat=True)[:LONGEST_WAIT_H]
    failures = sum(1 for _outcome in takewhile(lambda outcome: outcome in FAILING, last))
    hours = min(2 ** (failures - 1), LONGEST_WAIT_H) if failures else feed.every_hours
    return now + timedelta(hours=hours)


@contextmanager
def _file(feed: Feed, content: bytes) -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{feed.slug}.{feed.format}"
        path.write_bytes(content)
        yield path


def _lock(feed: Feed) -> None:
    """One passage of a feed at a time; the lock goes with the transaction, also when the process is killed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", [f"feed {feed.slug}"])
        if not cursor.fetchone()[0]:
            raise Busy(_("Un autre passage de ce flux est en cours : attendez qu'il finisse."))
