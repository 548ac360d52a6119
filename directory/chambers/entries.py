"""A merchant registered by a chamber's agent, with its consent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import IntegrityError

from directory.chambers.access import Chamber
from directory.chambers.consent import VERSION
from directory.importing.people import designates_person
from directory.indexing import deferred_indexing
from directory.models import (
    Activity,
    AssistedEntry,
    Consent,
    Merchant,
    Offer,
    PinRequest,
    PointOfSale,
    Product,
    Schedule,
)
from directory.pinning import enqueue, find, hides_pin_by_default, place_at
from directory.withdrawals import is_withdrawn
from geo.geocoding import Resolution

Status = PointOfSale.Status


class Twin(Exception):  # noqa: N818 - named for what was found
    """A point of sale with this SIRET is here already."""

    def __init__(self, place: PointOfSale):
        super().__init__(place.pk)
        self.place = place


class Withdrawn(Exception):  # noqa: N818
    """The merchant withdrew from the directory: its own wish alone brings it back."""


@dataclass(frozen=True, slots=True)
class Registration:
    """What was filled in, checked. `consents`: (field, audience) pairs that were ticked; by whom, if anything was."""

    form: UUID
    name: str
    siret: str
    kind: str
    street: str
    postcode: str
    commune: str
    activities: Sequence[str]
    products: Sequence[str]
    hours: str = ""
    phone: str = ""
    email: str = ""
    website: str = ""
    published: bool = False
    given_by: str = ""
    means: str = ""
    consents: Sequence[tuple[str, str]] = ()


def twin_of(siret: str) -> PointOfSale | None:
    """What lives here already under that SIRET."""
    if not siret:
        return None
    return PointOfSale.objects.live().filter(siret=siret).select_related("merchant", "commune").first()


def register(chamber: Chamber, by: Any, said: Registration) -> AssistedEntry:
    """Write down a merchant, once for each form. Raises Twin, Withdrawn. May wait for the address service."""
    if made := AssistedEntry.objects.filter(form=said.form, chamber=chamber.kind).first():
        return made
    if place := twin_of(said.siret):
        raise Twin(place)
    if is_withdrawn(said.siret, said.name, said.commune):
        raise Withdrawn
    pin = find(said.street, said.postcode, said.commune)
    try:
        with deferred_indexing() as written:
            entry, place = _write(chamber, by, said, pin)
            written.append(place.pk)
            if pin.degraded:
                enqueue([place.pk], PinRequest.Why.DEGRADED)
    except IntegrityError:
        # Another tap, or another agent, was first.
        if made := AssistedEntry.objects.filter(form=said.form, chamber=chamber.kind).first():
            return made
        if place := twin_of(said.siret):
            raise Twin(place) from None
        raise
    return entry


def _write(chamber: Chamber, by: Any, said: Registration, pin: Resolution) -> tuple[AssistedEntry, PointOfSale]:
    siren = said.siret[:9] or None
    if siren and Merchant.objects.filter(siren=siren).exists():
        siren = None  # another establishment of a merchant whose entry is not ours to write in
    merchant = Merchant.objects.create(
        name=said.name,
        siren=siren,
        phone=said.phone,
        email=said.email,
        website=said.website,
        natural_person=designates_person(said.name),
    )
    entry = AssistedEntry.objects.create(
        merchant=merchant,
        chamber=chamber.kind,
        by=by,
        form=said.form,
        consent_given_by=said.given_by,
        consent_means=said.means,
        wording=VERSION if said.given_by else "",
    )
    for field, audience in said.consents:
        Consent.objects.create(merchant=merchant, field=field, audience=audience, wording=VERSION)
    return entry, _write_place(merchant, said, pin, by)


def _write_place(merchant: Merchant, said: Registration, pin: Resolution, by: Any) -> PointOfSale:
    place = PointOfSale(
        merchant=merchant,
        siret=said.siret or None,
        kind=said.kind,
        street=said.street,
        postcode=said.postcode,
        commune_id=said.commune,
        pin_hidden=hides_pin_by_default(said.activities),
        status=Status.PUBLISHED if said.published else Status.DRAFT,
    )
    place_at(place, pin, by)
    if said.hours:
        place.schedule_id = Schedule.objects.ids_of([said.hours])[said.hours]
    place.save()
    place.activities.set(Activity.objects.filter(code__in=said.activities))
    for product in Product.objects.filter(code__in=said.products):
        Offer.objects.create(point_of_sale=place, product=product)
    return place
