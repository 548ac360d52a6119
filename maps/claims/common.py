"""What the pages about an entry share: they are of a published point of sale, and no copy of them is kept."""

from __future__ import annotations

from functools import wraps
from typing import Any

from django.conf import settings
from django.core.handlers.exception import response_for_exception
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from directory.claims.claiming import NotPossible
from directory.claims.codes import digest
from directory.models import PointOfSale
from maps.chips import Link
from maps.desk.common import View
from maps.desk.reports import private, published
from maps.results import sheet_href


def open_page(view: View) -> View:
    """A page for everybody, of one moment: no cache keeps it, and what is linked to from there is not told of it."""

    @require_http_methods(["GET", "HEAD", "POST"])
    @wraps(view)
    def shown(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            response: Any = view(request, *args, **kwargs)
        except Http404 as missing:  # answered here, so that no copy of this is kept either
            response = response_for_exception(request, missing)
        response["Cache-Control"] = "private, no-store"
        return private(response)

    return shown


def about_place(view: View) -> View:
    """An open page about a published point of sale, which the view is given in place of its id."""

    @open_page
    @wraps(view)
    def shown(request: HttpRequest, id: int, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return view(request, place_or_404(id), *args, **kwargs)

    return shown


def place_or_404(id_: int) -> PointOfSale:
    place: PointOfSale | None = published().filter(pk=id_).first()
    if place is None:
        raise Http404
    return place


def about(place: PointOfSale) -> dict[str, Any]:
    """What every page about a point of sale shows: nothing but what its sheet does."""
    commune = place.commune
    assert commune is not None  # nothing is published without
    return {
        "space_name": place.display_name,
        "name": place.display_name,
        "commune": commune.name,
        "place": place,
        "owned": place.merchant.owner_id is not None,
        "sheet": sheet_href(f"/m/{place.merchant_id}/"),
        "shows_demo": place.demo,
    }


def source_names(place: PointOfSale) -> str:
    """Where the entry comes from: "Liste des marchés, Annuaire du bio"."""
    return ", ".join(place.source_records.order_by("source__name").values_list("source__name", flat=True).distinct())


def refused(request: HttpRequest, title: str, reason: str, status: int, *ways_on: Link) -> HttpResponse:
    """That it is not possible, and whom to write to."""
    email = settings.REGION.get("legal", {}).get("contact_email", "")
    written = [Link(_("Écrire à {email}").format(email=email), f"mailto:{email}")] if email else []
    context = {"title": title, "reason": reason, "ways_on": [*ways_on, *written]}
    return render(request, "maps/nowhere.html", context, status=status)


def in_the_way(problem: NotPossible) -> str:
    """Why an entry does not change hands."""
    return {
        "leaving": _("Cette fiche est en cours de suppression : elle ne change plus de titulaire."),
        "merged": _("Cette fiche a été réunie à une autre : c'est l'autre qui se demande."),
    }.get(problem.code, _("C'est déjà décidé."))


def merged(request: HttpRequest, place: PointOfSale) -> HttpResponse:
    """That the entry was merged, and into which: a code of the one opens nothing of the other, a moderator decides."""
    while place.merged_into is not None:
        place = place.merged_into
    reason = _("Cette fiche a été réunie à « {name} ». Demandez celle-ci, et dites quel code vous avez reçu.")
    link = Link(_("C'est mon commerce"), reverse("maps:claim", args=[place.pk]))
    ways = [link] if place.status == PointOfSale.Status.PUBLISHED else []
    title = _("La fiche a été réunie à une autre")
    return refused(request, title, reason.format(name=place.display_name), 404, *ways)


def too_many(request: HttpRequest) -> HttpResponse:
    reason = _("Beaucoup de demandes sont venues de votre connexion cette semaine. Écrivez-nous : nous lisons tout.")
    return refused(request, _("Pas d'autre demande cette semaine"), reason, 429)


def fingerprint(*said: object) -> str:
    """What somebody said, to know a second tap by."""
    return digest("said", *said)
