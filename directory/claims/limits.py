"""How often somebody without an account may do what costs others something: in a week, from one address.

Counted in memory, as `visitors` does it: nothing of who asked is kept.
"""

from __future__ import annotations

from datetime import date, timedelta

from django.http import HttpRequest
from django.utils import timezone

from directory import visitors

EVERYBODY = "everybody"


def within(request: HttpRequest, most: int, *what: object) -> bool:
    """Count it; whether it is still within what one address may do in a week."""
    return counted(visitors.client_address(request), *what) <= most


def counted(address: str, *what: object) -> int:
    """How often that was done in this week, this time included. `EVERYBODY` is an address too."""
    return visitors.tally.count(_week(), address, *what)


def so_far(address: str, *what: object) -> int:
    """How often that was done in this week."""
    return visitors.tally.times(_week(), address, *what)


def _week() -> date:
    today = timezone.localdate()
    return today - timedelta(days=today.weekday())
