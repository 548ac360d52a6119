"""What the published OpenAPI schema says of parameters and answers, from the parser's own tables."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework import serializers

from directory.api.parameters import SEVERAL, SINGLE
from directory.questions import Sort

TYPES = {
    "lat": OpenApiTypes.DOUBLE,
    "lon": OpenApiTypes.DOUBLE,
    "radius_km": OpenApiTypes.DOUBLE,
    "limit": OpenApiTypes.INT,
    "offset": OpenApiTypes.INT,
}


def parameter(name: str, description: object, type_: object = OpenApiTypes.STR) -> OpenApiParameter:
    return OpenApiParameter(name, type_, description=str(description))  # type: ignore[arg-type]


QUESTION_PARAMETERS = [
    *(
        OpenApiParameter(name, {"type": "array", "items": {"type": "string"}}, description=str(text), explode=False)
        for name, text in SEVERAL.items()
    ),
    *(
        OpenApiParameter(
            name,
            TYPES.get(name, OpenApiTypes.STR),
            description=str(text),
            enum=[sort.value for sort in Sort] if name == "sort" else None,
        )
        for name, text in SINGLE.items()
    ),
]


class ParameterErrorSchema(serializers.Serializer[None]):
    code = serializers.CharField()
    detail = serializers.CharField()
    nearest = serializers.CharField(required=False)


class ProblemSchema(serializers.Serializer[None]):
    """RFC 9457."""

    type = serializers.CharField()
    status = serializers.IntegerField()
    title = serializers.CharField()
    detail = serializers.CharField()
    code = serializers.CharField(help_text=_("Stable, pour les machines."))
    errors = serializers.DictField(  # type: ignore[assignment]
        child=ParameterErrorSchema(), required=False
    )


PROBLEM = OpenApiResponse(ProblemSchema, description="RFC 9457")
PROBLEM_RESPONSES = {(status, "application/problem+json"): PROBLEM for status in (400, 404, 405, 413, 429, 503)}


class LinkSchema(serializers.Serializer[None]):
    rel = serializers.CharField()
    type = serializers.CharField()
    href = serializers.CharField()


class CommuneRefSchema(serializers.Serializer[None]):
    code = serializers.CharField()
    name = serializers.CharField()


class PinSchema(serializers.Serializer[None]):
    precision = serializers.ChoiceField(["manual", "housenumber", "street", "locality", "commune"])
    source = serializers.CharField()  # type: ignore[assignment]
    score = serializers.FloatField(allow_null=True)


class PropertiesSchema(serializers.Serializer[None]):
    name = serializers.CharField()
    merchant = serializers.IntegerField()
    url = serializers.CharField()
    kind = serializers.CharField()
    activities = serializers.ListField(child=serializers.CharField())
    products = serializers.ListField(child=serializers.CharField())
    labels = serializers.ListField(child=serializers.CharField())
    services = serializers.ListField(child=serializers.CharField())
    address = serializers.CharField(allow_null=True)
    commune = CommuneRefSchema()
    distance_m = serializers.IntegerField(required=False)
    open_now = serializers.BooleanField(allow_null=True)
    demo = serializers.BooleanField()
    pin = PinSchema()


class PointSchema(serializers.Serializer[None]):
    type = serializers.ChoiceField(["Point"])
    coordinates = serializers.ListField(child=serializers.FloatField(), min_length=2, max_length=2)


class FeatureSchema(serializers.Serializer[None]):
    type = serializers.ChoiceField(["Feature"])
    id = serializers.IntegerField()
    geometry = PointSchema()
    properties = PropertiesSchema()


class AnswerSchema(serializers.Serializer[None]):
    type = serializers.ChoiceField(["FeatureCollection"])
    numberMatched = serializers.IntegerField()  # noqa: N815
    numberReturned = serializers.IntegerField()  # noqa: N815
    summary = serializers.CharField()
    license = serializers.CharField()
    attribution = serializers.ListField(child=serializers.CharField())
    links = LinkSchema(many=True)
    features = FeatureSchema(many=True)
