"""Shares in words that promise no more than the numbers: rounded, but never onto or across a class's bound."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from functools import cache
from math import ceil, floor

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from geo.coverage.steps import bounds
from geo.french import tied

NONE = "–"  # a share of nothing


def percent(part: int, whole: int) -> str:
    """How many of `whole` are `part`, in per cent: "34 %", "99,9 %"; "–" of nothing.

    It reads 0 %, 100 % or the bound of a class only where it is exactly that, and stays on its side of them.
    """
    if not whole:
        return NONE
    exact = Fraction(100 * part, whole)
    return points(next(near for near in _roundings(exact) if _sides(near) == _sides(exact)))


def points(value: Fraction | float) -> str:
    """A number of hundredths, all its decimals shown: "50 %", "12,5 %"."""
    return tied(_("{number} %").format(number=number(value)))


def number(value: Fraction | float) -> str:
    """As the language writes it, with the decimals that it has: "0,5", "1 000"."""
    plain = f"{Decimal(str(float(value))):f}"
    plain = plain.rstrip("0").rstrip(".") if "." in plain else plain
    return str(number_format(plain, use_l10n=True, force_grouping=True))


def _roundings(exact: Fraction) -> Iterator[Fraction]:
    """The nearest whole, then with more and more decimals the nearest, the one below, the one above."""
    yield Fraction(floor(exact + Fraction(1, 2)))
    tens = 10
    while True:
        scaled = exact * tens
        yield from (Fraction(n, tens) for n in (floor(scaled + Fraction(1, 2)), floor(scaled), ceil(scaled)))
        tens *= 10


def _sides(share: Fraction) -> tuple[int, int]:
    """Where it lies among the bounds: how many are below it, and how many are not above it."""
    return bisect_left(_edges(), share), bisect_right(_edges(), share)


@cache
def _edges() -> tuple[Fraction, ...]:
    """The bounds of all classes, read as what is eligible and as what is not."""
    cut = {Fraction(str(bound)) for indicator in ("ftth", "8") for bound in bounds(indicator)}
    return tuple(sorted({Fraction(0), Fraction(100), *cut, *(100 - bound for bound in cut)}))
