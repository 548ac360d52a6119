"""Between the two libraries of shapes: shapely, which repairs and cuts, and Django's GEOS, which is stored."""

from __future__ import annotations

from typing import Any

import shapely
from django.contrib.gis.geos import GEOSGeometry, MultiPolygon

from geo.points import SRID


def to_multipolygon(shape: shapely.Geometry) -> MultiPolygon:
    """A polygon or multipolygon in degrees, as a model field takes it."""
    found = GEOSGeometry(memoryview(shapely.to_wkb(shape)), srid=SRID)
    return found if isinstance(found, MultiPolygon) else MultiPolygon(found, srid=SRID)


def to_shapely(shape: Any) -> shapely.Geometry:
    """What a model field holds."""
    return shapely.from_wkb(bytes(shape.wkb))


def polygons(shape: shapely.Geometry) -> shapely.MultiPolygon:
    """The polygons among the parts of a shape; an empty multipolygon where there is none."""
    parts = shapely.get_parts(shapely.get_parts(shape))
    return shapely.MultiPolygon([part for part in parts if part.geom_type == "Polygon" and not part.is_empty])
