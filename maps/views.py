"""The public pages. Thin: a question is parsed, answered and shown; nothing here computes."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_safe

from directory import demand
from directory.api.errors import InvalidParameters
from directory.credits import LICENCE, LICENCE_URL, coverage_credits, ground_credits, merchant_credits
from directory.models import Selection
from directory.owners import codes
from maps import drawing, folium_map, outlines, selections, sheets
from maps.backdrops import BACKDROPS, allow_backdrops
from maps.forms import SearchForm, asked, is_asked, read
from maps.home import activity_links, departement_links, examples
from maps.linked_data import json_ld
from maps.platforms.cards import beside
from maps.privacy import groups
from maps.results import answer_context, sheet_href
from maps.wording import credit

PAGE_MAX_AGE_S = 60
FOR_EVER = "public, max-age=31536000, immutable"
# Indentation of templates: without it, 20 results are 0.5 kB less when compressed, and that in half the time.
INDENT = re.compile(rb"\n\s+")


def page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A public page: read only, the same for everybody, kept for a minute."""

    @require_safe
    @wraps(view)
    def shown(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if not response.has_header("Cache-Control"):
            kept = f"public, max-age={PAGE_MAX_AGE_S}" if response.status_code == 200 else "no-store"
            response["Cache-Control"] = kept
        if response["Content-Type"].startswith("text/html"):
            response.content = INDENT.sub(b"\n", response.content)
        return response

    return shown


@page
def search(request: HttpRequest) -> HttpResponse:
    """The field; with a question, its answer; with a mistake, what is mistaken and the nearest remedy."""
    now = timezone.now()
    query = asked(request.GET, now)
    if not is_asked(query):
        return render(request, "maps/home.html", home_context(SearchForm(), now))
    try:
        found = read(query, now)
    except InvalidParameters as error:
        form = SearchForm.refused(query, error.errors, now)
        context: dict[str, Any] = {"form": form, "canonical_query": query.urlencode(safe=",")}
        return render(request, "maps/mistake.html", context, status=400)
    if found.says_nothing:
        context = home_context(found.form, now) | {"unheard": found.form.text, "needs_position": found.needs_position}
        return render(request, "maps/home.html", context)
    context = {"form": found.form, "needs_position": found.needs_position}
    context |= answer_context(found, now) | beside(found.question) | map_files()
    response = allow_backdrops(render(request, "maps/results.html", context))
    demand.record(context["answer"], request)
    return response


def home_context(form: SearchForm, now: datetime) -> dict[str, Any]:
    return {
        "form": form,
        "selections": selections.cards(localdate(now)),
        "examples": examples(now),
        "activities": activity_links(),
        "departements": departement_links(),
        "drawing": drawing.drawing(),
    }


def map_files() -> dict[str, Any]:
    """The addresses of what the map loads: one for all languages, so that caches hold one copy."""
    version = outlines.ground().version
    with override("fr"):
        return {
            "map_script_url": reverse("maps:map_script", args=[folium_map.map_script().version]),
            "region_outlines_url": reverse("maps:region_outlines", args=[version]),
            "commune_outlines_url": reverse("maps:commune_outlines", args=["DEPARTEMENT", version]),
        }


@page
def sheet(request: HttpRequest, id: str, slug: str = "") -> HttpResponse:
    """A merchant's sheet at its one address; any other spelling of it leads there."""
    found = sheets.sheet(int(id))
    if found is None:
        return without_sheet(request, int(id))
    if request.path != sheet_href(found.path):
        return HttpResponsePermanentRedirect(sheet_href(found.path))
    context = {
        "sheet": found,
        "json_ld": json_ld(sheets.linked_data(found, request.build_absolute_uri(request.path))),
        "shows_demo": found.demo,
        "saves_data": request.headers.get("Save-Data", "").lower() == "on",
    }
    response = render(request, "maps/sheet.html", context)
    if found.has_photos:
        patch_vary_headers(response, ("Save-Data",))
    return response


def without_sheet(request: HttpRequest, merchant_id: int) -> HttpResponse:
    """A merchant that has no published point of sale: merged into another, closed for good, or not found."""
    elsewhere = sheets.merged_into(merchant_id)
    if elsewhere is not None:
        return HttpResponsePermanentRedirect(sheet_href(elsewhere))
    ways_on = sheets.gone(merchant_id)
    if ways_on is None:
        raise Http404
    reason = _("Ce commerce a fermé définitivement : sa fiche n'est plus publiée.")
    context = {"title": _("Fermé définitivement"), "reason": reason, "ways_on": ways_on}
    return render(request, "maps/nowhere.html", context, status=410)


@page
def selection(request: HttpRequest, slug: str) -> HttpResponse:
    """A question saved for everybody, and its answer; before and after its dates too, which it says."""
    found, now = get_object_or_404(Selection, slug=slug, published=True), timezone.now()
    context = {"selection": found, "dates": selections.dates(found, localdate(now))}
    return render(request, "maps/selection.html", context | selections.answer_of(found, now))


@page
def legal(request: HttpRequest) -> HttpResponse:
    return render(request, "maps/legal.html")


@page
def privacy(request: HttpRequest) -> HttpResponse:
    minutes = int(codes.GOOD_FOR.total_seconds() // 60)
    return render(request, "maps/privacy.html", {"backdrops": BACKDROPS, "groups": groups(), "minutes": minutes})


@page
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "maps/accessibility.html")


@page
def data(request: HttpRequest) -> HttpResponse:
    context = {
        "licence": LICENCE,
        "licence_url": LICENCE_URL,
        "merchant_credits": [(credit(source), source.url) for source in merchant_credits()],
        "ground_credits": [(credit(source), source.url) for source in ground_credits()],
        "coverage_credits": [(credit(source), source.url) for source in coverage_credits()],
    }
    return render(request, "maps/data.html", context)


@page
def help(request: HttpRequest) -> HttpResponse:
    return render(request, "maps/help.html", {"examples": examples(timezone.now())})


# --- Files of the map ------------------------------------------------------------------------------------------------
@require_safe
def map_script(request: HttpRequest, version: str) -> HttpResponse:
    script = folium_map.map_script()
    return file(script.content, "text/javascript; charset=utf-8", script.version == version)


@require_safe
def region_outlines(request: HttpRequest, version: str) -> HttpResponse:
    ground = outlines.ground()
    return file(ground.content, "application/json", ground.version == version)


@require_safe
def commune_outlines(request: HttpRequest, departement: str, version: str) -> HttpResponse:
    ground = outlines.ground()
    if departement not in ground.departements:
        raise Http404
    content = outlines.communes_content(ground.version, departement)
    return file(content, "application/json", ground.version == version)


def file(content: bytes, content_type: str, current: bool) -> HttpResponse:
    """A generated file, kept for ever under its version; under an old one, what is current, for a minute."""
    response = HttpResponse(content, content_type=content_type)
    response._csp_exempt = True  # type: ignore[attr-defined]  # a page's policy weighs 300 bytes, and binds pages alone
    response["Cache-Control"] = FOR_EVER if current else f"public, max-age={PAGE_MAX_AGE_S}"
    return response
