"""Rows as files for spreadsheets: the one writer of CSV and XLSX. No cell of text is taken for a formula.

`CSV` is what French spreadsheets open with a double click: UTF-8 with a byte order mark, semicolons, decimal commas.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from itertools import chain, islice
from typing import Any

from django.utils.timezone import localtime

from geo.spreadsheet import shown

CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
BOM = b"\xef\xbb\xbf"

Row = Sequence[Any]  # text, numbers, dates, times, truth; None is an empty cell

_MEASURED = 200  # rows by which columns are made as wide as what they hold
_NARROWEST, _WIDEST = 8, 60  # characters
_LONGEST = 32_767  # characters in a cell; more is a file that Excel calls broken
_NOT_IN_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_BUFFERED = 64 * 1024  # bytes: lines are sent so many at a time


def csv_line(values: Iterable[object], delimiter: str = ",") -> bytes:
    """One line (RFC 4180). Numbers are as Python writes them."""
    line = io.StringIO()
    csv.writer(line, delimiter=delimiter).writerow([shown(value) for value in values])
    return line.getvalue().encode()


def csv_stream(header: Sequence[str], rows: Iterable[Row]) -> Iterator[bytes]:
    """A CSV file for French spreadsheets, in pieces, as rows are read."""
    piece = bytearray(BOM + csv_line(header, ";"))
    for row in rows:
        piece += csv_line(map(_in_french, row), ";")
        if len(piece) > _BUFFERED:
            yield bytes(piece)
            piece.clear()
    yield bytes(piece)


def _in_french(value: Any) -> Any:
    match value:
        case bool():
            return "true" if value else "false"
        case float():
            return _Number(str(value).replace(".", ","))
        case datetime():
            return localtime(value).strftime("%Y-%m-%d %H:%M")
        case date():
            return value.isoformat()
    return value


class _Number:
    """A number as it is written: not text, so that a negative one is not taken for a formula."""

    def __init__(self, text: str):
        self.text = text

    def __str__(self) -> str:
        return self.text


def xlsx(header: Sequence[str], rows: Iterable[Row], title: str, about: Sequence[Row] = ()) -> bytes:
    """A workbook: its header stays in sight, numbers are numbers and dates are dates. `about` is a second sheet."""
    from openpyxl import Workbook  # most processes never write one, and the library takes 0.2 s to load

    book = Workbook(write_only=True)
    _sheet(book, title, header, rows)
    if about:
        _sheet(book, "Sources", about[0], about[1:])
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def _sheet(book: Any, title: str, header: Row, rows: Iterable[Row]) -> None:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    sheet = book.create_sheet(_NOT_IN_XML.sub("", title)[:31])
    coming = iter(rows)
    first = list(islice(coming, _MEASURED))
    sheet.freeze_panes = "A2"
    for number, width in enumerate(_widths([header, *first]), start=1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    heads = [WriteOnlyCell(sheet, _cell(text)) for text in header]
    for head in heads:
        head.font = Font(bold=True)
    sheet.append(heads)
    for row in chain(first, coming):
        sheet.append([_cell(value) for value in row])


def _widths(rows: Iterable[Row]) -> list[int]:
    columns = zip(*rows, strict=True)
    return [min(max(_NARROWEST, *(len(str(value)) for value in column)) + 2, _WIDEST) for column in columns]


def _cell(value: Any) -> Any:
    if isinstance(value, datetime):
        return localtime(value).replace(tzinfo=None)  # cells know of no time zones
    if isinstance(value, str):
        return shown(_NOT_IN_XML.sub("", value)[: _LONGEST - 1])
    return value
