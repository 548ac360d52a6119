"""What became of every line of a file: four outcomes, whose sum is what was read."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import ClassVar, NamedTuple

from geo.ground.loading import Diff
from geo.spreadsheet import shown

COLUMNS = ("file", "line", "outcome", "code", "message", "commune")


class Outcome(StrEnum):
    """What became of a line. `outside`: of another région; `skipped`: of something else than all premises."""

    LOADED = "loaded"
    REFUSED = "refused"
    OUTSIDE = "outside"
    SKIPPED = "skipped"


class LineResult(NamedTuple):
    """One line: where it stands in the file, what became of it and why. `commune`: the INSEE code that it gives."""

    line: int
    outcome: Outcome
    code: str = ""
    message: str = ""
    commune: str = ""


@dataclass(slots=True)
class Report:
    """What the import of one file did, or would do. `read` counts the lines that the reader gave, on its own."""

    # What a file consists of, in words.
    unit: ClassVar[str] = "line"

    file: str
    read: int
    lines: list[LineResult]
    warnings: list[str] = field(default_factory=list)
    diff: Diff = field(default_factory=Diff)
    # Whether anything was written, or would be.
    wrote: bool = False

    def __post_init__(self) -> None:
        if self.read != sum(self.totals().values()):
            raise RuntimeError(f"{self.read} lines were read, but {len(self.lines)} are accounted for")

    @property
    def title(self) -> str:
        """What is said after the name of the file."""
        return ""

    def totals(self) -> dict[Outcome, int]:
        """How many lines for each outcome; they add up to `read`."""
        counts = Counter(line.outcome for line in self.lines)
        return {outcome: counts[outcome] for outcome in Outcome}

    def reasons(self) -> dict[tuple[Outcome, str], int]:
        """How many lines for each outcome and code, the most frequent first."""
        order = list(Outcome)
        counts = Counter((line.outcome, line.code) for line in self.lines)
        return dict(sorted(counts.items(), key=lambda item: (order.index(item[0][0]), -item[1], item[0][1])))

    @property
    def refused(self) -> Sequence[LineResult]:
        return [line for line in self.lines if line.outcome is Outcome.REFUSED]


def write_csv(path: Path, reports: Iterable[Report]) -> None:
    """Every line of every file, as a CSV file that a spreadsheet opens safely."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(COLUMNS)
        for report in reports:
            for line in report.lines:
                writer.writerow(map(shown, (report.file, *line)))
