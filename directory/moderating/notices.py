"""What an owner is to be told: gathered here, sent together (maps)."""

from __future__ import annotations

from typing import Any

from directory.models import Merchant, OwnerNotice


def tell(merchant: Merchant, code: str, **facts: Any) -> None:
    """The merchant's owner, if it has one, is to be told of what `code` names. `facts` are JSON values."""
    if merchant.owner_id is not None:
        OwnerNotice.objects.create(merchant=merchant, what={"code": code, **facts})
