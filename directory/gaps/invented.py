"""Whether anything of a case is invented: the one answer, for screens and for what leaves the desk."""

from __future__ import annotations

from collections.abc import Container

from directory.gaps.refreshing import closures
from directory.models import GapCase


def invented_closures() -> frozenset[str]:
    """The communes whose copper closure is invented."""
    return frozenset(code for code, closure in closures().items() if closure.demo)


def is_demo(case: GapCase, invented: Container[str]) -> bool:
    """Whether the merchant, the figures, the zone, or the closure (of `invented_closures`) is invented."""
    figures = bool(case.edition and case.edition.demo) or bool(case.zone and case.zone.file.demo)
    return case.point_of_sale.demo or figures or (case.copper_on is not None and case.commune_id in invented)
