"""Makes merchants for tests: one call says only what the test is about."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import User
from django.utils import timezone

from directory.models import Activity, Label, Merchant, MerchantLabel, Offer, PointOfSale, Product, Service
from geo.models import Commune
from geo.points import Position

VENDOME = "41269"


def at(position: Position, bearing: float, metres: float) -> Position:
    """The position reached from another by going `metres` along the ellipsoid (the oracle is geographiclib)."""
    from geographiclib.geodesic import Geodesic

    end = Geodesic.WGS84.Direct(position.lat, position.lon, bearing, metres)
    return Position(end["lon2"], end["lat2"])


def centre_of(commune: str = VENDOME) -> Position:
    return Position.from_geos(Commune.objects.get(pk=commune).centre)


def point_of_sale(
    name: str = "Ferme du Test",
    *,
    pin: Position | None = None,
    commune: str = VENDOME,
    activities: Iterable[str] = ("farm",),
    products: Iterable[str] = (),
    labels: Iterable[str] = (),
    services: Iterable[str] = (),
    merchant: Merchant | None = None,
    **fields: Any,
) -> PointOfSale:
    """A published point of sale; its pin is the commune's centre unless given."""
    if merchant is None:
        merchant = Merchant.objects.create(name=name)
    else:
        fields.setdefault("name", name)
    defaults: dict[str, Any] = {
        "status": PointOfSale.Status.PUBLISHED,
        "kind": PointOfSale.Kind.FARM_GATE,
        "street": "1 rue du Test",
        "postcode": "41100",
        "pin_precision": PointOfSale.Precision.HOUSENUMBER,
        "pin_source": "ban",
        "pin_score": 0.9,
        "pin_at": timezone.now(),
    }
    place = PointOfSale.objects.create(
        merchant=merchant,
        commune_id=commune,
        pin=(pin or centre_of(commune)).to_geos(),
        **(defaults | fields),
    )
    place.activities.set(Activity.objects.filter(code__in=activities))
    place.services.set(Service.objects.filter(code__in=services))
    _sells(place, products)
    _bears(merchant, labels)
    return place


def _sells(place: PointOfSale, products: Iterable[str]) -> None:
    found = Product.objects.filter(code__in=products)
    Offer.objects.bulk_create([Offer(point_of_sale=place, product=product) for product in found])


def _bears(merchant: Merchant, labels: Iterable[str]) -> None:
    found = Label.objects.filter(code__in=labels)
    MerchantLabel.objects.bulk_create([MerchantLabel(merchant=merchant, label=label) for label in found])


def owner(email: str = "chevrier@example.org") -> Any:
    """The account of an owner: it has no password."""
    return User.objects.create(username=email, email=email, password=make_password(None))


def owned_place(email: str = "chevrier@example.org", **fields: Any) -> PointOfSale:
    """A published point of sale whose merchant is owned by the account of that address."""
    place = point_of_sale(**fields)
    place.merchant.owner = User.objects.filter(username=email).first() or owner(email)
    place.merchant.save()
    return place
