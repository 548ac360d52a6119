"""How far one position is from another, and in which of eight directions."""

from __future__ import annotations

from typing import Literal, get_args

from geographiclib.geodesic import Geodesic

from geo.points import Position

Direction = Literal["n", "ne", "e", "se", "s", "sw", "w", "nw"]
DIRECTIONS: tuple[Direction, ...] = get_args(Direction)


def seen_from(origin: Position, target: Position) -> tuple[float, Direction]:
    """Metres from the origin to the target, and the direction of its first step."""
    line = Geodesic.WGS84.Inverse(origin.lat, origin.lon, target.lat, target.lon, Geodesic.DISTANCE | Geodesic.AZIMUTH)
    eighth = 360 / len(DIRECTIONS)
    return float(line["s12"]), DIRECTIONS[round(line["azi1"] % 360 / eighth) % len(DIRECTIONS)]
