"""Demonstration coverage: two editions, zones and copper closures, invented and marked; the first real ones end it.

The figures are the same for the same seed and communes, wherever and whenever they are made.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from geo.coverage import rule
from geo.coverage.changed import announce, hold
from geo.coverage.demo import areas
from geo.coverage.demo.figures import AFTER, BEFORE, Counted, invent
from geo.coverage.layouts import Name
from geo.coverage.steps import Count
from geo.gazetteer import CommuneEntry, gazetteer
from geo.models import CommuneFigures, CopperClosure, CoverageFile, Edition, Zone, ZoneFile

SOURCE = "Démonstration (chiffres inventés)"
LICENCE = "Sans objet : rien n'est réel"
DELIVERED = date(2025, 10, 15)
BATCH = 2_000


class GroundMissingError(RuntimeError):
    """The communes are not loaded; the message says how to load them."""


@dataclass(frozen=True)
class Seeded:
    """How much was invented. `low` counts the low-bandwidth communes of the latest edition."""

    communes: int
    low: int
    zones: int
    closures: int

    def __str__(self) -> str:
        return (
            f"2 editions of {self.communes} communes ({self.low} low-bandwidth), {self.zones} zones, "
            f"{self.closures} copper closures invented"
        )


def refusals() -> list[str]:
    """Why coverage should not be invented here, in words for the person at the keyboard; empty where it may."""
    counts = {
        "editions of figures": Edition.objects.filter(demo=False).count(),
        "files of zones": ZoneFile.objects.filter(demo=False).count(),
        "copper closures": CopperClosure.objects.filter(demo=False).count(),
    }
    return [f"There are real {words} ({count}): invented ones would mix." for words, count in counts.items() if count]


def seed_coverage(seed: int) -> Seeded:
    """Replace the demonstration coverage, in one transaction, and announce it.

    Asks nothing: a caller that may run beside real figures reads `refusals()` first. What is real stays: an edition
    of the same date, or a closure of the same commune, is not invented. Raises GroundMissingError.
    """
    communes = gazetteer().entries
    if not communes:
        raise GroundMissingError("Run `manage.py load_communes` first.")
    invented = invent(communes, seed)
    low = {row.code for row in invented if row.after and _is_low(row.after)}
    with transaction.atomic():
        hold()
        remove_demo()
        _write_edition(BEFORE, [(row.code, row.before) for row in invented if row.before])
        _write_edition(AFTER, [(row.code, row.after) for row in invented if row.after])
        seeded = Seeded(len(invented), len(low), _write_zones(communes, low, seed), _write_closures(communes, seed))
        announce()
    return seeded


def remove_demo() -> int:
    """Delete demonstration editions, zones and closures; how many of them. The caller announces it, last."""
    gone = 0
    for rows in (Edition.objects.all(), ZoneFile.objects.all(), CopperClosure.objects.all()):
        gone += rows.filter(demo=True).delete()[1].get(rows.model._meta.label, 0)
    return gone


def _is_low(counted: Counted) -> bool:
    speeds, technologies = counted.eligible[Name.WIRED_SPEEDS], counted.eligible[Name.TECHNOLOGIES]
    finding = rule.find(
        {"ftth": Count(technologies["ftth"], counted.premises), "8": Count(speeds["8"], counted.premises)}
    )
    return finding is not None and finding.low


def _write_edition(day: date, rows: Sequence[tuple[str, Counted]]) -> None:
    if Edition.objects.filter(date=day).exists():  # a real one, or remove_demo would have taken it
        return
    edition = Edition.objects.create(date=day, demo=True)
    for layout in (Name.TECHNOLOGIES, Name.WIRED_SPEEDS):
        content = [(code, counted.premises, counted.eligible[layout]) for code, counted in rows]
        file = CoverageFile.objects.create(
            edition=edition, layout=layout, name=f"demonstration-{layout}-{day}", source=SOURCE, licence=LICENCE,
            checksum=_checksum(content), loaded=len(content),
        )  # fmt: skip
        CommuneFigures.objects.bulk_create(
            (CommuneFigures(file=file, code=c, premises=p, eligible=e) for c, p, e in content), batch_size=BATCH
        )


def _write_zones(communes: Sequence[CommuneEntry], low: Collection[str], seed: int) -> int:
    found: dict[str, list[Zone]] = {}
    for departement, zone in areas.zones(communes, low, seed):
        found.setdefault(departement, []).append(zone)
    for departement, zones in found.items():
        file = ZoneFile.objects.create(
            departement_id=departement, source=SOURCE, name=f"demonstration-zones-{departement}", licence=LICENCE,
            checksum=_checksum([(zone.speed, zone.label, zone.area.wkt) for zone in zones]), delivered_on=DELIVERED,
            demo=True,
        )  # fmt: skip
        for zone in zones:
            zone.file = file
        Zone.objects.bulk_create(zones)
    return sum(map(len, found.values()))


def _write_closures(communes: Sequence[CommuneEntry], seed: int) -> int:
    real = set(CopperClosure.objects.values_list("code", flat=True))
    rows = [row for row in areas.closures(communes, seed) if row.code not in real]
    for row in rows:
        row.source, row.demo = SOURCE, True
    return len(CopperClosure.objects.bulk_create(rows))


def _checksum(content: object) -> str:
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()
