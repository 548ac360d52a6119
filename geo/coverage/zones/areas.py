"""A delivered shape -> the area of a zone: repaired, of the département, or refused with the reason."""

from __future__ import annotations

import numpy as np
import shapely

from geo.coverage.importing.errors import Refused
from geo.ground.measuring import Frame, areas_m2
from geo.models import Departement
from geo.shapes import polygons, to_shapely

# A zone may reach so far over the border: départements draw along roads, and their contours differ from these.
TOLERANCE_M = 5_000.0
MAX_VERTICES = 100_000
SMALLEST_M2 = 1.0


class Territory:
    """The département whose zones are read."""

    def __init__(self, departement: Departement):
        self.label = str(departement)
        self._contour = to_shapely(departement.contour)
        frame = Frame.around(self._contour)
        metres = frame.to_metres(np.array([self._contour], dtype=object))
        self._around = frame.to_degrees(shapely.buffer(metres, TOLERANCE_M))[0]
        shapely.prepare([self._contour, self._around])

    def area(self, shape: shapely.Geometry) -> tuple[shapely.MultiPolygon, str]:
        """The area of a shape in degrees, and what was repaired, if anything. Raises Refused."""
        if shapely.get_num_coordinates(shape) > MAX_VERTICES:
            raise Refused("too_detailed", f"it has more than {MAX_VERTICES:,} vertices. Simplify it")
        given = {part.geom_type for part in shapely.get_parts(shapely.get_parts(shape))}
        if shape.is_empty:
            raise Refused("empty", "it has no shape")
        if "Polygon" not in given:
            raise Refused("not_a_polygon", f"it is a {shape.geom_type}, not a polygon")
        repaired = [] if given == {"Polygon"} else ["lines and points were left out"]
        area = polygons(shape)
        if not area.is_valid:
            repaired.append(shapely.is_valid_reason(area))
            area = polygons(shapely.make_valid(area, method="structure", keep_collapsed=False))
        if area.is_empty or areas_m2(area) < SMALLEST_M2:
            raise Refused("no_area", "it has no area")
        self._check_place(area)
        return shapely.normalize(area), "; ".join(repaired)

    def _check_place(self, area: shapely.MultiPolygon) -> None:
        if not self._contour.intersects(area):
            raise Refused("elsewhere", f"it lies outside {self.label}")
        if not self._around.covers(area):
            raise Refused("elsewhere", f"it reaches more than {TOLERANCE_M / 1000:g} km out of {self.label}")
