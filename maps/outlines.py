"""Our own outlines, the ground of every map: light enough for a slow line, cached for ever under their version.

Two kinds of file. The région's holds its land, the borders between its départements and its main towns. A
département's holds the borders and names of its communes, for close views. Both are drawn as packed lines, each border
once.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import orjson
import shapely
from django.conf import settings
from django.contrib.gis.db.models.functions import AsGeoJSON

from geo import arcs
from geo.arcs import CLOSE, Fineness, grid_rings, simplified
from geo.gazetteer import CommuneEntry, gazetteer
from geo.models import Commune, Departement
from geo.packing import packed, steps
from geo.points import Position
from geo.revisions import refreshed

MOST_TOWNS = 60
NEIGHBOURS = 12  # communes outlined around the one in which a pin is placed
FORMAT = "4"  # changes with the shape of the files, so that no old copy is read by new code

REGION = Fineness(0.003, 2_000)  # three pixels at zoom 10, from where communes take over; half a pixel there


@dataclass(frozen=True)
class Ground:
    """The région's outlines. `version` names the communes they were made of."""

    version: str
    departements: dict[str, shapely.Geometry]
    content: bytes


@refreshed("communes")
def ground() -> Ground:
    """The process's copy, made anew after the communes were loaded again."""
    version = f"{FORMAT}{arcs.version()}"
    rows = list(Departement.objects.order_by("code"))
    shapes = simplified([row.contour for row in rows], REGION)
    departements = {row.pk: shape for row, shape in zip(rows, shapes, strict=True)}
    return Ground(version, departements, orjson.dumps(_region(rows, shapes)))


@lru_cache(maxsize=64)
def communes_content(version: str, departement: str) -> bytes:
    """The communes of a département. `version` is that of the ground: it makes the copy a new one after a load."""
    rows = list(Commune.objects.filter(departement=departement).defer("contour").order_by("code"))
    names = sorted(rows, key=lambda row: (-row.population, row.pk))
    own = {row.pk for row in rows}
    communes = arcs.communes(CLOSE)
    inner: list[str] = []
    outer: list[str] = []
    for arc, sides in zip(communes.arcs, communes.sides, strict=True):
        if not own.isdisjoint(sides):
            (inner if len(sides) == 2 and own.issuperset(sides) else outer).append(packed(steps(arc)))
    places = [[row.name, *CLOSE.whole(row.centre.x, row.centre.y)] for row in names]
    return orjson.dumps({"scale": CLOSE.scale, "inner": inner, "outer": outer, "names": places})


def outlines_around(code: str) -> dict[str, Any] | None:
    """A commune and those around it as GeoJSON, itself last and so over them; None where it is not known."""
    centre = Commune.objects.filter(pk=code).values_list("centre", flat=True).first()
    if centre is None:
        return None
    around = Commune.objects.nearest(Position.from_geos(centre)).defer("contour")
    drawn = around.annotate(drawn=AsGeoJSON("contour", precision=5))[: NEIGHBOURS + 1]
    features = [_feature(commune, "commune" if commune.pk == code else "beside") for commune in drawn]
    features.sort(key=lambda feature: feature["properties"]["role"])
    return {"type": "FeatureCollection", "features": features}


def _feature(commune: Any, role: str) -> dict[str, Any]:
    centre = Position.from_geos(commune.centre).rounded()
    properties = {"code": commune.code, "name": commune.name, "centre": centre, "role": role}
    return {"type": "Feature", "properties": properties, "geometry": orjson.loads(commune.drawn)}


def _region(rows: list[Departement], shapes: list[shapely.Geometry]) -> dict[str, Any]:
    main = main_towns()
    towns = [*main, *(entry for entry in gazetteer().entries[:MOST_TOWNS] if entry not in main)]
    borders = arcs.cut({row.pk: shape for row, shape in zip(rows, shapes, strict=True)}, REGION)
    return {
        "scale": REGION.scale,
        "land": [packed(steps(ring)) for ring in grid_rings(shapely.union_all(shapes), REGION)] if shapes else [],
        "inner": [packed(steps(arc)) for arc, sides in zip(borders.arcs, borders.sides, strict=True) if len(sides) > 1],
        "main": len(main),
        "names": [[town.name, *REGION.whole(town.position.lon, town.position.lat)] for town in towns],
        "departements": [
            {"code": row.pk, "name": row.name, "bbox": [round(edge, 3) for edge in shape.bounds]}
            for row, shape in zip(rows, shapes, strict=True)
        ],
    }


def main_towns() -> list[CommuneEntry]:
    """The most populous commune of each département, the largest first."""
    found: dict[str, CommuneEntry] = {}
    for entry in gazetteer().entries:
        found.setdefault(entry.departement, entry)
    return list(found.values())


def region_bounds() -> tuple[float, float, float, float]:
    """West, south, east, north of what a map shows before any question."""
    west, south, east, north = settings.REGION["bbox"]
    return west, south, east, north


def extent_of(departements: Iterable[str]) -> tuple[float, float, float, float]:
    """West, south, east, north of those départements; of the région where none is named."""
    shapes = [shape for code in departements if (shape := ground().departements.get(code))]
    return tuple(map(float, shapely.total_bounds(shapes))) if shapes else region_bounds()  # type: ignore[return-value]
