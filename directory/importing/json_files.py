"""JSON: a list of objects, or an object with that list in it. The line is the object's number, from 1.

Nested values are columns too, by dotted names: {"shop": {"name": …}} is the column "shop.name".
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import orjson

from directory.importing.errors import UnreadableFile
from directory.importing.mapping import Mapping
from directory.importing.reading import MOST_ROWS, BadRow, Contents, Header, Row, match_header

# A row is a handful of columns, a few levels deep: beyond, it is no list of merchants, or a trap.
MOST_KEYS, DEEPEST = 1_000, 5
NOTHING = Contents(iter(()), 0)


class TooDeepError(ValueError):
    """Values within values, beyond what a cell can be."""


def read(path: Path, mapping: Mapping) -> Contents:
    """The objects of a JSON file; GeoJSON is known by its features. Raises UnreadableFile."""
    document = load(path)
    if not mapping.rows and isinstance(document, dict) and "features" in document:
        from directory.importing import geojson_files

        return geojson_files.read_document(path, document, mapping)
    entries = _entries(path.name, document, mapping.rows)
    if not entries:
        return NOTHING
    flat = [_flat(entry) for entry in entries]
    return Contents(_rows(flat, Columns(path.name, [each for each in flat if each], mapping)), len(entries))


def load(path: Path) -> Any:
    """The document of a file in UTF-8. Raises UnreadableFile."""
    content = path.read_bytes().removeprefix(b"\xef\xbb\xbf")
    try:
        content.decode()
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise UnreadableFile(f"{path.name}, line {line}: this is no UTF-8, which JSON is. Save it in UTF-8.") from error
    try:
        return orjson.loads(content)
    except json.JSONDecodeError as error:
        raise UnreadableFile(
            f"{path.name}, line {error.lineno}, column {error.colno}: this is no JSON ({error.msg})."
        ) from error


def _entries(name: str, document: Any, where: str) -> list[Any]:
    found = document
    for key in where.split(".") if where else ():
        found = found.get(key) if isinstance(found, dict) else None
    if not isinstance(found, list):
        here = f"{where!r}, where the mapping says that the list is" if where else "the file itself"
        lists = (
            [key for key, value in document.items() if isinstance(value, list)] if isinstance(document, dict) else []
        )
        hint = f" Lists are in: {', '.join(map(repr, lists[:5]))}." if lists else ""
        raise UnreadableFile(f"{name}: a list of objects is expected in {here} ([cells] rows says where).{hint}")
    if len(found) > MOST_ROWS:
        raise UnreadableFile(f"{name}: more than {MOST_ROWS:,} rows; split it.")
    return found


def _flat(entry: Any) -> dict[str, Any]:
    """The values of an object by dotted name; nothing for what is no object. Deeper objects stay values."""
    flat: dict[str, Any] = {}
    waiting = [("", entry, 1)] if isinstance(entry, dict) else []
    while waiting:
        head, values, depth = waiting.pop()
        for key, value in values.items():
            if isinstance(value, dict) and depth < DEEPEST:
                waiting.append((f"{head}{key}.", value, depth + 1))
            else:
                flat[f"{head}{key}"] = value
    return flat


def _rows(entries: Iterable[dict[str, Any]], columns: Columns) -> Iterator[Row | BadRow]:
    for number, entry in enumerate(entries, 1):
        yield columns.row(number, entry) if entry else BadRow(number, "malformed_row", "an object is expected")


class Columns:
    """Which keys of objects are the mapping's columns. Raises UnreadableFile where one that is needed is missing."""

    def __init__(self, name: str, objects: Iterable[dict[str, Any]], mapping: Mapping):
        keys: dict[str, None] = {}
        for each in objects:
            keys.update(dict.fromkeys(each))
            if len(keys) > MOST_KEYS:
                raise UnreadableFile(f"{name}: more than {MOST_KEYS:,} different keys; this is no list of merchants.")
        names = list(keys)
        places = match_header(mapping, names, name).places
        separators = {"activities": mapping.activities_separator, "products": mapping.products_separator}
        self.keys = [(names[place], separators.get(field, ", ")) for field, place in places]
        self.header = Header(len(places), tuple((field, n) for n, (field, _) in enumerate(places)))
        self.empty = mapping.empty

    def row(self, number: int, values: dict[str, Any]) -> Row | BadRow:
        """One object as cells."""
        try:
            cells = self.header.cells([_text(values.get(key), separator) for key, separator in self.keys], self.empty)
        except TooDeepError:
            return BadRow(number, "malformed_row", f"values within values, more than {DEEPEST} levels deep")
        return Row(number, cells)


def _text(value: Any, separator: str, depth: int = 1) -> str:
    if isinstance(value, list | dict) and depth > DEEPEST:
        raise TooDeepError
    if value is None:
        return ""
    if isinstance(value, list):
        return separator.join(_text(each, ", ", depth + 1) for each in value)
    if isinstance(value, dict):
        return ", ".join(f"{key}: {_text(each, ', ', depth + 1)}" for key, each in value.items())
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
