"""What an owner may reach: its own merchants and points of sale, and nothing of anybody else's."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from directory.models import Merchant, PointOfSale

# What was merged is edited as what it was merged into.
GONE = (PointOfSale.Status.MERGED,)


def merchants_of(user: Any) -> QuerySet[Merchant]:
    """The merchants that the user owns; none for nobody."""
    if not getattr(user, "is_authenticated", False) or not user.is_active:
        return Merchant.objects.none()
    return Merchant.objects.filter(owner=user.pk).order_by("name", "pk")


def places_of(user: Any) -> QuerySet[PointOfSale]:
    """The points of sale of the user's merchants, drafts, hidden and closed ones too."""
    owned = PointOfSale.objects.filter(merchant__in=merchants_of(user).order_by()).exclude(status__in=GONE)
    return owned.select_related("merchant__deletion", "commune", "schedule").defer("commune__contour").order_by("pk")


def place_of(user: Any, id_: int) -> PointOfSale | None:
    """The point of sale with that id, if it is the user's."""
    return places_of(user).filter(pk=id_).first()
