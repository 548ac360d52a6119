"""An entry that leaves: hidden at once, back within DAYS, gone for good after them."""

from __future__ import annotations

from typing import Any

from directory.models import Deletion, Merchant

DAYS = 30


def leave(merchant: Merchant, by: Any = None) -> Deletion:
    """Hide all of the merchant at once and remember it, so that no import brings it back. `by`: its owner, or None."""
    raise NotImplementedError


def come_back(merchant: Merchant) -> None:
    """Within DAYS: everything as it was, and imports may write it again."""
    raise NotImplementedError


def purge() -> int:
    """What is due goes for good, with its history and files; how many merchants that was."""
    raise NotImplementedError
