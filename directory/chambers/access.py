"""Who works for which chamber. Every page of a chamber comes through here; what is not theirs is not found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings

from directory.models import ChamberAgent


@dataclass(frozen=True)
class Chamber:
    """One of the région's chambers, as its file names it."""

    kind: str
    name: str
    url: str


def chambers() -> list[Chamber]:
    """All that the région's file names."""
    return [Chamber(one["kind"], one["name"], one.get("url", "")) for one in settings.REGION.get("chambers", [])]


def chambers_of(user: Any) -> list[Chamber]:
    """The chambers whose pages the user may open: their own; all, for an administrator of the service."""
    if not user.is_authenticated or not user.is_active:
        return []
    if user.is_superuser:
        return chambers()
    theirs = set(ChamberAgent.objects.filter(user=user).values_list("chamber", flat=True))
    return [chamber for chamber in chambers() if chamber.kind in theirs]
