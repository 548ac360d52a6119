"""The formats of a list: CSV and XLSX for spreadsheets, GeoJSON (RFC 7946), GeoPackage for QGIS.

Text that a spreadsheet would calculate is made harmless in spreadsheets; in a layer it is what it is.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import orjson
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from directory import tables
from directory.api.lean import GEOJSON
from directory.credits import LICENCE
from directory.gaps.columns import Column, Value
from geo.points import SRID, Position


@dataclass(frozen=True)
class Table:
    """What a file is made of. `notes` are (heading, text): where the rows come from, and how far they go."""

    name: str
    columns: Sequence[Column]
    rows: Sequence[tuple[Value, ...]]
    positions: Sequence[Position]
    notes: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Format:
    label: str | Promise
    extension: str
    content_type: str
    geometric: bool
    write: Callable[[Table], bytes]


def _geojson(table: Table) -> bytes:
    """One document; members beside the features say where they come from."""
    names = [column.name for column in table.columns]
    features = [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": position.rounded()},
            "properties": dict(zip(names, row, strict=True)),
        }
        for row, position in zip(table.rows, table.positions, strict=True)
    ]
    about = {"name": table.name, "license": LICENCE, "notes": [": ".join(note) for note in table.notes]}
    return orjson.dumps({"type": "FeatureCollection", **about, "features": features})


def _geopackage(table: Table) -> bytes:
    """One layer of points, described by the notes."""
    import numpy as np
    import pyogrio.raw
    import shapely

    points = shapely.points(np.array([position.rounded() for position in table.positions]).reshape(-1, 2))
    fields = [_field([row[i] for row in table.rows]) for i in range(len(table.columns))]
    described = "\n".join(" : ".join(note) for note in table.notes)
    content = io.BytesIO()
    pyogrio.raw.write(
        content,
        np.asarray(shapely.to_wkb(points), dtype=object),
        [values for values, _empty in fields],
        [column.name for column in table.columns],
        field_mask=[empty for _values, empty in fields],
        layer=table.name,
        driver="GPKG",
        geometry_type="Point",
        crs=f"EPSG:{SRID}",
        layer_options={"DESCRIPTION": described, "IDENTIFIER": table.name},
    )
    return content.getvalue()


def _field(values: Sequence[Value]) -> tuple[Any, Any]:
    """A column as GDAL takes it, and where it is null: whole numbers, numbers, days, or text."""
    import numpy as np

    given = [value for value in values if value is not None]
    mask = np.array([value is None for value in values], dtype=bool)
    if given and all(isinstance(value, date) for value in given):
        return np.array(values, dtype="datetime64[D]"), mask
    if given and all(isinstance(value, int) for value in given):
        return np.array([value or 0 for value in values], dtype="int64"), mask
    if given and all(isinstance(value, int | float) for value in given):
        return np.array([value or 0 for value in values], dtype="float64"), mask
    return np.array(values, dtype=object), mask


def _csv(table: Table) -> bytes:
    return b"".join(tables.csv_stream([column.name for column in table.columns], table.rows))


def _xlsx(table: Table) -> bytes:
    """Two sheets: the rows; what they are and come from, with what each column means."""
    about = [*table.notes, *((column.name, str(column.meaning)) for column in table.columns)]
    names = [column.name for column in table.columns]
    return tables.xlsx(names, table.rows, "Commerces", about)


FORMATS = {
    "csv": Format(gettext_lazy("CSV (point-virgule, pour tableur)"), "csv", tables.CSV, False, _csv),
    "xlsx": Format(gettext_lazy("XLSX (Excel, LibreOffice)"), "xlsx", tables.XLSX, False, _xlsx),
    "geojson": Format("GeoJSON", "geojson", GEOJSON, True, _geojson),
    "gpkg": Format(gettext_lazy("GeoPackage (QGIS)"), "gpkg", "application/geopackage+sqlite3", True, _geopackage),
}
