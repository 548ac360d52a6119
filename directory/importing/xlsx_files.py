"""XLSX: the first sheet, or the one that the mapping names. The line is the row's number in the sheet."""

from __future__ import annotations

import warnings
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from directory.importing.errors import UnreadableFile
from directory.importing.mapping import Mapping
from directory.importing.reading import BadRow, Contents, Row, match_header

# A sheet of a million rows unzips to some 400 MB; beyond this it is no list of merchants, or a trap.
MAX_UNZIPPED = 2_000_000_000
# A cell far to the right makes a row of 16,384: the header is read so far, and the rows to one column past the header.
MOST_COLUMNS, MOST_LINES = 1_000, 1_048_576
BROKEN = (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, EOFError, OSError, SyntaxError)


def read(path: Path, mapping: Mapping) -> Contents:
    """The rows of a sheet. Raises UnreadableFile."""
    try:
        with zipfile.ZipFile(path) as archive:
            unzipped = sum(entry.file_size for entry in archive.infolist())
        if unzipped > MAX_UNZIPPED:
            raise UnreadableFile(f"{path.name}: {unzipped:,} bytes once unzipped; split it.")
        with warnings.catch_warnings():  # styles and extensions that openpyxl drops do not matter here
            warnings.simplefilter("ignore")
            book = load_workbook(path, read_only=True, data_only=True)
    except BROKEN as error:
        raise UnreadableFile(f"{path.name}: this is no XLSX workbook, or it is damaged or locked ({error}).") from error
    if mapping.sheet and mapping.sheet not in book.sheetnames:
        raise UnreadableFile(f"{path.name}: there is no sheet {mapping.sheet!r}, but {', '.join(book.sheetnames)}.")
    sheet = book[mapping.sheet] if mapping.sheet else book.worksheets[0]
    sheet.reset_dimensions()  # what the file says of its size is often wrong
    return Contents(_rows(path.name, book, sheet, mapping), 0)


def _rows(name: str, book: Any, sheet: Any, mapping: Mapping) -> Iterator[Row | BadRow]:
    try:
        first, names = next(_lines(sheet, 1, MOST_COLUMNS), (0, None))
        if names is None:
            raise UnreadableFile(f"{name}: the sheet has no header.")
        header = match_header(mapping, names, f"{name}, row {first}")
        for line, values in _lines(sheet, first + 1, header.width + 1):
            if len(values) > header.width:
                yield BadRow(line, "wrong_columns", f"more columns than the {header.width} of the header")
            else:
                yield Row(line, header.cells(values + [""] * (header.width - len(values)), mapping.empty))
    except BROKEN as error:
        raise UnreadableFile(f"{name}: the sheet is damaged ({error}).") from error
    finally:
        book.close()


def _lines(sheet: Any, first: int, width: int) -> Iterator[tuple[int, list[str]]]:
    """The rows from a number on that are not empty, with their number; what lies beyond the width is not looked at."""
    rows = sheet.iter_rows(min_row=first, max_row=MOST_LINES, max_col=width, values_only=True)
    for line, row in enumerate(rows, first):
        values = [_text(value) for value in row]
        while values and not values[-1]:
            values.pop()
        if values:
            yield line, values


def _text(value: Any) -> str:
    """A cell as it would be typed: whole numbers without a fraction, so that a SIRET stored as a number stays whole."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 2**53 else f"{value:.10f}".rstrip("0")
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value).strip()
