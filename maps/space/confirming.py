"""The yearly e-mail to owners, and its link: one tap says that all is right.

The link confirms what the e-mail names and opens nothing else, because it lies in a mailbox for months. To correct
something one signs in.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods

from directory.models import PointOfSale
from directory.owners import freshness
from directory.owners.access import places_of
from directory.owners.editing import editing
from directory.owners.freshness import Step
from maps import mailing
from maps.chips import Link
from maps.desk.reports import private

SALT = "maps.space.confirming"
VALID = timedelta(days=120)


def tell(owner: User, step: Step, places: list[PointOfSale]) -> bool:
    """Ask the owner whether its entries are right, and say what follows if nobody answers; whether it left."""
    with override("fr"):
        facts = {
            "step": step.name.lower(),
            "names": [name_of(place) for place in places],
            "url": settings.SITE_URL + reverse("maps:confirm_by_link", args=[token_of(owner, places)]),
            "space": settings.SITE_URL + reverse("maps:space"),
            "hides_on": date_format(timezone.localdate() + timedelta(days=settings.FRESHNESS_DAYS[Step.HIDE])),
            "days": VALID.days,
        }
        body = render_to_string("maps/space/confirm.txt", facts)
        subject = ngettext(
            "Votre fiche est-elle toujours juste ?", "Vos fiches sont-elles toujours justes ?", len(places)
        )
        return mailing.send(subject, body, owner.email)


def token_of(owner: User, places: list[PointOfSale]) -> str:
    return signing.dumps([owner.pk, [place.pk for place in places]], salt=SALT)


@require_http_methods(["GET", "HEAD", "POST"])
@cache_control(private=True, no_store=True)
def link_page(request: HttpRequest, token: str) -> HttpResponse:
    """Confirms when its button is pressed: programs that look links up do not."""
    owner, places = named(token)
    if not places:
        return private(without_places(request))
    if request.method == "POST":
        for place in places:
            confirm(place, owner)
        return private(redirect(f"{request.path}?done=1"))
    context = {
        "names": [name_of(place) for place in places],
        "done": bool(request.GET.get("done")),
        "shows_demo": any(place.demo for place in places),
    }
    return private(render(request, "maps/space/confirm.html", context))


def named(token: str) -> tuple[Any, list[PointOfSale]]:
    """The owner that the link was sent to, and those of its entries that are still to be confirmed by it."""
    try:
        owner_id, ids = signing.loads(token, salt=SALT, max_age=VALID)
    except signing.BadSignature:
        return None, []
    owner = User.objects.filter(pk=owner_id).first()
    return owner, [place for place in places_of(owner).filter(pk__in=ids) if may_confirm(place)]


def may_confirm(place: PointOfSale) -> bool:
    """Whether there is something public, or that would be, to say it of."""
    seen = place.status == PointOfSale.Status.PUBLISHED or freshness.was_hidden(place)
    return seen and not hasattr(place.merchant, "deletion")


def confirm(place: PointOfSale, by: Any) -> None:
    """Its owner says that all of it is right."""
    with editing(place, by):
        pass  # whoever saves confirms


def without_places(request: HttpRequest) -> HttpResponse:
    context = {
        "title": _("Ce lien ne vaut plus"),
        "reason": _("Il a plus de {days} jours, ou la fiche n'est plus à cette adresse.").format(days=VALID.days),
        "ways_on": [Link(_("Se connecter"), reverse("maps:space"))],
    }
    return render(request, "maps/nowhere.html", context, status=404)


def name_of(place: PointOfSale) -> str:
    """ "Chèvrerie du Loir (ferme, Vendôme)": a merchant's places mostly bear one name."""
    what = [str(place.get_kind_display()), *([place.commune.name] if place.commune else [])]
    return f"{place.display_name} ({', '.join(what)})"
