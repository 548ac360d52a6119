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
from directory.importing.reading import BadRow, Contents, Header, Row, match_header

# A sheet of a million rows unzips to some 400 MB; beyond this it is no list of merchants, or a trap.
MAX_UNZIPPED = 2_000_000_000
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
    header: Header | None = None
    try:
        for line, row in enumerate(sheet.iter_rows(values_only=True), 1):
            values = [_text(value) for value in row]
            while values and not values[-1]:
                values.pop()
            if not values:
                continue
            if header is None:
                header = match_header(mapping, values, f"{name}, row {line}")
            elif len(values) > header.width:
                yield BadRow(line, "wrong_columns", f"{len(values)} columns where the header has {header.width}")
            else:
                yield Row(line, header.cells(values + [""] * (header.width - len(values)), mapping.empty))
    except BROKEN as error:
        raise UnreadableFile(f"{name}: the sheet is damaged ({error}).") from error
    finally:
        book.close()
    if header is None:
        raise UnreadableFile(f"{name}: the sheet has no header.")


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
