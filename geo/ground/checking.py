"""Is the ground whole? Used by the build, by the load and by the tests, on the very file that is committed."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

import numpy as np
import shapely

from geo.ground.contours import interiors
from geo.ground.document import CommuneRecord, Ground
from geo.ground.measuring import Frame, Shapes, areas_m2
from geo.points import Position

# The share of the area that neighbours may overlap by, or leave between them.
ALLOWED_SHARE = 1e-4
# Neighbours closer than this without touching leave a gap, even one that is open to the outside.
GAP_WIDTH_M = 1.0


@dataclass(frozen=True, slots=True)
class Topology:
    """How contours fit together. Areas in m² on the ellipsoid, boundaries of a hole and of a pair included."""

    area_m2: float
    overlaps: tuple[tuple[str, str, float, float], ...]  # two codes, m², share of the smaller commune
    gaps: tuple[tuple[Position, float], ...]  # a point inside, m²
    invalid: tuple[str, ...]  # codes
    mismatched: tuple[str, ...]  # codes whose edges differ from a neighbour's

    @property
    def overlap_share(self) -> float:
        return sum(area for _, _, area, _ in self.overlaps) / self.area_m2

    @property
    def gap_share(self) -> float:
        return sum(area for _, area in self.gaps) / self.area_m2

    def __str__(self) -> str:
        return (
            f"overlap {self.overlap_share:.6%} and gap {self.gap_share:.6%} of {self.area_m2 / 1e6:,.0f} km²; "
            f"{len(self.invalid)} contours not valid, {len(self.mismatched)} not matching their neighbours'"
        )


def topology(codes: Collection[str], contours: Shapes, enclaves: Collection[Position] = ()) -> Topology:
    """Measure how `contours` fit. A hole that holds one of `enclaves` is no gap."""
    names = list(codes)
    valid = shapely.is_valid(contours)
    frame = Frame.around(contours)
    sound = np.where(valid, contours, shapely.make_valid(contours))  # GEOS cannot intersect what crosses itself
    edges = shapely.coverage_invalid_edges(frame.to_metres(contours), gap_width=GAP_WIDTH_M)
    return Topology(
        area_m2=float(areas_m2(sound).sum()),
        overlaps=tuple(_overlaps(names, sound)),
        gaps=tuple(_gaps(sound, enclaves)),
        invalid=tuple(name for name, ok in zip(names, valid, strict=True) if not ok),
        mismatched=tuple(name for name, bad in zip(names, ~shapely.is_empty(edges), strict=True) if bad),
    )


def _overlaps(names: list[str], contours: Shapes) -> Iterator[tuple[str, str, float, float]]:
    first, second = shapely.STRtree(contours).query(contours, predicate="intersects")
    first, second = first[first < second], second[first < second]
    if not first.size:
        return
    areas = areas_m2(contours)
    shared = areas_m2(shapely.intersection(contours[first], contours[second]))
    for a, b, area in zip(first, second, shared, strict=True):
        if area > 0:
            yield names[a], names[b], float(area), float(area / min(areas[a], areas[b]))


def _gaps(contours: Shapes, enclaves: Collection[Position]) -> Iterator[tuple[Position, float]]:
    found = interiors(shapely.union_all(contours))
    if not found.size:
        return
    for hole, area in zip(found, areas_m2(found), strict=True):
        if not any(shapely.contains_xy(hole, position.lon, position.lat) for position in enclaves):
            point = shapely.point_on_surface(hole)
            yield Position(point.x, point.y), float(area)


def problems(ground: Ground, expected: Collection[str] | None = None) -> list[str]:
    """All that is wrong with the ground, a sentence each; empty when it is whole.

    `expected`: the codes of the official list, when it is at hand.
    """
    codes = [commune.code for commune in ground.communes]
    found = topology(codes, ground.contours, ground.enclaves)
    return [*_codes(codes, expected), *_fit(found), *_centres(ground.communes)]


def _codes(codes: list[str], expected: Collection[str] | None) -> Iterator[str]:
    if expected is None:
        return
    if missing := sorted(set(expected) - set(codes)):
        yield f"communes of the official list are missing: {_some(missing)}"
    if unknown := sorted(set(codes) - set(expected)):
        yield f"communes are not on the official list: {_some(unknown)}"


def _fit(found: Topology) -> Iterator[str]:
    if found.invalid:
        yield f"contours are not valid: {_some(found.invalid)}"
    if found.mismatched:
        yield f"contours do not match their neighbours': {_some(found.mismatched)}"
    for one, other, area, share in found.overlaps:
        if share > ALLOWED_SHARE:
            yield f"{one} and {other} overlap by {area:,.0f} m² ({share:.3%} of the smaller)"
    if found.overlap_share > ALLOWED_SHARE:
        yield f"communes overlap by {found.overlap_share:.4%} of the area, {ALLOWED_SHARE:.2%} is allowed"
    if found.gap_share > ALLOWED_SHARE:
        where = _some([f"{area:,.0f} m² at {place.rounded()}" for place, area in found.gaps])
        yield f"gaps make {found.gap_share:.4%} of the area, {ALLOWED_SHARE:.2%} is allowed: {where}"


def _centres(communes: Collection[CommuneRecord]) -> Iterator[str]:
    contours = np.array([commune.contour for commune in communes], dtype=object)
    lon = [commune.centre.lon for commune in communes]
    lat = [commune.centre.lat for commune in communes]
    inside = shapely.contains_xy(contours, lon, lat)
    if outside := [commune.code for commune, ok in zip(communes, inside, strict=True) if not ok]:
        yield f"centres lie outside their commune: {_some(outside)}"


def _some(items: Collection[str], most: int = 10) -> str:
    listed = list(items)
    return ", ".join(listed[:most]) + (f" … ({len(listed)} in all)" if len(listed) > most else "")
