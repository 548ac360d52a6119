"""An entry that leaves: hidden at once, back within DAYS, gone for good after them."""

from __future__ import annotations

import logging
import uuid
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from directory import withdrawals
from directory.first_states import keep_first_state
from directory.gaps import refreshing
from directory.models import Deletion, Merchant, PointOfSale
from directory.owners import consents, erasing
from directory.owners.access import merchants_of

DAYS = 30
Status = PointOfSale.Status

logger = logging.getLogger(__name__)


def leave(merchant: Merchant, by: Any = None) -> Deletion:
    """Hide all of the merchant at once and remember it, so that no import brings it back. `by`: its owner, or None.

    Consents are withdrawn. A second call finds what the first did.
    """
    with transaction.atomic():
        merchant = Merchant.objects.select_for_update().get(pk=merchant.pk)
        if asked := Deletion.objects.filter(merchant=merchant).first():
            return asked
        statuses: dict[str, str] = {}
        withdrawal = uuid.uuid4()
        for place in erasing.with_merged(merchant):
            withdrawals.withdraw(place, withdrawal)
            if place.merchant_id == merchant.pk and place.status in (Status.DRAFT, Status.PUBLISHED):
                statuses[str(place.pk)] = place.status
                _change(place, Status.HIDDEN, "suppression demandée")
        consents.withdraw(merchant)
        asked = Deletion.objects.create(
            merchant=merchant,
            by=by,
            due_at=timezone.now() + timedelta(days=DAYS),
            before={"statuses": statuses, "withdrawal": str(withdrawal)},
        )
    refreshing.refresh([int(id_) for id_ in statuses])  # officials see no case of it either
    return asked


def come_back(merchant: Merchant) -> None:
    """Within DAYS: everything as it was, and imports may write it again.

    But for what somebody closed, merged or published meanwhile, which stays so, and for consents: those are given anew.
    """
    with transaction.atomic():
        merchant = Merchant.objects.select_for_update().get(pk=merchant.pk)
        asked = Deletion.objects.filter(merchant=merchant).first()
        if asked is None:
            return
        statuses = asked.before["statuses"]
        hidden = PointOfSale.objects.select_for_update().filter(pk__in=statuses, status=Status.HIDDEN)
        for place in hidden.order_by("pk"):
            _change(place, statuses[str(place.pk)], "suppression annulée")
        withdrawals.forget(uuid.UUID(asked.before["withdrawal"]))
        asked.delete()
    refreshing.refresh([int(id_) for id_ in statuses])


def is_leaving(merchant_id: int) -> bool:
    """Whether it asked to leave: nobody publishes anything of it meanwhile."""
    return Deletion.objects.filter(merchant=merchant_id).exists()


def pending(user: Any) -> QuerySet[Deletion]:
    """What the user may still undo, the first to go before the others."""
    return Deletion.objects.filter(merchant__in=merchants_of(user).order_by()).select_related("merchant")


def purge(now: datetime | None = None) -> int:
    """What is due goes for good, with its history and files; how many merchants that was.

    Each in a transaction of its own: one that fails is tried again the next day, and stops no other.
    """
    due = Deletion.objects.filter(due_at__lte=now or timezone.now()).order_by("due_at", "pk")
    gone = 0
    for id_, when in list(due.values_list("merchant", "due_at")):
        try:
            gone += erasing.erase(id_, when)
        except Exception:
            logger.exception("merchant %s is due to go, and is still there", id_)
    return gone


def _change(place: PointOfSale, status: str, why: str) -> None:
    keep_first_state(PointOfSale, place.pk)
    place.status = status
    place._change_reason = why  # type: ignore[attr-defined]
    place.save(update_fields=["status", "updated_at"])
