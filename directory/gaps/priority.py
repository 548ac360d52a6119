"""What a case's priority is the sum of. Weights stand in settings.GAP_WEIGHTS; the SQL that adds up, in refresh.sql.

Terms: `class` (the class of the commune's share, or of the zone), `share` (premises of the commune that lack it; a zone
is concerned as a whole), `copper` (how soon the copper network closes for good), `no_online_shop`, `own_report`.
"""

from __future__ import annotations

from datetime import date, timedelta

from django.conf import settings

from geo.coverage.rule import SPEEDS, Finding
from geo.coverage.steps import rank

TERMS = ("class", "share", "copper", "no_online_shop", "own_report")
# Of the class's weight, from the widest gap up; a low commune is in one of the first two classes of its indicator
# unless the rule was moved.
CLASS_PARTS = (1.0, 2 / 3, 1 / 3, 0.0, 0.0)
ZONE_PARTS = dict(zip(SPEEDS, (1.0, 0.9, 0.8, 0.5, 0.25, 0.0, 0.0), strict=True))
# Of the copper weight, by months until the technical closure; one that is past counts in full.
COPPER_PARTS = ((12, 1.0), (24, 2 / 3), (36, 1 / 3))
# Of the own report's weight. One who says to have fibre is asked about last.
REPORT_PARTS = {"slow": 1.0, "refused": 1.0, "orderable": 2 / 3, "yes": -1.0, "unknown": 0.0}
# A line that a merchant measured below this is slow, in Mbit/s.
SLOW_MBIT = 8


def points(term: str, part: float) -> int:
    """Points for a part (from -1 to 1) of a term's weight."""
    return round(settings.GAP_WEIGHTS[term] * part)


def class_points(finding: Finding) -> int:
    at = rank(finding.indicator, finding.count)
    return 0 if at is None else points("class", CLASS_PARTS[at])


def share_points(finding: Finding) -> int:
    return points("share", finding.count.lacking / finding.count.premises)


def copper_points(closes_on: date | None, today: date) -> int:
    if closes_on is None:
        return 0
    due = (part for months, part in COPPER_PARTS if closes_on <= today + timedelta(days=round(months * 30.44)))
    return points("copper", next(due, 0.0))
