"""A chamber's own list: received, looked at, then written or dropped. The file is kept in the database until then.

What is written is what was looked at: the same bytes, and changes with the same fingerprint, else nothing.
"""

from __future__ import annotations

import hashlib
import io
import tempfile
import zipfile
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path, PurePath
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from directory.chambers.access import Chamber
from directory.importing import Outcome, Report, run_import
from directory.importing import mapping as mappings
from directory.importing.mapping import Mapping, SourceIdentity
from directory.models import ChamberUpload

State = ChamberUpload.State
MOST_BYTES = 10 * 2**20
# 20,000 rows of XLSX unzip to some 20 MB; far more is a trap.
MOST_UNZIPPED = 100 * 2**20
# Compared in 2 s, written in 8 (measured): well before the server gives a page up, after 30 s.
MOST_ROWS = 20_000
STATEMENT_MS = 20_000
KEPT = timedelta(days=7)
ROWS_KEPT = 200  # refused and held rows that stay with the list when its file is gone,
ROWS_KEPT_FOR = timedelta(days=30)  # with the names in them
LOOK_AT = (Outcome.REFUSED, Outcome.HELD)
FORMATS = (".csv", ".xlsx", ".geojson")
BOMS = (b"\xff\xfe", b"\xfe\xff")  # UTF-16, in which a text may hold NULs


class NotAList(Exception):  # noqa: N818 - named for what happened, as the importer's failures are
    """A file that is not taken; `str(error)` says why, in the reader's language."""


class Changed(Exception):  # noqa: N818
    """The directory changed since the list was looked at: nothing was written. `report` is what would change now."""

    def __init__(self, report: Report):
        super().__init__("the directory changed")
        self.report = report


class Done(Exception):  # noqa: N818
    """The list was written or dropped before."""


def receive(chamber: Chamber, by: Any, name: str, content: bytes) -> tuple[ChamberUpload, Report]:
    """Keep a list to be looked at, with what it would change. Raises NotAList, ImportFailure: then nothing is kept."""
    upload = ChamberUpload(chamber=chamber.kind, by=by, name=_name(name), content=content)
    check_form(upload.name, content)
    report = look_at(chamber, upload)
    upload.totals = totals(report)
    upload.save()
    return upload, report


