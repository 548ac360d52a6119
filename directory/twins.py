"""Who else has what only one may have."""

from __future__ import annotations

from directory.models import PointOfSale


def live_twin(place: PointOfSale) -> PointOfSale | None:
    """The other point of sale, neither closed nor merged, that has the same SIRET."""
    if not place.siret:
        return None
    others = PointOfSale.objects.live().filter(siret=place.siret).exclude(pk=place.pk)
    return others.select_related("merchant").first()
