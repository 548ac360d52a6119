"""The queue of addresses to geocode: who asks, and what is still to be asked."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils import timezone

from directory.models import PinRequest

Why = PinRequest.Why
FIELDS = ("why", "state", "asked_at", "tries", "next_at", "outcome", "done_at")


def enqueue(place_ids: Iterable[int], why: str) -> int:
    """Let the address service place these points of sale when it can; how many. Asked again, it begins anew.

    In the caller's transaction, in one statement for five thousand. Nothing is called here: a worker does that.
    """
    now = timezone.now()
    rows = [PinRequest(point_of_sale_id=id_, why=Why(why), asked_at=now, next_at=now) for id_ in sorted(set(place_ids))]
    PinRequest.objects.bulk_create(
        rows, batch_size=5_000, update_conflicts=True, unique_fields=["point_of_sale"], update_fields=FIELDS
    )
    return len(rows)
