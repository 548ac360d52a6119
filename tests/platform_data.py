"""Makes platforms for tests: one call says only what the test is about."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from directory.models import Merchant, Platform, Product
from directory.models.platform import SoldOn
from directory.platforms.keeping import keep


def platform(
    name: str = "Marché de la Loire",
    *,
    communes: Iterable[str] = (),
    epcis: Iterable[str] = (),
    departements: Iterable[str] = (),
    products: Iterable[str] = ("food",),
    sellers: Iterable[Merchant] = (),
    **fields: Any,
) -> Platform:
    """A published platform, its territory kept."""
    defaults: dict[str, Any] = {
        "slug": f"p{Platform.objects.count()}",
        "operator": "Ville du Test",
        "kind": Platform.Kind.TOWN_MARKETPLACE,
        "url": "https://marche.example.org/",
        "status": Platform.Status.PUBLISHED,
    }
    made = Platform.objects.create(name=name, **(defaults | fields))
    made.products.set(Product.objects.filter(code__in=products))
    made.communes.set(communes)
    made.epcis.set(epcis)
    made.departements.set(departements)
    keep([made])
    SoldOn.objects.bulk_create([SoldOn(merchant=merchant, platform=made) for merchant in sellers])
    return made
