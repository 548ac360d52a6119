"""What every page of the desk goes through: who may open it, and that no copy of it is kept."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.handlers.exception import response_for_exception
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from directory.gaps.access import departements_of
from directory.gaps.access import name_of as name_of
from geo.models import Departement
from maps.chips import Link

View = Callable[..., HttpResponseBase]


def behind(door: str) -> Callable[[View], View]:
    """Pages for people who signed in; others are sent to the page `door`, and come back. Never kept by a cache."""

    def guarded(view: View) -> View:
        @wraps(view)
        def shown(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.user.is_authenticated:
                try:
                    response: HttpResponseBase = view(request, *args, **kwargs)
                except Http404 as missing:  # answered here, so that no copy of this is kept either
                    response = response_for_exception(request, missing)
            else:
                response = redirect_to_login(request.get_full_path(), reverse(door))
            response["Cache-Control"] = "private, no-store"
            return response

        return shown

    return guarded


signed_in = behind("maps:sign_in")


def official_page(view: View) -> View:
    """A page of one département, which the view is given in place of its code. Another's is not found."""

    @signed_in
    @wraps(view)
    def shown(request: HttpRequest, code: str, *args: Any, **kwargs: Any) -> HttpResponseBase:
        departement = desks(request.user).filter(code=code).first()
        if departement is None:
            raise Http404
        return view(request, departement, *args, **kwargs)

    return shown


def desks(user: Any) -> Any:
    """The départements whose desk the user may open, without their contours."""
    return departements_of(user).only("code", "name")


def desk_path(departement: Departement, page: str = "worklist", *args: Any) -> str:
    """The address of a page of the département's desk."""
    return reverse(f"maps:{page}", args=[departement.code, *args])


def desk_context(departement: Departement) -> dict[str, Any]:
    """What every page of a département's desk shows around its own: its name, and the way to the others."""
    pages = {
        "worklist": _("Dossiers"),
        "meeting": _("Point du lundi"),
        "compare": _("Comparer"),
        "remedies": _("Aides"),
        "demand": _("Demandes"),
        "exports": _("Exports"),
    }
    links = [Link(text, desk_path(departement, page)) for page, text in pages.items()]
    return {"departement": departement, "desk_name": departement.name, "desk_links": links}
