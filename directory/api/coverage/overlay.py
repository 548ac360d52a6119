"""`/api/v1/coverage/overlay/`: what a choropleth is made of. Classes by code here; areas in files kept for ever."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers

from directory.api.coverage.views import EDITION, read_edition
from directory.api.errors import not_found
from directory.api.lean import LeanView, body, json_body
from directory.api.reader import Reader
from directory.api.schema import PROBLEM_RESPONSES, parameter
from geo.coverage import wording
from geo.coverage.figures import LEVELS, EditionEntry, editions
from geo.coverage.steps import MAPPED, rank, steps
from geo.gazetteer import CommuneEntry, gazetteer
from geo.sheets import Sheet, sheets

A_YEAR_S = 31_536_000
MOMENT_S = 60


class OverlaySheetSchema(serializers.Serializer[None]):
    url = serializers.CharField()
    bbox = serializers.ListField(child=serializers.FloatField(), min_length=4, max_length=4)


class OverlayGeometrySchema(serializers.Serializer[None]):
    """Files of packed arcs, to keep for ever: the whole région, coarse, or sheets for close views."""

    region = serializers.CharField()
    close = OverlaySheetSchema(many=True)


class OverlaySchema(serializers.Serializer[None]):
    edition = serializers.DateField(allow_null=True)
    demo = serializers.BooleanField()
    cite = serializers.CharField(allow_null=True, help_text=gettext_lazy("Comment citer ces chiffres."))
    indicator = serializers.CharField()
    level = serializers.ChoiceField(["commune", "epci", "departement"])
    departements = serializers.ListField(
        child=serializers.CharField(), help_text=gettext_lazy("Ceux dont sont les classes ; aucun : toute la région.")
    )
    steps = serializers.ListField(
        child=serializers.CharField(),
        help_text=gettext_lazy("Classes en pour cent des locaux éligibles, la plus basse d'abord."),
    )
    classes = serializers.DictField(
        child=serializers.IntegerField(min_value=0, max_value=4, allow_null=True),
        help_text=gettext_lazy("Par code, le rang de la classe dans steps ; absent ou null : inconnu."),
    )
    geometry = OverlayGeometrySchema()


class OverlayView(LeanView):
    """The class of each area. An area that is missing, or null, is unknown: not zero."""

    KNOWN = {
        "level": gettext_lazy("commune (par défaut), epci ou departement."),
        "indicator": gettext_lazy(
            "ftth, ou un débit filaire : 8, 30, 100, 1000 Mbit/s. Par défaut, le premier de l'édition."
        ),
        "departement": gettext_lazy("Code de département : les classes de ses communes ou de ses intercommunalités."),
        **EDITION,
    }

    @extend_schema(
        operation_id="coverage_overlay",
        summary="The class of each commune, EPCI or département, and where its geometry is",
        parameters=[
            OpenApiParameter("level", str, description=str(KNOWN["level"]), enum=list(LEVELS)),
            OpenApiParameter("indicator", str, description=str(KNOWN["indicator"]), enum=MAPPED),
            parameter("departement", KNOWN["departement"]),
            parameter("edition", EDITION["edition"], OpenApiTypes.DATE),
        ],
        responses={200: OverlaySchema, **PROBLEM_RESPONSES},
    )
    def get(self, request: HttpRequest) -> HttpResponse:
        reader = Reader(request.GET, self.KNOWN)
        known = gazetteer().departements
        departements = reader.codes("departement", lambda code: (code if code in known else None, None))
        level = reader.one_of("level", tuple(LEVELS)) or "commune"
        edition = read_edition(reader)
        indicator = reader.one_of("indicator", MAPPED) or mapped(edition)[0]
        reader.finish()
        return json_body(
            {
                "edition": edition.date if edition else None,
                "demo": bool(edition and edition.demo),
                "cite": wording.cite(edition) if edition else None,
                "indicator": indicator,
                "level": level,
                "departements": departements,
                "steps": steps(indicator),
                "classes": classes(edition, indicator, level, departements),
                "geometry": geometry(),
            }
        )


class OverlayGeometryView(LeanView):
    """A file of areas: kept for ever under its version; under an old one, what is current, for a minute."""

    @extend_schema(exclude=True)
    def get(self, request: HttpRequest, sheet: str, version: str) -> HttpResponse:
        held = sheets()
        found = held.find(sheet)
        if found is None:
            raise not_found()
        response = body(found.content, max_age=A_YEAR_S if version == held.version else MOMENT_S)
        if version == held.version:
            response["Cache-Control"] += ", immutable"
        return response


def mapped(edition: EditionEntry | None) -> tuple[str, ...]:
    """What an edition has to show, in the order of preference; fibre where there is nothing."""
    held = edition.indicators if edition else ()
    return tuple(name for name in MAPPED if name in held) or MAPPED[:1]


def classes(
    edition: EditionEntry | None, indicator: str, level: str, departements: tuple[str, ...]
) -> dict[str, int | None]:
    """The number of each area's class by its code, from 0 for the widest gap; None where it is not known."""
    if edition is None:
        return {}

    def code_of(entry: CommuneEntry) -> str | None:
        return LEVELS[level](entry) if not departements or entry.departement in departements else None

    sums = editions().figures(edition).summed(code_of)
    return {code: rank(indicator, counts[indicator]) if indicator in counts else None for code, counts in sums.items()}


def geometry() -> dict[str, Any]:
    """`region` has all areas, coarse; each of `close` those around one place, with the box that they lie in."""
    held = sheets()
    return {"region": _url(held.whole), "close": [{"url": _url(s), "bbox": s.extent} for s in held.close.values()]}


def _url(sheet: Sheet) -> str:
    return reverse("api:coverage_geometry", args=[sheet.name, sheets().version])
