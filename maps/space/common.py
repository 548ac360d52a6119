"""What every page of the merchant's space goes through: whose entry it is, and that no copy of it is kept."""

from __future__ import annotations

from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from directory.models import PointOfSale
from directory.owners.access import merchants_of, place_of
from maps.chips import Link
from maps.desk.common import View, behind

# Others are asked for their address.
owner_page = behind("maps:way_in")


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
