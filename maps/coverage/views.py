"""The page of coverage, complete without JavaScript; and what its map and the search page's ask for besides."""

from __future__ import annotations

from dataclasses import replace

import orjson
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from directory.api.coverage.communes import table as communes_table
from directory.api.errors import ParameterError
from geo.coverage import rule, wording
from maps import overlays
from maps.chips import Link
from maps.coverage import addresses, point, showing, words
from maps.coverage.asking import read
from maps.coverage.scale import scale
from maps.coverage.table import area_of, areas
from maps.views import file, page


@page
def coverage(request: HttpRequest) -> HttpResponse:
    """The map, its legend and its table; what is known at a place, where one is asked about."""
    asked, errors = read(request.GET)
    if errors:
        return refused(request, errors)
    if asked is None:
        return render(request, "maps/coverage_none.html", {"rule": rule.in_words()})
    lines = communes_table(asked.edition, *asked.within).lines
    whole = area_of(words.place_name(asked), "", lines)
    found = showing.shown_rows(areas(lines, asked.level), asked)
    if found is None:
        first = Link(words.heading(asked), addresses.href(asked))
        return nowhere(request, _("La liste n'a pas cette page."), first, 404)
    context = showing.said(asked, whole) | found | showing.switches(asked) | showing.drawn(asked)
    context |= showing.map_data(asked, whole) | {"told": point.told(request.GET), "place": request.GET.get("place", "")}
    return render(request, "maps/coverage.html", context)


@page
def area(request: HttpRequest) -> HttpResponse:
    """What the map tells of an area: its name, its figures in words, where they come from, where to read on."""
    asked, errors = read(request.GET)
    code = request.GET.get("code", "")
    if errors or asked is None:
        raise Http404
    lines = communes_table(asked.edition, *asked.within).lines
    found = next((one for one in areas(lines, asked.level) if one.code == code), None)
    if found is None:
        raise Http404
    told = {
        "name": found.name,
        "lines": words.told_of(found, asked),
        "href": addresses.of_area(found, asked),
        "link": words.read_on(asked.level),
    }
    return HttpResponse(orjson.dumps(told), content_type="application/json")


@page
def layer(request: HttpRequest) -> HttpResponse:
    """The layer of the search page's map: its legend, and in its attributes what the layer is made of."""
    asked, errors = read(request.GET)
    if errors or asked is None:
        return render(request, "maps/_coverage_layer.html", {"dated": ""})
    asked = replace(asked, level="commune")
    context = {
        "dated": wording.dated(asked.edition),
        "rule": rule.in_words(),
        "href": addresses.start(),
        "scale": scale(asked.indicator),
        "values_url": addresses.values(asked),
        "area_url": addresses.area(asked),
        "overlay_script_url": addresses.script(),
        "indicator_name": wording.indicator_name(asked.indicator),
        "of_premises": words.of_premises(asked.indicator),
    }
    return render(request, "maps/_coverage_layer.html", context)


@require_safe
def overlay_script(request: HttpRequest, version: str) -> HttpResponse:
    script = overlays.overlay_script()
    return file(script.content, "text/javascript; charset=utf-8", script.version == version)


def refused(request: HttpRequest, errors: dict[str, ParameterError]) -> HttpResponse:
    reason = " ".join(str(error.detail) for error in errors.values())
    return nowhere(request, reason, Link(_("Voir la couverture de toute la région"), addresses.start()), 400)


def nowhere(request: HttpRequest, reason: str, way_on: Link, status: int) -> HttpResponse:
    context = {"title": _("Couverture internet"), "reason": reason, "ways_on": [way_on]}
    return render(request, "maps/nowhere.html", context, status=status)
