"""Brings the cases in step with figures, zones, closures, reports and points of sale: one statement, a diff.

Run after every import, for one point of sale when its merchant reports, and every ten minutes for what else was written
since. 100,000 points of sale: see benchmarks/RESULTS.md.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from directory.gaps import priority
from geo.coverage import rule
from geo.coverage.changed import hold
from geo.coverage.figures import default_figures, editions
from geo.gazetteer import gazetteer
from geo.models import CopperClosure, Edition, Revision
from geo.revisions import refreshed

REFRESH, RETURNED = ((Path(__file__).parent / name).read_text("utf-8") for name in ("refresh.sql", "returned.sql"))
REVISION = "gaps"
# What rested on figures that are gone, and was not followed up, tells nothing any more.
FORGET = """
DELETE FROM directory_gapcase AS held
WHERE NOT in_gap AND edition_id IS NULL AND zone_id IS NULL AND evidence <> 'report' AND state = 'to_verify'
  AND NOT EXISTS (SELECT FROM directory_caseevent WHERE case_id = held.id)
"""


@dataclass(frozen=True)
class Refreshed:
    """How many cases were written, and how many points of sale left the gap."""

    written: int
    left: int


def refresh(places: Collection[int] | None = None) -> Refreshed:
    """Bring the cases in step; those of the points of sale named, or all.

    Figures are read once nobody else writes them, and afresh: cases made of older ones would undo an import.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        hold()
        editions.forget()
        closures.forget()
        parameters = _verdicts(timezone.localdate()) | _zones() | _reports()
        cursor.execute(REFRESH, parameters | {"places": None if places is None else list(places)})
        done = Refreshed(*cursor.fetchone())
        cursor.execute(RETURNED)
        cursor.execute(FORGET)
        if places is None:
            Revision.objects.update_or_create(name=REVISION)
        return done


def refreshed_at() -> datetime | None:
    """When all cases were last brought in step."""
    return Revision.objects.filter(name=REVISION).values_list("updated_at", flat=True).first()


@refreshed("coverage")
def closures() -> dict[str, CopperClosure]:
    """The closure of each commune of today; of communes that merged, the first to come."""
    ground = gazetteer()
    found: dict[str, CopperClosure] = {}
    for row in CopperClosure.objects.order_by("technical_on", "code"):
        commune = ground.commune(row.code)
        if commune is not None:
            found.setdefault(commune.code, row)
    return found


def _verdicts(today: date) -> dict[str, Any]:
    """What the default edition finds of each commune, as columns."""
    figures = default_figures()
    closing = closures()
    rows = []
    for entry in gazetteer().entries:
        finding = rule.find(figures.communes.get(entry.code)) if figures else None
        closes_on = closing[entry.code].technical_on if entry.code in closing else None
        what = (None,) * 5 + (None, None) if finding is None else (
            finding.step, finding.indicator, finding.count.eligible, finding.count.premises, finding.low,
            priority.class_points(finding), priority.share_points(finding),
        )  # fmt: skip
        rows.append((entry.code, *what, closes_on, priority.copper_points(closes_on, today)))
    names = (
        "communes", "findings", "indicators", "eligible", "premises", "low", "class_points", "share_points",
        "copper_on", "copper_points",
    )  # fmt: skip
    columns: list[Any] = [list(column) for column in zip(*rows, strict=True)] if rows else [[] for _ in names]
    edition = (
        Edition.objects.filter(date=figures.edition.date).values_list("pk", flat=True).first() if figures else None
    )
    return dict(zip(names, columns, strict=True)) | {"edition": edition}


def _zones() -> dict[str, Any]:
    speeds = list(rule.SPEEDS)
    return {
        "speeds": speeds,
        "zone_low": [rule.zone_is_low(speed) for speed in speeds],
        "zone_points": [priority.points("class", priority.ZONE_PARTS[speed]) for speed in speeds],
        "share_weight": settings.GAP_WEIGHTS["share"],
        "shop_weight": settings.GAP_WEIGHTS["no_online_shop"],
    }


def _reports() -> dict[str, Any]:
    return {
        "said": list(priority.REPORT_PARTS),
        "report_points": [priority.points("own_report", part) for part in priority.REPORT_PARTS.values()],
        "slow_mbit": priority.SLOW_MBIT,
    }
