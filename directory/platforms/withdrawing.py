"""What a partner's list no longer has: hidden here, and shown again when the list has it once more.

Only what lists alone brought is hidden: an entry that a person edited, claimed or registered stays, and is reported.
Why an entry is hidden stands in its history, so that one hidden by a moderator never comes back by itself.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import models
from django.db.models import Case, Exists, OuterRef, Q, Subquery, Value, When
from simple_history.utils import bulk_create_with_history

from directory.importing.bulk import record_history
from directory.importing.known import HOLDS
from directory.models import Consent, Feed, Merchant, MerchantLabel, Offer, PointOfSale, SoldOn, SourceRecord
from directory.models.platform import Platform

Status = PointOfSale.Status
# As reasons of the history: "retrait ma-liste".
WITHDRAWN, RETURNED, LISTED = "retrait", "retour", "flux"
# Fewer than these may always go; more, while they are at most this part of the list.
FEW, PART = 5, 1 / 3


@dataclass(frozen=True, slots=True)
class Missing:
    """The records that the list had last time and now lacks, by external id, of how many."""

    by_id: dict[str, int]
    known: int

    @property
    def records(self) -> list[int]:
        return list(self.by_id.values())

    def is_doubtful(self, read: int) -> bool:
        """Whether it is rather the list that is wrong: nothing in it, or too much gone at once."""
        count = len(self.by_id)
        return count > 0 and (read == 0 or (count >= FEW and count > self.known * PART))


def known_before(slug: str) -> dict[str, int]:
    """The records that the list had last time: their ids by external id."""
    return dict(_records(slug).filter(absent_since=None).values_list("external_id", "pk"))


def missing(known: dict[str, int], absent: Collection[str]) -> Missing:
    """Of the records known before, those that are now absent."""
    return Missing({each: known[each] for each in absent if each in known}, len(known))


def orphans(gone: Missing) -> models.QuerySet[PointOfSale]:
    """The points of sale of these records that no other list has."""
    records = SourceRecord.objects.filter(point_of_sale=OuterRef("pk"))
    gone_here, listed = records.filter(pk__in=gone.records), records.filter(absent_since=None)
    there = PointOfSale.objects.filter(status__in=[Status.PUBLISHED, Status.DRAFT])
    return there.filter(Exists(gone_here), ~Exists(listed.exclude(pk__in=gone.records)))


def leaving(gone: Missing) -> models.QuerySet[PointOfSale]:
    """Of the orphans, those that lists alone made and changed: they go."""
    imported = PointOfSale.history.filter(
        id=OuterRef("pk"), history_type="+", history_user=None, history_change_reason__startswith="import "
    )
    found = orphans(gone).filter(Exists(imported), *_untouched(), merchant__owner=None)
    return found.exclude(pin_precision=PointOfSale.Precision.MANUAL)


def staying(gone: Missing) -> models.QuerySet[PointOfSale]:
    """Of the orphans, those that people have to do with: they stay, for somebody to look at."""
    found = orphans(gone).filter(status=Status.PUBLISHED).exclude(pk__in=leaving(gone).values("pk"))
    return found.select_related("merchant").order_by("pk")


def _untouched() -> list[Q]:
    """That no person is in the history of the point of sale, its merchant or their lines."""
    lines: tuple[tuple[type[models.Model], dict[str, OuterRef]], ...] = (
        (PointOfSale, {"id": OuterRef("pk")}),
        (Offer, {"point_of_sale_id": OuterRef("pk")}),
        (Merchant, {"id": OuterRef("merchant_id")}),
        (MerchantLabel, {"merchant_id": OuterRef("merchant_id")}),
        (Consent, {"merchant_id": OuterRef("merchant_id")}),
    )
    return [
        Q(~Exists(model.history.filter(history_user__isnull=False, **key)))  # type: ignore[attr-defined]
        for model, key in lines
    ]


def withdraw(slug: str, gone: Missing, now: datetime) -> int:
    """Hide what goes with the missing records; how many points of sale."""
    ids = list(leaving(gone).order_by("pk").values_list("pk", flat=True))
    PointOfSale.objects.filter(pk__in=ids).update(status=Status.HIDDEN, updated_at=now)
    SourceRecord.objects.filter(pk__in=gone.records).update(absent_since=now)
    record_history(PointOfSale, ids, "~", now, f"{WITHDRAWN} {slug}")
    return len(ids)


def restore(slug: str, absent: Collection[str], now: datetime) -> int:
    """Show again what the list has once more, if only a list's silence had hidden it; how many points of sale."""
    away = dict(_records(slug).exclude(absent_since=None).values_list("external_id", "pk"))
    _records(slug).filter(pk__in=[away[each] for each in away.keys() - set(absent)]).update(absent_since=None)
    listed = _records(slug).filter(point_of_sale=OuterRef("pk"), absent_since=None)
    hidden = PointOfSale.objects.filter(Exists(listed), status=Status.HIDDEN, merchant__deletion=None)
    hidden = hidden.annotate(why=_why_hidden())
    ids = list(hidden.filter(why__startswith=f"{WITHDRAWN} ").order_by("pk").values_list("pk", flat=True))
    shown = Case(When(reviews__overlap=list(HOLDS), then=Value(Status.DRAFT)), default=Value(Status.PUBLISHED))
    PointOfSale.objects.filter(pk__in=ids).update(status=shown, updated_at=now)
    record_history(PointOfSale, ids, "~", now, f"{RETURNED} {slug}")
    return len(ids)


def _why_hidden() -> Subquery:
    """The reason of the change that hid a point of sale, whatever was changed since."""
    history = PointOfSale.history.order_by("-history_id")
    last_shown = history.filter(id=OuterRef(OuterRef("pk"))).exclude(status=Status.HIDDEN).values("history_id")[:1]
    hiding = PointOfSale.history.filter(id=OuterRef("pk"), history_id__gt=Subquery(last_shown))
    return Subquery(hiding.order_by("history_id").values("history_change_reason")[:1])


def list_sellers(slug: str, platform: Platform, now: datetime) -> int:
    """Say that the merchants of the list sell on its platform, and no longer say so of those gone; how many changed.

    What a person said of a merchant and a platform stays.
    """
    lists = Feed.objects.filter(platform=platform).values("slug")
    listed = SourceRecord.objects.filter(source__slug__in=lists, absent_since=None).values("point_of_sale__merchant")
    told = SoldOn.objects.filter(platform=platform)
    new = Merchant.objects.filter(pk__in=listed).exclude(pk__in=told.values("merchant")).order_by("pk")
    made = [SoldOn(merchant=merchant, platform=platform) for merchant in new.only("pk")]
    bulk_create_with_history(made, SoldOn, default_change_reason=f"{LISTED} {slug}", default_date=now)
    ours = SoldOn.history.filter(id=OuterRef("pk"), history_change_reason__startswith=f"{LISTED} ")
    people = SoldOn.history.filter(id=OuterRef("pk"), history_user__isnull=False)
    past = told.exclude(merchant__in=listed).filter(Exists(ours), ~Exists(people))
    for each in (gone := list(past.order_by("pk"))):
        each._change_reason = f"{LISTED} {slug}"  # type: ignore[attr-defined]
        each.delete()
    return len(made) + len(gone)


def _records(slug: str) -> models.QuerySet[SourceRecord]:
    return SourceRecord.objects.filter(source__slug=slug)
