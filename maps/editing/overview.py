"""A point of sale as the public sees it, each part with the way to change it; and whether it is shown at all."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from directory.models import PointOfSale
from directory.owners import publishing
from directory.owners.access import places_of
from directory.owners.editing import editing
from maps.chips import Link
from maps.editing.common import done, shown
from maps.editing.hours import in_words, timetable_of
from maps.editing.offers import shown_offers
from maps.editing.reach import communes_of, sentence
from maps.pictures import pictures
from maps.sheets.provenance import label_line
from maps.space.common import place_page, place_path

Status = PointOfSale.Status


def why(code: str) -> str:
    """What stands in the way of publishing, with the way on."""
    return {
        "leaving": _("La suppression de votre fiche est demandée : annulez-la d'abord, sous « Mes droits »."),
        "no_pin": _("Il manque l'épingle : posez-la, c'est par elle qu'on vous trouve."),
        "no_activity": _("Il manque l'activité : choisissez-la sous « Présentation »."),
        "duplicate": _("Cette fiche en double peut-être une autre : une personne regarde, vous serez prévenu."),
        "twin": _("Une autre fiche a le même SIRET : une seule peut être publiée."),
    }[code]


@require_http_methods(["GET", "HEAD", "POST"])
@place_page
def own_place(request: HttpRequest, place: PointOfSale) -> HttpResponse:
    if request.method == "POST":
        return _decide(request, place)
    return shown(request, place, "place", _context(request, place))


def _decide(request: HttpRequest, place: PointOfSale) -> HttpResponse:
    refused = ""
    said = {
        "publish": _("La fiche est publiée."),
        "hide": _("La fiche est masquée : le public ne la voit plus."),
        "close": _("C'est noté : fermé définitivement."),
    }.get(request.POST.get("do", ""))
    if said is None:
        return redirect(place_path(place, "own_place"))
    with editing(place, request.user) as row:
        match request.POST["do"]:
            case "publish":
                refused = publishing.publish(row)
            case "hide":
                publishing.hide(row)
            case "close":
                publishing.close(row)
    if refused:
        messages.error(request, why(refused))
        return redirect(place_path(place, "own_place"))
    return done(request, place, "own_place", said)


def _context(request: HttpRequest, place: PointOfSale) -> dict[str, Any]:
    others = places_of(request.user).filter(merchant=place.merchant_id).exclude(pk=place.pk)
    labels = place.merchant.label_links.select_related("label").order_by("label__rank")
    public = place.status == Status.PUBLISHED
    obstacle = "" if public else publishing.why_not(place)
    return {
        "is_public": public,
        "is_closed": place.status == Status.CLOSED,
        "obstacle": why(obstacle) if obstacle else "",
        "sheet_href": f"{reverse('maps:sheet', args=[place.merchant_id, '-'])}#lieu-{place.pk}" if public else "",
        "activities": [activity.label for activity in place.activities.order_by("rank")],
        "hours": in_words(timetable_of(place)),
        "offers": shown_offers(place),
        "pictures": pictures([place.pk]).get(place.pk, []),
        "services": [service.label for service in place.services.order_by("rank")],
        "reach": sentence(place, communes_of(place)),
        "labels": [label_line(link) for link in labels],
        "others": [Link(f"{other.get_kind_display()} : {other}", place_path(other, "own_place")) for other in others],
    }
