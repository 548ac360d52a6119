"""What both drf-gis contenders share: reading the question, and one point of sale as a GeoJSON feature."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib.gis.db.models import PointField
from django.contrib.gis.geos import Point
from django.contrib.gis.measure import D
from django.db.models import CharField, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce, Collate, NullIf
from django.utils.text import slugify
from rest_framework import serializers
from rest_framework_gis.fields import GeometryField
from rest_framework_gis.pagination import GeoJsonPagination
from rest_framework_gis.serializers import GeoFeatureModelSerializer

from directory.models import PointOfSale, Term
from directory.vocabulary import vocabulary

# The column that peers/location.sql adds to the table of points of sale.
LOCATION = RawSQL('"directory_pointofsale"."location"', [], output_field=PointField(geography=True, srid=4326))
SHOWN_NAME = Collate(Coalesce(NullIf("name", Value("")), "merchant__name", output_field=CharField()), "fr-x-icu")


class Page(GeoJsonPagination):
    """The number of results is the question's `limit`; the paginator counts the total."""

    page_size_query_param = "limit"
    max_page_size = 200


class FeatureSerializer(GeoFeatureModelSerializer):
    """The same members as the service's features."""

    location = GeometryField(precision=6)
    name = serializers.CharField(source="display_name")
    merchant = serializers.IntegerField(source="merchant_id")
    url = serializers.SerializerMethodField()
    activities: serializers.SlugRelatedField[Term] = serializers.SlugRelatedField("code", many=True, read_only=True)
    products: serializers.SlugRelatedField[Term] = serializers.SlugRelatedField("code", many=True, read_only=True)
    labels: serializers.SlugRelatedField[Term] = serializers.SlugRelatedField(
        "code", source="merchant.labels", many=True, read_only=True
    )
    services: serializers.SlugRelatedField[Term] = serializers.SlugRelatedField("code", many=True, read_only=True)
    address = serializers.SerializerMethodField()
    commune = serializers.SerializerMethodField()
    distance_m = serializers.SerializerMethodField()
    open_now = serializers.SerializerMethodField()
    pin = serializers.SerializerMethodField()

    class Meta:
        model = PointOfSale
        id_field = "id"
        geo_field = "location"
        fields = [
            "id", "location", "distance_m", "open_now", "name", "merchant", "url", "kind", "activities", "products",
            "labels", "services", "address", "commune", "demo", "pin",
        ]  # fmt: skip

    def get_url(self, place: PointOfSale) -> str:
        return f"/m/{place.merchant_id}-{slugify(place.merchant.name)[:60]}/"

    def get_address(self, place: PointOfSale) -> str | None:
        if place.pin_hidden:
            return None
        town = " ".join(filter(None, (place.postcode, place.commune.name if place.commune else "")))
        return ", ".join(filter(None, (place.street, town)))

    def get_commune(self, place: PointOfSale) -> dict[str, Any]:
        return {"code": place.commune_id, "name": place.commune.name if place.commune else ""}

    def get_distance_m(self, place: PointOfSale) -> int | None:
        distance = getattr(place, "distance", None)
        return None if distance is None else round(distance.m)

    def get_open_now(self, place: PointOfSale) -> None:
        return None

    def get_pin(self, place: PointOfSale) -> dict[str, Any]:
        if place.pin_hidden or not place.pin_precision:
            return {"precision": "commune", "source": "gazetteer", "score": None}
        return {"precision": place.pin_precision, "source": place.pin_source, "score": place.pin_score}


def ids_below(dimension: str, query: Mapping[str, str]) -> list[int] | None:
    """The ids of the term asked and of all below it; None where none is asked."""
    code = query.get(dimension)
    if code is None:
        return None
    asked = vocabulary().by_code[code].id
    return [term.id for term in vocabulary().terms if asked in term.path]


def circle_of(query: Mapping[str, str]) -> tuple[Point, D] | None:
    """The centre and the radius asked; None where there is no centre."""
    if "lat" not in query:
        return None
    point = Point(float(query["lon"]), float(query["lat"]), srid=4326)
    return point, D(km=float(query["radius_km"]))
