"""A mapping: how one source's file is read. A small TOML file; docs/importing.md says how to write one."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any

from rapidfuzz import process

from directory.importing.errors import InvalidMapping, UnknownMapping
from directory.models import PointOfSale, Source
from directory.vocabulary import Vocabulary
from geo.folding import fold

MAPPINGS_DIR = Path(__file__).resolve().parent / "mappings"
FIELDS = (
    "external_id", "siret", "name", "street", "postcode", "commune", "insee", "lat", "lon", "lat_lon", "activities",
    "products", "kind", "phone", "email", "website", "opening_hours",
)  # fmt: skip
# What a file must have one way or another.
NEEDED = {"name", "activities"}
PLACES = {"commune", "insee", "postcode"}
SHAPE: dict[str, set[str]] = {
    "source": {"slug", "name", "producer", "licence", "url", "published_on"},
    "columns": set(FIELDS),
    "optional_columns": set(FIELDS),
    "cells": {"empty", "activities_separator", "products_separator", "vocabulary_words", "sheet", "rows"},
    "point": {"order", "separator", "precision"},
    "not_a_shop": {"names", "siren_prefixes"},
    "activities": set(),
}
LISTS = {("cells", "empty"), ("not_a_shop", "names"), ("not_a_shop", "siren_prefixes")}


class Verdict(StrEnum):
    """What a source's wording may mean besides an activity."""

    NOT_A_SHOP = "not_a_shop"
    HELD = "held"


@dataclass(frozen=True, slots=True)
class Meaning:
    """What one wording of the source means: activity codes, what kind of place, product codes."""

    activities: tuple[str, ...]
    kind: str
    products: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SourceIdentity:
    """The row of `Source`."""

    slug: str
    name: str
    producer: str
    licence: str
    url: str = ""
    published_on: date | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """The headers under which a field may stand, any one of them."""

    headers: tuple[str, ...]
    required: bool


@dataclass(frozen=True, slots=True)
class PointFormat:
    """How points are given, and how precise they are taken to be."""

    latitude_first: bool = True
    separator: str = ","
    precision: str = PointOfSale.Precision.STREET


@dataclass(frozen=True, slots=True)
class Mapping:
    """A mapping file, checked. Wordings are folded, so that case, accents and apostrophes don't matter."""

    source: SourceIdentity
    columns: dict[str, Column]
    meanings: dict[str, Meaning | Verdict]
    point: PointFormat = PointFormat()
    empty: frozenset[str] = frozenset()
    activities_separator: str = "|"
    products_separator: str = "|"
    # Whether a wording that the table lacks is looked for in the vocabulary: its codes, labels and synonyms.
    vocabulary_words: bool = False
    sheet: str = ""
    # Where the list stands in a JSON object: dotted names, or empty for a file that is the list.
    rows: str = ""
    not_shop_names: re.Pattern[str] | None = None
    not_shop_sirens: tuple[str, ...] = ()

    def problems_with(self, vocabulary: Vocabulary) -> list[str]:
        """The codes of the mapping that the vocabulary lacks, each with the nearest."""
        problems = []
        for wording, meaning in self.meanings.items():
            if isinstance(meaning, Verdict):
                continue
            for dimension, codes in (("activity", meaning.activities), ("product", meaning.products)):
                for code in codes:
                    if vocabulary.find(dimension, code) is None:
                        nearest = vocabulary.nearest_code(dimension, code)
                        hint = f"; the nearest is {nearest!r}" if nearest else ""
                        problems.append(f"activities, {wording!r}: no {dimension} has the code {code!r}{hint}")
        return problems


def names() -> list[str]:
    """The mappings that come with the service."""
    return sorted(path.stem for path in MAPPINGS_DIR.glob("*.toml"))


