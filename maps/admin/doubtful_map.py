"""The doubtful pins on a map: a list of links to their forms, which the map beside it shows where they are.

The list says all that the map says; each form is opened in the walk through the queue, of the département shown.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext

from geo.gazetteer import gazetteer
from maps.admin.reasons import doubts
from maps.admin.worklists import DEPARTEMENT_PARAMETER, DOUBTFUL, Walk
from maps.outlines import extent_of
from maps.views import map_files

URL_NAME = "directory_pointofsale_doubtful_map"
# As many marks as one can tell apart; beyond, a département is to be chosen.
MOST = 500


def map_address(request: HttpRequest) -> str:
    """The map of what a list shows: its département, or all."""
    departement = request.GET.get(DEPARTEMENT_PARAMETER, "")
    query = f"?{urlencode({DEPARTEMENT_PARAMETER: departement})}" if departement else ""
    return reverse(f"admin:{URL_NAME}") + query


def doubtful_map_url(page: ModelAdmin[Any]) -> Any:
    """The page's address, below that of the list. `page` is the list's admin."""

    def view(request: HttpRequest) -> TemplateResponse:
        return _show(page, request)

    return path(f"{DOUBTFUL.path}carte/", page.admin_site.admin_view(view), name=URL_NAME)


def _show(page: ModelAdmin[Any], request: HttpRequest) -> TemplateResponse:
    if not page.has_view_or_change_permission(request):
        raise PermissionDenied
    departements = gazetteer().departements
    departement = request.GET.get(DEPARTEMENT_PARAMETER, "")
    walk = Walk(DOUBTFUL, departement if departement in departements else "")
    rows = page.get_queryset(request).filter(pin__isnull=False).order_by("pk")
    if walk.departement:
        rows = rows.filter(commune__departement=walk.departement)
    places = list(rows[: MOST + 1])
    context = {
        **page.admin_site.each_context(request),
        **map_files(),
        "title": gettext("Épingles douteuses sur la carte"),
        "opts": page.opts,
        "walk": walk,
        "departements": sorted(departements.items()),
        "bounds": extent_of([walk.departement] if walk.departement else []),
        "more": len(places) > MOST,
        "most": MOST,
        "places": [_line(place, walk) for place in places[:MOST]],
    }
    return TemplateResponse(request, "maps/admin/doubtful_map.html", context)


def _line(place: Any, walk: Walk) -> dict[str, Any]:
    return {
        "name": place.display_name,
        "commune": place.commune.name if place.commune else "",
        "url": walk.form_url(place),
        "lat": place.pin.y,
        "lon": place.pin.x,
        "why": ", ".join(doubts(place)),
        "precision": place.get_pin_precision_display(),
    }
