"""The list of platforms, a platform's own page, and the layer of the search page's map. All without JavaScript."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from directory.api.platforms import KNOWN, Asked, read_asked
from directory.api.reader import Reader
from directory.models import Platform
from maps.chips import Link
from maps.plain.views import page_number
from maps.platforms import layer, listing, page
from maps.views import page as public


@public
def platforms(request: HttpRequest) -> HttpResponse:
    """All of them, or those that serve a place and sell something, by kind."""
    reader = Reader(request.GET, dict.fromkeys((*KNOWN, "page")))
    reader.forgive_empty()
    asked = read_asked(reader)
    if reader.errors:
        return _nowhere(request, " ".join(str(error.detail) for error in reader.errors.values()), 400)
    context = listing.context(asked, page_number(request))
    return render(request, "maps/platforms.html", context) if context else _no_page(request)


@public
def platform(request: HttpRequest, slug: str) -> HttpResponse:
    """What it is, where it serves, who sells there; one that is hidden or gone leads on."""
    found = Platform.objects.shown().filter(slug=slug).told(territory=True).first()
    if found is None:
        return _nowhere(request, _("Aucune plateforme n'est publiée à cette adresse."), 404)
    context = page.context(request, found, page_number(request))
    return render(request, "maps/platform.html", context) if context else _no_page(request)


@public
def map_layer(request: HttpRequest) -> HttpResponse:
    """The legend of the layer, which holds what is drawn."""
    return render(request, "maps/_platforms_layer.html", layer.context())


def _no_page(request: HttpRequest) -> HttpResponse:
    return _nowhere(request, _("La liste n'a pas cette page."), 404)


def _nowhere(request: HttpRequest, reason: str, status: int) -> HttpResponse:
    """Not found, or not understood, and the list of them all."""
    ways_on = [Link(_("Toutes les plateformes"), listing.href(Asked()))]
    context = {"title": _("Plateformes"), "reason": reason, "ways_on": ways_on}
    return render(request, "maps/nowhere.html", context, status=status)
