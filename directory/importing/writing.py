"""A plan -> the database, in bulk. The caller holds the transaction; entries are rebuilt once, at its end."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import orjson
from django.db import models
from django.utils import timezone

from directory.importing import bulk
from directory.importing.bulk import Columns, Values, ewkb
from directory.importing.candidates import Candidate, Placed
from directory.importing.known import CHUNK, chunks
from directory.importing.mapping import SourceIdentity
from directory.importing.merging import OF_MERCHANT, Revision, source_pin
from directory.importing.placing import ask_again, ask_again_for_new
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
        """All of the plan; where it has nothing to write, only that the file still names what it names."""
        bulk.stamp(SourceRecord, plan.named, "imported_at", self.now)
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
        places = bulk.take_ids(PointOfSale, len(batch))
        rows = [creation.candidate for creation in batch]
        self._insert_places(places, batch, schedules)
        self._insert_sold(
            (id_, row.fields["activities"], row.fields["products"]) for id_, row in zip(places, rows, strict=True)
        )
        bulk.record_history(PointOfSale, places, "+", self.now, self._reason)
        self._insert_records(source, places, rows)
        ask_again_for_new(places, rows)
        return places

    def _insert_merchants(self, merchants: Iterable[NewMerchant | int]) -> None:
        new = list({id(each): each for each in merchants if isinstance(each, NewMerchant) and not each.id}.values())
        if not new:
            return
        ids = bulk.take_ids(Merchant, len(new))
        for merchant, id_ in zip(new, ids, strict=True):
            merchant.id = id_
        keys = ("siren", "name", "natural_person", "phone", "email", "website")
        columns = {key: [getattr(each, key) for each in new] for key in keys}
        bulk.insert(Merchant, {"id": ids, **columns}, self._stamps)
        bulk.record_history(Merchant, ids, "+", self.now, self._reason)

    def _insert_places(self, ids: Sequence[int], batch: Sequence[Creation], schedules: dict[str, int]) -> None:
        said = [creation.candidate.fields for creation in batch]
        merchants = [creation.merchant for creation in batch]
        pins = [source_pin(creation.candidate, self.identity.slug) for creation in batch]
        columns = {
            "id": ids,
            "merchant_id": [each.id if isinstance(each, NewMerchant) else each for each in merchants],
            "siret": [fields["siret"] or None for fields in said],
            "name": [creation.name for creation in batch],
            "kind": [fields["kind"] for fields in said],
            "street": [fields["street"] for fields in said],
            "postcode": [fields["postcode"] for fields in said],
            "commune_id": [fields["commune"] for fields in said],
            "schedule_id": [schedules.get(fields["opening_hours"]) for fields in said],
            "status": [PUBLISHED if creation.published else DRAFT for creation in batch],
            "reviews": [bulk.array(creation.reviews) for creation in batch],
            "pin_hidden": [hides_pin_by_default(fields["activities"]) for fields in said],
            **_pins(pins),
        }
        bulk.insert(PointOfSale, columns, {"pin_at": self.now, **self._stamps})

    @property
    def _stamps(self) -> Values:
        return {"created_at": self.now, "updated_at": self.now}

    def _insert_sold(self, rows: Iterable[tuple[int, Sequence[str], Sequence[str]]]) -> None:
        """What new points of sale, or ones whose lists were emptied, do and sell."""
        known = self.vocabulary.by_code
        links: list[tuple[int, int]] = []
        offers: list[tuple[int, int]] = []
        for id_, activities, products in rows:
            links += [(id_, known[code].id) for code in activities]
            offers += [(id_, known[code].id) for code in products]
        if links:
            places, terms = zip(*links, strict=True)
            bulk.insert(PointOfSale.activities.through, {"pointofsale_id": places, "activity_id": terms})
        if offers:
            places, terms = zip(*offers, strict=True)
            ids = bulk.take_ids(Offer, len(offers))
            bulk.insert(Offer, {"id": ids, "point_of_sale_id": places, "product_id": terms})
            bulk.record_history(Offer, ids, "+", self.now, self._reason)

    def _insert_records(self, source: Source, places: Sequence[int], rows: Sequence[Candidate]) -> None:
        columns = {"point_of_sale_id": places, "external_id": [row.external_id for row in rows], **_said(rows)}
        bulk.insert(SourceRecord, columns, {"source_id": source.pk, "imported_at": self.now})

    def _revise(self, source: Source, revised: Sequence[Revision], schedules: dict[str, int]) -> list[int]:
        places: dict[int, tuple[Revision, dict[str, Any]]] = {}
        merchants: dict[int, dict[str, Any]] = {}
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
        told = [each for each in revised if each.record is not None]
        columns = {"id": [each.record for each in told], **_said([each.candidate for each in told])}
        bulk.update(SourceRecord, columns, {"imported_at": self.now})
        joined = [each for each in revised if each.record is None]
        self._insert_records(source, [each.present.place.pk for each in joined], [each.candidate for each in joined])
        ask_again(revised)
        return [*changed, *PointOfSale.objects.filter(merchant__in=list(merchants)).values_list("pk", flat=True)]

    def _new_values(self, revision: Revision, schedules: dict[str, int]) -> tuple[dict[str, Any], dict[str, Any]]:
        """The columns that a revision sets: the point of sale's, the merchant's."""
        place: dict[str, Any] = {}
        merchant: dict[str, Any] = {}
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
            place |= {name: values[0] for name, values in _pins([revision.pin]).items()}
            place |= {"pin_at": self.now, "pin_by_id": None}
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

    def _update(self, model: type[models.Model], here: dict[int, Any], changed: Mapping[int, Values]) -> None:
        """Write the changed columns: one statement, in which a row that keeps a column gets its own value again."""
        names = sorted({name for values in changed.values() for name in values})
        columns = {
            name: [_as_copied(values.get(name, getattr(here[id_], name))) for id_, values in changed.items()]
            for name in names
        }
        bulk.update(model, {"id": list(changed), **columns}, {"updated_at": self.now})
        bulk.record_history(model, list(changed), "~", self.now, self._reason)


def _pins(pins: Sequence[Placed]) -> Columns:
    return {
        "pin": [ewkb(pin.position) for pin in pins],
        "pin_precision": [str(pin.precision) for pin in pins],
        "pin_source": [pin.source for pin in pins],
        "pin_score": [pin.score for pin in pins],
        "pin_label": [pin.label[:250] for pin in pins],
    }


def _said(rows: Sequence[Candidate]) -> Columns:
    """What a source says, as its records hold it."""
    return {
        "fields": [orjson.dumps(row.fields).decode() for row in rows],
        "point": [ewkb(row.given_point) for row in rows],
        "row_hash": [row.row_hash for row in rows],
    }


def _as_copied(value: Any) -> Any:
    """What a model's attribute holds, as COPY takes it."""
    if isinstance(value, list):
        return bulk.array(value)
    return ewkb(Position.from_geos(value)) if hasattr(value, "ewkb") else value


def _by_place(creations: Iterable[Creation]) -> list[Creation]:
    """In strips of some five kilometres from south to north: rows that are asked for together lie together."""
    return sorted(creations, key=lambda each: (int(each.candidate.position.lat * 20), each.candidate.position.lon))


def _schedules(planned: Iterable[Creation | Revision]) -> dict[str, int]:
    """The schedules that the plan needs, by text; made where they lack."""
    return Schedule.objects.ids_of({each.candidate.fields["opening_hours"] for each in planned} - {""})
