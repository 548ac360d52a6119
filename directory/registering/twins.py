"""Whether a business that registers is here already: by its SIRET, or by its name in its commune."""

from __future__ import annotations

from django.db.models import F, Func, Q, Value

from directory.chambers.entries import twin_of
from directory.models import PointOfSale

MOST = 5


def twins(siret: str, name: str, commune: str) -> list[PointOfSale]:
    """What may be the same business, the surest first: its SIRET's, then what is published under its name there."""
    by_siret = twin_of(siret)
    named = [place for place in namesakes(name, commune) if by_siret is None or place.pk != by_siret.pk]
    return ([by_siret] if by_siret else []) + named


def namesakes(name: str, commune: str) -> list[PointOfSale]:
    """The published points of sale of that name in the commune, at most MOST."""
    if not name.strip() or not commune:
        return []
    there = PointOfSale.objects.filter(status=PointOfSale.Status.PUBLISHED, commune=commune)
    same = there.alias(asked=_folded(Value(name)), own=_folded(F("name")), business=_folded(F("merchant__name")))
    found = same.filter(Q(own=F("asked")) | Q(business=F("asked")))
    return list(found.select_related("merchant", "commune").defer("commune__contour").order_by("pk")[:MOST])


def _folded(of: F | Value) -> Func:
    return Func(of, function="directory_fold")
