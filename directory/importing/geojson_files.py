"""GeoJSON (RFC 7946): properties are the cells, the geometry is the point. The line is the feature's number, from 1."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson

from directory.importing.errors import UnreadableFile
from directory.importing.mapping import Mapping
from directory.importing.reading import BadRow, Contents, Header, Row, match_header

# What old files call WGS 84 in the order lon, lat; RFC 7946 knows nothing else.
WGS_84 = (
    "urn:ogc:def:crs:OGC:1.3:CRS84",
    "urn:ogc:def:crs:OGC::CRS84",
    "OGC:CRS84",
    "EPSG:4326",
    "urn:ogc:def:crs:EPSG::4326",
)
MALFORMED = "a GeoJSON feature with properties is expected"


def read(path: Path, mapping: Mapping) -> Contents:
    """The features of a GeoJSON file. Raises UnreadableFile."""
    features = _features(path)
    keys = list(dict.fromkeys(key for feature in features for key in _properties(feature)))
    if not keys:
        raise UnreadableFile(f"{path.name}: no feature has properties.")
    header = match_header(mapping, keys, path.name)
    return Contents(_rows(features, keys, header, mapping), len(features))


def _features(path: Path) -> list[Any]:
    try:
        document = orjson.loads(path.read_bytes().removeprefix(b"\xef\xbb\xbf"))
    except json.JSONDecodeError as error:
        raise UnreadableFile(
            f"{path.name}, line {error.lineno}, column {error.colno}: this is no JSON ({error.msg})."
        ) from error
    if not isinstance(document, dict) or not isinstance(document.get("features"), list):
        raise UnreadableFile(f'{path.name}: a GeoJSON FeatureCollection, with "features", is expected.')
    crs = document.get("crs")
    name = crs.get("properties", {}).get("name") if isinstance(crs, dict) else None
    if name is not None and name not in WGS_84:
        raise UnreadableFile(f"{path.name}: its coordinates are in {name}; export it again in WGS 84 (EPSG:4326).")
    return list(document["features"])


def _properties(feature: Any) -> dict[str, Any]:
    properties = feature.get("properties") if isinstance(feature, dict) else None
    return properties if isinstance(properties, dict) else {}


def _rows(features: list[Any], keys: list[str], header: Header, mapping: Mapping) -> Iterator[Row | BadRow]:
    separators = {"activities": mapping.activities_separator, "products": mapping.products_separator}
    lists = {keys[place]: separators[field] for field, place in header.places if field in separators}
    for number, feature in enumerate(features, 1):
        properties = _properties(feature)
        if not properties:
            yield BadRow(number, "malformed_row", MALFORMED)
            continue
        values = [_text(properties.get(key), lists.get(key, ", ")) for key in keys]
        cells = header.cells(values, mapping.empty)
        if (
            not cells.get("external_id")
            and isinstance(feature.get("id"), str | int)
            and "external_id" in mapping.columns
        ):
            cells["external_id"] = str(feature["id"])
        geometry = feature.get("geometry")
        if geometry is not None:
            point = _point(geometry)
            if point is None:
                yield BadRow(number, "bad_point", "a Point geometry with two numbers is expected")
                continue
            cells["lon"], cells["lat"] = point
            cells.pop("lat_lon", None)
        if any("\0" in value for value in cells.values()):
            yield BadRow(number, "malformed_row", "a NUL character stands in it, which no text has")
            continue
        yield Row(number, cells)


def _point(geometry: Any) -> tuple[str, str] | None:
    if not isinstance(geometry, dict) or geometry.get("type") != "Point":
        return None
    coordinates = geometry.get("coordinates")
    if not isinstance(coordinates, list) or len(coordinates) < 2:
        return None
    lon, lat = coordinates[:2]
    if any(isinstance(value, bool) or not isinstance(value, int | float) for value in (lon, lat)):
        return None
    return f"{lon:.9f}", f"{lat:.9f}"


def _text(value: Any, separator: str) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return separator.join(_text(each, ", ") for each in value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return value if isinstance(value, str) else orjson.dumps(value).decode() if isinstance(value, dict) else str(value)
