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

# Then it is deleted, with all that was typed (the job of rights).
KEPT = timedelta(days=30)
LONGEST_VALUE = 2_000

Data = dict[str, Any]


class SomebodyElses(Exception):  # noqa: N818 - named for what it is
    """The registration has an owner, who is not signed in here."""


def start(key: UUID, user: Any) -> Registration:
    """The registration of that key, begun by this if it is new: a second tap finds the first one's."""
    found, _made = Registration.objects.get_or_create(key=key, defaults={"owner": _account(user)})
    return _checked(found, user)


def of(key: UUID, user: Any) -> Registration | None:
    """The registration of that key. Raises SomebodyElses.

    Who signed in with the mailbox that the link was sent to is its owner from here on.
    """
    found = Registration.objects.filter(key=key).select_related("merchant").first()
    if found is None:
        return None
    _checked(found, user)
    account = _account(user)
    if found.owner_id is None and account and found.email and account.email.lower() == found.email.lower():
        Registration.objects.filter(pk=found.pk, owner=None).update(owner=account)
        found.refresh_from_db()
        _checked(found, user)
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


def keep(registration: Registration, step: str, said: dict[str, Any], ok: bool) -> None:
    """Write down what was sent for a step, wrong values too, so that nothing typed is lost."""
    change(
        registration,
        lambda data: data.update({step: {"said": {name: _text(value) for name, value in said.items()}, "ok": ok}}),
    )


def _text(value: Any) -> str:
    """PostgreSQL keeps no null characters."""
    return str(value).replace("\x00", "")[:LONGEST_VALUE]


def _account(user: Any) -> Any:
    return user if getattr(user, "is_authenticated", False) and user.is_active else None


def _checked(found: Registration, user: Any) -> Registration:
    account = _account(user)
    if found.owner_id is not None and (account is None or account.pk != found.owner_id):
        raise SomebodyElses
    return found
