"""Lots of copper closures: which commune closes when, to new orders and for good."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.db import transaction

from geo.coverage.changed import announce
from geo.coverage.importing import communes
from geo.coverage.importing.alone import alone
from geo.coverage.importing.communes import legible
from geo.coverage.importing.errors import Refused, UnreadableFile
from geo.coverage.importing.reading import Contents, Line, parse_day, read
from geo.coverage.importing.report import LineResult, Outcome, Report
from geo.folding import fold
from geo.gazetteer import Gazetteer
from geo.models import CopperClosure

SOURCE = "Orange, fermeture du réseau cuivre"
# By field, the names of its column, folded; what Orange, ARCEP and départements write differs.
COLUMNS = {
    "code": ("code insee", "insee", "code commune", "code insee commune", "insee commune", "insee com", "codeinsee"),
    "lot": ("lot", "numero de lot", "numero lot", "no lot", "n lot", "lot de fermeture", "lot fermeture", "nom lot"),
    "commercial_on": (
        "fermeture commerciale", "date fermeture commerciale", "date de fermeture commerciale", "date fc",
        "commercial", "commercial on", "date commerciale",
    ),
    "technical_on": (
        "fermeture technique", "date fermeture technique", "date de fermeture technique", "date ft",
        "technical", "technical on", "date technique",
    ),
}  # fmt: skip
LOT_LENGTH = 40
Values = tuple[str, date | None, date | None, str]


@dataclass(slots=True)
class CopperReport(Report):
    """What the import of a file of closures did. `kept`: communes that the file does not name, left as they were."""

    kept: int = 0
    demo: int = 0


def import_copper(path: Path, *, write: bool, replace: bool = False, source: str = SOURCE) -> CopperReport:
    """Bring closures to what the file says, in one transaction; with `replace`, forget those that it does not name.

    Without `write`, all is done and undone. Raises ImportFailure.
    """
    contents = read(path)
    reader = _Reader(contents, communes.known_ground(), source)
    report = CopperReport(contents.name, len(contents.lines), [reader.result(line) for line in contents.lines])
    if not reader.closures:
        report.warnings.append("No line of it can be loaded: nothing is written.")
        return report
    with alone():
        report.demo = CopperClosure.objects.filter(demo=True).delete()[0]
        _bring(reader.closures, report, replace)
        report.wrote = bool(report.demo or report.diff.writes)
        if not write:
            transaction.set_rollback(True)
        elif report.wrote:
            announce()
    return report


def _bring(closures: dict[str, Values], report: CopperReport, replace: bool) -> None:
    fields = ("lot", "commercial_on", "technical_on", "source")
    standing = {code: tuple(values) for code, *values in CopperClosure.objects.values_list("code", *fields)}
    missing = sorted(standing.keys() - closures.keys())
    diff = report.diff
    diff.added = [code for code in closures if code not in standing]
    diff.changed = [code for code, values in closures.items() if standing.get(code, values) != values]
    diff.removed = missing if replace else []
    diff.unchanged = len(closures) - len(diff.added) - len(diff.changed)
    report.kept = len(missing) - len(diff.removed)
    CopperClosure.objects.filter(code__in=[*diff.changed, *diff.removed]).delete()
    CopperClosure.objects.bulk_create(
        CopperClosure(code=code, **dict(zip(fields, closures[code], strict=True)))
        for code in (*diff.added, *diff.changed)
    )


class _Reader:
    """The lines of a file of closures, one by one; `closures` by the code of the file, former ones too."""

    def __init__(self, contents: Contents, ground: Gazetteer, source: str):
        self.ground, self.source = ground, source
        self.places = _places(contents)
        self.closures: dict[str, Values] = {}

    def result(self, line: Line) -> LineResult:
        code = ""
        try:
            if line.fault:
                raise Refused("bad_shape", line.fault)
            code = self._cell(line, "code")
            entry = communes.find(self.ground, code)
            if entry is None:
                return LineResult(line.number, Outcome.OUTSIDE, "other_region", "", code)
            self.closures[code] = self._values(line, code)
        except Refused as refusal:
            return LineResult(line.number, Outcome.REFUSED, refusal.code, str(refusal), legible(code))
        return LineResult(line.number, Outcome.LOADED, *communes.former(code, entry), code)

    def _values(self, line: Line, code: str) -> Values:
        if code in self.closures:
            raise Refused("twice", f"{code} stands above in the file already")
        lot = self._cell(line, "lot")
        if len(lot) > LOT_LENGTH:
            raise Refused("long_lot", f"the name of the lot has more than {LOT_LENGTH} characters")
        commercial, technical = self._day(line, "commercial_on"), self._day(line, "technical_on")
        if commercial is None and technical is None:
            raise Refused("no_date", "there is no date of closure")
        if commercial and technical and technical < commercial:
            raise Refused("technical_first", f"technical closure on {technical}, before the commercial {commercial}")
        return lot, commercial, technical, self.source

    def _cell(self, line: Line, field: str) -> str:
        return line.values[self.places[field]] if field in self.places else ""

    def _day(self, line: Line, field: str) -> date | None:
        text = self._cell(line, field)
        day = parse_day(text)
        if text and day is None:
            raise Refused("bad_date", f"{legible(text)!r} is no date such as 2028-01-31 or 31/01/2028")
        return day


def _places(contents: Contents) -> dict[str, int]:
    """Where each field's column stands. Raises UnreadableFile."""
    folded = [fold(name) for name in contents.header]
    places = {field: at for field, names in COLUMNS.items() if (at := _place(folded, names)) is not None}
    for field, needed in (("code", "INSEE code (code_insee)"), ("technical_on", "technical closure")):
        if field not in places:
            raise UnreadableFile(f"{contents.name}: there is no column of the {needed} among: {_listed(contents)}.")
    return places


def _place(folded: Sequence[str], names: Sequence[str]) -> int | None:
    return next((folded.index(name) for name in names if name in folded), None)


def _listed(contents: Contents) -> str:
    return ", ".join(legible(name) for name in contents.header)
