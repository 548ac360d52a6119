"""From the source's contours to clean ones: what is missing is filled, slivers are closed, then simplified and rounded.

Neighbours share their boundary vertex for vertex from the first step to the last, because each step treats all communes
together (GEOS coverage functions) or each vertex by itself (rounding).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
import shapely

from geo.ground.errors import GroundError
from geo.ground.measuring import Frame, Shapes, areas_m2
from geo.ground.sources import Outlines

Contours = dict[str, shapely.Geometry]

# Communes of other régions taken along: enough to surround any commune on the edge.
NEIGHBOURHOOD_DEG = 0.3
# A hole smaller than this is a sliver between badly joined neighbours: the smallest commune of France has 3.5 ha.
SLIVER_M2 = 30_000.0
SLIVER_WIDTH_M = 20.0
REPAIRS = 5


@dataclass(frozen=True, slots=True)
class Coverage:
    """The région's communes with their neighbours of other régions, clean, in local metres."""

    codes: tuple[str, ...]
    source: Shapes  # the source's contours of `codes`, completed, lon/lat
    cleaned: Shapes  # `codes` first, then the neighbours; metres
    frame: Frame
    enclaves: tuple[shapely.Polygon, ...]
    notes: tuple[tuple[str, str], ...]  # a code, what was done about it

    def at(self, tolerance_m: float, decimals: int) -> Shapes:
        """Contours of `codes` in degrees, MultiPolygons, simplified with all neighbours at once and rounded.

        `tolerance_m` is the square root of the area of the smallest bend that is kept (Visvalingam–Whyatt); 0 keeps
        all. Raises GroundError when rounding cannot keep the coverage whole.
        """
        shapes = self.cleaned
        if tolerance_m > 0:
            shapes = shapely.coverage_simplify(shapes, tolerance_m)
        return rounded(self.frame.to_degrees(shapes), decimals)[: len(self.codes)]


def prepare(outlines: Outlines, codes: Collection[str]) -> Coverage:
    """The clean coverage of a région's communes. Raises GroundError when the source lacks one."""
    ordered = tuple(sorted(codes))
    near, notes = complete(_neighbourhood(outlines, ordered), outlines)
    source = np.array([near[code] for code in ordered], dtype=object)
    others = np.array([contour for code, contour in near.items() if code not in set(codes)], dtype=object)
    touching = shapely.STRtree(others).query(source, predicate="intersects")[1] if others.size else []
    together = np.concatenate([source, others[np.unique(touching)]]) if len(touching) else source
    frame = Frame.around(source)
    cleaned = shapely.coverage_clean(frame.to_metres(together), gap_width=SLIVER_WIDTH_M)
    own_notes = tuple((code, note) for code, note in notes if code in set(codes))
    return Coverage(ordered, source, cleaned, frame, tuple(holes(source)), own_notes)


def _neighbourhood(outlines: Outlines, codes: Collection[str]) -> Contours:
    """Contours of `codes` and of the communes around; those that the source lacks are made from their parts."""
    contours = {code: whole for code in outlines.contours if (whole := _whole(outlines, code)) is not None}
    if lacking := sorted(set(codes) - set(contours)):
        raise GroundError(
            f"The source of contours has none for {', '.join(lacking[:10])} ({len(lacking)} in all). "
            "Take versions of the two packages that describe the same communes (--divisions, --contours)."
        )
    margin = NEIGHBOURHOOD_DEG
    west, south, east, north = shapely.total_bounds(np.array([contours[code] for code in codes], dtype=object))
    around = shapely.box(west - margin, south - margin, east + margin, north + margin)
    near = shapely.intersects(shapely.envelope(np.array(list(contours.values()), dtype=object)), around)
    return {code: contour for (code, contour), kept in zip(contours.items(), near, strict=True) if kept}


def _whole(outlines: Outlines, code: str) -> shapely.Geometry | None:
    contour = outlines.contours[code]
    if contour is not None:
        return contour
    parts = [part for part in outlines.parts.get(code, {}).values() if part is not None]
    return shapely.union_all(parts) if parts else None


def complete(contours: Mapping[str, shapely.Geometry], outlines: Outlines) -> tuple[Contours, list[tuple[str, str]]]:
    """Give each hole to the commune beside it whose former communes the source does not draw; with notes by code.

    A commune merged since the source's year has there the contour of its chief town alone, which leaves a hole where
    the others were. A hole beside no such commune is a real enclave and stays.
    """
    undrawn = {code for code in contours if None in outlines.parts.get(code, {}).values()}
    completed, notes, grown = dict(contours), [], set()
    for hole in holes(np.array(list(contours.values()), dtype=object)):
        shared = {code: _shared_length(contours[code], hole) for code in undrawn}
        code = max(sorted(undrawn), key=lambda candidate: shared[candidate], default="")
        if shared.get(code):
            completed[code] = shapely.union(completed[code], hole)
            grown.add(code)
            km2 = float(areas_m2(np.array([hole], dtype=object))[0]) / 1e6
            notes.append((code, f"{km2:.2f} km² of former communes were missing from the source and are filled in"))
    notes += [(code, "the source draws none of its former communes, and no gap shows") for code in undrawn - grown]
    return completed, sorted(notes)


def _shared_length(contour: shapely.Geometry, hole: shapely.Polygon) -> float:
    return float(shapely.length(shapely.intersection(contour.boundary, hole.boundary)))


def holes(contours: Shapes) -> list[shapely.Polygon]:
    """What the contours surround without covering, slivers left out."""
    found = interiors(shapely.union_all(contours))
    return list(found[areas_m2(found) > SLIVER_M2]) if found.size else []


def interiors(union: shapely.Geometry) -> Shapes:
    """The holes of a polygon or multipolygon, as polygons."""
    rings = [ring for part in shapely.get_parts(union) for ring in part.interiors]
    return np.array([shapely.Polygon(ring) for ring in rings], dtype=object)


def rounded(shapes: Shapes, decimals: int) -> Shapes:
    """Shapes as MultiPolygons with coordinates on a grid of 10**-decimals degrees, still a valid coverage.

    A vertex shared by neighbours rounds alike for both. Where rounding makes a boundary touch itself, the coverage is
    cleaned and rounded again. Raises GroundError when it does not settle.
    """
    grid = 10.0**-decimals
    for _ in range(REPAIRS):
        shapes = shapely.transform(shapes, lambda lon_lat: np.round(lon_lat, decimals))
        shapes = np.array([_tidy(shape) for shape in shapes], dtype=object)
        if shapely.is_valid(shapes).all() and shapely.coverage_is_valid(shapes):
            return shapes
        shapes = shapely.coverage_clean(shapes, gap_width=grid, snapping_distance=grid / 10)
    raise GroundError(f"Rounding to {decimals} decimals breaks the contours. Take more decimals or less tolerance.")


def _tidy(shape: shapely.Geometry) -> shapely.MultiPolygon:
    """Without doubled vertices, nor parts and holes that rounding made flat; the same rings always written alike."""
    polygons = []
    for part in shapely.get_parts(shape):
        rings = [ring for ring in map(_solid, shapely.get_rings(part)) if ring is not None]
        if rings and _solid(part.exterior) is not None:
            polygons.append(shapely.Polygon(rings[0], rings[1:]))
    return shapely.orient_polygons(shapely.normalize(shapely.MultiPolygon(polygons)))


def _solid(ring: shapely.LinearRing) -> shapely.LinearRing | None:
    if len(np.unique(shapely.get_coordinates(ring), axis=0)) < 3:
        return None
    return shapely.remove_repeated_points(ring)
