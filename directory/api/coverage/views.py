"""The views of coverage: editions held, the verdict at a point, figures by commune."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema

from directory import tables
from directory.api.coverage import files
from directory.api.coverage.communes import Table, line_json, table, totals_json
from directory.api.coverage.schema import CoverageAtSchema, CoverageCommunesSchema, EditionsSchema
from directory.api.errors import not_found
from directory.api.lean import GEOJSON, LeanView, body, json_body
from directory.api.places import read_position
from directory.api.reader import Reader
from directory.api.schema import PROBLEM_RESPONSES, parameter
from directory.credits import LICENCE
from geo.coverage import rule, verdict, wording
from geo.coverage.figures import EditionEntry, editions
from geo.coverage.layouts import LAYOUTS
from geo.coverage.verdict import Verdict
from geo.gazetteer import gazetteer
from geo.models import CoverageFile
from geo.points import Position

EDITION = {
    "edition": gettext_lazy("Date d'une édition, comme 2024-12-31 ; l'édition par défaut si elle n'est pas donnée.")
}
FORMATS = ("json", "csv", "xlsx", "geojson")


class EditionsView(LeanView):
    """Editions are kept side by side; what counts satellite alone is never the default."""

    @extend_schema(
        operation_id="coverage_editions",
        summary="The editions of broadband figures that are held, the latest first",
        responses={200: EditionsSchema, **PROBLEM_RESPONSES},
    )
    def get(self, request: HttpRequest) -> HttpResponse:
        held = [edition_json(edition) for edition in editions().entries]
        return json_body({"license": LICENCE, "rule": rule_json(), "editions": held})


class CoverageAtView(LeanView):
    """A zone delivered by the département where one covers the point, otherwise the share of its commune."""

    KNOWN = {"lat": gettext_lazy("Latitude, en degrés."), "lon": gettext_lazy("Longitude, en degrés."), **EDITION}

    @extend_schema(
        operation_id="coverage_at",
        summary="What is known of broadband at a point, and how well it is known",
        parameters=[
            parameter("lat", KNOWN["lat"], OpenApiTypes.DOUBLE, required=True),
            parameter("lon", KNOWN["lon"], OpenApiTypes.DOUBLE, required=True),
            parameter("edition", EDITION["edition"], OpenApiTypes.DATE),
        ],
        responses={200: CoverageAtSchema, **PROBLEM_RESPONSES},
    )
    def get(self, request: HttpRequest) -> HttpResponse:
        reader = Reader(request.GET, self.KNOWN)
        edition = read_edition(reader)
        position = read_position(reader)
        # Zones stand for today: an older edition is asked about the commune alone.
        day = None if edition is None or edition == editions().default else edition.date
        found = verdict.at(position, day)
        if found is None:
            raise not_found(gettext_lazy("Ce point est hors de la région."))
        return json_body(verdict_json(found, position))


class CoverageCommunesView(LeanView):
    """Counts, which add up, and no percentages, which do not. Null is unknown: it is not zero."""

    KNOWN = {
        "departement": gettext_lazy("Code de département."),
        "epci": gettext_lazy("SIREN d'intercommunalité."),
        **EDITION,
        "format": gettext_lazy(
            "json (par défaut), csv, xlsx ou geojson : avec les contours pour un seul département ou une seule"
            " intercommunalité, sinon avec les centres."
        ),
    }

    @extend_schema(
        operation_id="coverage_communes",
        summary="Counts of premises by commune, and their sums",
        parameters=[
            parameter("departement", KNOWN["departement"]),
            parameter("epci", KNOWN["epci"]),
            parameter("edition", EDITION["edition"], OpenApiTypes.DATE),
            OpenApiParameter("format", str, description=str(KNOWN["format"]), enum=FORMATS),
        ],
        responses={
            (200, "application/json"): CoverageCommunesSchema,
            (200, GEOJSON): OpenApiTypes.OBJECT,
            (200, "text/csv"): OpenApiResponse(str),
            (200, tables.XLSX): OpenApiResponse(bytes),
            **PROBLEM_RESPONSES,
        },
    )
    def get(self, request: HttpRequest) -> HttpResponse:
        reader = Reader(request.GET, self.KNOWN)
        ground = gazetteer()
        departements = reader.codes("departement", lambda code: (code if code in ground.departements else None, None))
        epcis = reader.codes("epci", lambda code: (code if code in ground.epcis else None, None))
        edition = read_edition(reader)
        format_name = reader.one_of("format", FORMATS) or "json"
        reader.finish()
        found = table(edition, departements, epcis)
        return json_body(table_json(found)) if format_name == "json" else file(found, format_name)


def read_edition(reader: Reader) -> EditionEntry | None:
    """The edition that is asked for, or the default one; None where nothing is held, or the value is refused."""
    known = editions()
    text = reader.text("edition")
    if text is None:
        return known.default
    found = next((entry for entry in known.entries if entry.date.isoformat() == text), None)
    if found is None:
        held = ", ".join(entry.date.isoformat() for entry in known.entries) or _("aucune")
        message = _("edition : {text} n'est pas une édition d'ici. Éditions : {held}.").format(
            text=text[:60], held=held
        )
        reader.refuse("edition", "unknown_edition", message)
    return found


# --- Answers ---------------------------------------------------------------------------------------------------------
def edition_json(edition: EditionEntry) -> dict[str, Any]:
    return {
        "date": edition.date,
        "demo": edition.demo,
        "default": edition == editions().default,
        "cite": wording.cite(edition),
        "indicators": edition.indicators,
        "layouts": [_file_json(held) for held in edition.files],
    }


def _file_json(held: CoverageFile) -> dict[str, Any]:
    told = ("layout", "name", "source", "url", "licence", "checksum", "loaded", "refused", "imported_at")
    counts_satellite = LAYOUTS[held.layout].counts_satellite
    return {name: getattr(held, name) for name in told} | {"counts_satellite": counts_satellite}


def rule_json() -> dict[str, Any]:
    return {**settings.COVERAGE_RULE, "words": rule.in_words()}


def verdict_json(found: Verdict, position: Position) -> dict[str, Any]:
    commune = gazetteer().commune(found.commune)
    count, zone = found.count, found.zone
    return {
        "class": found.klass,
        "class_in_words": wording.step_in_words(found.indicator, found.klass),
        "indicator": found.indicator or None,
        "value": None if count is None else count.eligible,
        "premises": None if count is None else count.premises,
        "evidence": found.evidence,
        "edition": found.edition.date if found.edition else None,
        "dated": found.dated,
        "source": found.source,
        "low_bandwidth": found.low,
        "commune": {"code": found.commune, "name": commune.name if commune else ""},
        "label": zone.label if zone else None,
        "planned_on": zone.planned_on if zone else None,
        "sentence": wording.sentence(found),
        "rule": rule_json(),
        "demo": found.demo,
        "check": wording.arcep_map(position),
    }


def table_json(found: Table) -> dict[str, Any]:
    edition, indicators = found.edition, found.indicators
    return {
        "license": wording.licences(edition) if edition else LICENCE,
        "attribution": [wording.cite(edition)] if edition else [],
        "edition": edition_json(edition) if edition else None,
        "rule": rule_json(),
        "totals": totals_json(found),
        "communes": [line_json(line, indicators) for line in found.lines],
    }


def file(found: Table, format_name: str) -> HttpResponse:
    content, content_type = {
        "csv": (files.csv, tables.CSV),
        "xlsx": (files.xlsx, tables.XLSX),
        "geojson": (files.geojson, GEOJSON),
    }[format_name]
    response = body(content(found), content_type)
    name = f"couverture-{found.edition.date}" if found.edition else "couverture"
    name += "-demonstration" if found.edition and found.edition.demo else ""
    response["Content-Disposition"] = f'attachment; filename="{name}.{format_name}"'
    return response
