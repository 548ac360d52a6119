"""What somebody else changed in an owner's entry, read from the history: so no writer can forget to tell.

Run again, it adds nothing: each notice names the records that it was made of. What was read is not read again, once
nothing can come before it any more.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.db import OperationalError, connection, models, transaction
from django.utils import timezone
from psycopg.errors import LockNotAvailable

from directory.importing.known import chunks
from directory.models import Gathered, Merchant, MerchantLabel, Offer, OwnerNotice, Photo, PointOfSale, Source
from directory.moderating.changes import Change, Version, steps, versions

# A worker may be off as long, and nothing is lost.
LOOKED_BACK = timedelta(days=14)
IMPORT = "import "
CHUNK = 500
# Of each model: how its history knows the merchant or the point of sale, and whether a new row is news to the owner.
TOLD: tuple[tuple[Any, str, bool], ...] = (
    (Merchant, "id", False),
    (PointOfSale, "merchant_id", False),
    (MerchantLabel, "merchant_id", True),
    (Offer, "point_of_sale_id", True),
    (Photo, "point_of_sale_id", True),
)
# Rows of owned merchants that somebody else wrote: {} is the history's table and the join that leads to the merchant.
OTHERS = """
SELECT DISTINCT history.id FROM {table} AS history {join}
WHERE merchant.owner_id IS NOT NULL AND history.history_id > %s AND history.history_date >= %s
  AND (history.history_user_id IS NULL OR history.history_user_id <> merchant.owner_id)
