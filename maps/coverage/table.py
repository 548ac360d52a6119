"""The map's equal: the same areas, their counts and class, as rows that can be ordered."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from directory.api.coverage.communes import Line
from geo.coverage.figures import LEVELS, Counts, premises, total
from geo.coverage.steps import Count
from geo.folding import fold
from geo.gazetteer import gazetteer
from maps.coverage.asking import SHARE, Asked
from maps.coverage.drawing import name_of

PER_PAGE = 100


@dataclass(frozen=True)
class Area:
    """A commune, an EPCI or a département, or the part of it that is asked about; `counts` are empty where unknown."""

    code: str
    name: str
    lines: tuple[Line, ...]
    counts: Counts

    @property
    def premises(self) -> int | None:
        return premises(self.counts) if self.counts else None

    @property
    def points_of_sale(self) -> int:
        return sum(line.points_of_sale for line in self.lines)

    @property
    def low(self) -> tuple[Line, ...]:
        """Its low-bandwidth communes."""
        return tuple(line for line in self.lines if line.low_bandwidth)

    def share(self, indicator: str) -> float | None:
        count = self.count(indicator)
        return count.share if count else None

    def count(self, indicator: str) -> Count | None:
        return self.counts.get(indicator)


def areas(lines: Iterable[Line], level: str) -> list[Area]:
    """Every area of the level that the communes are in."""
    groups: dict[str, list[Line]] = {}
    for line in lines:
        code = LEVELS[level](line.commune)
        if code is not None:
            groups.setdefault(code, []).append(line)
    return [area_of(name_of(gazetteer(), level, code), code, parts) for code, parts in groups.items()]


def area_of(name: str, code: str, lines: Sequence[Line]) -> Area:
    known = [line.counts for line in lines if line.counts]
    return Area(code, name, tuple(lines), known[0] if len(known) == 1 else total(known))


def ordered(found: Iterable[Area], asked: Asked) -> list[Area]:
    """By what is asked for, then by name; what is not known comes last, in either direction."""
    column, falling = asked.sort.removeprefix("-"), asked.sort.startswith("-")
    by_name = sorted(found, key=lambda area: (fold(area.name), area.code))
    if column == "name":
        return by_name[::-1] if falling else by_name
    key = _key(column, asked)
    known = sorted((area for area in by_name if key(area) is not None), key=key, reverse=falling)
    return known + [area for area in by_name if key(area) is None]


def _key(column: str, asked: Asked) -> Callable[[Area], Any]:
    if column == "premises":
        return lambda area: area.premises
    if column == "points_of_sale":
        return lambda area: area.points_of_sale
    indicator = asked.indicator if column == SHARE else column
    return lambda area: area.share(indicator)
