"""Places: what an address is (geocode), what lies at a position (reverse), and the communes themselves."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema

from directory.api.errors import Problem, ProblemError, not_found
from directory.api.lean import GEOJSON, LeanView, json_body
from directory.api.parameters import LONGEST_PLACE, MOST_RESULTS
from directory.api.reader import Reader
from directory.api.schema import PROBLEM_RESPONSES, parameter
from directory.api.serializers import CommuneSerializer
from directory.credits import LICENCE, ground_credits
from geo.gazetteer import gazetteer
from geo.geocoding import ProviderUnavailable, candidates
from geo.models import Commune
from geo.points import GeoValueError, Position, parse_position

MOST_COMMUNES = 2_000
MOST_CONTOURS = 200


class GeocodeView(LeanView):
    """Candidates for an address. The one GET that may ask the geocoder; it falls back on the commune's centre."""

    KNOWN = {
        "q": gettext_lazy("Une adresse, comme on l'écrit."),
        "postcode": gettext_lazy("Code postal."),
        "commune": gettext_lazy("Code INSEE ou nom."),
    }

    @extend_schema(
        operation_id="geocode",
        parameters=[parameter(name, text) for name, text in KNOWN.items()],
        responses={200: OpenApiTypes.OBJECT, **PROBLEM_RESPONSES},
    )
    def get(self, request: HttpRequest) -> HttpResponse:
        reader = Reader(request.GET, self.KNOWN)
        texts = {name: reader.text(name) or "" for name in self.KNOWN}
        for name, text in texts.items():
            if len(text) > LONGEST_PLACE:
                message = _("{name} : {n} caractères au plus.").format(name=name, n=LONGEST_PLACE)
                reader.refuse(name, "too_long", message)
        if not any(texts.values()):
            reader.refuse("q", "missing", _("q : une adresse est attendue."))
        reader.finish()
        try:
            found = candidates(texts["q"], texts["postcode"], texts["commune"])
        except ProviderUnavailable as error:
            raise ProblemError(geocoder_unavailable(error)) from error
        return json_body(
            {
                "degraded": found.degraded,
                "candidates": [
                    {
                        "label": c.label,
                        "lat": round(c.position.lat, 6),
                        "lon": round(c.position.lon, 6),
                        "precision": c.precision,
                        "score": round(c.score, 3),
                        "source": c.source,
                        "commune": c.citycode,
                        "postcode": c.postcode,
                    }
                    for c in found
                ],
            },
            max_age=0 if found.degraded else 300,
        )


def geocoder_unavailable(error: ProviderUnavailable) -> Problem:
    return Problem(
        503,
        "geocoder_unavailable",
        _("Service d'adresses indisponible"),
        _("Le service d'adresses ne répond pas. Réessayez plus tard, ou donnez une commune."),
        retry_after=max(1, round(error.retry_after or 10)),
    )


class ReverseView(LeanView):
    """The commune, EPCI and département under a position."""

    KNOWN = {"lat": gettext_lazy("Latitude, en degrés."), "lon": gettext_lazy("Longitude, en degrés.")}

    @extend_schema(
        operation_id="reverse",
        parameters=[parameter(name, text, OpenApiTypes.DOUBLE) for name, text in KNOWN.items()],
        responses={200: OpenApiTypes.OBJECT, **PROBLEM_RESPONSES},
    )
    def get(self, request: HttpRequest) -> HttpResponse:
        position = read_position(Reader(request.GET, self.KNOWN))
        commune = Commune.objects.containing(position).select_related("epci", "departement").defer("contour").first()
        if commune is None:
            raise not_found(gettext_lazy("Ce point est hors de la région."))
        return json_body(
            {
                "commune": {"code": commune.pk, "name": commune.name, "postcodes": commune.postcodes},
                "epci": {"siren": commune.epci.pk, "name": commune.epci.name} if commune.epci else None,
                "departement": {"code": commune.departement.pk, "name": commune.departement.name},
            }
        )


def read_position(reader: Reader) -> Position:
    """lat and lon, both required. Raises InvalidParameters."""
    for name in ("lat", "lon"):
        if reader.text(name) is None:
            reader.refuse(name, "missing", _("{name} : lat et lon sont attendus.").format(name=name))
    reader.finish()
    try:
        return parse_position(reader.text("lat") or "", reader.text("lon") or "")
    except GeoValueError as error:
        reader.refuse(error.what, error.code, str(error))
        reader.finish()
        raise


class CommunesView(LeanView):
    """The communes, with the properties of their fixture; `geometry=1` adds contours."""

    KNOWN = {
        "departement": gettext_lazy("Code de département."),
        "epci": gettext_lazy("SIREN d'intercommunalité."),
        "q": gettext_lazy("Un nom, entier ou commencé, ou un code postal."),
        "geometry": gettext_lazy("1 pour les contours."),
        "limit": gettext_lazy("Nombre de communes : 2000 au plus, 200 avec les contours ; 200 par défaut."),
        "offset": gettext_lazy("Rang de la première."),
    }

    @extend_schema(
        operation_id="communes",
        parameters=[parameter(name, text) for name, text in KNOWN.items()],
        responses={(200, GEOJSON): OpenApiTypes.OBJECT, **PROBLEM_RESPONSES},
    )
    def get(self, request: HttpRequest) -> HttpResponse:
        reader = Reader(request.GET, self.KNOWN)
        ground = gazetteer()
        departements = reader.codes("departement", lambda code: (code if code in ground.departements else None, None))
        epcis = reader.codes("epci", lambda code: (code if code in ground.epcis else None, None))
        text, geometry = reader.text("q"), reader.text("geometry")
        if geometry not in (None, "0", "1"):
            reader.refuse("geometry", "unknown_value", _("geometry : 0 ou 1 est attendu."))
        if text is not None and len(text) > LONGEST_PLACE:
            reader.refuse("q", "too_long", _("q : {n} caractères au plus.").format(n=LONGEST_PLACE))
        most = MOST_CONTOURS if geometry == "1" else MOST_COMMUNES
        limit = reader.whole("limit", 1, most, MOST_RESULTS)
        offset = reader.whole("offset", 0, 100_000, 0)
        reader.finish()
        rows = Commune.objects.order_by("code")
        if departements:
            rows = rows.filter(departement__in=departements)
        if epcis:
            rows = rows.filter(epci__in=epcis)
        if text is not None:
            rows = rows.filter(pk__in=named_communes(text))
        return communes_body(rows, geometry == "1", limit, offset)


def named_communes(text: str) -> list[str]:
    """Codes of the communes that a text names, or whose postcode it is."""
    ground = gazetteer()
    codes = [entry.code for entry in ground.with_postcode(text.strip())]
    return codes or [place.code for place in ground.find(text, limit=50) if place.kind == "commune"]


def communes_body(rows: Any, geometry: bool, limit: int, offset: int) -> HttpResponse:
    total = rows.count()
    page = rows[offset : offset + limit] if geometry else rows.defer("contour")[offset : offset + limit]
    features = CommuneSerializer(page, many=True, context={"geometry": geometry}).data["features"]
    return json_body(
        {
            "type": "FeatureCollection",
            "numberMatched": total,
            "numberReturned": len(features),
            "license": LICENCE,
            "attribution": [str(credit) for credit in ground_credits()],
            "features": features,
        },
        GEOJSON,
    )
