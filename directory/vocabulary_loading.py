"""Load `fixtures/vocabulary/*.csv` as a diff: what is new, changed, gone. All or nothing."""

from __future__ import annotations

import csv
import hashlib
import re
from dataclasses import dataclass, field
from pathlib import Path

from django.db import transaction
from django.db.models import ProtectedError

from directory.models import Term
from geo import revisions

FILES = {"activity": "activities.csv", "product": "products.csv", "label": "labels.csv", "service": "services.csv"}
CODE = re.compile(r"^[a-z][a-z0-9]*(_[a-z0-9]+)*$")
SEASON = re.compile(r"^(1[0-2]|[1-9])-(1[0-2]|[1-9])$")
FIELDS = [
    "dimension", "rank", "label_fr", "label_en", "synonyms_fr", "synonyms_en", "osm_tags", "naf_codes",
    "season_first", "season_last",
]  # fmt: skip


class VocabularyError(ValueError):
    """The files cannot be loaded: each line of `str(error)` names a file, a line and the remedy."""


@dataclass
class Report:
    """What a load did, by code."""

    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    unchanged: int = 0

    @property
    def wrote(self) -> bool:
        return bool(self.added or self.changed or self.removed)

    def __str__(self) -> str:
        return (
            f"{len(self.added)} added, {len(self.changed)} changed, {len(self.removed)} removed, "
            f"{self.unchanged} unchanged"
        )


def checksum_of(folder: Path) -> str:
    """SHA-256 over the four files."""
    digest = hashlib.sha256()
    for name in FILES.values():
        digest.update((folder / name).read_bytes())
    return digest.hexdigest()


def read(folder: Path) -> dict[str, dict[str, object]]:
    """Rows by code, with `parent` as a code. Raises VocabularyError naming every bad line."""
    rows: dict[str, dict[str, object]] = {}
    errors: list[str] = []
    for dimension, name in FILES.items():
        with (folder / name).open(encoding="utf-8", newline="") as file:
            for line, row in enumerate(csv.DictReader(file), 2):
                code, parent = row["code"], row.get("parent") or None
                where = f"{name}, line {line}"
                if not CODE.match(code):
                    errors.append(f"{where}: code {code!r} must be snake_case letters and digits")
                elif code in rows:
                    errors.append(f"{where}: code {code!r} stands twice; codes are unique over the four files")
                elif parent is not None and rows.get(parent, {}).get("dimension") != dimension:
                    errors.append(f"{where}: parent {parent!r} must stand above {code!r} in the same file")
                elif row.get("season_months") and not SEASON.match(row["season_months"]):
                    errors.append(f"{where}: season {row['season_months']!r} must be like 4-6 or 9-4")
                else:
                    rows[code] = _values(dimension, line, row) | {"parent": parent}
    if errors:
        raise VocabularyError("\n".join(errors))
    return rows


def _values(dimension: str, rank: int, row: dict[str, str]) -> dict[str, object]:
    first, _, last = (row.get("season_months") or "").partition("-")
    return {
        "dimension": dimension,
        "rank": rank,
        "label_fr": row["label_fr"],
        "label_en": row["label_en"],
        **{name: _several(row.get(name)) for name in ("synonyms_fr", "synonyms_en", "osm_tags", "naf_codes")},
        "season_first": int(first) if first else None,
        "season_last": int(last) if last else None,
    }


def _several(text: str | None) -> list[str]:
    return [part for part in (text or "").split("|") if part]


@transaction.atomic
def load_vocabulary(folder: Path, force: bool = False) -> Report:
    """Bring the table in step with the files. Raises VocabularyError, having written nothing."""
    checksum = checksum_of(folder)
    if not force and revisions.checksum_of("vocabulary") == checksum:
        return Report(unchanged=Term.objects.count())
    rows = read(folder)
    report = Report()
    known = {
        term.code: term
        for term in Term.objects.select_related("parent").select_for_update(of=("self",)).order_by("rank")
    }
    _write(rows, known, report)
    _relate(rows)
    _remove([term for code, term in known.items() if code not in rows], report)
    if report.wrote or revisions.checksum_of("vocabulary") != checksum:
        revisions.bump("vocabulary", checksum)
    return report


def _write(rows: dict[str, dict[str, object]], known: dict[str, Term], report: Report) -> None:
    added, changed = [], []
    for code, values in rows.items():
        fields = {name: values[name] for name in FIELDS}
        term = known.get(code)
        parent = term.parent.code if term is not None and term.parent is not None else None
        if term is None:
            added.append(Term(code=code, **fields))
            report.added.append(code)
        elif parent != values["parent"] or any(getattr(term, name) != value for name, value in fields.items()):
            for name, value in fields.items():
                setattr(term, name, value)
            changed.append(term)
            report.changed.append(code)
        else:
            report.unchanged += 1
    Term.objects.bulk_create(added)
    Term.objects.bulk_update(changed, FIELDS)


def _relate(rows: dict[str, dict[str, object]]) -> None:
    terms = {term.code: term for term in Term.objects.select_related("parent")}
    moved = []
    for code, values in rows.items():
        parent = terms[str(values["parent"])] if values["parent"] else None
        if terms[code].parent_id != (parent.pk if parent else None):
            terms[code].parent = parent
            moved.append(terms[code])
    Term.objects.bulk_update(moved, ["parent"])


def _remove(terms: list[Term], report: Report) -> None:
    for term in reversed(terms):  # children stand after their parents
        try:
            term.delete()
        except ProtectedError as error:
            raise VocabularyError(
                f"{term.code!r} is no longer in the files but {len(error.protected_objects)} entries use it: "
                "keep its row, or move those entries to another code first"
            ) from error
        report.removed.append(term.code)
