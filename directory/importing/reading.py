"""A file -> rows of named cells with their place in it. Knows CSV, JSON, GeoJSON and XLSX; decides nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from rapidfuzz import process

from directory.importing.errors import UnreadableFile
from directory.importing.mapping import Mapping
from geo.folding import fold

FORMATS = {
    ".csv": "csv",
    ".tsv": "csv",
    ".txt": "csv",
    ".geojson": "geojson",
    ".json": "json",
    ".xlsx": "xlsx",
    ".xlsm": "xlsx",
}
# A région has some 100,000 merchants. What becomes of each row is held in memory, 0.5 kB a row.
MOST_ROWS = 500_000


class Row(NamedTuple):
    """One entry: `line` in the file (from 1; the number of a JSON object, an XLSX row), and its cells by field."""

    line: int
    cells: dict[str, str]


@dataclass(frozen=True, slots=True)
class BadRow:
    """An entry whose shape is wrong, so that no cell can be trusted."""

    line: int
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Contents:
    """The entries of a file, read as they are asked for. `about` is how many there are, for a progress bar."""

    rows: Iterator[Row | BadRow]
    about: int


def read(path: Path, mapping: Mapping) -> Contents:
    """The entries of a file. Raises UnreadableFile, also while the rows are being read."""
    if not path.is_file():
        raise UnreadableFile(f"{path}: there is no such file.")
    form = FORMATS.get(path.suffix.lower())
    if form is None:
        hint = " Save it as .xlsx." if path.suffix.lower() in (".xls", ".ods") else ""
        raise UnreadableFile(f"{path.name}: CSV (.csv, .tsv, .txt), JSON, GeoJSON or XLSX is expected.{hint}")
    if path.stat().st_size == 0:
        raise UnreadableFile(f"{path.name}: the file is empty.")
    if form == "csv":
        from directory.importing import csv_files as reader
    elif form == "geojson":
        from directory.importing import geojson_files as reader  # type: ignore[no-redef]
    elif form == "json":
        from directory.importing import json_files as reader  # type: ignore[no-redef]
    else:
        from directory.importing import xlsx_files as reader  # type: ignore[no-redef]
    contents = reader.read(path, mapping)
    return Contents(map(_without_nul, contents.rows), contents.about)


def _without_nul(row: Row | BadRow) -> Row | BadRow:
    """The row, unless a cell has the one character that the database takes in no text."""
    if isinstance(row, Row) and any("\0" in value for value in row.cells.values()):
        return BadRow(row.line, "malformed_row", "a NUL character stands in it, which no text has")
    return row


@dataclass(frozen=True, slots=True)
class Header:
    """Where each field of the mapping stands among the columns."""

    width: int
    places: tuple[tuple[str, int], ...]

    def cells(self, values: Sequence[str], empty: frozenset[str]) -> dict[str, str]:
        """The cells by field, stripped; what the mapping calls empty is empty."""
        found = {field: values[place].strip() for field, place in self.places}
        longest = max(map(len, empty), default=0)
        for field, value in found.items():
            if len(value) <= longest and value.lower() in empty:
                found[field] = ""
        return found


def match_header(mapping: Mapping, headers: Sequence[str], where: str) -> Header:
    """Finds the mapped columns among the headers. Raises UnreadableFile naming every one that is missing."""
    places = found_columns(mapping, headers)
    problems = []
    for field, column in mapping.columns.items():
        if column.required and field not in places:
            wanted = " or ".join(repr(header) for header in column.headers)
            problems.append(f"no column {wanted} (for {field}){_nearest(column.headers, headers)}")
    for field, place in places.items():
        same = [header for header in headers if fold(header) == fold(headers[place])]
        if len(same) > 1:
            problems.append(f"the column {same[0]!r} (for {field}) stands {len(same)} times")
    if problems:
        raise UnreadableFile(f"{where}: " + "; ".join(problems) + ".")
    return Header(len(headers), tuple(places.items()))


def found_columns(mapping: Mapping, headers: Sequence[str]) -> dict[str, int]:
    """The place of each field's column; the first of its possible headers that is there."""
    by_name: dict[str, int] = {}
    for place, header in enumerate(headers):
        by_name.setdefault(fold(header), place)
    places = {}
    for field, column in mapping.columns.items():
        known = [by_name[key] for header in column.headers if (key := fold(header)) in by_name]
        if known:
            places[field] = known[0]
    return places


def _nearest(wanted: Iterable[str], headers: Sequence[str]) -> str:
    best: tuple[float, str] = (0.0, "")
    for header in wanted:
        found = process.extractOne(fold(header), [fold(each) for each in headers], score_cutoff=50)
        if found is not None:
            best = max(best, (found[1], headers[found[2]]))
    return f"; the nearest is {best[1]!r}" if best[1] else ""
