"""A CSV file as it was published -> its header and its lines, with their numbers in the file. Decides nothing else."""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from geo.coverage.importing.errors import UnreadableFile

DELIMITERS = ";,\t"
MAX_BYTES = 50_000_000  # all communes of France weigh about 3 MB
_DAY = re.compile(r"(?P<y>[0-9]{4})-(?P<m>[0-9]{2})-(?P<d>[0-9]{2})|(?P<d2>[0-9]{2})/(?P<m2>[0-9]{2})/(?P<y2>[0-9]{4})")


class Line(NamedTuple):
    """A line that is not blank. `fault` says what is wrong with its shape; its values are then but a hint."""

    number: int
    values: list[str]
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Contents:
    """A file read whole. Names in the header and values are stripped."""

    name: str
    checksum: str
    header: tuple[str, ...]
    lines: list[Line]

    def cells(self, line: Line) -> dict[str, str]:
        """The values of a line by column."""
        return dict(zip(self.header, line.values, strict=True))


def read(path: Path) -> Contents:
    """The lines of a CSV file in UTF-8. Raises UnreadableFile."""
    try:
        data = path.read_bytes() if path.stat().st_size <= MAX_BYTES else None
    except OSError as error:
        raise UnreadableFile(f"{path}: the file cannot be read ({error.strerror}).") from error
    if data is None:
        raise UnreadableFile(f"{path.name}: the file has more than {MAX_BYTES:,} bytes; no file of communes has.")
    text = _text(path.name, data)
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(DELIMITERS, key=first.count)
    lines = _lines(path.name, list(io.StringIO(text, newline="")), delimiter)
    header = next(lines, None)
    if header is None:
        raise UnreadableFile(f"{path.name}: the file is empty.")
    names = [name for name in header.values if name]
    if header.fault or len(set(names)) < len(names):
        raise UnreadableFile(f"{path.name}: the header is wrong ({header.fault or 'a column stands there twice'}).")
    return Contents(
        path.name, hashlib.sha256(data).hexdigest(), tuple(header.values), list(_of_width(lines, len(header.values)))
    )


def _text(name: str, data: bytes) -> str:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise UnreadableFile(
            f"{name}, line {line}: the file is not in UTF-8 (byte 0x{data[error.start]:02x}). Save it as CSV in UTF-8."
        ) from error
    if "\0" in text:
        raise UnreadableFile(f"{name}: there is a NUL character in it, which no text has. Save it as CSV in UTF-8.")
    return text


def _lines(name: str, raw: list[str], delimiter: str) -> Iterator[Line]:
    reader = csv.reader(raw, delimiter=delimiter, strict=True)
    while True:
        number = reader.line_num + 1
        try:
            values = [value.strip() for value in next(reader)]
        except StopIteration:
            return
        except csv.Error as error:
            if "unexpected end" in str(error) or "field larger" in str(error):
                raise UnreadableFile(f"{name}, line {number}: a quote is opened there and never closed.") from error
            yield Line(number, raw[number - 1].split(delimiter), f"the quotes are wrong ({error})")
            continue
        if any(values):
            yield Line(number, values)


def _of_width(lines: Iterator[Line], width: int) -> Iterator[Line]:
    for line in lines:
        if line.fault or len(line.values) == width:
            yield line
        else:
            yield line._replace(fault=f"{len(line.values)} columns where the header has {width}")


@lru_cache(maxsize=1000)
def parse_day(text: str) -> date | None:
    """A day written 2024-12-31 or 31/12/2024; None for anything else."""
    match = _DAY.fullmatch(text)
    if match is None:
        return None
    year, month, day = match["y"] or match["y2"], match["m"] or match["m2"], match["d"] or match["d2"]
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None
