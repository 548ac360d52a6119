"""A plan -> the database, in bulk. The caller holds the transaction; entries are rebuilt once, at its end."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import orjson
from django.db import models
from django.utils import timezone

from directory.importing import bulk
from directory.importing.bulk import Values, ewkb
from directory.importing.candidates import Candidate, Placed
from directory.importing.known import CHUNK, chunks
from directory.importing.mapping import SourceIdentity
from directory.importing.merging import OF_MERCHANT, Revision, source_pin
from directory.importing.planning import Creation, NewMerchant, Plan
from directory.indexing import deferred_indexing
from directory.models import Merchant, Offer, PointOfSale, Schedule, Source, SourceRecord
from directory.pinning import hides_pin_by_default
from directory.vocabulary import Vocabulary
from geo import revisions
from geo.points import Position

Status = PointOfSale.Status
BATCH = 20_000
SOLD = {"activities", "products"}
DRAFT, PUBLISHED = Status.DRAFT.value, Status.PUBLISHED.value


@dataclass(slots=True)
class Writer:
    """Writes one plan. `step` is told how many rows are done, for a progress bar."""

    identity: SourceIdentity
    vocabulary: Vocabulary
    step: Callable[[int], None] = lambda done: None
    now: datetime = field(default_factory=timezone.now)

    def write(self, plan: Plan) -> None:
        """All of the plan; nothing at all when the plan has nothing to write."""
        if not plan.writes:
            return
        source = self._source()
        schedules = _schedules([*plan.creations, *plan.revisions])
        with deferred_indexing() as touched:
            for batch in chunks(_by_place(plan.creations), BATCH):
                touched += self._create(source, batch, schedules)
                bulk.refresh_statistics((PointOfSale, PointOfSale.activities.through, Offer), len(batch))
                self.step(len(batch))
            for revised in chunks(plan.revisions, CHUNK):
                touched += self._revise(source, revised, schedules)
                self.step(len(revised))

    @property
    def _reason(self) -> str:
        return f"import {self.identity.slug}"

    def _source(self) -> Source:
        """The source's row, with what the mapping says of it."""
        identity = self.identity
        values = {key: getattr(identity, key) for key in ("name", "producer", "licence", "url", "published_on")}
        source = Source.objects.filter(slug=identity.slug).first() or Source(slug=identity.slug)
        changed = source.pk is None or any(getattr(source, key) != value for key, value in values.items())
        for key, value in values.items():
            setattr(source, key, value)
        source.last_import_at = self.now
        source.save()
        if changed:
            revisions.bump("sources")
        return source

    def _create(self, source: Source, batch: Sequence[Creation], schedules: dict[str, int]) -> list[int]:
        self._insert_merchants([creation.merchant for creation in batch])
        places = list(bulk.take_ids(PointOfSale, len(batch)))
        numbered = list(zip(places, batch, strict=True))
        bulk.insert(PointOfSale, (self._place(id_, creation, schedules) for id_, creation in numbered))
        self._insert_sold((id_, row.fields["activities"], row.fields["products"]) for id_, row in _rows(numbered))
        bulk.record_history(PointOfSale, places, "+", self.now, self._reason)
        bulk.insert(SourceRecord, (self._record(source, id_, row) for id_, row in _rows(numbered)))
        return places

    def _insert_merchants(self, merchants: Iterable[NewMerchant | int]) -> None:
        new = list({id(each): each for each in merchants if isinstance(each, NewMerchant) and not each.id}.values())
        for merchant, id_ in zip(new, bulk.take_ids(Merchant, len(new)), strict=True):
            merchant.id = id_
        keys = ("id", "siren", "name", "natural_person", "phone", "email", "website")
        stamps = {"created_at": self.now, "updated_at": self.now}
        bulk.insert(Merchant, ({key: getattr(each, key) for key in keys} | stamps for each in new))
        bulk.record_history(Merchant, [each.id for each in new], "+", self.now, self._reason)

    def _place(self, id_: int, creation: Creation, schedules: dict[str, int]) -> Values:
        row, fields = creation.candidate, creation.candidate.fields
        merchant = creation.merchant
        return {
            "id": id_,
            "merchant_id": merchant.id if isinstance(merchant, NewMerchant) else merchant,
            "siret": fields["siret"] or None,
            "name": creation.name,
            "kind": fields["kind"],
            "street": fields["street"],
            "postcode": fields["postcode"],
            "commune_id": fields["commune"],
            "schedule_id": schedules.get(fields["opening_hours"]),
            "status": PUBLISHED if creation.published else DRAFT,
            "reviews": bulk.array(creation.reviews),
            "pin_hidden": hides_pin_by_default(fields["activities"]),
            "created_at": self.now,
            "updated_at": self.now,
            **self._pin(source_pin(row, self.identity.slug)),
        }

    def _pin(self, pin: Placed) -> Values:
        return {
            "pin": ewkb(pin.position),
            "pin_precision": str(pin.precision),
            "pin_source": pin.source,
            "pin_score": pin.score,
            "pin_label": pin.label[:250],
            "pin_at": self.now,
            "pin_by_id": None,
        }

    def _insert_sold(self, rows: Iterable[tuple[int, Sequence[str], Sequence[str]]]) -> None:
        """What new points of sale, or ones whose lists were emptied, do and sell."""
        known = self.vocabulary.by_code
        links: list[Values] = []
        offers: list[Values] = []
        for id_, activities, products in rows:
            links += [{"pointofsale_id": id_, "activity_id": known[code].id} for code in activities]
            offers += [{"point_of_sale_id": id_, "product_id": known[code].id} for code in products]
        for offer, offer_id in zip(offers, bulk.take_ids(Offer, len(offers)), strict=True):
            offer["id"] = offer_id
        bulk.insert(PointOfSale.activities.through, links)
        bulk.insert(Offer, offers)
        bulk.record_history(Offer, [offer["id"] for offer in offers], "+", self.now, self._reason)

    def _record(self, source: Source, place: int, row: Candidate) -> Values:
        return {
            "source_id": source.pk,
            "external_id": row.external_id,
            "point_of_sale_id": place,
            **self._said(row),
        }

    def _said(self, row: Candidate) -> Values:
        return {
            "fields": orjson.dumps(row.fields).decode(),
            "point": ewkb(row.given_point),
            "row_hash": row.row_hash,
            "imported_at": self.now,
        }

    def _revise(self, source: Source, revised: Sequence[Revision], schedules: dict[str, int]) -> list[int]:
        places: dict[int, tuple[Revision, Values]] = {}
        merchants: dict[int, Values] = {}
        for revision in revised:
            place, merchant = self._new_values(revision, schedules)
            held = places.setdefault(revision.present.place.pk, (revision, {}))[1]
            held.update(place)
            if merchant:
                merchants.setdefault(revision.present.place.merchant_id, {}).update(merchant)
        self._replace_sold(revised)
        sold = {each.present.place.pk for each in revised if SOLD & each.values.keys()}
        changed = {id_: values for id_, (_, values) in places.items() if values or id_ in sold}
        self._update(PointOfSale, {id_: places[id_][0].present.place for id_ in changed}, changed)
        owners = {revision.present.place.merchant_id: revision.present.place.merchant for revision in revised}
        self._update(Merchant, {id_: owners[id_] for id_ in merchants}, merchants)
        told = [{"id": each.record, **self._said(each.candidate)} for each in revised if each.record is not None]
        bulk.update(SourceRecord, ("fields", "point", "row_hash", "imported_at"), told)
        joined = [each for each in revised if each.record is None]
        bulk.insert(SourceRecord, (self._record(source, each.present.place.pk, each.candidate) for each in joined))
        return [*changed, *PointOfSale.objects.filter(merchant__in=list(merchants)).values_list("pk", flat=True)]

    def _new_values(self, revision: Revision, schedules: dict[str, int]) -> tuple[Values, Values]:
        """The columns that a revision sets: the point of sale's, the merchant's."""
        place: Values = {}
        merchant: Values = {}
        for name, value in revision.values.items():
            if name in OF_MERCHANT:
                merchant[name] = value
            elif name == "name":
                alone = revision.present.only_place and not revision.present.place.name
                (merchant if alone else place)["name"] = value
            elif name == "opening_hours":
                place["schedule_id"] = schedules.get(str(value))
            elif name == "commune":
                place["commune_id"] = value
            elif name not in ("activities", "products"):
                place[name] = value or None if name == "siret" else value
        if revision.pin is not None:
            place |= self._pin(revision.pin)
        if revision.reviews is not None:
            place["reviews"] = revision.reviews
        if revision.status is not None:
            place["status"] = revision.status
        if revision.natural_person is not None:
            merchant["natural_person"] = revision.natural_person
        if revision.siren is not None:
            merchant["siren"] = revision.siren
        return place, merchant

    def _replace_sold(self, revised: Sequence[Revision]) -> None:
        """Set the activities and products of the revisions that change them. A person's own lines stay."""
        activities = {
            each.present.place.pk: each.values["activities"] for each in revised if "activities" in each.values
        }
        products = {each.present.place.pk: each.values["products"] for each in revised if "products" in each.values}
        PointOfSale.activities.through.objects.filter(pointofsale__in=list(activities)).delete()
        gone = Offer.objects.filter(point_of_sale__in=list(products), line="", product__isnull=False)
        wanted = {(id_, code) for id_, codes in products.items() for code in codes}
        there = {(offer.point_of_sale_id, offer.product.code): offer.pk for offer in gone.select_related("product")}  # type: ignore[union-attr]
        dropped = [pk for key, pk in there.items() if key not in wanted]
        bulk.record_history(Offer, dropped, "-", self.now, self._reason)
        Offer.objects.filter(pk__in=dropped).delete()
        added = {id_: [code for code in codes if (id_, code) not in there] for id_, codes in products.items()}
        self._insert_sold(
            (id_, activities.get(id_, ()), added.get(id_, ())) for id_ in sorted(activities.keys() | added.keys())
        )

    def _update(self, model: type[models.Model], here: dict[int, Any], changed: dict[int, Values]) -> None:
        """Write the changed columns: one statement, in which a row that keeps a column gets its own value again."""
        names = sorted({name for values in changed.values() for name in values})
        rows = []
        for id_, values in changed.items():
            held = {name: _as_copied(getattr(here[id_], name)) for name in names}
            rows.append({"id": id_, **held, **values, "updated_at": self.now})
        bulk.update(model, [*names, "updated_at"], rows)
        bulk.record_history(model, list(changed), "~", self.now, self._reason)


def _as_copied(value: Any) -> Any:
    """What a model's attribute holds, as COPY takes it."""
    return ewkb(Position.from_geos(value)) if hasattr(value, "ewkb") else value


def _rows(numbered: Iterable[tuple[int, Creation]]) -> Iterable[tuple[int, Candidate]]:
    return ((id_, creation.candidate) for id_, creation in numbered)


def _by_place(creations: Iterable[Creation]) -> list[Creation]:
    """In strips of some five kilometres from south to north: rows that are asked for together lie together."""
    return sorted(creations, key=lambda each: (int(each.candidate.position.lat * 20), each.candidate.position.lon))


def _schedules(planned: Iterable[Creation | Revision]) -> dict[str, int]:
    """The schedules that the plan needs, by text; made where they lack."""
    return Schedule.objects.ids_of({each.candidate.fields["opening_hours"] for each in planned} - {""})
