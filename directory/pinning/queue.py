"""The queue of addresses to geocode: who asks, and how a worker takes some and leaves them again.

Nothing here waits for a lock: rows that somebody holds are passed over, so that neither an import nor a form that is
being saved can meet a worker in a deadlock.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from directory.models import PinRequest, PointOfSale
from directory.models.point_of_sale import UNPLACED
from geo.geocoding import Address

Why = PinRequest.Why
State = PinRequest.State
BATCH = 5_000
BEGUN_ANEW = ("why", "state", "asked_at", "tries", "next_at", "outcome", "done_at")
# A worker that dies leaves its rows to others after this: ten addresses asked twice each, all of them timing out after
# three seconds, take one minute.
LEASE = timedelta(minutes=5)
# After the first outage and the last: in between it doubles.
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=5), timedelta(hours=6)
# What was not found is asked again after this: the national address base grows each week.
AGAIN_AFTER = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Claim:
    """An address that a worker took, as it was then. The lease is its receipt: whoever asks anew changes it."""

    place: int
    why: str
    address: Address
    tries: int
    lease: datetime


def enqueue(place_ids: Iterable[int], why: str) -> int:
    """Let the address service place these points of sale when it can; how many. Asked again, it begins anew.

    In the caller's transaction, one statement for five thousand. Nobody is called here: a worker does that.
    """
    now = timezone.now()
    rows = [PinRequest(point_of_sale_id=id_, why=Why(why), asked_at=now, next_at=now) for id_ in sorted(set(place_ids))]
    if not rows:
        return 0
    PinRequest.objects.bulk_create(
        rows, batch_size=BATCH, update_conflicts=True, unique_fields=["point_of_sale"], update_fields=BEGUN_ANEW
    )
    return len(rows)


def unplaced(again_failed: bool = False) -> QuerySet[PointOfSale]:
    """What has no pin, or a street and yet the commune's centre, and was not asked about lately.

    `again_failed`: lately or not, unless it waits.
    """
    asked = Q(pin_request__state=State.WAITING)
    if not again_failed:
        asked |= Q(pin_request__asked_at__gt=timezone.now() - AGAIN_AFTER)
    places = PointOfSale.objects.live().filter(UNPLACED, demo=False, commune__isnull=False)
    return places.exclude(asked).order_by("pk")


def waiting(only: Q = Q()) -> QuerySet[PinRequest]:  # noqa: B008 - frozen
    """What the queue holds, the first to be asked first."""
    return PinRequest.objects.filter(only, state=State.WAITING)


def take(count: int, only: Q) -> list[Claim]:
    """The next addresses that are due; nobody else gets them until the lease ends or they are left."""
    now = timezone.now()
    lease = now + LEASE
    with transaction.atomic():
        due = waiting(only).filter(next_at__lte=now).select_related("point_of_sale")
        rows = list(due.select_for_update(skip_locked=True, of=("self",))[:count])
        PinRequest.objects.filter(pk__in=[row.pk for row in rows]).update(next_at=lease)
    return [Claim(row.pk, row.why, address_of(row.point_of_sale), row.tries, lease) for row in rows]


def held(claims: Sequence[Claim]) -> dict[int, PinRequest]:
    """The requests that are still ours, locked. In a transaction."""
    rows = waiting().filter(pk__in=[claim.place for claim in claims], next_at=claims[0].lease).order_by("pk")
    return {row.pk: row for row in rows.select_for_update(skip_locked=True)}


def leave(claims: Sequence[Claim], wait: timedelta = timedelta()) -> None:
    """Give back what was not asked, for after `wait`: it counts as no try."""
    _of(claims).update(next_at=timezone.now() + wait)


def put_off(claim: Claim, retry_after: float) -> None:
    """The address service was away: later, the later the more often it was."""
    wait = min(FIRST_WAIT * 2 ** min(claim.tries, 20), LONGEST_WAIT)
    next_at = timezone.now() + max(wait, timedelta(seconds=retry_after))
    _of([claim]).update(next_at=next_at, tries=F("tries") + 1, outcome="provider_away")


def address_of(place: PointOfSale) -> Address:
    """What the address service is asked about a point of sale."""
    return Address(place.street, place.postcode, commune_code=place.commune_id or "")


def _of(claims: Sequence[Claim]) -> QuerySet[PinRequest]:
    """What is still ours of it."""
    ids = [claim.place for claim in claims]
    return waiting().filter(pk__in=ids, next_at__in={claim.lease for claim in claims})
