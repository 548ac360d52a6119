"""How often the address service is called, decided together by all workers on one row of `ProviderPace`.

Call nothing here inside a transaction: the row would stay held until its end, and the other workers would go without.
"""

from __future__ import annotations

import time
from datetime import timedelta
from pathlib import Path

from django.db import connection, transaction
from django.db.models import F
from django.db.models.functions import Greatest, Now
from django.utils import timezone

from geo.geocoding.errors import ProviderUnavailable
from geo.models import ProviderPace

_RESERVE_CALL = (Path(__file__).parent / "reserve_call.sql").read_text("utf-8")
# How long to look again for a row that another worker holds: holding it takes well under a millisecond.
HELD_ROW_S = 0.01
# What a service asks for is believed up to this; a mistaken header must not switch it off for a day.
MAX_PAUSE_S = 600.0


def wait_for_turn(provider: str, calls_per_second: float, max_wait_s: float) -> None:
    """Reserves the next call and sleeps until its time. Raises ProviderUnavailable when that is beyond `max_wait_s`.

    A refused caller reserves nothing, so that the queue never grows longer than somebody is ready to wait.
    """
    deadline = time.monotonic() + max_wait_s
    interval = 1 / calls_per_second if calls_per_second > 0 else 0.0
    while True:
        left = max(deadline - time.monotonic(), 0.0)
        with connection.cursor() as cursor:
            cursor.execute(_RESERVE_CALL, {"provider": provider, "interval": interval, "max_wait": left})
            row = cursor.fetchone()
        if row is not None:
            time.sleep(max(row[0], 0.0))
            return
        _check_why(provider, left)


def _check_why(provider: str, left: float) -> None:
    """After a reservation that gave nothing: the row is missing, too far away, or held for a moment."""
    next_call_at = ProviderPace.objects.filter(pk=provider).values_list("next_call_at", flat=True).first()
    if next_call_at is None:
        ProviderPace.objects.bulk_create(
            [ProviderPace(provider=provider, next_call_at=timezone.now())], ignore_conflicts=True
        )
        return
    wait = (next_call_at - timezone.now()).total_seconds()
    if wait > left:
        raise ProviderUnavailable("the address service is being left alone for a while", retry_after=wait)
    if left <= HELD_ROW_S:
        raise ProviderUnavailable("the address service's pace is held by another worker", retry_after=1.0)
    time.sleep(HELD_ROW_S)


def pause(provider: str, seconds: float) -> None:
    """Nobody calls for that long: after a 429, a time-out, a server's error. Never shortens a pause."""
    until = Now() + timedelta(seconds=min(max(seconds, 0.0), MAX_PAUSE_S))
    with transaction.atomic():
        held = ProviderPace.objects.select_for_update(skip_locked=True).filter(pk=provider).first()
        if held is not None:
            ProviderPace.objects.filter(pk=provider).update(next_call_at=Greatest(F("next_call_at"), until))
