"""Areas and distances of lon/lat shapes in metres, without a CRS database: the same code here and overseas."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

Shapes = NDArray[np.object_]

SEMI_MAJOR_M = 6_378_137.0
ECCENTRICITY_2 = 0.006_694_379_990_141_3  # WGS 84
# Far below the ~700 m between two vertices of the source, so that a bulge between vertices is not missed.
SAMPLE_EVERY_M = 50.0


def areas_m2(shapes: Shapes) -> NDArray[np.float64]:
    """Areas in m² on the WGS 84 ellipsoid of lon/lat shapes, through Lambert's cylindrical equal-area projection.

    Edges are straight in that projection; geodesic edges of a few kilometres differ from them by less than 1e-6.
    """
    return np.asarray(shapely.area(shapely.transform(shapes, _equal_area)), dtype=np.float64)


def _equal_area(lon_lat: NDArray[np.float64]) -> NDArray[np.float64]:
    lon, lat = np.radians(lon_lat).T
    e, sine = ECCENTRICITY_2**0.5, np.sin(lat)
    q = (1 - e * e) * (sine / (1 - (e * sine) ** 2) + np.arctanh(e * sine) / e)
    return np.column_stack([SEMI_MAJOR_M * lon, SEMI_MAJOR_M * q / 2])


@dataclass(frozen=True, slots=True)
class Frame:
    """Local metres around a place: an affine map, so that a vertex shared by two shapes stays shared, and comes back.

    Lengths are right to 1 in 10,000 within about 1 km of the place's latitude and to 5 % within 2.5°: enough for
    tolerances. Areas and the distances that are reported do not rely on a wide frame.
    """

    lon: float
    lat: float

    @classmethod
    def around(cls, shapes: Shapes) -> Frame:
        """The frame at the middle of the shapes' bounding box."""
        west, south, east, north = shapely.total_bounds(shapes)
        return cls((west + east) / 2, (south + north) / 2)

    @property
    def metres_per_degree(self) -> NDArray[np.float64]:
        """Of longitude and of latitude, here."""
        latitude = np.radians(self.lat)
        w = np.sqrt(1 - ECCENTRICITY_2 * np.sin(latitude) ** 2)
        east = SEMI_MAJOR_M / w * np.cos(latitude)
        north = SEMI_MAJOR_M * (1 - ECCENTRICITY_2) / w**3
        return np.asarray(np.radians([east, north]), dtype=np.float64)

    def to_metres(self, shapes: Shapes) -> Shapes:
        scale = self.metres_per_degree
        moved: Shapes = shapely.transform(shapes, lambda lon_lat: (lon_lat - [self.lon, self.lat]) * scale)
        return moved

    def to_degrees(self, shapes: Shapes) -> Shapes:
        scale = self.metres_per_degree
        moved: Shapes = shapely.transform(shapes, lambda metres: metres / scale + [self.lon, self.lat])
        return moved


@dataclass(frozen=True, slots=True)
class Deviation:
    """How far the built contours are from the source's."""

    max_m: float
    mean_m: float
    max_area_change: float  # of one commune, as a share of its area
    total_area_change: float  # of all together

    def __str__(self) -> str:
        return (
            f"boundaries moved by {self.max_m:.2f} m at most, {self.mean_m:.2f} m on average; "
            f"areas by {self.max_area_change:.5%} at most, {self.total_area_change:.7%} in all"
        )


def deviation(source: Shapes, built: Shapes) -> Deviation:
    """Distances between boundaries, both ways, at points every SAMPLE_EVERY_M; and change of area."""
    largest, total, count = 0.0, 0.0, 0
    for before, after in zip(source, built, strict=True):
        pair = np.array([before, after], dtype=object)
        before_m, after_m = shapely.boundary(Frame.around(pair).to_metres(pair))
        there, back = _distances(before_m, after_m), _distances(after_m, before_m)
        largest = max(largest, float(there.max()), float(back.max()))
        total, count = total + float(there.sum()), count + there.size
    old, new = areas_m2(source), areas_m2(built)
    change = float(np.max(np.abs(new - old) / old))
    return Deviation(largest, total / count, change, float(abs(new.sum() - old.sum()) / old.sum()))


def _distances(line: shapely.Geometry, other: shapely.Geometry) -> NDArray[np.float64]:
    vertices = shapely.get_coordinates(shapely.segmentize(line, SAMPLE_EVERY_M))
    shapely.prepare(other)
    return np.asarray(shapely.distance(shapely.points(vertices), other), dtype=np.float64)
