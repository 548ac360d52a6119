"""CSV: the encoding and the delimiter are found out, rows are read one at a time, lines are those of the file."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from charset_normalizer import from_bytes

from directory.importing.errors import UnreadableFile
from directory.importing.mapping import Mapping
from directory.importing.reading import BadRow, Contents, Header, Row, found_columns, match_header

DELIMITERS = ";,\t|"
CHUNK = 1 << 20
SAMPLE = 64 << 10
# Bytes that Windows-1252 leaves undefined: a file that has one is ISO 8859-1, or not text.
NOT_IN_CP1252 = frozenset(b"\x81\x8d\x8f\x90\x9d")
UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


@dataclass(slots=True)
class Scan:
    """What one pass over the bytes tells."""

    encoding: str
    lines: int


def read(path: Path, mapping: Mapping) -> Contents:
    """The rows of a CSV file. Raises UnreadableFile."""
    scan = scan_bytes(path)
    return Contents(_rows(path, mapping, scan), max(scan.lines - 1, 0))


def scan_bytes(path: Path) -> Scan:
    """The encoding and the number of line ends, from all the bytes. Raises UnreadableFile on what is no text."""
    with path.open("rb") as file:
        if file.read(2) in UTF_16:
            return Scan("utf-16", path.stat().st_size // 200)
        file.seek(0)
        utf8: codecs.IncrementalDecoder | None = codecs.getincrementaldecoder("utf-8-sig")()
        lines, accented = 0, bytearray()
        while chunk := file.read(CHUNK):
            # In the header: UTF-16 without its mark, or no text at all. Further down, one row is refused for it.
            if not lines and b"\0" in chunk.partition(b"\n")[0]:
                raise UnreadableFile(f"{path.name}, line 1: a NUL byte; this is no text. Save it as CSV in UTF-8.")
            utf8 = _still_utf8(utf8, chunk)
            if len(accented) < SAMPLE and not chunk.isascii():
                accented += b"\n".join(line for line in chunk.split(b"\n") if not line.isascii())[:SAMPLE]
            lines += chunk.count(b"\n")
    if _still_utf8(utf8, b"", final=True) is not None:
        return Scan("utf-8-sig", lines)
    return Scan(_other_encoding(path, bytes(accented)), lines)


def _still_utf8(
    decoder: codecs.IncrementalDecoder | None, chunk: bytes, final: bool = False
) -> codecs.IncrementalDecoder | None:
    try:
        if decoder is not None:
            decoder.decode(chunk, final)
    except UnicodeDecodeError:
        return None
    return decoder


def _other_encoding(path: Path, accented: bytes) -> str:
    """Windows-1252 or ISO 8859-1, for text that is not UTF-8. Raises UnreadableFile where most of it is UTF-8."""
    as_utf8 = accented.decode("utf-8", "replace")
    foreign = sum(not char.isascii() for char in as_utf8)
    if foreign and as_utf8.count("\ufffd") * 2 < foreign:
        raise UnreadableFile(
            f"{path.name}: most of it is UTF-8, but not all: a byte was damaged, or two files were joined. "
            "Save it again in one encoding."
        )
    if NOT_IN_CP1252 & set(accented):
        return "latin_1"
    best = from_bytes(accented, cp_isolation=["cp1252", "latin_1"]).best()
    # Windows-1252 has the letters of ISO 8859-1, and "’" and "œ" besides: it is right whenever both are.
    return "cp1252" if best is None or best.encoding == "latin_1" else best.encoding


def find_delimiter(sample: str, mapping: Mapping) -> str:
    """The delimiter under which the header has most of the mapped columns; the Sniffer's where that decides nothing."""
    try:
        guesses = csv.Sniffer().sniff(sample, DELIMITERS).delimiter + DELIMITERS
    except csv.Error:
        guesses = DELIMITERS
    first = next((line for line in sample.splitlines() if line.strip()), "")
    found = {
        delimiter: len(found_columns(mapping, next(csv.reader([first], delimiter=delimiter)))) for delimiter in guesses
    }
    return max(found, key=lambda delimiter: (found[delimiter], -guesses.index(delimiter)))


def _rows(path: Path, mapping: Mapping, scan: Scan) -> Iterator[Row | BadRow]:
    try:
        with path.open(encoding=scan.encoding, newline="", errors="strict") as file:
            sample = file.read(SAMPLE)
            file.seek(0)
            skipped = 0
            if sample[:4].lower() == "sep=" and len(sample.splitlines()[0]) == 5:  # Excel's own hint
                delimiter, skipped = sample[4], 1
                file.readline()
            else:
                delimiter = find_delimiter(sample, mapping)
            yield from _entries(path.name, csv.reader(file, delimiter=delimiter, strict=True), mapping, skipped)
    except UnicodeError as error:
        raise UnreadableFile(f"{path.name}: this is no {scan.encoding} text ({error}). Save it in UTF-8.") from error


def _entries(name: str, reader: csv._reader, mapping: Mapping, skipped: int) -> Iterator[Row | BadRow]:  # type: ignore[name-defined]
    header: Header | None = None
    while True:
        line = reader.line_num + skipped + 1
        try:
            values = next(reader)
        except StopIteration:
            break
        except csv.Error as error:
            if "unexpected end" in str(error) or "field larger" in str(error):
                raise UnreadableFile(f"{name}, line {line}: a quote is opened there and never closed.") from error
            if header is None:
                raise UnreadableFile(f"{name}, line {line}: the header cannot be read ({error}).") from error
            yield BadRow(line, "malformed_row", f"the quotes are wrong ({error})")
            continue
        if not any(map(str.strip, values)):
            continue
        if header is None:
            header = match_header(mapping, [value.strip() for value in values], f"{name}, line {line}")
        elif len(values) != header.width:
            yield BadRow(line, "wrong_columns", f"{len(values)} columns where the header has {header.width}")
        else:
            yield Row(line, header.cells(values, mapping.empty))
    if header is None:
        raise UnreadableFile(f"{name}: the file has no header.")