"""
JOINS = {
    "id": "JOIN directory_merchant AS merchant ON merchant.id = history.id",
    "merchant_id": "JOIN directory_merchant AS merchant ON merchant.id = history.merchant_id",
    "point_of_sale_id": "JOIN directory_pointofsale AS place ON place.id = history.point_of_sale_id"
    " JOIN directory_merchant AS merchant ON merchant.id = place.merchant_id",
}
Events = dict[tuple[int, str, int | None], dict[str, Any]]


def gather(now: datetime | None = None) -> int:
    """Make the notices of what others changed lately; how many. Some queries, however much an import wrote."""
    since = (now or timezone.now()) - LOOKED_BACK
    made, read, last = 0, dict(Gathered.objects.values_list("model", "record")), _last()
    for model, key, additions in TOLD:
        for ids in chunks(_changed(model, key, read.get(model._meta.model_name, 0), since), CHUNK):
            made += _note(model, key, ids, since, additions)
    Gathered.objects.bulk_create(last, update_conflicts=True, unique_fields=["model"], update_fields=["record"])
    return made


def _last() -> list[Gathered]:
    """The newest record of each history; none while somebody is writing, who may have taken a number before it that is
    seen when that transaction ends. Writers wait for a moment at most."""
    tables = ", ".join(model.history.model._meta.db_table for model, _key, _additions in TOLD)
    try:
        with transaction.atomic(durable=True), connection.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {tables} IN SHARE MODE NOWAIT")
            newest = ((m, m.history.aggregate(last=models.Max("history_id"))["last"]) for m, _key, _additions in TOLD)
            return [Gathered(model=model._meta.model_name, record=last or 0) for model, last in newest]
    except OperationalError as error:
        if isinstance(error.__cause__, LockNotAvailable):
            return []
        raise


def _changed(model: Any, key: str, read: int, since: datetime) -> list[int]:
    statement = OTHERS.format(table=model.history.model._meta.db_table, join=JOINS[key])
    with connection.cursor() as cursor:
        cursor.execute(statement, [read, since])
        return sorted(id_ for (id_,) in cursor.fetchall())


def _note(model: Any, key: str, ids: list[int], since: datetime, additions: bool) -> int:
    read = versions(model, ids)
    owners = _owners(model, key, read)
    told = _told({merchant for merchant, _owner, _since, _place in owners.values()}, since)
    events: Events = {}
    for row, rows in read.items():
        if row not in owners:
            continue
        merchant, owner, owned_since, place = owners[row]
        for version, changed in steps(model, rows):
            record = f"{model._meta.model_name}:{version.record}"
            theirs = (
                version.user == owner or version.at < since or version.at <= owned_since or record in told[merchant]
            )
            if theirs or not (changed or (additions and version.kind != "~")):
                continue
            _add(events, (merchant, _who(version), place), model, record, version, changed)
    users = _staff({version.user for rows in read.values() for version in rows if version.user})
    notices = [
        OwnerNotice(merchant_id=merchant, what=what | _by(who, users))
        for (merchant, who, _place), what in events.items()
    ]
    return len(OwnerNotice.objects.bulk_create(notices))


def _add(events: Events, key: Any, model: Any, record: str, version: Version, changed: list[Change]) -> None:
    """Gather what one person, or one import, changed in one place."""
    what = events.setdefault(
        key,
        {"code": "changed", "place": key[2], "model": model._meta.model_name, "fields": [], "records": [],
         "added": 0, "removed": 0},
    )  # fmt: skip
    what["records"].append(record)
    what["fields"] += [change.field.name for change in changed if change.field.name not in what["fields"]]
    what["added"] += version.kind == "+"
    what["removed"] += version.kind == "-"
    what["on"] = version.at.isoformat()


def _who(version: Version) -> str:
    """A user's number, an import's reason, or nothing: work done in the background."""
    return str(version.user) if version.user else version.reason if version.reason.startswith(IMPORT) else ""


def _by(who: str, users: dict[int, str]) -> dict[str, str]:
    if who.isdigit():
        return {"by": users.get(int(who), "other")}
    if not who:
        return {"by": "service"}
    slug = who.removeprefix(IMPORT).split()[0]
    return {"by": "import", "source": Source.objects.filter(slug=slug).values_list("name", flat=True).first() or slug}


def _staff(ids: Iterable[int]) -> dict[int, str]:
    """What each of these users is to an owner."""
    users = get_user_model().objects.filter(pk__in=list(ids))
    at_chamber = models.Exists(get_user_model().objects.filter(pk=models.OuterRef("pk"), chambers__isnull=False))
    rows = users.annotate(chamber=at_chamber).values_list("pk", "is_staff", "chamber")
    return {pk: "agent" if staff else "chamber" if chamber else "other" for pk, staff, chamber in rows}


def _owners(model: Any, key: str, read: dict[int, list[Version]]) -> dict[int, tuple[int, int, datetime, int | None]]:
    """By row: its merchant, the owner, since when that is the owner, and the point of sale."""
    last = {row: rows[-1] for row, rows in read.items()}
    if key == "point_of_sale_id":
        wanted = {version.values[key] for version in last.values()}
        merchant_of = dict(PointOfSale.objects.filter(pk__in=wanted).values_list("pk", "merchant_id"))
        of = {row: (merchant_of.get(version.values[key]), version.values[key]) for row, version in last.items()}
    elif key == "id":
        of = {row: (row, None) for row in last}
    else:
        of = {row: (version.values[key], row if model is PointOfSale else None) for row, version in last.items()}
    merchants = {merchant for merchant, _place in of.values() if merchant}
    owner_of = dict(Merchant.objects.filter(pk__in=merchants, owner__isnull=False).values_list("pk", "owner_id"))
    since = dict(_since(owner_of))
    return {
        row: (merchant, owner_of[merchant], since[merchant], place)
        for row, (merchant, place) in of.items()
        if merchant in owner_of
    }


def _since(owner_of: dict[int, int]) -> Iterator[tuple[int, datetime]]:
    """Since when each merchant has its owner: what came before is no news to it."""
    history = Merchant.history.filter(id__in=list(owner_of)).order_by("id", "-history_date", "-history_id")
    first: dict[int, datetime] = {}
    gone: set[int] = set()
    for merchant, owner, at in history.values_list("id", "owner_id", "history_date"):
        if owner != owner_of[merchant]:
            gone.add(merchant)
        elif merchant not in gone:
            first[merchant] = at
    never = datetime.min.replace(tzinfo=timezone.get_current_timezone(), year=1970)
    return ((merchant, first.get(merchant, never)) for merchant in owner_of)


def _told(merchants: Iterable[int], since: datetime) -> dict[int, set[str]]:
    """The records that notices were made of already."""
    found: dict[int, set[str]] = defaultdict(set)
    rows = OwnerNotice.objects.filter(merchant__in=list(merchants), what__code="changed", at__gte=since)
    for merchant, records in rows.values_list("merchant_id", "what__records"):
        found[merchant].update(records)
    return found