def check_form(name: str, content: bytes) -> None:
    """Whether the bytes are what the name says. Raises NotAList."""
    suffix = PurePath(name).suffix.lower()
    if suffix not in FORMATS:
        raise NotAList(_("Un fichier CSV, XLSX ou GeoJSON est attendu, pas « {name} ».").format(name=name))
    if not content:
        raise NotAList(_("Le fichier est vide."))
    if len(content) > MOST_BYTES:
        raise NotAList(_("Le fichier dépasse {n} Mo.").format(n=MOST_BYTES // 2**20))
    if suffix == ".xlsx":
        _check_workbook(content)
    elif suffix == ".geojson" and not content.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{"):
        raise NotAList(_("Ce fichier n'est pas du GeoJSON."))
    elif suffix == ".csv" and b"\0" in content and not content.startswith(BOMS):
        raise NotAList(_("Ce fichier n'est pas du texte : enregistrez-le en CSV, ou donnez-lui son vrai nom."))


def _check_workbook(content: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            unzipped = sum(entry.file_size for entry in archive.infolist())
            sound = "[Content_Types].xml" in archive.namelist()
    except (zipfile.BadZipFile, OSError, ValueError, EOFError):
        unzipped, sound = 0, False
    if not sound:
        raise NotAList(_("Ce fichier n'est pas un classeur XLSX, ou il est endommagé ou protégé par un mot de passe."))
    if unzipped > MOST_UNZIPPED:
        raise NotAList(_("Une fois décompressé, ce classeur est trop grand : découpez-le."))


def look_at(chamber: Chamber, upload: ChamberUpload) -> Report:
    """What the list would change. Raises NotAList where it is too long, ImportFailure."""
    with transaction.atomic():
        _take_time()
        return _imported(chamber, upload, write=False)


def write(chamber: Chamber, id: int, seen: str) -> Report:
    """Write what was looked at, whose fingerprint is `seen`. Raises Done, Changed, ImportFailure: nothing is written.

    A second tap waits for the first, and finds it Done.
    """
    with transaction.atomic():
        _take_time()
        upload = ChamberUpload.objects.select_for_update().get(pk=id, chamber=chamber.kind)
        if upload.state != State.CHECKED:
            raise Done
        report = _imported(chamber, upload, write=True)
        if fingerprint(upload, report) != seen:
            raise Changed(report)
        upload.state, upload.content, upload.written_at = State.WRITTEN, None, timezone.now()
        upload.totals = totals(report)
        upload.save()
    return report


def drop(chamber: Chamber, id: int) -> None:
    """Forget the list's file. Raises Done."""
    waiting = ChamberUpload.objects.filter(pk=id, chamber=chamber.kind, state=State.CHECKED)
    if not waiting.update(state=State.DROPPED, content=None):
        raise Done


def forget(now: datetime | None = None) -> int:
    """Drop the lists that nobody wrote in KEPT; how many. Of older ones nothing stays but the counts."""
    now = now or timezone.now()
    late = ChamberUpload.objects.filter(state=State.CHECKED, at__lt=now - KEPT)
    dropped = late.update(state=State.DROPPED, content=None)
    old = ChamberUpload.objects.filter(at__lt=now - ROWS_KEPT_FOR, totals__has_key="rows").exclude(totals__rows=[])
    for upload in old.defer("content"):
        more = upload.totals["more"] + len(upload.totals["rows"])
        upload.totals |= {"rows": [], "more": more}
        upload.save(update_fields=["totals"])
    return dropped


def fingerprint(upload: ChamberUpload, report: Report) -> str:
    """Of the bytes, and of all that the import does with them here and now."""
    seal = hashlib.sha256(bytes(upload.content or b""))
    for row in report.rows:
        told = (row.line, row.outcome, row.code, row.message, row.external_id, row.changes, row.kept)
        seal.update(repr(told).encode())
    seal.update(repr([gone.external_id for gone in report.absent]).encode())
    return seal.hexdigest()


def totals(report: Report) -> dict[str, Any]:
    """What stays of a report: the counts, and the rows that somebody should look at."""
    looked_at = [row for row in report.rows if row.outcome in LOOK_AT]
    return {
        "read": report.read,
        "outcomes": {outcome.value: number for outcome, number in report.totals().items()},
        "absent": len(report.absent),
        "rows": [[row.line, row.outcome.value, row.code, row.name, row.message] for row in looked_at[:ROWS_KEPT]],
        "more": len(looked_at[ROWS_KEPT:]),
    }


def source_of(chamber: Chamber) -> SourceIdentity:
    """One source for each chamber: its next list is compared with its last."""
    return SourceIdentity(
        f"chamber-{chamber.kind}", f"Liste : {chamber.name}"[:200], chamber.name, "Licence Ouverte 2.0", chamber.url
    )


def mapping_of(chamber: Chamber) -> Mapping:
    """The common format, from that chamber."""
    return replace(mappings.load("generic"), source=source_of(chamber))


def _imported(chamber: Chamber, upload: ChamberUpload, *, write: bool) -> Report:
    with tempfile.TemporaryDirectory() as folder:  # the importer's readers want a path
        path = Path(folder, f"liste{PurePath(upload.name).suffix.lower()}")
        path.write_bytes(bytes(upload.content or b""))
        return run_import(path, mapping_of(chamber), write, progress=_bounded)


def _bounded(_stage: str, done: int, _of: int) -> None:
    if done > MOST_ROWS:
        raise NotAList(_("La liste a plus de {n} lignes : découpez-la.").format(n=MOST_ROWS))


def _take_time() -> None:
    """A list takes longer than a page's question: until this transaction ends, its statements may."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('statement_timeout', %s, true)", [str(STATEMENT_MS)])


def _name(name: str) -> str:
    """The file's own name, short, as one line of text that can be shown."""
    plain = "".join(char for char in PurePath(name).name if char.isprintable()) or "liste"
    kind = PurePath(plain).suffix[:20]
    return plain[: 200 - len(kind)].removesuffix(kind) + kind