def load(name: str) -> Mapping:
    """The mapping of that name, or the one in the .toml file of that path. Raises UnknownMapping, InvalidMapping."""
    path = Path(name) if name.endswith(".toml") else MAPPINGS_DIR / f"{name}.toml"
    if not path.is_file() or (path.parent == MAPPINGS_DIR and path.stem not in names()):
        raise UnknownMapping(
            f"There is no mapping {name!r}. Known: {', '.join(names())}; or give the path of a .toml file."
        )
    try:
        return parse_text(path.read_text("utf-8"))
    except UnicodeDecodeError as error:
        raise InvalidMapping(f"{path.name}: {error}") from error
    except InvalidMapping as error:
        raise InvalidMapping("\n".join(f"{path.name}: {line}" for line in str(error).splitlines())) from error


def parse_text(text: str) -> Mapping:
    """A mapping from the text of a TOML document. Raises InvalidMapping with every problem found."""
    try:
        return parse(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise InvalidMapping(str(error)) from error
    except RecursionError as error:
        raise InvalidMapping("values within values, too deep for a mapping") from error


def parse(document: dict[str, Any]) -> Mapping:
    """A mapping from a TOML document. Raises InvalidMapping with every problem found."""
    problems = [*_unknown_keys(document), *_wrong_types(document)]
    if problems:
        raise InvalidMapping("\n".join(problems))
    point, cells, refused = (document.get(key, {}) for key in ("point", "cells", "not_a_shop"))
    columns = _columns(document)
    problems += _lacking(columns)
    mapping = Mapping(
        source=_source(document.get("source", {}), problems),
        columns=columns,
        meanings=_meanings(document.get("activities", {}), problems),
        point=PointFormat(
            latitude_first=point.get("order", "lat,lon") == "lat,lon",
            separator=point.get("separator", ","),
            precision=point.get("precision", PointOfSale.Precision.STREET),
        ),
        empty=frozenset(word.strip().lower() for word in cells.get("empty", ())),
        activities_separator=cells.get("activities_separator", "|"),
        products_separator=cells.get("products_separator", "|"),
        vocabulary_words=bool(cells.get("vocabulary_words", False)),
        sheet=cells.get("sheet", ""),
        rows=cells.get("rows", ""),
        not_shop_names=_one_pattern(refused.get("names", ()), problems),
        not_shop_sirens=tuple(refused.get("siren_prefixes", ())),
    )
    if point.get("order", "lat,lon") not in ("lat,lon", "lon,lat"):
        problems.append('point: order must be "lat,lon" or "lon,lat"')
    if mapping.point.precision not in PointOfSale.Precision.values:
        problems.append(f"point: precision must be one of {', '.join(PointOfSale.Precision.values)}")
    if problems:
        raise InvalidMapping("\n".join(problems))
    return mapping


def _unknown_keys(document: dict[str, Any]) -> Iterable[str]:
    for table, values in document.items():
        if table not in SHAPE:
            yield f"[{table}] is not a table of a mapping{_nearest(table, SHAPE)}"
        elif not isinstance(values, dict):
            yield f"{table} must be a table"
        elif SHAPE[table]:
            for key in values:
                if key not in SHAPE[table]:
                    yield f"[{table}] {key} is not known{_nearest(key, SHAPE[table])}"


def _wrong_types(document: dict[str, Any]) -> Iterable[str]:
    """Values that are no text where text is expected, no list of texts, no true or false."""
    for table in SHAPE.keys() - {"activities"}:
        for key, value in _table(document, table).items():
            if (table, key) == ("cells", "vocabulary_words"):
                if not isinstance(value, bool):
                    yield f"[{table}] {key} must be true or false"
            elif (table, key) in LISTS or (table in ("columns", "optional_columns") and not isinstance(value, str)):
                if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
                    yield f"[{table}] {key} must be a list of texts"
            elif not isinstance(value, str) and (table, key) != ("source", "published_on"):
                yield f"[{table}] {key} must be a text between quotes"


def _table(document: dict[str, Any], name: str) -> dict[str, Any]:
    found = document.get(name, {})
    return found if isinstance(found, dict) else {}


def _nearest(word: str, known: Iterable[str]) -> str:
    found = process.extractOne(word, sorted(known), score_cutoff=50)
    return f"; the nearest is {found[0]}" if found else ""


def _source(table: dict[str, Any], problems: list[str]) -> SourceIdentity:
    problems += [f"source: {key} is needed" for key in ("slug", "name", "producer", "licence") if not table.get(key)]
    slug, published_on, url = table.get("slug", ""), table.get("published_on"), table.get("url", "")
    if not re.fullmatch(r"[a-z0-9_-]{1,40}", slug):
        problems.append("source: slug must be small letters, digits and hyphens, at most 40")
    if url and not re.match(r"https?://", url):
        problems.append("source: url must begin with https:// or http://")
    if published_on is not None and type(published_on) is not date:
        problems.append("source: published_on must be a date, such as 2026-01-31 without quotes")
    for key in ("name", "producer", "licence"):
        limit = getattr(Source._meta.get_field(key), "max_length", None) or 0
        if len(table.get(key, "")) > limit:
            problems.append(f"source: {key} may have {limit} characters")
    return SourceIdentity(
        slug, table.get("name", ""), table.get("producer", ""), table.get("licence", ""), url, published_on
    )


def _columns(document: dict[str, Any]) -> dict[str, Column]:
    columns = {}
    for table, required in (("columns", True), ("optional_columns", False)):
        for field, headers in document.get(table, {}).items():
            columns[field] = Column((headers,) if isinstance(headers, str) else tuple(headers), required)
    return columns


def _lacking(columns: dict[str, Column]) -> Iterable[str]:
    for field in sorted(NEEDED - columns.keys()):
        yield f"columns: {field} is needed"
    if not PLACES & columns.keys():
        yield "columns: commune, insee or postcode is needed"
    if ("lat" in columns) != ("lon" in columns):
        yield "columns: lat and lon go together"


def _meanings(table: dict[str, Any], problems: list[str]) -> dict[str, Meaning | Verdict]:
    meanings: dict[str, Meaning | Verdict] = {}
    for wording, value in table.items():
        meaning = _meaning(wording, value, problems)
        key = fold(wording)
        if meaning is not None and meanings.setdefault(key, meaning) != meaning:
            problems.append(f"activities: {wording!r} stands twice, with two meanings")
    return meanings


def _meaning(wording: str, value: Any, problems: list[str]) -> Meaning | Verdict | None:
    if isinstance(value, str) and value in tuple(Verdict):
        return Verdict(value)
    kinds = ", ".join(PointOfSale.Kind.values)
    if not isinstance(value, dict) or not value.get("activities") or value.get("kind") not in PointOfSale.Kind.values:
        problems.append(
            f'activities: {wording!r} must be "not_a_shop", "held" or {{ activities = […], kind = one of {kinds} }}'
        )
        return None
    for key in ("activities", "products"):
        codes = value.get(key, [])
        if not isinstance(codes, list) or not all(isinstance(code, str) for code in codes):
            problems.append(f"activities, {wording!r}: {key} must be a list of codes")
            return None
    if extra := value.keys() - {"activities", "kind", "products"}:
        problems.append(f"activities, {wording!r}: {', '.join(sorted(extra))} is not known")
    return Meaning(tuple(value["activities"]), value["kind"], tuple(value.get("products", ())))


def _one_pattern(texts: Iterable[str], problems: list[str]) -> re.Pattern[str] | None:
    """One expression that matches where any of them does."""
    sound = []
    for text in texts:
        try:
            re.compile(text)
            sound.append(text)
        except re.error as error:
            problems.append(f"not_a_shop, names: {text!r} is not a regular expression ({error})")
    if not sound:
        return None
    # Those that stand at the beginning are tried there alone, not at every letter of every name.
    anchored = "|".join(f"(?:{text[1:]})" for text in sound if text.startswith("^"))
    anywhere = "|".join(f"(?:{text})" for text in sound if not text.startswith("^"))
    return re.compile("|".join(part for part in (f"^(?:{anchored})" if anchored else "", anywhere) if part))
