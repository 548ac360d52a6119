"""How long ago somebody vouched for an entry: its owner who confirms or saves it, an agent who says so, and a partner's
list that still names it.

Where nobody did for settings.FRESHNESS_DAYS[0] days, its owner is reminded; after the second figure the entry says so,
and so much later as the third it is hidden, its owner having been told. It is never shown again by itself: its owner
confirms, and it is back. Invented entries stay as they are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from enum import IntEnum
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils import timezone

from directory.importing import bulk
from directory.models import Feed, FeedRun, PointOfSale, SourceRecord
from directory.owners.leaving import is_leaving

Status = PointOfSale.Status
# A run looks at so many; what is left is the next one's.
MOST, BATCH = 20_000, 500
# One that says that nobody confirmed it is looked at so often: a partner's list may name it again.
AGAIN = timedelta(days=7)
# What a passage of a feed came to when the list was read.
READ = (FeedRun.Outcome.UNCHANGED, FeedRun.Outcome.WRITTEN)
REASON = "plus confirmée depuis longtemps"


class Step(IntEnum):
    """What is due, in this order; places in settings.FRESHNESS_DAYS."""

    REMIND, STALE, HIDE = range(3)


# Tells an owner what is due of its entries; whether that reached the mail server.
Teller = Callable[[User, Step, list[PointOfSale]], bool]


# --- Confirming ------------------------------------------------------------------------------------------------------
def confirm(place: PointOfSale) -> None:
    """All of it is right, as of now, in memory: who calls saves. What was hidden for want of this is back."""
    now = timezone.now()
    if was_hidden(place) and not is_leaving(place.merchant_id):
        place.status = Status.PUBLISHED
    place.confirmed_at, place.stale_since, place.look_at = now, None, now + _after(Step.REMIND)


def was_hidden(place: PointOfSale) -> bool:
    """Whether it is hidden because nobody confirmed it: nothing else leaves nothing to look at."""
    return place.status == Status.HIDDEN and place.stale_since is not None and place.look_at is None


def vouched(places: Sequence[PointOfSale]) -> dict[int, datetime]:
    """When somebody last vouched for each of the places, by id; in two queries."""
    said = {place.pk: max(place.created_at, place.confirmed_at or place.created_at) for place in places}
    read = _last_read()
    records = SourceRecord.objects.filter(point_of_sale__in=list(said), absent_since=None)
    for pk, slug, imported_at in records.values_list("point_of_sale", "source__slug", "imported_at"):
        said[pk] = max(said[pk], imported_at, read.get(slug, imported_at))
    return said


def is_overdue(vouched_at: datetime) -> bool:
    """Whether its owner is to be asked again."""
    return timezone.now() >= vouched_at + _after(Step.REMIND)


def _last_read() -> dict[str, datetime]:
    """When each partner's list was last read: all that it still names was vouched for then."""
    feeds = Feed.objects.filter(runs__outcome__in=READ).annotate(read_at=Max("runs__started_at"))
    return dict(feeds.values_list("slug", "read_at"))


# --- The daily run ---------------------------------------------------------------------------------------------------
def run(tell: Teller, now: datetime | None = None) -> int:
    """Do what is due; how many entries were looked at. One that was stopped goes on where it was, as does one whose
    mail server was away: what could not be told is not done."""
    now, looked = now or timezone.now(), 0
    due = PointOfSale.objects.filter(status=Status.PUBLISHED, look_at__lte=now).order_by("look_at", "pk")
    untold: set[int] = set()
    while looked < MOST:
        batch = list(due.exclude(pk__in=untold).select_related("merchant__owner")[:BATCH])
        if not batch:
            break
        looked += len(batch)
        untold |= _look(batch, tell, now)
    return looked


def _look(batch: Sequence[PointOfSale], tell: Teller, now: datetime) -> set[int]:
    """Does what is due of the batch; the ids of those whose owners could not be told."""
    when = vouched(batch)
    PointOfSale.objects.filter(pk__in=[place.pk for place in batch if place.demo]).update(look_at=None)
    steps: dict[Step, list[PointOfSale]] = {step: [] for step in Step}
    for place in batch:
        if not place.demo:
            step = step_of(place, when[place.pk], now)
            if step is None:
                _wait(place, when[place.pk], now)
            else:
                steps[step].append(place)
    untold: set[int] = set()
    for step, places in steps.items():
        for owner, owned in _by_owner(places):
            # Telling takes a while, in which others confirm.
            owned = [place for place in owned if _as_read(place).exists()]
            if not owned:
                continue
            if owner is None or tell(owner, step, owned):
                _do(step, owned, when, now, told=owner is not None)
            else:
                untold |= {place.pk for place in owned}
    return untold


def step_of(place: PointOfSale, when: datetime, now: datetime) -> Step | None:
    """What is due of a published place for which somebody vouched then."""
    if now < when + _after(Step.REMIND):
        return None
    if now < when + _after(Step.STALE):
        reminded = place.reminded_at is not None and place.reminded_at >= when
        return None if reminded or place.merchant.owner_id is None else Step.REMIND
    if place.stale_since is None:
        return Step.STALE
    return Step.HIDE if now >= hides_at(place) else None


def hides_at(place: PointOfSale) -> datetime:
    """When one that is stale is hidden: so long after its owner was told."""
    assert place.stale_since is not None
    stale_at = place.stale_since + _after(Step.STALE)
    return max(stale_at, place.reminded_at or stale_at) + _after(Step.HIDE)


def _wait(place: PointOfSale, when: datetime, now: datetime) -> None:
    """Nothing is due: the next time that something may be."""
    later = (when + _after(Step.REMIND), when + _after(Step.STALE), now + AGAIN)
    stale_since = place.stale_since if now >= when + _after(Step.STALE) else None
    look_at = next(at for at in later if at > now)
    _as_read(place).update(look_at=look_at, stale_since=stale_since)


def _do(step: Step, places: list[PointOfSale], when: dict[int, datetime], now: datetime, told: bool) -> None:
    reminded = {"reminded_at": now} if told else {}
    match step:
        case Step.REMIND:
            for place in places:
                _as_read(place).update(look_at=when[place.pk] + _after(Step.STALE), **reminded)
        case Step.STALE:
            for place in places:
                _as_read(place).update(stale_since=when[place.pk], look_at=now + AGAIN, **reminded)
        case Step.HIDE:
            with transaction.atomic():
                hide: dict[str, Any] = {"status": Status.HIDDEN, "look_at": None, "updated_at": now}
                ids = [place.pk for place in places if _as_read(place).update(**hide)]
                bulk.record_history(PointOfSale, ids, "~", now, REASON)


def _as_read(place: PointOfSale) -> QuerySet[PointOfSale]:
    """Its row, unless somebody confirmed, closed or withdrew it since it was read."""
    return PointOfSale.objects.filter(pk=place.pk, status=Status.PUBLISHED, look_at=place.look_at)


def _by_owner(places: Iterable[PointOfSale]) -> Iterable[tuple[User | None, list[PointOfSale]]]:
    """The places of each owner that can be told, and those of nobody."""
    found: dict[int | None, tuple[User | None, list[PointOfSale]]] = {}
    for place in places:
        owner = place.merchant.owner
        owner = owner if owner is not None and owner.is_active and owner.email else None
        found.setdefault(owner.pk if owner else None, (owner, []))[1].append(place)
    return found.values()


def _after(step: Step) -> timedelta:
    """How long one waits before a step: since somebody vouched for it; for the last, since it is stale."""
    return timedelta(days=settings.FRESHNESS_DAYS[step])
