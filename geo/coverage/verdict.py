"""What is known of broadband at a point, and how well it is known. Never that a line is slow: that its commune is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from geo.coverage import rule
from geo.coverage.figures import EditionEntry, editions
from geo.coverage.steps import MAPPED, UNKNOWN, Count, step
from geo.models import Commune, Zone
from geo.points import Position


@dataclass(frozen=True)
class Verdict:
    """`klass` is a class of the indicator ("25-50"), or a zone's speed ("BHD8"), or "unknown".

    `low` is None where nothing is known. `count` is the commune's; a zone has none.
    """

    klass: str
    indicator: str
    count: Count | None
    low: bool | None
    commune: str
    edition: EditionEntry | None
    zone: Zone | None = None

    @property
    def evidence(self) -> str:
        return "zone" if self.zone else "commune"

    @property
    def demo(self) -> bool:
        return self.zone.file.demo if self.zone else bool(self.edition and self.edition.demo)

    @property
    def dated(self) -> date | None:
        if self.zone:
            return self.zone.file.delivered_on
        return self.edition.date if self.edition else None

    @property
    def source(self) -> str:
        if self.zone:
            return self.zone.file.source
        return "; ".join(dict.fromkeys(file.source for file in self.edition.files)) if self.edition else ""


def at(position: Position, day: date | None = None) -> Verdict | None:
    """The verdict at a position, by the edition of that day or the default one; None outside the région.

    A zone stands for today only: it is not asked about where another edition than the default is.
    """
    commune = Commune.objects.containing(position).values_list("pk", flat=True).first()
    if commune is None:
        return None
    zone = Zone.objects.at(position) if day is None else None
    if zone is not None:
        return Verdict(zone.speed, "downlink", None, rule.zone_is_low(zone.speed), commune, None, zone)
    return of_commune(commune, day)


def of_commune(code: str, day: date | None = None) -> Verdict:
    """What is known of a commune as a whole."""
    known = editions()
    edition = known.find(day)
    counts = known.figures(edition).communes.get(code, {}) if edition else {}
    finding = rule.find(counts)
    if finding is not None:
        return Verdict(finding.step, finding.indicator, finding.count, finding.low, code, edition)
    indicator = next((name for name in MAPPED if name in counts), "")
    count = counts.get(indicator)
    return Verdict(step(indicator, count) if indicator else UNKNOWN, indicator, count, None, code, edition)
