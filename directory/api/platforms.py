"""`/api/v1/platforms/`: the platforms that serve a place and sell what is asked, the most local first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import orjson
from django.contrib.gis.db.models.functions import AsGeoJSON
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema
from rest_framework import serializers

from directory.api.lean import GEOJSON, LeanView, json_body
from directory.api.parameters import SEVERAL
from directory.api.reader import Reader
from directory.api.schema import PROBLEM_RESPONSES, parameter
from directory.credits import LICENCE, ground_credits
from directory.models import Platform, web_address
from directory.models.platform import PlatformQuerySet
from directory.platforms.finding import selling, within
from directory.vocabulary import vocabulary
from geo.gazetteer import gazetteer
from geo.points import DECIMALS, GeoValueError, Position, parse_position

MOST, MOST_CONTOURS, USUAL = 200, 20, 20
LAST_OFFSET = 10_000
KNOWN = {
    "lat": gettext_lazy("Latitude, en degrés (WGS 84) : avec lon, les plateformes qui desservent ce point."),
    "lon": gettext_lazy("Longitude, en degrés (WGS 84)."),
    **{name: SEVERAL[name] for name in ("commune", "epci", "departement", "product")},
}
PAGE = {
    "geometry": gettext_lazy("1 pour les territoires."),
    "limit": gettext_lazy("Nombre de plateformes : 200 au plus, 20 avec les territoires ; 20 par défaut."),
    "offset": gettext_lazy("Rang de la première, de 0 à 10000."),
}


@dataclass(frozen=True)
class Asked:
    """Where and what: all of what is given, one of each kind."""

    position: Position | None = None
    communes: tuple[str, ...] = ()
    epcis: tuple[str, ...] = ()
    departements: tuple[str, ...] = ()
    products: tuple[str, ...] = ()

    def found(self) -> PlatformQuerySet:
        """The most local first."""
        rows = Platform.objects.shown()
        if self.position is not None:
            rows = rows.serving(self.position)
        rows = within(rows, self.communes, self.epcis, self.departements)
        return selling(rows, self.products).order_by("reach_km2", "name", "pk")

    def anywhere(self) -> Asked:
        """The same without a place."""
        return replace(self, position=None, communes=(), epcis=(), departements=())


def read_asked(reader: Reader) -> Asked:
    """What a reader's parameters ask for; its mistakes stay in it."""
    ground, words = gazetteer(), vocabulary()

    def commune(code: str) -> tuple[str | None, str | None]:
        entry = ground.commune(code)
        return (entry.code if entry else None), None

    def known(codes: Any) -> Callable[[str], tuple[str | None, str | None]]:
        return lambda code: (code if code in codes else None, None)

    def product(code: str) -> tuple[str | None, str | None]:
        return (code, None) if words.find("product", code) else (None, words.nearest_code("product", code))

    return Asked(
        _position(reader),
        reader.codes("commune", commune),
        reader.codes("epci", known(ground.epcis)),
        reader.codes("departement", known(ground.departements)),
        reader.codes("product", product),
    )


def _position(reader: Reader) -> Position | None:
    lat, lon = reader.text("lat"), reader.text("lon")
    if lat is None and lon is None:
        return None
    for name, text in (("lat", lat), ("lon", lon)):
        if text is None:
            reader.refuse(name, "missing", _("{name} : lat et lon vont ensemble.").format(name=name))
            return None
    try:
        return parse_position(lat or "", lon or "")
    except GeoValueError as error:
        reader.refuse(error.what, error.code, str(error))
        return None


class PlatformTerritorySchema(serializers.Serializer[None]):
    communes = serializers.ListField(child=serializers.CharField())
    epcis = serializers.ListField(child=serializers.CharField())
    departements = serializers.ListField(child=serializers.CharField())
    km2 = serializers.IntegerField()


class PlatformPropertiesSchema(serializers.Serializer[None]):
    name = serializers.CharField()
    operator = serializers.CharField()
    kind = serializers.ChoiceField(Platform.Kind.choices)
    url = serializers.URLField(allow_null=True)
    page = serializers.CharField()
    description = serializers.DictField(child=serializers.CharField(), help_text="fr, en")
    products = serializers.ListField(child=serializers.CharField())
    territory = PlatformTerritorySchema()
    link = serializers.ChoiceField([value for value in Platform.Link.values if value != Platform.Link.HIDDEN])
    demo = serializers.BooleanField()


class PlatformFeatureSchema(serializers.Serializer[None]):
    type = serializers.ChoiceField(["Feature"])
    id = serializers.CharField()
    geometry = serializers.DictField(allow_null=True, help_text="MultiPolygon, geometry=1")
    properties = PlatformPropertiesSchema()


class PlatformsSchema(serializers.Serializer[None]):
    type = serializers.ChoiceField(["FeatureCollection"])
    numberMatched = serializers.IntegerField()  # noqa: N815
    numberReturned = serializers.IntegerField(max_value=MOST)  # noqa: N815
    license = serializers.CharField()
    attribution = serializers.ListField(child=serializers.CharField())
    features = PlatformFeatureSchema(many=True)


class PlatformsView(LeanView):
    """Platforms that serve all of the places given (a position, a commune…) and sell one of the products."""

    @extend_schema(
        operation_id="platforms",
        summary="Platforms (town marketplaces, producers' networks…) that serve a place and sell what is asked",
        parameters=[parameter(name, text) for name, text in (KNOWN | PAGE).items()],
        responses={(200, GEOJSON): PlatformsSchema, **PROBLEM_RESPONSES},
    )
    def get(self, request: HttpRequest) -> HttpResponse:
        reader = Reader(request.GET, KNOWN | PAGE)
        asked, geometry = read_asked(reader), reader.flag("geometry")
        limit = reader.whole("limit", 1, MOST_CONTOURS if geometry else MOST, USUAL)
        offset = reader.whole("offset", 0, LAST_OFFSET, 0)
        reader.finish()
        rows = asked.found()
        told = rows.told().annotate(shape=AsGeoJSON("territory", precision=DECIMALS)) if geometry else rows.told()
        features = [feature(platform) for platform in told[offset : offset + limit]]
        return json_body(
            {
                "type": "FeatureCollection",
                "numberMatched": rows.count(),
                "numberReturned": len(features),
                "license": LICENCE,
                "attribution": [str(credit) for credit in ground_credits()],
                "features": features,
            },
            GEOJSON,
        )


def feature(platform: Platform) -> dict[str, Any]:
    """A platform of `told()`, with its territory where the query has it."""
    words, shape = vocabulary(), getattr(platform, "shape", None)
    return {
        "type": "Feature",
        "id": platform.slug,
        "geometry": orjson.Fragment(shape) if shape else None,
        "properties": {
            "name": platform.name,
            "operator": platform.operator,
            "kind": platform.kind,
            "url": web_address(platform.url) or None,
            "page": platform.path,
            "description": {"fr": platform.description_fr, "en": platform.description_en},
            "products": [words.by_id[id_].code for id_ in platform.product_ids if id_ in words.by_id],
            "territory": {
                "communes": platform.commune_codes,
                "epcis": platform.epci_codes,
                "departements": platform.departement_codes,
                "km2": round(platform.reach_km2),
            },
            "link": platform.link,
            "demo": platform.demo,
        },
    }
