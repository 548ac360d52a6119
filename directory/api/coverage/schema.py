"""What the published OpenAPI schema says of coverage."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from directory.api.schema import CommuneRefSchema


class CoverageFileSchema(serializers.Serializer[None]):
    layout = serializers.CharField()
    name = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]
    url = serializers.CharField(allow_blank=True)
    licence = serializers.CharField(allow_blank=True)
    checksum = serializers.CharField(help_text="SHA-256")
    loaded = serializers.IntegerField()
    refused = serializers.IntegerField()
    imported_at = serializers.DateTimeField()
    counts_satellite = serializers.BooleanField(help_text=_("Compte le satellite, qui est partout : ne dit rien."))


class EditionSchema(serializers.Serializer[None]):
    date = serializers.DateField()
    demo = serializers.BooleanField()
    default = serializers.BooleanField()
    cite = serializers.CharField(help_text=_("Comment citer ces chiffres."))
    indicators = serializers.ListField(child=serializers.CharField())
    layouts = CoverageFileSchema(many=True)


class RuleSchema(serializers.Serializer[None]):
    """What makes a low-bandwidth place."""

    fibre_below_pct = serializers.FloatField()
    without_8_above_pct = serializers.FloatField()
    zone_below_mbit = serializers.FloatField()
    words = serializers.CharField()


class EditionsSchema(serializers.Serializer[None]):
    license = serializers.CharField()
    rule = RuleSchema()
    editions = EditionSchema(many=True)


class CoverageAtSchema(serializers.Serializer[None]):
    """`class` is a share of premises ("25-50"), a zone's speed ("BHD8"), or "unknown"."""

    class_in_words = serializers.CharField()
    indicator = serializers.CharField(allow_null=True)
    value = serializers.IntegerField(allow_null=True, help_text=_("Locaux éligibles de la commune."))
    premises = serializers.IntegerField(allow_null=True)
    evidence = serializers.ChoiceField(["zone", "commune"])
    edition = serializers.DateField(allow_null=True)
    dated = serializers.DateField(allow_null=True, help_text=_("De l'édition, ou de la livraison de la zone."))
    source = serializers.CharField(allow_blank=True)  # type: ignore[assignment]
    low_bandwidth = serializers.BooleanField(allow_null=True)
    commune = CommuneRefSchema()
    label = serializers.CharField(allow_null=True, allow_blank=True)  # type: ignore[assignment]
    planned_on = serializers.DateField(allow_null=True, help_text=_("Travaux prévus dans la zone."))
    sentence = serializers.CharField()
    rule = RuleSchema()
    demo = serializers.BooleanField()
    check = serializers.URLField(help_text=_("La carte de l'ARCEP à ce point."))

    def get_fields(self) -> dict[str, serializers.Field]:
        """`class` is no name that Python lets us write."""
        return {"class": serializers.CharField(), **super().get_fields()}


class CoverageTotalsSchema(serializers.Serializer[None]):
    communes = serializers.IntegerField()
    unknown = serializers.IntegerField(help_text=_("Communes sans chiffres dans cette édition."))
    premises = serializers.IntegerField(allow_null=True)
    eligible = serializers.DictField(child=serializers.IntegerField(allow_null=True))
    premises_known = serializers.DictField(
        child=serializers.IntegerField(allow_null=True),
        help_text=_("Par indicateur : les locaux des communes où il est connu."),
    )
    points_of_sale = serializers.IntegerField()


class CoverageCommuneSchema(serializers.Serializer[None]):
    code = serializers.CharField()
    name = serializers.CharField()
    premises = serializers.IntegerField(allow_null=True, help_text=_("null : aucun chiffre dans cette édition."))
    eligible = serializers.DictField(
        child=serializers.IntegerField(allow_null=True),
        help_text=_("Par indicateur ; null si l'édition ne l'a pas. Les débits sont cumulés."),
    )
    points_of_sale = serializers.IntegerField(help_text=_("Points de vente publiés."))
    low_bandwidth = serializers.BooleanField(allow_null=True)


class CoverageCommunesSchema(serializers.Serializer[None]):
    license = serializers.CharField()
    attribution = serializers.ListField(child=serializers.CharField())
    edition = EditionSchema(allow_null=True)
    rule = RuleSchema()
    totals = CoverageTotalsSchema()
    communes = CoverageCommuneSchema(many=True)
