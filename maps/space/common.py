"""What every page of the merchant's space goes through: whose entry it is, and that no copy of it is kept."""

from __future__ import annotations

from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.handlers.exception import response_for_exception
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from directory.models import PointOfSale
from directory.owners.access import merchants_of, place_of
from maps.chips import Link
from maps.desk.common import View


def owner_page(view: View) -> View:
    """A page for people who signed in; others are asked for their address, and come back. Never kept by a cache."""

    @wraps(view)
    def shown(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated:
            try:
                response: HttpResponseBase = view(request, *args, **kwargs)
            except Http404 as missing:  # answered here, so that no copy of this is kept either
                response = response_for_exception(request, missing)
        else:
            response = redirect_to_login(request.get_full_path(), reverse("maps:way_in"))
        response["Cache-Control"] = "private, no-store"
        return response

    return shown


def place_page(view: View) -> View:
    """A page of one point of sale, which the view is given in place of its id. Somebody else's is not found."""

    @owner_page
    @wraps(view)
    def shown(request: HttpRequest, id: int, *args: Any, **kwargs: Any) -> HttpResponseBase:
        place = place_of(request.user, id)
        if place is None:
            raise Http404
        if hasattr(place.merchant, "deletion"):  # nothing of it is changed, until that is undone
            return redirect("maps:own_leaving", place.merchant_id)
        return view(request, place, *args, **kwargs)

    return shown


def merchant_page(view: View) -> View:
    """A page of one merchant, which the view is given in place of its id. Somebody else's is not found."""

    @owner_page
    @wraps(view)
    def shown(request: HttpRequest, id: int, *args: Any, **kwargs: Any) -> HttpResponseBase:
        merchant = get_object_or_404(merchants_of(request.user), pk=id)
        return view(request, merchant, *args, **kwargs)

    return shown


def place_path(place: PointOfSale, page: str, *args: Any) -> str:
    """The address of a page of the point of sale's space."""
    return reverse(f"maps:{page}", args=[place.pk, *args])


def place_context(place: PointOfSale) -> dict[str, Any]:
    """What every page of a point of sale shows around its own: its name, and the way to the others."""
    pages = {
        "own_place": _("Ma fiche"),
        "pin": _("Épingle"),
        "own_address": _("Adresse"),
        "own_hours": _("Horaires"),
        "own_offers": _("Produits"),
        "own_photos": _("Photos"),
        "own_services": _("Services"),
        "own_reach": _("Zone desservie"),
        "own_about": _("Présentation"),
    }
    links = [Link(text, place_path(place, page)) for page, text in pages.items()]
    return {"place": place, "space_name": place.display_name, "space_links": links, "shows_demo": place.demo}
