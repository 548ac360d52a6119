"""GeoJSON (RFC 7946): properties are the cells, the geometry is the point. The line is the feature's number, from 1."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from directory.importing.errors import UnreadableFile
from directory.importing.json_files import NOTHING, Columns, load
from directory.importing.mapping import Mapping
from directory.importing.reading import BadRow, Contents, Row

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
    return read_document(path, load(path), mapping)


def read_document(path: Path, document: Any, mapping: Mapping) -> Contents:
    """The features of a parsed file. Raises UnreadableFile."""
    features = _features(path, document)
    if not features:
        return NOTHING
    properties = [_properties(feature) for feature in features]
    if not any(properties):
        raise UnreadableFile(f"{path.name}: no feature has properties.")
    return Contents(_rows(features, properties, Columns(path.name, properties, mapping), mapping), len(features))


def _features(path: Path, document: Any) -> list[Any]:
    if not isinstance(document, dict) or not isinstance(document.get("features"), list):
        raise UnreadableFile(f'{path.name}: a GeoJSON FeatureCollection, with "features", is expected.')
    crs = document.get("crs")
    properties = crs.get("properties") if isinstance(crs, dict) else None
    name = properties.get("name") if isinstance(properties, dict) else None
    if name is not None and name not in WGS_84:
        raise UnreadableFile(f"{path.name}: its coordinates are in {name}; export it again in WGS 84 (EPSG:4326).")
    return list(document["features"])


def _properties(feature: Any) -> dict[str, Any]:
    properties = feature.get("properties") if isinstance(feature, dict) else None
    return properties if isinstance(properties, dict) else {}


def _rows(
    features: list[Any], properties: list[dict[str, Any]], columns: Columns, mapping: Mapping
) -> Iterator[Row | BadRow]:
    for number, (feature, given) in enumerate(zip(features, properties, strict=True), 1):
        if not given:
            yield BadRow(number, "malformed_row", MALFORMED)
            continue
        row = columns.row(number, given)
        if isinstance(row, BadRow):
            yield row
            continue
        cells = row.cells
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
        yield row


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
