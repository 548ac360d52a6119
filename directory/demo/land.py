"""The communes as the demonstration needs them, in an order that keeps neighbours together."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import shapely

from geo.models import Commune

KM_PER_DEGREE = 111.32
MARKET_TOWN = 2000  # inhabitants
MARKET_TOWNS = 4


@dataclass(frozen=True, slots=True)
class Land:
    """One commune. `x` and `y` are kilometres, good to a percent over the région; `towns` are places of `lands`."""

    code: str
    name: str
    departement: str
    postcodes: tuple[str, ...]
    population: int
    lon: float
    lat: float
    x: float
    y: float
    area_km2: float
    contour: Any
    towns: tuple[int, ...] = ()


def read_lands() -> list[Land]:
    """Every commune, along a Hilbert curve through their centres."""
    communes = list(Commune.objects.order_by("code").only(
        "code", "name", "departement_id", "postcodes", "population", "centre", "contour"
    ))  # fmt: skip
    if not communes:
        return []
    contours = shapely.from_wkb([bytes(commune.contour.wkb) for commune in communes])
    shapely.prepare(contours)
    middle = math.cos(math.radians(sum(commune.centre.y for commune in communes) / len(communes)))
    lands = [_land(commune, contour, middle) for commune, contour in zip(communes, contours, strict=True)]
    return with_towns(along_hilbert(lands))


def _land(commune: Commune, contour: Any, middle: float) -> Land:
    lon, lat = commune.centre.x, commune.centre.y
    return Land(
        code=commune.code,
        name=commune.name,
        departement=commune.departement_id,
        postcodes=tuple(commune.postcodes) or ("",),
        population=commune.population,
        lon=lon,
        lat=lat,
        x=lon * KM_PER_DEGREE * middle,
        y=lat * KM_PER_DEGREE,
        area_km2=contour.area * KM_PER_DEGREE**2 * math.cos(math.radians(lat)),
        contour=contour,
    )


def along_hilbert(lands: Sequence[Land]) -> list[Land]:
    """The same, so ordered that those that follow each other lie close together."""
    west, south = min(land.x for land in lands), min(land.y for land in lands)
    side = max(max(land.x for land in lands) - west, max(land.y for land in lands) - south) or 1.0
    return sorted(lands, key=lambda land: (hilbert((land.x - west) / side, (land.y - south) / side), land.code))


def hilbert(x: float, y: float, order: int = 10) -> int:
    """Place along the Hilbert curve of a position in the unit square."""
    side = 1 << order
    i, j = min(int(x * side), side - 1), min(int(y * side), side - 1)
    place = 0
    step = side >> 1
    while step:
        right, up = bool(i & step), bool(j & step)
        place += step * step * ((3 if right else 0) ^ up)
        if not up:
            if right:
                i, j = side - 1 - i, side - 1 - j
            i, j = j, i
        step >>= 1
    return place


def with_towns(lands: list[Land]) -> list[Land]:
    """Each with the places of the nearest towns that hold a market, nearest first."""
    towns = [i for i, land in enumerate(lands) if land.population >= MARKET_TOWN] or list(range(len(lands)))
    x, y = (np.array([getattr(lands[i], axis) for i in towns]) for axis in ("x", "y"))
    return [
        replace(
            land,
            towns=tuple(
                towns[i] for i in np.argsort((x - land.x) ** 2 + (y - land.y) ** 2, kind="stable")[:MARKET_TOWNS]
            ),
        )
        for land in lands
    ]
