"""Files of zones, made by what a test is about; and where Lambert-93 puts a position, by IGN's own formula."""

from __future__ import annotations

import math
import zipfile
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from pyogrio.raw import write as write_layer

from geo.coverage.zones.running import Delivery, ZonesReport, import_zones

DELIVERED = date(2026, 3, 31)
DRIVERS = {".geojson": "GeoJSON", ".gpkg": "GPKG", ".shp": "ESRI Shapefile"}


def lambert93(lon: float, lat: float) -> tuple[float, float]:
    """Lambert-93 metres of a position (IGN, NT/G 71, algorithms 1 to 3; RGF93 is WGS 84 to the centimetre)."""
    n, c, x0, y0, e = 0.7256077650, 11_754_255.426, 700_000.0, 12_655_612.050, 0.08181919112
    sine = math.sin(math.radians(lat))
    reach = c * math.exp(-n * (math.atanh(sine) - e * math.atanh(e * sine)))
    angle = n * math.radians(lon - 3)
    return x0 + reach * math.sin(angle), y0 - reach * math.cos(angle)


def projected(shape: shapely.Geometry, project: Callable[[float, float], tuple[float, float]]) -> shapely.Geometry:
    return shapely.transform(shape, lambda points: np.array([project(lon, lat) for lon, lat in points]))


def zones_file(
    path: Path,
    shapes: Sequence[shapely.Geometry | None],
    fields: Mapping[str, Sequence[Any]] | None = None,
    crs: str | None = "EPSG:4326",
    **options: Any,
) -> Path:
    """A file of these shapes; a .zip is one with a Shapefile in it. All are of class HD3 unless `fields` say."""
    fields = fields or {"classe": ["HD3"] * len(shapes)}
    inside = path.with_suffix(".shp") if path.suffix == ".zip" else path
    write_layer(
        inside,
        np.array([None if shape is None else shapely.to_wkb(shape) for shape in shapes], dtype=object),
        [values if isinstance(values, np.ndarray) else np.array(values, dtype=object) for values in fields.values()],
        np.array(list(fields), dtype=object),
        driver=DRIVERS[inside.suffix],
        crs=crs,
        geometry_type=options.pop("geometry_type", "Polygon" if inside.suffix == ".shp" else "Unknown"),
        **options,
    )
    return zipped(path, inside) if path.suffix == ".zip" else path


def zipped(path: Path, *shapefiles: Path, leave_out: Sequence[str] = ()) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for shapefile in shapefiles:
            for part in sorted(shapefile.parent.glob(f"{shapefile.stem}.*")):
                if part.suffix not in (".zip", *leave_out):
                    archive.write(part, f"livraison/{part.name}")
    return path


def deliver(path: Path, *, write: bool = True, **said: Any) -> ZonesReport:
    """The import of a file, as the SMO of Loir-et-Cher would deliver it."""
    delivery = {"departement": "41", "source": "SMO Val de Loire Numérique", "delivered_on": DELIVERED} | said
    return import_zones(path, Delivery(**delivery), write=write)
