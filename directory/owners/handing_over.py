"""An entry that gets an owner, in place of nobody or of somebody else."""

from __future__ import annotations

from typing import Any

from directory.first_states import keep_first_state
from directory.models import Merchant, OwnerNotice, Registration
from directory.owners import consents


def hand_over(merchant: Merchant, to: Any, why: str) -> None:
    """Make somebody the owner. Who calls holds the merchant's row.

    What is personal of an owner before does not go along, and is not shown any more: its phone and e-mail, whom it let
    see them, what it registered with, what it was yet to be told.
    """
    keep_first_state(Merchant, merchant.pk)
    if merchant.owner_id not in (None, to.pk):
        consents.withdraw(merchant)
        merchant.phone = merchant.email = ""
        Registration.objects.filter(merchant=merchant).exclude(owner=to).delete()
        OwnerNotice.objects.filter(merchant=merchant, told_at=None).delete()
    merchant.owner = to
    merchant._change_reason = why[:100]  # type: ignore[attr-defined]
    merchant.save(update_fields=["owner", "phone", "email", "updated_at"])
