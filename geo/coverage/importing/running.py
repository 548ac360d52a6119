"""One import of figures, from files to reports: what `manage.py import_coverage` and the tests call."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from django.db import transaction

from geo.coverage.changed import announce
from geo.coverage.demo import remove_demo
from geo.coverage.figures import EditionEntry
from geo.coverage.importing.alone import alone
from geo.coverage.importing.checking import Checked, Checker, day_of
from geo.coverage.importing.communes import known_ground
from geo.coverage.importing.errors import ImportFailure, UnreadableFile
from geo.coverage.importing.reading import Contents, read
from geo.coverage.importing.recognising import LICENCE, Shape, recognise
from geo.coverage.importing.report import Outcome, Report
from geo.coverage.importing.settling import Settled, settle
from geo.coverage.importing.writing import Standing
from geo.coverage.layouts import LAYOUTS, Layout, Name
from geo.gazetteer import CommuneEntry, Gazetteer
from geo.models import CoverageFile, Edition

# Told the stage ("checking", "writing", "announcing"), how much is done, and of how much (0: unknown).
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Source:
    """A file, or a folder of them; `url` is where it was fetched from."""

    path: Path
    url: str = ""


@dataclass(slots=True)
class FiguresReport(Report):
    """What the import of one file of figures did.

    `absent`: communes that this layout of the edition lacks; `kept`: those of which the file has no line, and which
    keep what they had from `former`. `same_as`: the file that stands for the same figures, and is still cited.
    """

    layout: str = ""
    day: date = date.min
    departements: dict[str, tuple[int, int]] = field(default_factory=dict)  # code -> lines, premises
    absent: list[CommuneEntry] = field(default_factory=list)
    kept: list[CommuneEntry] = field(default_factory=list)
    former: str = ""
    same_as: str = ""

    @property
    def title(self) -> str:
        return f" ({self.layout} of {self.day})"


@dataclass(slots=True)
class Run:
    """What a run did, or would do. `demo`: how much of the demonstration went."""

    reports: list[FiguresReport]
    demo: int = 0

    @property
    def wrote(self) -> bool:
        return bool(self.demo) or any(report.wrote for report in self.reports)


@dataclass(frozen=True, slots=True)
class _Incoming:
    """A file whose layout and day are known."""

    contents: Contents
    shape: Shape
    day: date
    url: str

    @property
    def place(self) -> tuple[date, str]:
        return self.day, self.shape.layout.name


def import_figures(
    sources: Iterable[Source],
    *,
    write: bool,
    layout: str | None = None,
    day: date | None = None,
    replace: bool = False,
    progress: Progress = lambda stage, done, of: None,
) -> Run:
    """Bring editions to what the files say, in one transaction: all files, or none.

    `layout` is for a file whose header and name leave it open, `day` for one without dates. With `replace`, communes
    that a file leaves out lose the figures they had of that day. Without `write`, all is done and undone. Lines that
    cannot be taken are refused one by one. Raises ImportFailure.
    """
    ground = known_ground()
    incoming = _opened(sources, layout, day)
    checked = _checked(incoming, ground, progress)
    _refuse_rivals(incoming, checked)
    with alone():
        run = Run([], _make_room(incoming, checked))
        for one, lines in zip(incoming, checked, strict=True):
            run.reports.append(_bring(one, lines, ground, replace, progress))
        _warn_of_little(run.reports, ground)
        if not write:
            transaction.set_rollback(True)
        elif run.wrote:
            progress("announcing", 0, 0)
            announce()
    return run


def _opened(sources: Iterable[Source], layout: str | None, day: date | None) -> list[_Incoming]:
    """Every file, its layout and day. Raises ImportFailure with all that is wrong with any."""
    found, problems = [], []
    for source in _files(sources):
        try:
            contents = read(source.path)
            shape = recognise(contents.name, contents.header, layout)
            found.append(_Incoming(contents, shape, day_of(contents, shape, day), source.url))
        except ImportFailure as failure:
            problems.append(str(failure))
    if problems:
        raise UnreadableFile("\n".join([*problems, "Nothing was written."]))
    # Of files with the same figures, the first is cited.
    return sorted(found, key=lambda one: not one.shape.official)


def _refuse_rivals(incoming: Sequence[_Incoming], checked: Sequence[Checked]) -> None:
    """Two files of one layout and day are one where they say the same. Raises UnreadableFile where they do not."""
    first: dict[tuple[date, str], tuple[_Incoming, Checked]] = {}
    problems = []
    for one, lines in zip(incoming, checked, strict=True):
        other, its = first.setdefault(one.place, (one, lines))
        codes = sorted(its.counted.keys() | lines.counted.keys())
        differ = [code for code in codes if its.counted.get(code) != lines.counted.get(code)]
        if differ:
            problems.append(
                f"{other.contents.name} and {one.contents.name} are both {one.place[1]} of {one.day}, and differ in "
                f"{len(differ):,} communes (the first is {differ[0]}): give one of them."
            )
    if problems:
        raise UnreadableFile("\n".join([*problems, "Nothing was written."]))


def _files(sources: Iterable[Source]) -> list[Source]:
    """The files, those of a folder by name."""
    found = []
    for source in sources:
        if not source.path.is_dir():
            found.append(source)
            continue
        inside = sorted(path for path in source.path.iterdir() if path.suffix.lower() == ".csv")
        if not inside:
            raise UnreadableFile(f"{source.path}: there is no .csv file in this folder. Nothing was written.")
        found += [Source(path) for path in inside]
    return found


def _checked(incoming: Sequence[_Incoming], ground: Gazetteer, progress: Progress) -> list[Checked]:
    total, before = sum(len(one.contents.lines) for one in incoming), 0
    found = []
    for one in incoming:
        checker = Checker(one.contents, one.shape, one.day, ground)
        found.append(checker.check(lambda done, base=before: progress("checking", base + done, total)))  # type: ignore[misc]
        before += len(one.contents.lines)
    progress("checking", total, total)
    return found


def _report(one: _Incoming, checked: Checked, settled: Settled, ground: Gazetteer) -> FiguresReport:
    communes, premises = Counter[str](), Counter[str]()
    known = set(settled.kept)
    for code, counted in checked.counted.items():
        if entry := ground.commune(code):
            known.add(entry.code)
            communes[entry.departement] += 1
            premises[entry.departement] += counted.premises
    report = FiguresReport(
        one.contents.name, len(one.contents.lines), checked.lines, layout=one.shape.layout.name, day=one.day
    )
    report.departements = {code: (communes[code], premises[code]) for code in sorted(communes)}
    if checked.counted:
        report.absent = [entry for entry in ground.entries if entry.code not in known]
        report.kept = [entry for entry in ground.entries if entry.code in settled.absent]
    report.warnings += _warnings(one.shape.layout, checked)
    return report


def _warnings(layout: Layout, checked: Checked) -> Iterator[str]:
    """What whoever imports the file should know."""
    if layout.counts_satellite:
        yield (
            f"{layout.name} counts satellite, which reaches every premise: it shows no gap. It is kept beside the "
            f"others and never shown by default; load {Name.WIRED_SPEEDS} or {Name.TECHNOLOGIES}."
        )
    if not checked.counted:
        yield "No line of it can be loaded: nothing is written for this file."


def _warn_of_little(reports: Sequence[FiguresReport], ground: Gazetteer) -> None:
    """Say which editions cover too little of the région, or of what is asked, to be what is shown first."""
    for report in reports:
        if not report.departements or LAYOUTS[report.layout].counts_satellite:
            continue
        entry = EditionEntry(report.day, False, tuple(CoverageFile.objects.filter(edition__date=report.day)))
        if not entry.is_whole:
            why = (
                f"covers less than half of the région's {len(ground.entries):,} communes. Load the file of all"
                if entry.is_judged
                else f"has neither {Name.WIRED_SPEEDS} nor {Name.TECHNOLOGIES}"
            )
            report.warnings.append(f"THIS WILL NOT BE THE DEFAULT EDITION: that of {report.day} {why}.")


def _make_room(incoming: Sequence[_Incoming], checked: Sequence[Checked]) -> int:
    """Take the demonstration away for real figures; for those of satellite alone, only what has their date."""
    loaded = [one for one, lines in zip(incoming, checked, strict=True) if lines.counted]
    if any(not one.shape.layout.counts_satellite for one in loaded):
        return remove_demo()
    gone = Edition.objects.filter(demo=True, date__in=[one.day for one in loaded]).delete()[1]
    return gone.get(Edition._meta.label, 0)


def _bring(one: _Incoming, checked: Checked, ground: Gazetteer, replace: bool, progress: Progress) -> FiguresReport:
    standing = Standing(*one.place)
    settled = settle(one.contents.name, checked, standing, ground, replace)
    report = _report(one, checked, settled, ground)
    report.former = standing.name
    if not checked.counted:
        return report
    report.diff = standing.diff(settled.counted)
    if report.diff.removed:
        report.warnings.append(f"{len(report.diff.removed):,} communes lose figures that they had in this edition.")
    if report.diff.writes and standing.is_above(one.shape.source):
        report.warnings.append(f"It was published anew, yet takes the place of the official {standing.name}.")
    about: dict[str, Any] = {
        "name": one.contents.name[:200], "checksum": one.contents.checksum, "source": one.shape.source, "url": one.url,
        "licence": LICENCE, "loaded": len(settled.counted), "refused": report.totals()[Outcome.REFUSED],
    }  # fmt: skip
    report.wrote = bool(report.diff.writes) or standing.yields_to(about)
    if report.wrote:
        writes = len(report.diff.added) + len(report.diff.changed)
        standing.write(settled.counted, report.diff, about, lambda done: progress("writing", done, writes))
    elif standing.file and standing.file.checksum != one.contents.checksum:
        report.same_as = standing.name
    return report
