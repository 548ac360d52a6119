"""Two editions beside each other: which communes of a département entered the gap, left it, or got worse."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count

from directory.models import PointOfSale
from geo.coverage import rule
from geo.coverage.figures import Figures
from geo.gazetteer import CommuneEntry

# A share that fell less than this, in points of percentage, is not worse: addresses are mended every quarter.
WORSE_BY = 1.0


@dataclass(frozen=True)
class Change:
    """A commune in both editions. `points_of_sale` counts those that are published there now."""

    commune: CommuneEntry
    before: rule.Finding | None
    after: rule.Finding | None
    points_of_sale: int


@dataclass(frozen=True)
class Comparison:
    entered: tuple[Change, ...]
    left: tuple[Change, ...]
    worse: tuple[Change, ...]
    # Known in one of the two editions only: nothing is said of them.
    unknown: tuple[CommuneEntry, ...]


def compare(departement: str, before: Figures, after: Figures) -> Comparison:
    """What changed between two editions, by the rule of today; most points of sale first."""
    there = dict(
        PointOfSale.objects.filter(status=PointOfSale.Status.PUBLISHED, commune__departement=departement)
        .order_by().values_list("commune").annotate(n=Count("pk"))
    )  # fmt: skip
    entries = [entry for entry in after.ground.entries if entry.departement == departement]
    changes, unknown = [], []
    for entry in entries:
        was, is_ = (rule.find(figures.communes.get(entry.code)) for figures in (before, after))
        if was is None or is_ is None:
            if was is not is_:
                unknown.append(entry)
        else:
            changes.append(Change(entry, was, is_, there.get(entry.code, 0)))
    changes.sort(key=lambda change: (-change.points_of_sale, change.commune.name))
    return Comparison(
        entered=tuple(c for c in changes if c.after.low and not c.before.low),  # type: ignore[union-attr]
        left=tuple(c for c in changes if c.before.low and not c.after.low),  # type: ignore[union-attr]
        worse=tuple(c for c in changes if _worse(c, before, after)),
        unknown=tuple(unknown),
    )


def _worse(change: Change, before: Figures, after: Figures) -> bool:
    """In the gap in both, with a smaller share of the same indicator."""
    was, is_ = change.before, change.after
    if not (was and is_ and was.low and is_.low):
        return False
    earlier = before.communes[change.commune.code].get(is_.indicator)
    if earlier is None or not earlier.premises or not is_.count.premises:
        return False
    return 100 * (earlier.eligible / earlier.premises - is_.count.eligible / is_.count.premises) >= WORSE_BY
