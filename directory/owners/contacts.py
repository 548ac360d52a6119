"""A merchant's phone and e-mail, and who is let see them: changed together, under a lock."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from directory.first_states import keep_first_state
from directory.models import Merchant
from directory.owners import consents
from directory.wordings import SHOWN_VERSION


def change(merchant: Merchant, phone: str, email: str, shown: Iterable[consents.Pair], by: Any) -> None:
    """Write both down, and let exactly those be seen that were ticked."""
    with transaction.atomic():
        row = Merchant.objects.select_for_update().get(pk=merchant.pk)
        if (row.phone, row.email) != (phone, email):
            keep_first_state(Merchant, row.pk)
            row.phone, row.email = phone, email
            row._history_user = by  # type: ignore[attr-defined]  # django-simple-history reads it off the row
            row.save(update_fields=["phone", "email", "updated_at"])
        consents.set_to(row, shown, SHOWN_VERSION)
