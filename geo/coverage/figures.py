"""The figures of an edition, in memory: by commune of today, and rolled up from counts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from geo.coverage.layouts import LAYOUTS
from geo.coverage.steps import Count
from geo.gazetteer import CommuneEntry, Gazetteer, gazetteer
from geo.models import CommuneFigures, CoverageFile, Edition
from geo.revisions import refreshed

Counts = Mapping[str, Count]  # by indicator; one that the edition lacks is not there
JUDGED = ("ftth", "8")  # the indicators that the rule reads, in its order
WHOLE = 0.5  # of the région's communes: a file of fewer does not take the place of one that has them
KEPT = 8  # editions whose figures stay in memory: 1,754 communes are 5 MB

LEVELS: dict[str, Callable[[CommuneEntry], str | None]] = {
    "commune": lambda entry: entry.code,
    "epci": lambda entry: entry.epci,
    "departement": lambda entry: entry.departement,
}


@dataclass(frozen=True)
class EditionEntry:
    """An edition and its files, without their figures."""

    date: date
    demo: bool
    files: tuple[CoverageFile, ...]

    @property
    def layouts(self) -> tuple[str, ...]:
        return tuple(file.layout for file in self.files)

    @property
    def indicators(self) -> tuple[str, ...]:
        return tuple(indicator for layout in self.layouts for indicator in LAYOUTS[layout].indicators)

    @property
    def is_judged(self) -> bool:
        """Whether it holds what the rule asks: not one of satellite only, which is everywhere, or of radio."""
        return bool(self._judged())

    @property
    def is_whole(self) -> bool:
        """Whether it has that of most communes."""
        return max(self._judged(), default=0) >= WHOLE * len(gazetteer().entries)

    def _judged(self) -> list[int]:
        """How many lines its files hold that the rule can be asked of."""
        return [file.loaded for file in self.files if set(JUDGED) & set(LAYOUTS[file.layout].indicators)]


@dataclass(frozen=True)
class Figures:
    """An edition's counts by commune code. A commune that is not there is unknown, not zero."""

    edition: EditionEntry
    communes: Mapping[str, Counts]
    ground: Gazetteer

    def by(self, level: str) -> dict[str, Counts]:
        """Counts by the codes of a level ("commune", "epci", "departement"), from the sums of their communes."""
        return self.summed(LEVELS[level])

    def summed(self, key: Callable[[CommuneEntry], str | None]) -> dict[str, Counts]:
        """Counts by whatever `key` makes of a commune; those of which it makes None are left out."""
        groups: dict[str, list[Counts]] = {}
        for code, counts in self.communes.items():
            entry = self.ground.commune(code)
            if entry is not None and (group := key(entry)) is not None:
                groups.setdefault(group, []).append(counts)
        return {group: total(parts) for group, parts in groups.items()}


def total(parts: Iterable[Counts]) -> Counts:
    """The sum of counts, indicator by indicator: premises are those of the communes where it is known."""
    found: dict[str, Count] = {}
    for counts in parts:
        for indicator, count in counts.items():
            found[indicator] = found[indicator] + count if indicator in found else count
    return found


def premises(counts: Counts) -> int:
    """How many premises there are, as far as the edition knows."""
    return max((count.premises for count in counts.values()), default=0)


class Editions:
    """Every edition, the latest first; figures are read when they are asked for."""

    def __init__(self, entries: Iterable[EditionEntry]):
        self.entries = tuple(entries)
        self._figures: dict[date, Figures] = {}

    @property
    def default(self) -> EditionEntry | None:
        """Of those that the rule can be asked of: real before invented, whole before partial, then the latest."""
        fit = [entry for entry in self.entries if entry.is_judged]
        return max(fit, key=lambda entry: (not entry.demo, entry.is_whole, entry.date), default=None)

    def find(self, day: date | None) -> EditionEntry | None:
        """The edition of that day; without a day, the default one."""
        if day is None:
            return self.default
        return next((entry for entry in self.entries if entry.date == day), None)

    def before(self, entry: EditionEntry) -> EditionEntry | None:
        """The one that it is compared with: the latest before it that the rule can be asked of, of the same kind."""
        same = (e for e in self.entries if e.date < entry.date and e.demo == entry.demo and e.is_judged)
        return next(same, None)

    def figures(self, entry: EditionEntry) -> Figures:
        ground = gazetteer()
        held = self._figures.get(entry.date)
        if held is None or held.ground is not ground:
            held = Figures(entry, MappingProxyType(_read(entry, ground)), ground)
            while len(self._figures) >= KEPT:
                self._figures.pop(next(iter(self._figures)))
            self._figures[entry.date] = held
        return held


@refreshed("coverage")
def editions() -> Editions:
    """The process's copy, made anew after an import."""
    rows = Edition.objects.prefetch_related("files")
    return Editions(EditionEntry(row.date, row.demo, tuple(row.files.all())) for row in rows)


def default_figures() -> Figures | None:
    known = editions()
    return None if known.default is None else known.figures(known.default)


def _read(entry: EditionEntry, ground: Gazetteer) -> dict[str, Counts]:
    rows = CommuneFigures.objects.filter(file__in=[file.pk for file in entry.files]).values_list(
        "file__layout", "code", "premises", "eligible"
    )
    communes: dict[str, dict[str, Count]] = {}
    for layout, code, premises_, eligible in rows:
        commune = ground.commune(code)  # a former code leads to its successor
        if commune is None:
            continue
        counts = communes.setdefault(commune.code, {})
        for name, number in eligible.items():
            indicator = LAYOUTS[layout].prefix + name
            count = Count(number, premises_)
            counts[indicator] = counts[indicator] + count if indicator in counts else count
    return {code: MappingProxyType(counts) for code, counts in sorted(communes.items())}
