"""The ordered classes of an indicator, from the widest gap up: shares of premises, cut where the rule cuts."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from django.conf import settings

# What is mapped, in the order of preference. Each is the share of premises eligible to it.
MAPPED = ("ftth", "8", "30", "100", "1000")
UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Count:
    """Of `premises`, so many are eligible. Shares come from sums of counts, never from shares."""

    eligible: int
    premises: int

    def __add__(self, other: Count) -> Count:
        return Count(self.eligible + other.eligible, self.premises + other.premises)

    @property
    def lacking(self) -> int:
        return self.premises - self.eligible

    @property
    def share(self) -> float | None:
        """From 0 to 1; None where there are no premises."""
        return self.eligible / self.premises if self.premises else None


@cache
def bounds(indicator: str) -> tuple[float, ...]:
    """The four percentages between the five classes. The rule's own is one of them: the map shows what it says."""
    if indicator == "8":
        cut = 100 - settings.COVERAGE_RULE["without_8_above_pct"]
        return (cut - (100 - cut), cut, cut + (100 - cut) / 2, cut + (100 - cut) * 0.9)
    cut = settings.COVERAGE_RULE["fibre_below_pct"]
    return (cut / 2, cut, cut + (100 - cut) / 2, cut + (100 - cut) * 0.8)


def steps(indicator: str) -> tuple[str, ...]:
    """The classes of the indicator, the widest gap first: ("0-25", "25-50", "50-75", "75-90", "90-100")."""
    edges = (0.0, *bounds(indicator), 100.0)
    return tuple(f"{low:g}-{high:g}" for low, high in pairwise(edges))


def rank(indicator: str, count: Count) -> int | None:
    """Which of the classes, from 0 for the widest gap; None where there are no premises."""
    if not count.premises:
        return None
    return sum(count.eligible * 100 >= bound * count.premises for bound in bounds(indicator))


def step(indicator: str, count: Count | None) -> str:
    """The class of a count; "unknown" for none."""
    at = None if count is None else rank(indicator, count)
    return UNKNOWN if at is None else steps(indicator)[at]
