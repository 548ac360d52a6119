"""Which place is "low-bandwidth": the one rule, its numbers in settings.COVERAGE_RULE, and what it finds."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _

from geo.coverage.figures import JUDGED, Counts
from geo.coverage.numbers import number, points
from geo.coverage.steps import Count, step
from geo.french import tied
from geo.models import Zone

# Mbit/s from which each class of a zone begins.
SPEEDS = dict(zip(Zone.Speed.values, (0.0, 0.5, 3.0, 8.0, 30.0, 100.0, 1000.0), strict=True))


@dataclass(frozen=True)
class Finding:
    """What the rule makes of a place's counts: the indicator that decides, its count and class."""

    low: bool
    indicator: str
    count: Count

    @property
    def step(self) -> str:
        return step(self.indicator, self.count)


def find(counts: Counts | None) -> Finding | None:
    """What the rule says of a commune (or any sum of them); None where its figures are not known.

    Low is one that fails either test. The first that fails decides; where none fails, the first that could be made.
    """
    made = [(name, count) for name in JUDGED if (count := (counts or {}).get(name)) and count.premises]
    for indicator, count in made:
        if _fails(indicator, count):
            return Finding(True, indicator, count)
    return Finding(False, *made[0]) if made else None


def _fails(indicator: str, count: Count) -> bool:
    if indicator == "ftth":
        return count.eligible * 100 < settings.COVERAGE_RULE["fibre_below_pct"] * count.premises
    return count.lacking * 100 > settings.COVERAGE_RULE["without_8_above_pct"] * count.premises


def zone_is_low(speed: str) -> bool:
    return SPEEDS[speed] < settings.COVERAGE_RULE["zone_below_mbit"]


def low_speeds() -> list[str]:
    """The classes of zones that are low."""
    return [speed for speed in SPEEDS if zone_is_low(speed)]


def in_words() -> str:
    """The rule and its numbers, as they are printed wherever it is used."""
    text = _(
        "Zone à faible débit : moins de {fibre} des locaux de la commune éligibles à la fibre, ou plus de {without}"
        " sans 8 Mbit/s filaires ; là où le département a livré une zone, moins de {zone} Mbit/s dans cette zone."
    )
    rule = settings.COVERAGE_RULE
    said = text.format(
        fibre=points(rule["fibre_below_pct"]),
        without=points(rule["without_8_above_pct"]),
        zone=number(rule["zone_below_mbit"]),
    )
    return tied(said)
