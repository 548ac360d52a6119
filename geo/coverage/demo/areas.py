"""Invented zones around villages and hamlets of each département, and lots of the copper network that close."""

from __future__ import annotations

import math
import random
from collections.abc import Collection, Iterator, Sequence
from datetime import date

import shapely

from geo.coverage.demo.figures import KM_PER_DEGREE, by_departement, smooth
from geo.gazetteer import CommuneEntry
from geo.models import Commune, CopperClosure, Zone
from geo.shapes import polygons, to_multipolygon, to_shapely

# Which commune (one that is low-bandwidth, or not), where in it, of which class, planned for when.
Kind = tuple[bool, str, Zone.Speed, date | None]
ZONES: tuple[Kind, ...] = (
    (True, "bourg", Zone.Speed.FROM_3, date(2026, 12, 31)),
    (True, "bourg", Zone.Speed.FROM_8, date(2027, 6, 30)),
    (True, "bourg", Zone.Speed.FROM_1000, None),
    (True, "hameau", Zone.Speed.FROM_05, None),
    (True, "hameau", Zone.Speed.FROM_3, date(2028, 6, 30)),
    (False, "hameau", Zone.Speed.FROM_3, None),
    (False, "hameau", Zone.Speed.NONE, date(2026, 9, 30)),
)
CORNERS = 12
RADIUS_KM = (0.5, 1.0)
# Lots close one a year; each holds that share of a département's communes, side by side.
LOTS = tuple(date(year, 1, 31) for year in range(2026, 2031))
LOT_SHARE = 0.07


def zones(communes: Sequence[CommuneEntry], low: Collection[str], seed: int) -> Iterator[tuple[str, Zone]]:
    """Zones with their département, not yet in a file; `low` are the codes of low-bandwidth communes."""
    rng = random.Random(f"zones {seed}")  # noqa: S311
    chosen = [
        (departement, *pair)
        for departement, members in by_departement(communes).items()
        for pair in _places(members, low, rng)
    ]
    contours = Commune.objects.in_bulk([entry.code for _, entry, _ in chosen])
    for departement, entry, (_, where, speed, planned) in chosen:
        contour = to_shapely(contours[entry.code].contour)
        area = polygons(_around(entry, contour, where, rng).intersection(contour))
        if not area.is_empty:
            label = f"{entry.name}, {'le bourg' if where == 'bourg' else 'un hameau'}"
            yield departement, Zone(speed=speed, label=label, planned_on=planned, area=to_multipolygon(area))


def closures(communes: Sequence[CommuneEntry], seed: int) -> Iterator[CopperClosure]:
    """When the copper of some communes closes: to new orders a year before it closes for good."""
    field = smooth(random.Random(f"copper {seed}"))  # noqa: S311
    for members in by_departement(communes).values():
        ranked = sorted(members, key=lambda entry: (field(entry), entry.code))
        for rank, entry in enumerate(ranked):
            lot = int(rank / len(ranked) / LOT_SHARE)
            if lot < len(LOTS):
                technical = LOTS[lot]
                yield CopperClosure(
                    code=entry.code, lot=f"Lot {lot + 1}", technical_on=technical,
                    commercial_on=technical.replace(year=technical.year - 1),
                )  # fmt: skip


def _places(
    members: Sequence[CommuneEntry], low: Collection[str], rng: random.Random
) -> Iterator[tuple[CommuneEntry, Kind]]:
    """A commune for each of ZONES, as long as there are some: villages where most people live, hamlets anywhere."""
    left = {
        True: sorted((entry for entry in members if entry.code in low), key=lambda entry: -entry.population),
        False: [entry for entry in members if entry.code not in low],
    }
    for kind in ZONES:
        among = left[kind[0]]
        if among:
            yield among.pop(0 if kind[1] == "bourg" else rng.randrange(len(among))), kind


def _around(entry: CommuneEntry, contour: shapely.Geometry, where: str, rng: random.Random) -> shapely.Polygon:
    """An uneven round shape, about the town hall or half-way from it to the commune's edge."""
    x, y = entry.position.lon, entry.position.lat
    if where == "hameau":
        edge = shapely.get_coordinates(contour)
        to_x, to_y = edge[rng.randrange(len(edge))]
        x, y = (x + to_x) / 2, (y + to_y) / 2
    narrow = math.cos(math.radians(y))
    corners = []
    for i in range(CORNERS):
        angle, reach = 2 * math.pi * i / CORNERS, rng.uniform(*RADIUS_KM) / KM_PER_DEGREE
        corners.append((round(x + reach * math.cos(angle) / narrow, 6), round(y + reach * math.sin(angle), 6)))
    return shapely.Polygon(corners)
