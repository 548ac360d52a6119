"""Who settles where: how many merchants of each activity, in which communes, by population and by terroir."""

from __future__ import annotations

import random
from bisect import bisect
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate
from typing import Any

import numpy as np
import shapely

from directory.demo.land import Land
from directory.demo.tables import Promise, Tables, Terroir, Trade

PROMISED_OF = 2000

# How much a commune draws of a trade, before terroirs. Density is in inhabitants a square kilometre.
SPREADS: dict[str, Callable[[Land], float]] = {
    "rural": lambda land: land.area_km2 * 100 / (100 + _density(land)),
    "belt": lambda land: land.area_km2 * (0.3 + min(_density(land), 400) / 200) * 300 / (300 + _density(land)),
    "village": lambda land: land.population**0.75,
    "craft": lambda land: land.population**0.6,
    "population": lambda land: land.population,
    "town": lambda land: land.population**1.2 * (1 if land.population >= 1500 else 0.1),
}


def _density(land: Land) -> float:
    return land.population / land.area_km2 if land.area_km2 else 0


class Settled:
    """The merchants of each commune, in a few bytes each: there may be ten millions, and several processes."""

    def __init__(self, trades: Sequence[Trade], settled: Sequence[Any], communes: int):
        """`settled` has for each trade the places of its merchants, by rank."""
        places = np.concatenate(settled)
        order = np.argsort(places, kind="stable")
        self._trades = trades
        self._trade = np.repeat(np.arange(len(trades), dtype=np.int16), [len(each) for each in settled])[order]
        self._rank = np.concatenate([np.arange(len(each), dtype=np.int32) for each in settled])[order]
        self._bounds = np.searchsorted(places[order], np.arange(communes + 1)).tolist()

    def count(self, place: int) -> int:
        return self._bounds[place + 1] - self._bounds[place]

    def at(self, place: int) -> Iterator[tuple[Trade, int]]:
        """The commune's merchants, each as its trade and its rank within the trade."""
        here = slice(self._bounds[place], self._bounds[place + 1])
        for trade, rank in zip(self._trade[here].tolist(), self._rank[here].tolist(), strict=True):
            yield self._trades[trade], rank


class Settlement:
    """The terroirs of each commune, and the merchants that settle there. Places are those of `lands`."""

    def __init__(self, lands: Sequence[Land], tables: Tables):
        self.lands, self.tables = lands, tables
        self.members = [(terroir, members_of(terroir, lands)) for terroir in tables.terroirs]
        terroirs: list[list[Terroir]] = [[] for _ in lands]
        for terroir, places in self.members:
            for place in places:
                terroirs[place].append(terroir)
        self.terroirs = terroirs

    def weights(self, trade: Trade) -> list[int]:
        """Whole numbers, so that adding them up gives the same on every machine."""
        favours: dict[int, float] = {}
        for terroir, places in self.members:
            favour = terroir.activities.get(trade.code)
            if favour is not None:
                favours |= {place: max(favour, favours.get(place, favour)) for place in places}
        spread = SPREADS[trade.spread]
        return [round(1000 * spread(land) * favours.get(place, trade.outside)) for place, land in enumerate(self.lands)]

    def settle(self, merchants: int, seed: int) -> Settled:
        """Where each merchant settles; a merchant's rank within its trade gives its name."""
        settled = []
        for trade, count in zip(self.tables.trades, shares(self.tables.trades, merchants), strict=True):
            draw = random.Random(f"{seed}:settle:{trade.code}").random  # noqa: S311
            places = self._promised(trade, merchants, draw)[:count]
            settled.append(np.array(self._spread(trade, count - len(places), draw) + places, dtype=np.int32))
        return Settled(self.tables.trades, settled, len(self.lands))

    def _spread(self, trade: Trade, count: int, draw: Callable[[], float]) -> list[int]:
        """One draw in each of `count` equal slices of the total weight: spread evenly, but not regularly."""
        bounds = list(accumulate(self.weights(trade)))
        total = bounds[-1]
        if not total:  # a région where nothing favours it
            bounds = list(range(1, len(self.lands) + 1))
            total = bounds[-1]
        last = len(bounds) - 1
        return [min(bisect(bounds, (i + draw()) / count * total), last) for i in range(count)]

    def _promised(self, trade: Trade, merchants: int, draw: Callable[[], float]) -> list[int]:
        places: list[int] = []
        for promise in self.tables.promises:
            wanted = round(promise.merchants.get(trade.code, 0) * min(1, merchants / PROMISED_OF))
            near = near_town(promise, self.lands) if wanted else []
            first = int(draw() * len(near))
            places += [near[(first + i) % len(near)] for i in range(wanted) if near]
        return places


def shares(trades: Sequence[Trade], merchants: int) -> list[int]:
    """How many of each trade: by share, largest remainders first, adding up to `merchants`."""
    total = sum(trade.share for trade in trades)
    counts = [merchants * trade.share // total for trade in trades]
    by_remainder = sorted(range(len(trades)), key=lambda i: (-(merchants * trades[i].share % total), i))
    for i in by_remainder[: merchants - sum(counts)]:
        counts[i] += 1
    return counts


def named(towns: Sequence[str], lands: Sequence[Land], departements: Sequence[str] = ()) -> list[int]:
    """The places of communes by name, in the order of the names; a name that the région lacks is passed over."""
    places: dict[str, int] = {}
    for place, land in enumerate(lands):
        if not departements or land.departement in departements:
            other = places.get(land.name)
            if other is None or lands[other].population < land.population:
                places[land.name] = place
    return [places[town] for town in towns if town in places]


def members_of(terroir: Terroir, lands: Sequence[Land]) -> list[int]:
    """The places of a terroir's communes."""
    inside: Sequence[int] = range(len(lands))
    if terroir.towns:
        towns = [(lands[place].x, lands[place].y) for place in named(terroir.towns, lands, terroir.departements)]
        if not towns:
            return []
        heart = shapely.LineString(towns) if terroir.course and len(towns) > 1 else shapely.MultiPoint(towns)
        inside = np.flatnonzero(shapely.dwithin(heart, _centres(lands), terroir.radius_km)).tolist()
    return [place for place in inside if not terroir.departements or lands[place].departement in terroir.departements]


def near_town(promise: Promise, lands: Sequence[Land]) -> list[int]:
    """The places of communes whose centre lies within the promise's radius of its town."""
    towns = named([promise.town], lands)
    if not towns:
        return []
    town = lands[towns[0]]
    heart = shapely.Point(town.x, town.y)
    return np.flatnonzero(shapely.dwithin(heart, _centres(lands), promise.radius_km)).tolist()


def _centres(lands: Sequence[Land]) -> Any:
    return shapely.points([land.x for land in lands], [land.y for land in lands])
