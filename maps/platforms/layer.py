"""The layer of the search page's map: the territories' outlines, packed, in a legend that leads to each platform."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from directory.models import Platform
from geo.arcs import REGION, grid_rings
from geo.packing import packed, steps
from geo.shapes import to_shapely
from maps.platforms.cards import Card, card

MOST = 40  # the most local: more outlines than that show nothing


@dataclass(frozen=True)
class Outlined:
    card: Card
    rings: str  # packed, parted by spaces


def context() -> dict[str, Any]:
    rows = Platform.objects.shown().exclude(territory=None).told(territory=True)
    found = list(rows.order_by("reach_km2", "name", "pk")[: MOST + 1])
    return {
        "outlined": [Outlined(card(platform), _rings(platform)) for platform in found[:MOST]],
        "more": len(found) > MOST,
        "scale": REGION.scale,
    }


def _rings(platform: Platform) -> str:
    shape = shapely.simplify(to_shapely(platform.territory), REGION.tolerance)
    on_grid = shapely.transform(shape, lambda points: np.round(points * REGION.scale) / REGION.scale)
    return " ".join(packed(steps(ring)) for ring in grid_rings(on_grid, REGION) if len(ring) > 3)
