"""Details through django-rest-framework-gis: one object at a time, where clarity weighs more than a millisecond."""

from __future__ import annotations

from typing import Any

import orjson
from rest_framework import serializers
from rest_framework_gis.serializers import GeoFeatureModelSerializer

from directory.api.answers import moment
from directory.models import MerchantLabel, Offer, PointOfSale, SearchEntry, web_address
from directory.moderating.labels import state_on
from directory.search import open_states
from directory.vocabulary import vocabulary
from geo.models import Commune
from geo.points import Position


class OfferSerializer(serializers.ModelSerializer[Offer]):
    """What is sold: the product's code, the merchant's words, price in euros, months of the season (1 to 12)."""

    product: Any = serializers.SlugRelatedField("code", read_only=True)
    season = serializers.SerializerMethodField()

    class Meta:
        model = Offer
        fields = ["product", "line", "price_min", "price_max", "unit", "season"]

    def get_season(self, offer: Offer) -> list[int] | None:
        if offer.season_first and offer.season_last:
            return [offer.season_first, offer.season_last]
        term = vocabulary().by_id.get(offer.product_id) if offer.product_id else None
        return list(term.season) if term is not None and term.season else None


class PointOfSaleSerializer(GeoFeatureModelSerializer):
    """A search entry with its merchant's words, consented contact, hours and other points of sale.

    The geometry and all that the search shows come from the entry, which holds public values only.
    """

    class Meta:
        model = SearchEntry
        id_field = "id"
        geo_field = "public_point"
        fields = ["id", "public_point"]

    def to_representation(self, instance: SearchEntry) -> dict[str, Any]:
        point_of_sale = instance.id
        merchant = point_of_sale.merchant
        english = self.context.get("language") == "en"
        open_now, changes_at = open_states([instance.schedule_id or 0]).get(instance.schedule_id or 0, (None, None))
        properties = orjson.loads(instance.card) | {
            "open_now": open_now,
            "open_changes_at": None if changes_at is None else moment(changes_at),
            "description": (english and merchant.description_en) or merchant.description_fr,
            "website": web_address(merchant.website),
            "shop_url": web_address(merchant.shop_url),
            "contact": merchant.public_contact(),
            "opening_hours": point_of_sale.schedule.text if point_of_sale.schedule else None,
            "service_radius_km": point_of_sale.service_radius_km,
            "service_communes": instance.area.communes if hasattr(instance, "area") else [],
            "offers": OfferSerializer(point_of_sale.offers.select_related("product").order_by("id"), many=True).data,
            "label_states": [_label_state(link) for link in merchant.label_links.select_related("label")],
            "other_points_of_sale": self._others(instance),
        }
        return {
            "type": "Feature",
            "id": instance.pk,
            "geometry": {
                "type": "Point",
                "coordinates": Position.from_geos(instance.public_point).rounded(),
            },
            "properties": properties,
        }

    def _others(self, instance: SearchEntry) -> list[dict[str, Any]]:
        others = (
            SearchEntry.objects.filter(merchant_id=instance.merchant_id).exclude(pk=instance.pk).order_by("name", "pk")
        )
        return [
            {"id": other.pk, "name": other.name, "kind": PointOfSale.Kind(orjson.loads(other.card)["kind"]).value}
            for other in others[:50]
        ]


class CommuneSerializer(GeoFeatureModelSerializer):
    """A commune as its fixture describes it."""

    centre = serializers.SerializerMethodField()

    class Meta:
        model = Commune
        id_field = "code"
        geo_field = "contour"
        fields = [
            "code", "name", "departement", "epci", "postcodes", "population", "former_codes", "centre", "contour",
        ]  # fmt: skip

    def get_centre(self, commune: Commune) -> list[float]:
        return Position.from_geos(commune.centre).rounded()

    def get_fields(self) -> dict[str, Any]:
        fields = super().get_fields()
        if not self.context.get("geometry"):
            fields["contour"] = serializers.ReadOnlyField(source="no_contour", default=None)
        return fields

    def to_representation(self, instance: Commune) -> dict[str, Any]:
        feature = super().to_representation(instance)
        feature["properties"] = {"code": instance.pk, **feature["properties"]}
        return feature


def _label_state(link: MerchantLabel) -> dict[str, Any]:
    """Whether the label is only declared, and until when it is verified otherwise."""
    state = state_on(link)
    until = link.verified_until if state == MerchantLabel.State.VERIFIED else None
    return {"label": link.label.code, "state": state, "verified_until": until}
