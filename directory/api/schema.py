"""What the published OpenAPI schema says of parameters and answers, from the parser's own tables."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework import serializers

from directory.api.parameters import SEVERAL, SINGLE
from directory.questions import Sort
from directory.questions.opening import PARTS

TYPES = {
    "lat": OpenApiTypes.DOUBLE,
    "lon": OpenApiTypes.DOUBLE,
    "radius_km": OpenApiTypes.DOUBLE,
    "limit": OpenApiTypes.INT,
    "offset": OpenApiTypes.INT,
    "open_on": OpenApiTypes.INT,
}
VALUES: dict[str, list[str]] = {"sort": [sort.value for sort in Sort], "open": ["now"], "open_part": list(PARTS)}


def parameter(
    name: str, description: object, type_: object = OpenApiTypes.STR, *, required: bool = False
) -> OpenApiParameter:
    return OpenApiParameter(name, type_, description=str(description), required=required)  # type: ignore[arg-type]


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
            enum=VALUES.get(name),
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
    seasons = serializers.DictField(
        child=serializers.ListField(
            child=serializers.IntegerField(min_value=1, max_value=12), min_length=2, max_length=2
        ),
        help_text=_("Par produit de saison : premier et dernier mois, de 1 à 12 ; la saison peut passer le Nouvel An."),
    )
    address = serializers.CharField(allow_null=True)
    commune = CommuneRefSchema()
    distance_m = serializers.IntegerField(required=False)
    open_now = serializers.BooleanField(
        allow_null=True,
        required=False,
        help_text=_("null : horaires inconnus. Absent des fichiers, qui se lisent plus tard."),
    )
    open_changes_at = serializers.DateTimeField(
        allow_null=True, required=False, help_text=_("Quand il ferme, s'il est ouvert, sinon quand il ouvre.")
    )
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


class FacetSchema(serializers.Serializer[None]):
    code = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    count = serializers.IntegerField()


class FacetsSchema(serializers.Serializer[None]):
    """What the question would give with that parameter set to that code alone; null: too many to count."""

    activity = FacetSchema(many=True, allow_null=True)
    product = FacetSchema(many=True, allow_null=True)
    label = FacetSchema(many=True, allow_null=True)  # type: ignore[assignment]
    service = FacetSchema(many=True, allow_null=True)
    open = FacetSchema(many=True, allow_null=True)


class RelaxationSchema(serializers.Serializer[None]):
    """One of drop, radius_km and set says what is changed; `count` is what the question of `parameters` gives."""

    drop = serializers.CharField(required=False, help_text=_("Paramètres retirés, séparés par des virgules."))
    radius_km = serializers.IntegerField(required=False)
    set = serializers.DictField(child=serializers.CharField(), required=False)
    count = serializers.IntegerField()
    parameters = serializers.CharField()


class SuggestionSchema(serializers.Serializer[None]):
    """One thing that a question being typed could mean; `q` is the whole question once it is taken."""

    kind = serializers.ChoiceField(
        ["commune", "postcode", "departement", "activity", "product", "label", "service", "merchant"]
    )
    code = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    lat = serializers.FloatField(allow_null=True)
    lon = serializers.FloatField(allow_null=True)
    q = serializers.CharField()
    detail = serializers.CharField(help_text=_("Ce qui distingue la suggestion : département, commune, nature."))
    matched = serializers.CharField(required=False, help_text=_("Le synonyme reconnu."))
    url = serializers.CharField(required=False, help_text=_("La fiche du commerçant."))


class InterpretedPlaceSchema(serializers.Serializer[None]):
    kind = serializers.ChoiceField(["commune", "postcode", "departement", "address", "here"])
    code = serializers.CharField(required=False)
    name = serializers.CharField(required=False)
    lat = serializers.FloatField(required=False)
    lon = serializers.FloatField(required=False)


class InterpretedOpeningSchema(serializers.Serializer[None]):
    now = serializers.BooleanField(required=False)
    weekday = serializers.IntegerField(required=False, min_value=1, max_value=7)
    part = serializers.ChoiceField(["morning", "afternoon", "evening"], required=False, allow_null=True)


class InterpretedAlternativeSchema(serializers.Serializer[None]):
    """What some of the words could mean as well; `parameters` ask that question."""

    words = serializers.CharField()
    kind = serializers.CharField()
    code = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    parameters = serializers.CharField()


class InterpretationSchema(serializers.Serializer[None]):
    """How a question was understood; `parameters` ask the same as an explicit query string."""

    q = serializers.CharField()
    activities = serializers.ListField(child=serializers.CharField())
    products = serializers.ListField(child=serializers.CharField())
    labels = serializers.ListField(child=serializers.CharField())
    services = serializers.ListField(child=serializers.CharField())
    place = InterpretedPlaceSchema(allow_null=True)
    radius_km = serializers.FloatField(allow_null=True)
    comes = serializers.BooleanField()
    open = InterpretedOpeningSchema(allow_null=True)
    season = serializers.CharField(allow_null=True, help_text=_("now, ou un mois de 1 à 12."))
    text = serializers.CharField(allow_blank=True)
    ignored = serializers.ListField(child=serializers.CharField())
    parameters = serializers.CharField(allow_blank=True)
    alternatives = InterpretedAlternativeSchema(many=True)
    needs = serializers.ListField(child=serializers.CharField(), required=False)


class AnswerSchema(serializers.Serializer[None]):
    type = serializers.ChoiceField(["FeatureCollection"])
    numberMatched = serializers.IntegerField()  # noqa: N815
    numberReturned = serializers.IntegerField()  # noqa: N815
    summary = serializers.CharField()
    license = serializers.CharField()
    attribution = serializers.ListField(child=serializers.CharField())
    links = LinkSchema(many=True)
    unknownHours = serializers.IntegerField(  # noqa: N815
        required=False, help_text=_("Avec open, open_at ou open_on : combien sont écartés faute d'horaires connus.")
    )
    interpretation = InterpretationSchema(required=False, help_text=_("Avec q."))
    facets = FacetsSchema(required=False, allow_null=True, help_text=_("Avec facets=1."))
    relaxations = RelaxationSchema(many=True, required=False, help_text=_("Quand rien ne répond."))
    features = FeatureSchema(many=True)


class ClusterPropertiesSchema(serializers.Serializer[None]):
    """A lone point of sale is named."""

    count = serializers.IntegerField(min_value=1)
    id = serializers.IntegerField(required=False)
    name = serializers.CharField(required=False)
    url = serializers.CharField(required=False)
    activities = serializers.ListField(child=serializers.CharField(), required=False)
    commune = serializers.CharField(required=False)
    demo = serializers.BooleanField(required=False)
    precision = serializers.ChoiceField(["manual", "housenumber", "street", "locality", "commune"], required=False)


class ClusterSchema(serializers.Serializer[None]):
    type = serializers.ChoiceField(["Feature"])
    bbox = serializers.ListField(child=serializers.FloatField(), min_length=4, max_length=4)
    geometry = PointSchema()
    properties = ClusterPropertiesSchema()


class ClustersSchema(serializers.Serializer[None]):
    type = serializers.ChoiceField(["FeatureCollection"])
    numberMatched = serializers.IntegerField()  # noqa: N815
    numberReturned = serializers.IntegerField(max_value=1000)  # noqa: N815
    zoom = serializers.IntegerField(help_text=_("Celui des mailles : celui demandé, ou moins s'il y en aurait trop."))
    license = serializers.CharField()
    attribution = serializers.ListField(child=serializers.CharField())
    features = ClusterSchema(many=True)
