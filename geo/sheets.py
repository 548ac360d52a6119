"""The communes' areas as files to keep for ever: the région's, coarse, and sheets of a few dozen, for close views.

A sheet holds the communes whose centre lies in its cell. Sheets are cut from one coverage, so that those of a view
join without gap; a view of a town and its surroundings needs a dozen of them, 15 to 20 kB in all.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import orjson

from geo import arcs
from geo.arcs import REGION, Coverage, Fineness
from geo.gazetteer import CommuneEntry, gazetteer
from geo.packing import packed_areas
from geo.revisions import refreshed

FORMAT = "1"  # changes with the shape of the files, so that no old copy is read by new code
CELL = (0.25, 0.2)  # degrees of longitude and latitude: 19 km by 22
CLOSE = Fineness(0.001, 2_000)  # two pixels at zoom 11; one there
WHOLE = "region"
EDGE = 100  # parts of a degree in which extents are told, rounded outwards

Extent = tuple[float, float, float, float]


@dataclass(frozen=True)
class Sheet:
    """`extent` is west, south, east, north of its communes, which reach beyond its cell."""

    name: str
    extent: Extent
    content: bytes


@dataclass(frozen=True)
class Sheets:
    """`version` names the communes that they were made of."""

    version: str
    whole: Sheet
    close: dict[str, Sheet]

    def find(self, name: str) -> Sheet | None:
        return self.whole if name == WHOLE else self.close.get(name)


@refreshed("communes")
def sheets() -> Sheets:
    """The process's copy, made anew after the communes were loaded again: a second and a half."""
    entries = sorted(gazetteer().entries, key=lambda entry: (entry.departement, entry.epci or "", entry.code))
    cells: dict[tuple[int, int], list[CommuneEntry]] = {}
    for entry in entries:
        at = entry.position
        cells.setdefault((math.floor(at.lon / CELL[0]), math.floor(at.lat / CELL[1])), []).append(entry)
    close = (
        _sheet(f"close-{number}", arcs.communes(CLOSE), cells[cell], CLOSE) for number, cell in enumerate(sorted(cells))
    )
    return Sheets(
        f"{FORMAT}{arcs.version()}",
        _sheet(WHOLE, arcs.communes(REGION), entries, REGION),
        {sheet.name: sheet for sheet in close},
    )


def _sheet(name: str, coverage: Coverage, entries: Sequence[CommuneEntry], fineness: Fineness) -> Sheet:
    groups: dict[tuple[str, str | None], list[str]] = {}
    for entry in entries:
        groups.setdefault((entry.departement, entry.epci), []).append(entry.code)
    codes = [entry.code for entry in entries]
    content: dict[str, Any] = {
        "scale": fineness.scale,
        "groups": [[departement, epci, codes] for (departement, epci), codes in groups.items()],
    }
    return Sheet(name, _extent(coverage, codes, fineness), orjson.dumps(content | packed_areas(coverage, codes)))


def _extent(coverage: Coverage, codes: Iterable[str], fineness: Fineness) -> Extent:
    rings = (ring for code in codes for ring in coverage.rings[code])
    points = [point for ring in rings for ref in ring for point in coverage.arcs[max(ref, ~ref)]]
    if not points:
        return 0.0, 0.0, 0.0, 0.0
    on_edges = np.array(points) * EDGE / fineness.scale
    west, south = np.floor(on_edges.min(axis=0)) / EDGE
    east, north = np.ceil(on_edges.max(axis=0)) / EDGE
    return float(west), float(south), float(east), float(north)
