"""What a merchant does with the entry that was registered for it: takes it over, has it corrected, withdraws it."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from directory import withdrawals
from directory.models import AssistedEntry, Claim, Merchant, Offer, PointOfSale, Report, SourceRecord
from directory.owners import consents, leaving
from directory.owners.accounts import make_account, may_have_account

AGAIN = timedelta(minutes=10)
MOST_ASKED = 5
# What is left of one that withdrew: that there was one.
SHELL = "Fiche retirée"
NOBODY = {
    "name": SHELL, "siren": None, "phone": "", "email": "", "website": "", "shop_url": "", "description_fr": "",
    "description_en": "", "natural_person": False, "owner": None,
}  # fmt: skip
NOWHERE = {
    "name": "", "siret": None, "street": "", "postcode": "", "commune": None, "pin": None, "pin_precision": "",
    "pin_source": "", "pin_score": None, "pin_label": "", "pin_at": None, "pin_by": None, "schedule": None,
}  # fmt: skip


class NotYours(Exception):  # noqa: N818 - named for what happened
    """The entry has an owner, who is somebody else."""


class TooMany(Exception):  # noqa: N818
    """MOST_ASKED corrections were asked for today."""


# --- Taking over -----------------------------------------------------------------------------------------------------
def start(entry: AssistedEntry) -> datetime | None:
    """Note that a link to confirm an address leaves now. None within AGAIN of the last: whoever has the letter could
    have as many sent as it asks for."""
    with transaction.atomic():
        entry, now = _locked(entry), timezone.now()
        if entry.link_sent_at is not None and now - entry.link_sent_at < AGAIN:
            return None
        entry.link_sent_at = now
        entry.save(update_fields=["link_sent_at"])
    return now


def awaits(entry: AssistedEntry, sent: datetime) -> bool:
    """Whether the link that left then is the one to be followed: the last, used by nobody."""
    return entry.link_sent_at == sent and entry.merchant.owner_id is None and entry.withdrawn_at is None


def bind(entry: AssistedEntry, email: str, sent: datetime) -> User | None:
    """Make the account of a proven address the merchant's owner: one without a password, where there is none.

    None where the link is none to be followed, or the account is closed.
    """
    with transaction.atomic():
        entry = _locked(entry)
        if not awaits(entry, sent) or not may_have_account(email):
            return None
        merchant = entry.merchant
        merchant.owner = user = make_account(email)
        merchant.save(update_fields=["owner", "updated_at"])
        entry.taken_over_at = timezone.now()
        entry.save(update_fields=["taken_over_at"])
    return user


# --- Correcting, withdrawing -----------------------------------------------------------------------------------------
def ask_correction(entry: AssistedEntry, text: str, by: Any) -> None:
    """Hand a merchant's words to the chamber, in place of those that still wait there. Raises NotYours, TooMany."""
    with transaction.atomic():
        entry, today = _locked(entry, by), timezone.localdate()
        asked = entry.asked if entry.asked_on == today else 0
        if entry.withdrawn_at is not None or text == entry.correction:  # a second tap
            return
        if asked >= MOST_ASKED:
            raise TooMany
        entry.correction, entry.asked_on, entry.asked = text, today, asked + 1
        entry.save(update_fields=["correction", "asked_on", "asked"])


def withdraw(entry: AssistedEntry, by: Any) -> None:
    """Hide the entry at once and for good: of who it was nothing stays, here or in its history, but a digest.

    One that has an owner, who may have written more in it, leaves as from the owner's space. Raises NotYours.
    """
    with transaction.atomic():
        entry = _locked(entry, by)
        if entry.withdrawn_at is not None:
            return
        merchant, now = entry.merchant, timezone.now()
        if merchant.owner_id is not None:
            leaving.leave(merchant, by)
            return
        withdrawal = uuid.uuid4()
        for place in merchant.points_of_sale.select_related("merchant"):
            withdrawals.withdraw(place, withdrawal)
            _clear(place)
        consents.withdraw(merchant)
        for name, value in NOBODY.items():
            setattr(merchant, name, value)
        merchant.save()
        Merchant.history.filter(id=merchant.pk).update(**NOBODY)
        entry.withdrawn_at, entry.consent_given_by, entry.correction = now, "", ""
        entry.save()


def _clear(place: PointOfSale) -> None:
    if place.status not in (PointOfSale.Status.CLOSED, PointOfSale.Status.MERGED):
        place.status = PointOfSale.Status.HIDDEN
    for name, value in NOWHERE.items():
        setattr(place, name, value)
    place.save()
    PointOfSale.history.filter(id=place.pk).update(**NOWHERE)
    for said in (SourceRecord, Report, Claim):
        said.objects.filter(point_of_sale=place).delete()
    for told in (Report, Claim):
        told.history.filter(point_of_sale=place.pk).delete()
    Offer.objects.filter(point_of_sale=place).exclude(line="").delete()
    Offer.history.filter(point_of_sale_id=place.pk).update(line="")


def _locked(entry: AssistedEntry, by: Any = None) -> AssistedEntry:
    """The row as it is now, and after it its merchant; a second tap waits for the first. Raises NotYours."""
    entry = AssistedEntry.objects.select_for_update().get(pk=entry.pk)
    owner = entry.merchant.owner_id
    if owner is not None and owner != getattr(by, "pk", None):
        raise NotYours
    return entry
