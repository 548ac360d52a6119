"""What every page of a chamber's agents goes through: who may open it, and the way to the others."""

from __future__ import annotations

from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from directory.chambers.access import Chamber, chambers_of
from maps.chips import Link
from maps.desk.common import View, signed_in


def chamber_page(view: View) -> View:
    """A page of one chamber, which the view is given in place of its kind. Another's is not found."""

    @signed_in
    @wraps(view)
    def shown(request: HttpRequest, kind: str, *args: Any, **kwargs: Any) -> HttpResponseBase:
        chamber = next((one for one in chambers_of(request.user) if one.kind == kind), None)
        if chamber is None:
            raise Http404
        return view(request, chamber, *args, **kwargs)

    return shown


def chamber_path(chamber: Chamber, page: str = "chamber", *args: Any) -> str:
    """The address of a page of the chamber's agents."""
    return reverse(f"maps:{page}", args=[chamber.kind, *args])


def chamber_context(chamber: Chamber) -> dict[str, Any]:
    """What every page of a chamber's agents shows around its own."""
    pages = {
        "chamber": _("Accueil"),
        "chamber_list": _("Liste"),
        "chamber_entry": _("Saisie accompagnée"),
        "chamber_demand": _("Demandes"),
    }
    links = [Link(text, chamber_path(chamber, page)) for page, text in pages.items()]
    return {"chamber": chamber, "departement": None, "desk_name": chamber.name, "desk_links": links}
