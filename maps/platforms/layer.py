"""The layer of the search page's map: the territories' outlines, packed, in a legend that leads to each platform."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import shapely

from directory.models import Platform
from geo.arcs import Fineness, grid_rings
from geo.packing import packed, steps
from geo.shapes import to_shapely
from maps.platforms.cards import Card, card

MOST = 40  # the most local: more outlines than that show nothing
FINE = Fineness(0.001, 5_000)  # a pixel and a half at zoom 11, where the ground's own borders are drawn as finely


@dataclass(frozen=True)
class Outlined:
    card: Card
    rings: str  # packed, parted by spaces


def context() -> dict[str, Any]:
    rows = Platform.objects.shown().exclude(territory=None).told(territory=True)
    found = list(rows.order_by("reach_km2", "name", "pk")[:MOST])
    return {
        "outlined": [Outlined(card(platform), _rings(platform)) for platform in found],
        "scale": FINE.scale,
    }


def _rings(platform: Platform) -> str:
    shape = shapely.simplify(to_shapely(platform.territory), FINE.tolerance)
    return " ".join(packed(steps(ring)) for ring in grid_rings(shape, FINE))
