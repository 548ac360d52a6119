"""Registrations that are being filled in: found by their key, kept step by step, bound to their owner.

The key is a secret that only the person has whose form it is: it opens the form until somebody proved a mailbox, and
from then on only that person may.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from directory.models import Registration
from directory.offering.lines import LONGEST_LINE, MOST_OFFERS
from directory.owners.accounts import may_own

# Then it is deleted, with all that was typed (the job of rights).
KEPT = timedelta(days=30)
# All that a sheet can show of products, in words: what is too much is given back as it was, to be shortened.
LONGEST_VALUE = MOST_OFFERS * LONGEST_LINE

Data = dict[str, Any]


class SomebodyElses(Exception):  # noqa: N818 - named for what it is
    """The registration has an owner, who is not signed in here."""


def start(key: UUID, user: Any) -> Registration:
    """The registration of that key, begun by this if it is new: a second tap finds the first one's."""
    account = _account(user)
    found, _made = Registration.objects.get_or_create(key=key, defaults={"owner": account})
    return _checked(found, account)


def of(key: UUID, user: Any) -> Registration | None:
    """The registration of that key. Raises SomebodyElses.

    Who signed in with the mailbox that the link was sent to is its owner from here on.
    """
    found = Registration.objects.filter(key=key).select_related("merchant").first()
    if found is None:
        return None
    account = _account(user)
    _checked(found, account)
    if found.owner_id is None and account and found.email and account.email.lower() == found.email.lower():
        Registration.objects.filter(pk=found.pk, owner=None).update(owner=account)
        found.refresh_from_db()
        _checked(found, account)
    return found


def open_of(user: Any) -> QuerySet[Registration]:
    """What the user began and did not publish, the latest first."""
    account = _account(user)
    unpublished = Registration.objects.filter(merchant=None)
    return unpublished.filter(owner=account.pk) if account else unpublished.none()


def name_of(registration: Registration) -> str:
    """What the person called its business so far; perhaps empty."""
    said = registration.data.get("who", {}).get("said", {})
    return str(said.get("name", ""))


def change(registration: Registration, edit: Callable[[Data], None]) -> None:
    """Edit the answers in place, one at a time: two taps do not lose each other's. Published ones are left alone."""
    with transaction.atomic():
        row = Registration.objects.select_for_update().get(pk=registration.pk)
        if row.merchant_id is None:
            edit(row.data)
            row.save(update_fields=["data", "updated_at"])
    registration.data = row.data


def keep(
    registration: Registration, step: str, said: dict[str, Any], ok: bool, also: Callable[[Data], None] | None = None
) -> None:
    """Write down what was sent for a step, wrong values too: nothing typed is lost. `also` edits what follows."""

    def write(data: Data) -> None:
        data[step] = {"said": {name: _text(value) for name, value in said.items()}, "ok": ok}
        if also is not None:
            also(data)

    change(registration, write)


def _text(value: Any) -> str:
    """PostgreSQL keeps no null characters."""
    return str(value).replace("\x00", "")[:LONGEST_VALUE]


def _account(user: Any) -> Any:
    return user if user is not None and may_own(user) else None


def _checked(found: Registration, account: Any) -> Registration:
    if found.owner_id is not None and (account is None or account.pk != found.owner_id):
        raise SomebodyElses
    return found
