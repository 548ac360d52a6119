"""Pins: where in its commune a merchant stands, never outside the contour."""

from __future__ import annotations

import math

import shapely

from directory.demo.land import KM_PER_DEGREE, Land
from directory.demo.tables import Draw

DECIMALS = 6
TRIES = 60


def anywhere(land: Land, random: Draw) -> tuple[float, float]:
    """(lon, lat), evenly within the contour; the centre when luck fails TRIES times."""
    west, south, east, north = land.contour.bounds
    for _ in range(TRIES):
        lon = round(west + (east - west) * random(), DECIMALS)
        lat = round(south + (north - south) * random(), DECIMALS)
        if shapely.contains_xy(land.contour, lon, lat):
            return lon, lat
    return land.lon, land.lat


def near_centre(land: Land, random: Draw) -> tuple[float, float]:
    """(lon, lat) at a log-normal distance from the centre, whose median grows with the town: 170 m for 500
    inhabitants, 450 m for 6,000, 1.9 km for 140,000.
    """
    median = 60 + 5 * math.sqrt(land.population)
    # The sum of three uniform draws is close to a normal one, and the same on every machine.
    metres = median * math.exp(0.7 * 2 * (random() + random() + random() - 1.5))
    angle = 2 * math.pi * random()
    degrees = metres / 1000 / KM_PER_DEGREE
    east, north = math.sin(angle) / math.cos(math.radians(land.lat)), math.cos(angle)
    for _ in range(8):
        lon, lat = round(land.lon + degrees * east, DECIMALS), round(land.lat + degrees * north, DECIMALS)
        if shapely.contains_xy(land.contour, lon, lat):
            return lon, lat
        degrees /= 2
    return land.lon, land.lat
