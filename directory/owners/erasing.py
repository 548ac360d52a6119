"""What goes for good with a merchant: its rows, their history, what is said of them elsewhere, files, its account."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db import models, transaction
from django.db.models import Q
from django.db.models.deletion import Collector

from directory import withdrawals
from directory.models import Claim, Merchant, Photo, PointOfSale, Registration, Schedule
from directory.owners import files
from directory.owners.belongings import histories, past_places

Status = PointOfSale.Status
OPEN_CLAIMS = (Claim.State.PENDING, Claim.State.ASKED, Claim.State.DISPUTED)


def erase(merchant_id: int, due: datetime) -> bool:
    """Delete the merchant for good, if it is still due at that time; files go once the rows have gone."""
    with transaction.atomic():
        merchant = Merchant.objects.select_for_update().filter(pk=merchant_id, deletion__due_at=due).first()
        if merchant is None:  # it came back
            return False
        merchants, places = _going(merchant)
        owner = merchant.owner
        photos = _photos(places)
        schedules = _schedules(places)
        _remember(merchant)
        _loosen(places)
        Registration.objects.filter(merchant__in=merchants).delete()
        _delete(Merchant.objects.filter(pk__in=merchants))
        _delete(PointOfSale.objects.filter(pk__in=places))
        _forget_log(PointOfSale, places)  # those of earlier days too
        _forget_history(merchants, places)
        Schedule.objects.filter(pk__in=schedules, points_of_sale=None).delete()
        if owner is not None:
            forget_account(owner)
    files.delete(photos)
    return True


def with_merged(merchant: Merchant) -> list[PointOfSale]:
    """Its points of sale, and those that were merged into them, but for what is somebody else's; locked."""
    found: dict[int, PointOfSale] = {}
    condition = Q(merchant=merchant)
    while True:
        rows = PointOfSale.objects.select_for_update(of=("self",)).filter(condition).exclude(pk__in=found)
        fresh = {place.pk: place for place in rows.select_related("merchant").order_by("pk")}
        if not fresh:
            return list(found.values())
        found |= fresh
        nobodys = Q(merchant__owner=None) | Q(merchant__owner=merchant.owner_id)
        condition = Q(merged_into__in=fresh) & nobodys


def forget_account(user: User) -> bool:
    """Delete the account, with its sessions and what was noted when it signed in, unless it is there for more."""
    if is_there_for_more(user):
        return False
    for log in (AccessAttempt, AccessFailureLog, AccessLog):
        log.objects.filter(username__in={user.username, user.email} - {""}).delete()
    for session in Session.objects.iterator():
        if session.get_decoded().get("_auth_user_id") == str(user.pk):
            session.delete()
    claims = list(user.claims.values_list("pk", flat=True))
    user.delete()
    Claim.history.filter(id__in=claims).delete()
    return True


def is_there_for_more(user: User) -> bool:
    """Whether the account owns something, is about to, or is that of an agent, an official or a moderator."""
    return (
        user.is_staff
        or user.is_superuser
        or user.groups.exists()
        or user.posts.exists()
        or user.chambers.exists()
        or user.merchants.exists()
        or user.claims.filter(state__in=OPEN_CLAIMS).exists()
        or Registration.objects.filter(owner=user, merchant=None).exists()
    )


def _going(merchant: Merchant) -> tuple[list[int], list[int]]:
    """The merchants and points of sale that go, also those of earlier days that only history knows.

    What was merged into them goes along: it is the same shop. So does its merchant, if that has nothing else. One that
    belongs to somebody else stays, closed.
    """
    ids = [place.pk for place in with_merged(merchant)]
    theirs = PointOfSale.objects.filter(merged_into__in=ids).exclude(pk__in=ids)
    theirs.update(status=Status.CLOSED, merged_into=None)
    others = PointOfSale.objects.exclude(pk__in=ids).values("merchant")
    absorbed = Merchant.objects.filter(points_of_sale__in=ids, owner=None).exclude(pk__in=others)
    merchants = list({merchant.pk, *absorbed.values_list("pk", flat=True)})
    return merchants, [*ids, *past_places(merchants)]


def _remember(merchant: Merchant) -> None:
    """What it is called by now: a list may have named it since it left."""
    withdrawal = UUID(merchant.deletion.before["withdrawal"])
    for place in with_merged(merchant):
        withdrawals.withdraw(place, withdrawal)


def _loosen(places: list[int]) -> None:
    """Nothing protects them from one another any more."""
    rows = PointOfSale.objects.filter(pk__in=places)
    rows.update(status=Status.HIDDEN, siret=None, merged_into=None)


def _photos(places: list[int]) -> set[str]:
    names = set(Photo.objects.filter(point_of_sale__in=places).values_list("file", flat=True))
    return names | set(Photo.history.filter(point_of_sale__in=places).values_list("file", flat=True))


def _schedules(places: list[int]) -> set[int]:
    """Those of today and of before: a text of opening hours may hold a remark."""
    ids = set(PointOfSale.history.filter(id__in=places).values_list("schedule_id", flat=True))
    return (ids | set(PointOfSale.objects.filter(pk__in=places).values_list("schedule_id", flat=True))) - {None}


def _delete(rows: models.QuerySet[Any]) -> None:
    """Delete the rows, what hangs from them, and what the admin's log says of any of these."""
    collector = Collector(using=rows.db)
    collector.collect(rows)
    going = [(model, {row.pk for row in held}) for model, held in collector.data.items()]
    going += [(fast.model, set(fast.values_list("pk", flat=True))) for fast in collector.fast_deletes]
    for model, keys in going:
        _forget_log(model, keys)
    rows.delete()


def _forget_log(model: type[models.Model], keys: Iterable[Any]) -> None:
    kind = ContentType.objects.get_for_model(model)
    LogEntry.objects.filter(content_type=kind, object_id__in=[str(key) for key in keys]).delete()


def _forget_history(merchants: list[int], places: list[int]) -> None:
    for rows in histories(merchants, places):
        rows.delete()
