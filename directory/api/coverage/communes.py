"""An edition's figures by commune: which are asked for, what each line says, and their sums. Counts, no percentages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from directory.clusters.totals import totals_of_places
from directory.places import place_term
from geo.coverage import rule
from geo.coverage.figures import Counts, EditionEntry, editions, premises, total
from geo.gazetteer import CommuneEntry, gazetteer

# What every answer tells, null where the edition lacks it; what else it holds (by other ways of counting) follows.
ALWAYS = ("ftth", "coax", "copper", "thd_radio", "fixed_4g", "hd_radio", "inel", "0.5", "3", "8", "30", "100", "1000")


@dataclass(frozen=True)
class Line:
    """A commune. Without `counts` its figures are unknown, which is not zero."""

    commune: CommuneEntry
    counts: Counts | None
    points_of_sale: int

    @property
    def premises(self) -> int | None:
        return premises(self.counts) if self.counts else None

    @property
    def low_bandwidth(self) -> bool | None:
        found = rule.find(self.counts)
        return found.low if found else None

    def eligible(self, indicator: str) -> int | None:
        count = (self.counts or {}).get(indicator)
        return None if count is None else count.eligible


@dataclass(frozen=True)
class Table:
    """The communes that were asked for, by code, in an edition; None where there is no edition at all."""

    edition: EditionEntry | None
    lines: Sequence[Line]
    # Whether they are those of one département or one EPCI: few enough for their contours.
    bounded: bool

    @property
    def indicators(self) -> tuple[str, ...]:
        held = self.edition.indicators if self.edition else ()
        return (*ALWAYS, *(name for name in held if name not in ALWAYS))


def table(edition: EditionEntry | None, departements: Sequence[str], epcis: Sequence[str]) -> Table:
    """Of communes that lie in one of the départements and in one of the EPCI; none given is all."""
    asked = [
        entry
        for entry in gazetteer().entries
        if (not departements or entry.departement in departements) and (not epcis or entry.epci in epcis)
    ]
    asked.sort(key=lambda entry: entry.code)
    figures = editions().figures(edition).communes if edition else {}
    places = totals_of_places()
    lines = [Line(entry, figures.get(entry.code), places.get(place_term(entry.code), 0)) for entry in asked]
    return Table(edition, lines, bounded=len(departements) == 1 or len(epcis) == 1)


def totals_json(found: Table) -> dict[str, Any]:
    """Sums. An indicator's `premises_known` are those that its sum is a part of: not all, where a file lacks some."""
    known = [line.counts for line in found.lines if line.counts]
    sums = total(known)
    return {
        "communes": len(found.lines),
        "unknown": len(found.lines) - len(known),
        "premises": sum(map(premises, known)) if known else None,
        "eligible": {name: sums[name].eligible if name in sums else None for name in found.indicators},
        "premises_known": {name: sums[name].premises if name in sums else None for name in found.indicators},
        "points_of_sale": sum(line.points_of_sale for line in found.lines),
    }


def line_json(line: Line, indicators: Sequence[str]) -> dict[str, Any]:
    return {
        "code": line.commune.code,
        "name": line.commune.name,
        "premises": line.premises,
        "eligible": {name: line.eligible(name) for name in indicators},
        "points_of_sale": line.points_of_sale,
        "low_bandwidth": line.low_bandwidth,
    }
