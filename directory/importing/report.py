"""What became of every row of a file: five outcomes, whose sum is what was read."""

from __future__ import annotations

import csv
from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from directory.importing.candidates import Note
from geo.spreadsheet import shown

COLUMNS = ("line", "outcome", "code", "message", "notes", "external_id", "name", "point_of_sale")


class Outcome(StrEnum):
    """What became of a row. `held`: it waits, unpublished, for its owner or a moderator."""

    WRITTEN = "written"
    UNCHANGED = "unchanged"
    HELD = "held"
    SKIPPED = "skipped"
    REFUSED = "refused"


class Change(NamedTuple):
    """A field that a row sets, with what stood there (empty where the entry is new)."""

    field: str
    before: str
    after: str


class RowResult(NamedTuple):
    """One row: where it stands in the file, what became of it and why. `kept`: fields edited here, left alone.

    `changes` is empty for a new entry far down a long file.
    """

    line: int
    outcome: Outcome
    code: str
    message: str
    external_id: str = ""
    name: str = ""
    notes: tuple[Note, ...] = ()
    changes: tuple[Change, ...] = ()
    kept: tuple[str, ...] = ()
    point_of_sale: int | None = None


class Absent(NamedTuple):
    """An entry known from this source that the file no longer has. Nothing is done to it."""

    external_id: str
    name: str
    point_of_sale: int


@dataclass(slots=True)
class Report:
    """What an import did (`applied`), or would do. `read` counts the rows that the reader gave, on its own."""

    file: str
    mapping: str
    source: str
    applied: bool
    read: int
    rows: list[RowResult]
    absent: list[Absent] = field(default_factory=list)
    seconds: float = 0.0
    # Whether the plan had anything to write.
    wrote: bool = False

    def __post_init__(self) -> None:
        if self.read != len(self.rows) or self.read != sum(self.totals().values()):
            raise RuntimeError(f"{self.read} rows were read, but {len(self.rows)} are accounted for")
        self.rows.sort(key=lambda row: row.line)

    def totals(self) -> dict[Outcome, int]:
        """How many rows for each outcome; they add up to `read`."""
        counts = Counter(row.outcome for row in self.rows)
        return {outcome: counts[outcome] for outcome in Outcome}

    def reasons(self) -> dict[tuple[Outcome, str], int]:
        """How many rows for each outcome and code, the most frequent first."""
        order = list(Outcome)
        counts = Counter((row.outcome, row.code) for row in self.rows)
        return dict(sorted(counts.items(), key=lambda item: (order.index(item[0][0]), -item[1], item[0][1])))

    def notes(self) -> dict[str, int]:
        """How many rows carry each note."""
        return dict(Counter(code for row in self.rows for code in {note.code for note in row.notes}).most_common())

    @property
    def diff(self) -> list[RowResult]:
        """The rows that change something and say what: all that revise an entry, the first that make one."""
        return [row for row in self.rows if row.changes]

    def to_csv(self, path: Path) -> None:
        """Every row, as a CSV file that a spreadsheet opens safely."""
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file, delimiter=";")
            writer.writerow(COLUMNS)
            for row in self.rows:
                notes = " | ".join(f"{code}: {message}" for code, message in row.notes)
                values = (row.line, row.outcome.value, row.code, row.message, notes, row.external_id, row.name)
                writer.writerow([*map(shown, values), row.point_of_sale or ""])
