"""A file of polygons -> its features, with their values as text and their shapes in degrees. Decides nothing else.

GDAL knows a hundred formats, some of which fetch what they name: a file is opened as the one that its content shows,
and never as another.
"""

from __future__ import annotations

import hashlib
import math
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyogrio
import shapely
from django.contrib.gis.gdal import CoordTransform, GDALException, OGRGeometry, SpatialReference, SRSException
from pyogrio.errors import DataLayerError, DataSourceError, FieldError
from pyogrio.raw import read as read_layer

from geo.coverage.importing.errors import Refused, UnreadableFile
from geo.points import SRID

MAX_BYTES = 200_000_000
MAX_UNPACKED = 500_000_000
MAX_FEATURES = 100_000
# How a file of the format begins, and what GDAL calls it.
FORMATS = {b"{": "GeoJSON", b"SQLite format 3\0": "GPKG"}
ZIP, SHAPEFILE = b"PK\x03\x04", "ESRI Shapefile"
PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")
TAKEN = "GeoJSON, GeoPackage or a zipped Shapefile"
CRS_REMEDY = "Say what its coordinates are: --crs EPSG:2154 for Lambert-93"


class Feature(NamedTuple):
    """One feature. `number` counts from 1 in the layer; `shape` is None where there is none."""

    number: int
    values: dict[str, str]
    shape: bytes | None


@dataclass(frozen=True, slots=True)
class Contents:
    """A layer read whole. `crs` is what its coordinates are, as GDAL takes it."""

    name: str
    checksum: str
    crs: str
    fields: tuple[str, ...]
    features: list[Feature]


class Reprojection:
    """From the file's coordinates to degrees, x the longitude, whatever order of axes the authority prefers."""

    def __init__(self, crs: str):
        try:
            # Django asks GDAL for the traditional order of axes unless told otherwise, on both sides.
            self._transform = CoordTransform(SpatialReference(crs), SpatialReference(SRID))
        except (GDALException, SRSException) as error:
            said = " ".join(crs.split())[:60]
            raise UnreadableFile(f"{said} is no coordinate system that leads to degrees. {CRS_REMEDY}.") from error

    def __call__(self, shape: bytes) -> shapely.Geometry:
        """Raises Refused for a shape that cannot be read, or is not on Earth."""
        try:
            found = OGRGeometry(memoryview(shape))
            found.transform(self._transform)
            degrees = shapely.from_wkb(bytes(found.wkb))
        except (GDALException, shapely.errors.ShapelyError) as error:
            raise Refused("bad_coordinates", f"its coordinates cannot be turned into degrees. {CRS_REMEDY}") from error
        west, south, east, north = degrees.bounds
        if not np.isfinite(shapely.get_coordinates(degrees)).all():
            raise Refused("bad_coordinates", "one of its coordinates is no number")
        if not degrees.is_empty and not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
            raise Refused("bad_coordinates", f"its coordinates are no degrees ({west:g}, {south:g}). {CRS_REMEDY}")
        return degrees


