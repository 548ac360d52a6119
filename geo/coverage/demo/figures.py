"""Invented figures: fibre comes where the network of a département has reached, towns first, and grows with time."""

from __future__ import annotations

import math
import random
from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from geo.coverage.layouts import SPEEDS, TECHNOLOGIES, Name
from geo.gazetteer import CommuneEntry

Place = Callable[[CommuneEntry], float]

# Two quarters. Fixed, so that the same seed gives the same content whenever it is asked for.
BEFORE, AFTER = date(2025, 6, 30), date(2025, 9, 30)
KM_PER_DEGREE = 111.32
WAVELENGTHS_KM = (14.0, 100.0)
# Share of premises eligible to fibre by a commune's rank in its département, from the worst served to the best.
SHARES = ((0.0, 0.06), (0.035, 0.25), (0.11, 0.50), (0.25, 0.75), (0.45, 0.90), (1.0, 0.995))
TOWNS = 0.1  # the most populous of a département, all of which are well served
TOWN_SHARE = 0.92
CABLE_FROM = 15_000  # inhabitants
# In each département, the last quarter made it worse for some: addresses that turned out to be beyond reach.
WORSE = 0.05
# Of those just below one half, some were above a quarter ago.
JUST_BELOW, ENTERED = (0.40, 0.50), 0.25
ABSENT_FROM = 20  # communes, for some of them to be unknown


@dataclass(frozen=True, slots=True)
class Counted:
    """A commune's premises, and those eligible to each indicator, by layout."""

    premises: int
    eligible: dict[str, dict[str, int]]


@dataclass(frozen=True, slots=True)
class Invented:
    """A commune's counts in both editions; None where an edition does not know it."""

    code: str
    before: Counted | None
    after: Counted | None


def invent(communes: Sequence[CommuneEntry], seed: int) -> list[Invented]:
    """Counts of every commune, by layout. The same communes and seed give the same counts."""
    rng = random.Random(f"figures {seed}")  # noqa: S311
    shares = _shares(communes, smooth(rng), rng)
    earlier = _earlier(shares, communes, rng)
    copper = smooth(rng)
    unknown = _unknown(communes, rng)
    found = []
    for entry in sorted(communes, key=lambda entry: entry.code):
        share = shares[entry.code]
        reach = min(0.97, 0.85 + 0.05 * copper(entry) + rng.uniform(-0.04, 0.04))
        premises = max(20, round(entry.population * rng.uniform(0.52, 0.66)))
        cable = rng.uniform(0.4, 0.8) if entry.population >= CABLE_FROM else 0.0
        radio = (rng.uniform(0.3, 1.0), rng.uniform(0.75, 1.0))
        after = _counted(premises, share, reach, cable, radio)
        premises -= round(premises * rng.uniform(0.0, 0.006))
        before = _counted(premises, earlier[entry.code], reach, cable, radio)
        lacks = unknown.get(entry.code, ())
        found.append(Invented(entry.code, None if BEFORE in lacks else before, None if AFTER in lacks else after))
    return found


def smooth(rng: random.Random) -> Place:
    """A number for every place, mostly from -2 to 2, close to that of its neighbours: a sum of waves."""
    waves = []
    for _ in range(12):
        low, high = map(math.log, WAVELENGTHS_KM)
        number = 2 * math.pi / math.exp(rng.uniform(low, high))
        angle, phase = rng.uniform(0, 2 * math.pi), rng.uniform(0, 2 * math.pi)
        waves.append((number * math.cos(angle), number * math.sin(angle), phase))

    def at(entry: CommuneEntry) -> float:
        y = entry.position.lat * KM_PER_DEGREE
        x = entry.position.lon * KM_PER_DEGREE * math.cos(math.radians(entry.position.lat))
        return sum(math.cos(a * x + b * y + c) for a, b, c in waves) * math.sqrt(2 / len(waves))

    return at


def by_departement(communes: Sequence[CommuneEntry]) -> dict[str, list[CommuneEntry]]:
    """The communes of each département, in the order of codes."""
    found: dict[str, list[CommuneEntry]] = {}
    for entry in sorted(communes, key=lambda entry: entry.code):
        found.setdefault(entry.departement, []).append(entry)
    return found


