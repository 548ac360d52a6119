"""The grid of the clusters: cells nested like tiles, in whole micro-degrees.

Every published position is a whole number of micro-degrees (`DECIMALS` of GeoJSON), so a box is a range of integers,
and on which side of an edge a point lies is never a matter of rounding. A cell of zoom z is `WIDTH` by `HEIGHT` times
2^(MAX_ZOOM - z), columns counted from the antimeridian eastwards and rows from the south pole northwards: some 72
pixels square on a map at the latitude of 48°.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

from geo.points import DECIMALS, MAX_ZOOM, Bbox

MICRO = 10**DECIMALS
WIDTH, HEIGHT = 24, 16  # of a cell of MAX_ZOOM
WEST, SOUTH = -180 * MICRO, -90 * MICRO


@dataclass(frozen=True, slots=True)
class Box:
    """Whole numbers from `west` to `east` and from `south` to `north`, both included: micro-degrees, or cells."""

    west: int
    south: int
    east: int
    north: int

    @classmethod
    def of(cls, bbox: Bbox) -> Self:
        """The micro-degrees within a box in degrees, edges included."""
        return cls(_first(bbox.west), _first(bbox.south), -_first(-bbox.east), -_first(-bbox.north))

    def __bool__(self) -> bool:
        return self.west <= self.east and self.south <= self.north

    @property
    def size(self) -> int:
        return max(0, self.east - self.west + 1) * max(0, self.north - self.south + 1)

    def meet(self, other: Box) -> Box:
        return Box(
            max(self.west, other.west),
            max(self.south, other.south),
            min(self.east, other.east),
            min(self.north, other.north),
        )

    def without(self, inner: Box) -> Iterator[Box]:
        """What an inner box leaves: up to four that do not overlap. The whole, where the inner one is empty."""
        if not inner:
            yield self
            return
        strips = (
            Box(self.west, self.south, self.east, inner.south - 1),
            Box(self.west, inner.north + 1, self.east, self.north),
            Box(self.west, inner.south, inner.west - 1, inner.north),
            Box(inner.east + 1, inner.south, self.east, inner.north),
        )
        yield from filter(None, strips)

    def cells_within(self, zoom: int) -> Box:
        """The cells that lie wholly in this box of micro-degrees; empty where there is none."""
        width, height = cell_size(zoom)
        return Box(
            -((WEST - self.west) // width),
            -((SOUTH - self.south) // height),
            (self.east - WEST + 1) // width - 1,
            (self.north - SOUTH + 1) // height - 1,
        )

    def cells_touched(self, zoom: int) -> Box:
        """The cells that this box of micro-degrees touches."""
        width, height = cell_size(zoom)
        return Box(
            (self.west - WEST) // width,
            (self.south - SOUTH) // height,
            (self.east - WEST) // width,
            (self.north - SOUTH) // height,
        )

    def ground(self, zoom: int) -> Box:
        """The micro-degrees of this box of cells."""
        width, height = cell_size(zoom)
        return Box(
            self.west * width + WEST,
            self.south * height + SOUTH,
            (self.east + 1) * width + WEST - 1,
            (self.north + 1) * height + SOUTH - 1,
        )


WORLD = Box(WEST, SOUTH, -WEST, -SOUTH)


def cell_size(zoom: int) -> tuple[int, int]:
    """Width and height of a cell, in micro-degrees."""
    return WIDTH << (MAX_ZOOM - zoom), HEIGHT << (MAX_ZOOM - zoom)


def bbox_text(bbox: Bbox) -> str:
    """`west,south,east,north` with six decimals, of a box in which just the same micro-degrees lie.

    Nine decimals where none does, so that none comes in.
    """
    box = Box.of(bbox)
    if not box:
        return ",".join(f"{edge:.9f}" for edge in (bbox.west, bbox.south, bbox.east, bbox.north))
    return ",".join(f"{edge / MICRO:.{DECIMALS}f}" for edge in (box.west, box.south, box.east, box.north))


def _first(degrees: float) -> int:
    """The first whole micro-degree from there on, compared as a stored coordinate is: k / MICRO."""
    micro = math.floor(degrees * MICRO) - 1
    while micro / MICRO < degrees:
        micro += 1
    return micro