def read(path: Path, layer: str | None = None, crs: str | None = None) -> Contents:
    """The features of a layer, the only one unless named; `crs` overrules what the file says. Raises UnreadableFile."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise UnreadableFile(f"{path.name}: the file has more than {MAX_BYTES:,} bytes. Leave out what is no zone.")
        with path.open("rb") as file:
            checksum = hashlib.file_digest(file, "sha256").hexdigest()
        with _opened(path) as (source, driver):
            return _layer(path.name, checksum, source, driver, layer, crs)
    except OSError as error:
        raise UnreadableFile(f"{path}: the file cannot be read ({error.strerror or error}).") from error
    except (DataSourceError, DataLayerError, FieldError, UnicodeDecodeError) as error:
        raise UnreadableFile(f"{path.name}: GDAL cannot read it: {error}") from error


@contextmanager
def _opened(path: Path) -> Iterator[tuple[Path, str]]:
    """Where the file lies that GDAL opens, and the format that it must be."""
    with path.open("rb") as file:
        beginning = file.read(64).removeprefix(b"\xef\xbb\xbf").lstrip()
    if beginning.startswith(ZIP):
        with tempfile.TemporaryDirectory() as folder:
            yield _unpacked(path, Path(folder)), SHAPEFILE
        return
    driver = next((driver for start, driver in FORMATS.items() if beginning.startswith(start)), None)
    if driver is None:
        raise UnreadableFile(f"{path.name}: this is neither {TAKEN}.")
    yield path, driver


def _unpacked(path: Path, folder: Path) -> Path:
    """The Shapefile of an archive, its parts alone: what it weighs is counted as it is unpacked, not believed."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = [name for name in archive.namelist() if Path(name).suffix.lower() in PARTS]
            shapes = [name for name in names if name.lower().endswith(".shp") and "__MACOSX" not in name]
            if len(shapes) != 1:
                raise UnreadableFile(
                    f"{path.name}: one Shapefile is expected in the archive, there are {len(shapes)}"
                    f"{': ' + ', '.join(sorted(shapes)[:10]) if shapes else ''}."
                )
            left = MAX_UNPACKED
            for name in names:
                if Path(name).with_suffix("") == Path(shapes[0]).with_suffix(""):
                    target = folder / f"zones{Path(name).suffix.lower()}"
                    left -= _copied(archive, name, target, left, path.name)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
        raise UnreadableFile(f"{path.name}: the archive cannot be opened ({error}).") from error
    return folder / "zones.shp"


def _copied(archive: zipfile.ZipFile, name: str, target: Path, limit: int, label: str) -> int:
    copied = 0
    with archive.open(name) as packed, target.open("wb") as file:
        while piece := packed.read(1 << 20):
            copied += len(piece)
            if copied > limit:
                raise UnreadableFile(f"{label}: unpacked, it has more than {MAX_UNPACKED:,} bytes; it is not opened.")
            file.write(piece)
    return copied


def _layer(name: str, checksum: str, source: Path, driver: str, layer: str | None, crs: str | None) -> Contents:
    layer = _chosen(name, source, layer)
    about = pyogrio.read_info(source, layer=layer, force_feature_count=True)
    if about["driver"] != driver:
        raise UnreadableFile(f"{name}: this is {about['driver']}, not {TAKEN}.")
    if about["features"] > MAX_FEATURES:
        raise UnreadableFile(f"{name}: {about['features']:,} features, more than the {MAX_FEATURES:,} that are taken.")
    meta, _, shapes, columns = read_layer(source, layer=layer, force_2d=True, datetime_as_string=True)
    given = crs or meta["crs"] or ""
    if not given or "undefined" in given.lower():
        raise UnreadableFile(f"{name}: the file does not say what its coordinates are. {CRS_REMEDY}.")
    fields = tuple(map(str, meta["fields"]))
    rows = zip(*(column.tolist() for column in columns), strict=True) if columns else ((),) * len(shapes)
    features = [
        Feature(number, dict(zip(fields, map(_text, row), strict=True)), None if shape is None else bytes(shape))
        for number, (shape, row) in enumerate(zip(shapes, rows, strict=True), 1)
    ]
    return Contents(name, checksum, given, fields, features)


def _chosen(name: str, source: Path, layer: str | None) -> str:
    """The layer that is meant. Tables without shapes, such as QGIS's styles, are none."""
    layers = [str(label) for label, kind in pyogrio.list_layers(source) if kind is not None]
    if layer is None and len(layers) == 1:
        return layers[0]
    if layer in layers:
        return layer
    listed = ", ".join(layers) or "none"
    said = f"there is no layer {layer!r}" if layer else "which layer is meant must be said with --layer"
    raise UnreadableFile(f"{name}: {said}. Layers with shapes: {listed}.")


def _text(value: Any) -> str:
    """A value as a person reads it in the file: 8, not 8.0; nothing for none."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return " ".join(str(value).split())
