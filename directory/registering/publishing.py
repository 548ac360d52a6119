"""A registration becomes a merchant, once: published by its owner, with its point of sale, its pin and its offers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError
from django.utils import timezone

from directory.chambers.entries import Twin, twin_of
from directory.importing.people import designates_person
from directory.indexing import deferred_indexing
from directory.models import Activity, Merchant, PinRequest, PointOfSale, Registration
from directory.moderating.reviews import mark
from directory.offering.lines import Line, add
from directory.pinning.doubts import is_astray
from directory.pinning.queue import enqueue

Review = PointOfSale.Review


class NotTheirs(Exception):  # noqa: N818 - named for what it is
    """Somebody else published it meanwhile, or owns it."""


@dataclass(frozen=True, slots=True)
class Said:
    """What was filled in, checked. `put_pin` puts the pin of a point of sale, in memory, for whoever chose it.

    `to_refine`: the address service was away, so the pin is the commune's until it is back. `consent` is the version
    of the words that were agreed to.
    """

    name: str
    siret: str
    kind: str
    street: str
    postcode: str
    commune: str
    activities: Sequence[str]
    lines: Sequence[Line]
    put_pin: Callable[[PointOfSale, Any], None]
    to_refine: bool
    consent: str


def publish(registration: Registration, by: Any, said: Said) -> Merchant:
    """The merchant of that registration, made by the first call. Raises Twin, NotTheirs.

    Calls no service. Nobody proves a SIRET or a name by this: what withdrew stays so, and no list that names it brings
    it back or writes in this one.
    """
    try:
        with deferred_indexing() as written:
            row = Registration.objects.select_for_update().get(pk=registration.pk)
            if row.owner_id not in (None, by.pk):
                raise NotTheirs
            if row.merchant is not None:
                return row.merchant
            if place := twin_of(said.siret):
                raise Twin(place)
            merchant = _write_merchant(said, by)
            place = _write_place(merchant, said, by)
            written.append(place.pk)
            _close(row, merchant, by, said)
    except IntegrityError:
        # Another registration, an import or an agent wrote that SIRET meanwhile.
        if place := twin_of(said.siret):
            raise Twin(place) from None
        raise
    return merchant


def _write_merchant(said: Said, by: Any) -> Merchant:
    siren = said.siret[:9] or None
    if siren and Merchant.objects.filter(siren=siren).exists():
        siren = None  # another establishment of a business whose entry is there already
    return Merchant.objects.create(name=said.name, siren=siren, owner=by, natural_person=designates_person(said.name))


def _write_place(merchant: Merchant, said: Said, by: Any) -> PointOfSale:
    place = PointOfSale(
        merchant=merchant,
        siret=said.siret or None,
        kind=said.kind,
        street=said.street,
        postcode=said.postcode,
        commune_id=said.commune,
        status=PointOfSale.Status.PUBLISHED,
        confirmed_at=timezone.now(),
    )
    said.put_pin(place, by)
    mark(place, Review.NEW)
    if is_astray(place):
        mark(place, Review.DOUBTFUL_PIN)
    place.save()
    place.activities.set(Activity.objects.filter(code__in=said.activities))
    add(place, said.lines, by)
    if said.to_refine:
        enqueue([place.pk], PinRequest.Why.DEGRADED)
    return place


def _close(row: Registration, merchant: Merchant, by: Any, said: Said) -> None:
    """What was typed is the merchant's now; of the registration only what it became stays."""
    row.merchant, row.owner = merchant, by
    row.email, row.data = "", {"consent": said.consent, "consent_at": timezone.now().isoformat()}
    row.save()
