"""Keyed digests: what is kept of a code, a mailbox or a name that is to be known again and never read back."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from django.utils.crypto import salted_hmac

if TYPE_CHECKING:
    from hmac import HMAC


def digest(purpose: str, *parts: object) -> str:
    """Of the parts, for that purpose alone: for another, or with another SECRET_KEY, it is another one."""
    keyed = _keyed(purpose).copy()
    keyed.update("\n".join(str(part) for part in parts).encode())
    return keyed.hexdigest()


@lru_cache
def _keyed(purpose: str) -> HMAC:
    """The beginning of every digest of that purpose, made once: a list has 50,000 lines of several."""
    return salted_hmac(f"directory.{purpose}", "", algorithm="sha256")
