"""Which contact field a merchant lets whom see: given one by one, withdrawn all at once."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils import timezone

from directory.models import Consent, Merchant

Pair = tuple[str, str]  # a field, an audience


def in_force(merchant: Merchant) -> set[Pair]:
    """What may be seen today."""
    return set(merchant.consents.filter(withdrawn_at=None).values_list("field", "audience"))


def set_to(merchant: Merchant, wanted: Iterable[Pair], wording: str) -> None:
    """Let exactly the wanted be seen: what is new is given now with that wording, what is missing is withdrawn now.

    One that stays keeps its date and the wording that was agreed to then. Who calls holds the merchant's row, so that
    a second tap waits for the first.
    """
    wanted, held = set(wanted), in_force(merchant)
    withdraw(merchant, held - wanted)
    for field, audience in sorted(wanted - held):
        Consent.objects.create(merchant=merchant, field=field, audience=audience, wording=wording)


def withdraw(merchant: Merchant, pairs: set[Pair] | None = None) -> None:
    """Withdraw those, or all. Each row stays, with the day: that something was agreed to can be shown later."""
    now = timezone.now()
    for consent in merchant.consents.filter(withdrawn_at=None):
        if pairs is None or (consent.field, consent.audience) in pairs:
            consent.withdrawn_at = now
            consent.save(update_fields=["withdrawn_at"])
