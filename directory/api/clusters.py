"""`/api/v1/clusters/`: how many answer a question, cell by cell of a map's view."""

from __future__ import annotations

from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema

from directory.api.lean import GEOJSON, MAX_AGE_S, MOMENTARY_S, LeanView, json_body
from directory.api.parameters import question_reader, read_question
from directory.api.schema import PROBLEM_RESPONSES, QUESTION_PARAMETERS, ClustersSchema, parameter
from directory.clusters import Cell, Clusters, clusters
from directory.credits import LICENCE, attribution
from geo.grid import MICRO, Box
from geo.points import MAX_ZOOM

ZOOM = {"zoom": _("Zoom de la carte, de 0 à 22 : les mailles ont environ 72 pixels de côté.")}
# What the card of a lone point of sale tells on a map.
TOLD = ("name", "url", "activities", "demo")


class ClustersView(LeanView):
    @extend_schema(
        operation_id="clusters",
        summary="How many points of sale answer a question, cell by cell of a map's view",
        parameters=[*QUESTION_PARAMETERS, parameter("zoom", ZOOM["zoom"], required=True)],
        responses={(200, GEOJSON): ClustersSchema, **PROBLEM_RESPONSES},
    )
    def get(self, request: HttpRequest) -> HttpResponse:
        reader = question_reader(request.GET, ZOOM)
        zoom = reader.whole("zoom", 0, MAX_ZOOM, MAX_ZOOM)
        if "zoom" not in request.GET:
            reader.refuse("zoom", "missing", str(_("zoom : un nombre entier de 0 à 22 est attendu.")))
        now = timezone.now()
        question = read_question(reader, now)
        found = clusters(question, zoom, now)
        return json_body(collection(found), GEOJSON, MAX_AGE_S if question.opening is None else MOMENTARY_S)


def collection(found: Clusters) -> dict[str, Any]:
    return {
        "type": "FeatureCollection",
        "numberMatched": found.total,
        "numberReturned": len(found.cells),
        "zoom": found.zoom,
        "license": LICENCE,
        "attribution": attribution(),
        "features": [feature(cell, found) for cell in found.cells],
    }


def feature(cell: Cell, found: Clusters) -> dict[str, Any]:
    """The middle of a cell's points, and the box in which they lie, within what is asked; a lone one is named."""
    lon, lat = _middle(cell.lon_sum, cell.points), _middle(cell.lat_sum, cell.points)
    box = Box(lon, lat, lon, lat)
    properties: dict[str, Any] = {"count": cell.points}
    if cell.card is None:
        box = Box(cell.x, cell.y, cell.x, cell.y).ground(found.zoom).meet(found.box)
    else:
        card = orjson.loads(cell.card)
        properties |= {"id": cell.id_sum, **{name: card[name] for name in TOLD}}
        properties |= {"commune": card["commune"]["name"], "precision": card["pin"]["precision"]}
    return {
        "type": "Feature",
        "bbox": [box.west / MICRO, box.south / MICRO, box.east / MICRO, box.north / MICRO],
        "geometry": {"type": "Point", "coordinates": [lon / MICRO, lat / MICRO]},
        "properties": properties,
    }


def _middle(total: int, count: int) -> int:
    """The mean, to the nearest whole: between the smallest and the largest, which the box holds."""
    return (2 * total + count) // (2 * count)
