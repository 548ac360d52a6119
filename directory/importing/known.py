"""What the database already holds of the rows of a file: read in bulk, never row by row."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, TypeVar

from django.db import connection
from django.db.models import Count

from directory.importing.bulk import array
from directory.importing.candidates import Fields
from directory.models import Offer, PointOfSale, Schedule, SourceRecord

T = TypeVar("T")
Status = PointOfSale.Status
Review = PointOfSale.Review
# Reviews that keep an entry from being published; a doubtful pin does not.
HOLDS = (Review.NATURAL_PERSON.value, Review.UNKNOWN_ACTIVITY.value, Review.DUPLICATE.value)
GONE = (Status.CLOSED, Status.MERGED)
CHUNK = 5_000
# Of one that was merged, what it was merged into, in as many steps as it took.
HOLDERS = """
WITH RECURSIVE held AS (
    SELECT siret, id, status, merged_into_id FROM directory_pointofsale WHERE siret = ANY(%s::text[])
    UNION ALL
    SELECT held.siret, place.id, place.status, place.merged_into_id
    FROM held JOIN directory_pointofsale AS place ON place.id = held.merged_into_id
)
SELECT siret, id, status FROM held WHERE merged_into_id IS NULL
"""
MERCHANTS = """
SELECT siren, id, name, NOT natural_person OR EXISTS (
    SELECT FROM directory_pointofsale AS place WHERE place.merchant_id = merchant.id AND place.status = 'published'
)
FROM directory_merchant AS merchant WHERE siren = ANY(%s::text[])
"""


@dataclass(frozen=True, slots=True)
class KnownRecord:
    """A record of the source, with the state of its point of sale."""

    id: int
    row_hash: str
    point_of_sale: int
    status: str
    reviews: tuple[str, ...]

    @property
    def hold(self) -> str:
        return hold_of(self.status, self.reviews)


def hold_of(status: str, reviews: Collection[str]) -> str:
    """The review for which an entry waits, or an empty string."""
    return next((review for review in HOLDS if review in reviews), "") if status == Status.DRAFT else ""


def known_records(slug: str) -> dict[str, KnownRecord]:
    """The records of a source by external id."""
    rows = SourceRecord.objects.filter(source__slug=slug).values_list(
        "external_id", "id", "row_hash", "point_of_sale_id", "point_of_sale__status", "point_of_sale__reviews"
    )
    return {
        external_id: KnownRecord(id_, row_hash, place, status, tuple(reviews))
        for external_id, id_, row_hash, place, status, reviews in rows.iterator(chunk_size=20_000)
    }


@dataclass(slots=True)
class Present:
    """A point of sale as it stands, with its values in the form of a source's fields."""

    place: PointOfSale
    fields: dict[str, object]
    only_place: bool


def presents(ids: Iterable[int], *, lock: bool) -> dict[int, Present]:
    """Points of sale by id. With `lock`, nobody else changes them or their merchants until the transaction ends."""
    found: dict[int, Present] = {}
    for chunk in chunks(sorted(set(ids))):
        places = (
            PointOfSale.objects.filter(pk__in=chunk).select_related("merchant__deletion", "schedule").order_by("pk")
        )
        places = places.defer(*(f"schedule__{name}" for name in Schedule.WINDOWS))
        if lock:
            places = places.select_for_update(of=("self", "merchant"))
        rows = list(places)
        activities = _codes(
            PointOfSale.activities.through.objects.filter(pointofsale__in=chunk), "pointofsale", "activity"
        )
        products = _codes(Offer.objects.filter(point_of_sale__in=chunk, line=""), "point_of_sale", "product")
        merchants = {place.merchant_id for place in rows}
        shared = set(
            PointOfSale.objects.filter(merchant__in=merchants)
            .values("merchant")
            .annotate(places=Count("id"))
            .filter(places__gt=1)
            .values_list("merchant", flat=True)
        )
        for place in rows:
            fields = _fields(place, activities[place.pk], products[place.pk])
            found[place.pk] = Present(place, fields, place.merchant_id not in shared)
    return found


def _codes(rows: object, place: str, term: str) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    for place_id, code in rows.values_list(f"{place}_id", f"{term}__code"):  # type: ignore[attr-defined]
        if code is not None:
            found[place_id].append(code)
    return found


def _fields(place: PointOfSale, activities: Sequence[str], products: Sequence[str]) -> dict[str, object]:
    merchant = place.merchant
    return {
        "siret": place.siret or "",
        "name": place.name or merchant.name,
        "kind": place.kind,
        "street": place.street,
        "postcode": place.postcode,
        "commune": place.commune_id or "",
        "activities": sorted(activities),
        "products": sorted(products),
        "phone": merchant.phone,
        "email": merchant.email,
        "website": merchant.website,
        "opening_hours": place.schedule.text if place.schedule else "",
    }


def old_fields(record_ids: Iterable[int]) -> dict[int, Fields]:
    """What the source said last time, by record id."""
    found: dict[int, Fields] = {}
    for chunk in chunks(list(record_ids)):
        found |= dict(SourceRecord.objects.filter(pk__in=chunk).values_list("id", "fields"))
    return found


@dataclass(frozen=True, slots=True)
class SiretHolder:
    """The point of sale that has a SIRET, or that one was merged into: the live one where there is one."""

    id: int
    live: bool


def holders_of(sirets: Iterable[str]) -> dict[str, SiretHolder]:
    """Who has each SIRET."""
    found: dict[str, SiretHolder] = {}
    for siret, id_, status in _select(HOLDERS, sirets):
        holder = SiretHolder(id_, status not in GONE)
        if holder.live or siret not in found:
            found[siret] = holder
    return found


@dataclass(frozen=True, slots=True)
class KnownMerchant:
    """A merchant by SIREN. `approved`: its name is no person's, or something of it is published."""

    id: int
    name: str
    approved: bool


def merchants_of(sirens: Iterable[str]) -> dict[str, KnownMerchant]:
    """The merchants that have these SIREN."""
    return {siren: KnownMerchant(id_, name, approved) for siren, id_, name, approved in _select(MERCHANTS, sirens)}


def _select(statement: str, keys: Iterable[str]) -> list[tuple[Any, ...]]:
    """The rows of a statement whose parameter is an array of digits: one value to the database, however many."""
    wanted = sorted({key for key in keys if key})
    if not wanted:
        return []
    with connection.cursor() as cursor:
        cursor.execute(statement, [array(wanted)])
        return list(cursor.fetchall())


def chunks(items: Sequence[T], size: int = CHUNK) -> Iterator[list[T]]:
    """The items, so many at a time."""
    waiting = iter(items)
    while chunk := list(islice(waiting, size)):
        yield chunk