def _shares(communes: Sequence[CommuneEntry], field: Place, rng: random.Random) -> dict[str, float]:
    """Today's share of fibre by code. Ranked by département: each builds a network of its own."""
    found = {}
    for members in by_departement(communes).values():
        score = {
            entry.code: field(entry) + 0.4 * math.log10(entry.population + 30) + rng.gauss(0, 0.15) for entry in members
        }
        ranked = sorted(members, key=lambda entry: (score[entry.code], entry.code))
        for rank, entry in enumerate(ranked):
            found[entry.code] = _along(SHARES, (rank + 0.5) / len(ranked))
        towns = sorted(members, key=lambda entry: (-entry.population, entry.code))
        for entry in towns[: round(len(towns) * TOWNS)]:
            found[entry.code] = max(found[entry.code], rng.uniform(TOWN_SHARE, 0.995))
    return found


def _along(curve: Sequence[tuple[float, float]], x: float) -> float:
    """The height of a curve of straight pieces at x."""
    pieces = list(pairwise(curve))
    (x0, y0), (x1, y1) = pieces[min(bisect_right([point[0] for point in curve], x), len(pieces)) - 1]
    return y0 + (y1 - y0) * (x - x0) / (x1 - x0)


def _earlier(shares: Mapping[str, float], communes: Sequence[CommuneEntry], rng: random.Random) -> dict[str, float]:
    """The shares a quarter ago: mostly a little less; more, where it got worse or has just entered the gap."""
    found = {code: max(0.02, now - (0.05 + 0.6 * (1 - now)) * rng.uniform(0.0, 0.25)) for code, now in shares.items()}
    for members in by_departement(communes).values():
        codes = [entry.code for entry in members]
        low = [code for code in codes if shares[code] < JUST_BELOW[0]]
        for code in _some(codes, WORSE, rng) + _some(low, WORSE, rng):
            found[code] = min(0.995, shares[code] + rng.uniform(0.02, 0.06))
        for code in _some([code for code in codes if JUST_BELOW[0] <= shares[code] < JUST_BELOW[1]], ENTERED, rng):
            found[code] = rng.uniform(0.54, 0.60)
    return found


def _some(codes: Sequence[str], part: float, rng: random.Random) -> list[str]:
    """That part of the codes, and at least one where there is one."""
    return rng.sample(codes, min(len(codes), max(1, round(len(codes) * part))))


def _unknown(communes: Sequence[CommuneEntry], rng: random.Random) -> dict[str, tuple[date, ...]]:
    """Three small communes that an edition does not know: one neither, one either."""
    if len(communes) < ABSENT_FROM:
        return {}
    small = sorted(communes, key=lambda entry: (entry.population, entry.code))[: len(communes) // 2]
    gone = rng.sample([entry.code for entry in small], 3)
    return dict(zip(gone, ((BEFORE, AFTER), (BEFORE,), (AFTER,)), strict=True))


def _counted(premises: int, fibre: float, reach: float, cable: float, radio: tuple[float, float]) -> Counted:
    """Both layouts of one commune. `reach` is the share of lines of copper that bring 8 Mbit/s."""
    ftth = int(premises * fibre)  # never rounded up to all of them
    rest = premises - ftth
    speeds = [ftth]  # from 1 Gbit/s down: what has more has less as well
    for part in (cable, reach * 0.55, reach, reach + (1 - reach) * 0.6, 0.985):
        speeds.append(max(speeds[-1], ftth + int(rest * part)))
    speeds.append(premises - speeds[-1])
    radio_counts = (int(premises * radio[0]) if fibre < 0.6 else 0, int(premises * radio[1]))
    technologies = (ftth, int(premises * cable), premises, *radio_counts, 0, premises)
    return Counted(
        premises,
        {
            Name.WIRED_SPEEDS: dict(zip(SPEEDS.values(), reversed(speeds), strict=True)),
            Name.TECHNOLOGIES: dict(zip(TECHNOLOGIES.values(), technologies, strict=True)),
        },
    )
