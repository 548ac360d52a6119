"""How many addresses are found where they are, of those that people write in each of `writing.WAYS`."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from benchmarks.addok.indexing import TownHall
from benchmarks.addok.writing import WAYS
from geo.geocoding import SURE_SCORE, Address, GeocodingError, resolve

NEAR_M, FAR_M = 100, 2_000
# Not one of those that SURE_SCORE was chosen with: a figure measured on what one tuned with flatters.
SEED = 21


@dataclass(frozen=True, slots=True)
class Found:
    """What became of an address. `kind`: near, commune (the right one), refused; or what should not be."""

    way: str
    hall: TownHall
    address: Address
    kind: str
    metres: float = 0.0
    label: str = ""
    score: float = 0.0

    @property
    def sure(self) -> bool:
        """Whether it is given as a pin that nobody needs to look at."""
        return self.score >= SURE_SCORE


def measure(halls: Sequence[TownHall], ways: Iterable[str] = WAYS, *, each: bool = True) -> Iterator[Found]:
    """All halls in each way, or each hall in the way whose turn it is. Addresses are the same for the same halls."""
    names = list(ways)
    for n, hall in enumerate(halls):
        for way in names if each else [names[n % len(names)]]:
            yield _look_up(way, hall, WAYS[way](hall, random.Random(f"{SEED} {way} {hall.code}")))


def _look_up(way: str, hall: TownHall, address: Address) -> Found:
    try:
        found = resolve(address, wants_service=True)
    except GeocodingError as error:
        return Found(way, hall, address, "refused", label=error.code)
    metres = found.position.distance_to(hall.position)
    if found.precision == "commune":
        kind = "commune" if found.commune == hall.code else "wrong commune"
    else:
        kind = "near" if metres <= NEAR_M else "off" if metres <= FAR_M else "far"
    label = f"{found.label} ({found.precision}, {found.score:.2f} {found.note})"
    return Found(way, hall, address, kind, metres, label, found.score)
