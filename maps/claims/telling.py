"""What leaves by e-mail: answers to who reported, claimed or withdrew, and at once what an owner has to know."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from directory.claims.claiming import ANSWER, CODE_FOR
from directory.models import Claim, PointOfSale, Report
from maps import mailing


def code(request: HttpRequest, claim: Claim, digits: str) -> bool:
    """The code to the contact on file; whether it left."""
    place = claim.point_of_sale
    facts = {"code": digits, "minutes": CODE_FOR.seconds // 60, "report_url": _url(request, "report_mistake", place.pk)}
    return _send("code", _("Votre code : {code}").format(code=digits), place, place.merchant.email, **facts)


def claimed(request: HttpRequest, claim: Claim) -> None:
    """What a claim came to: its maker is told what was decided, and the owner, at once, that there is one."""
    place = claim.point_of_sale
    if claim.state == Claim.State.DISPUTED and place.merchant.owner is not None:
        until = date_format(timezone.localdate(claim.disputed_at) + ANSWER)
        url = _url(request, "answer_claim", claim.pk)
        _send(
            "disputed", _("Quelqu'un revendique votre fiche"), place, place.merchant.owner.email, url=url, until=until
        )
    elif claim.state == Claim.State.GRANTED:
        _send("granted", _("La fiche est à vous"), place, claim.by.email, url=_url(request, "space"), why=claim.why)
    elif claim.state == Claim.State.REFUSED:
        _send("refused", _("Votre demande n'est pas acceptée"), place, claim.by.email, why=claim.why)


def transferred(place: PointOfSale, before: Any) -> None:
    """The owner before is told that it is one no more."""
    _send("transferred", _("Votre fiche a changé de titulaire"), place, before.email)


def withdrawn(place: PointOfSale, email: str = "") -> None:
    """To who asked, and to the contact on file: it may be somebody else's doing."""
    for to in {address.lower(): address for address in (place.merchant.email, email)}.values():
        _send("withdrawn", _("La fiche est retirée"), place, to)


def handled(report: Report, email: str, words: str) -> bool:
    """What became of a report, to who asked to know; whether it left."""
    accepted = report.state == Report.State.ACCEPTED
    return _send("handled", _("Votre signalement"), report.point_of_sale, email, accepted=accepted, words=words)


def _send(template: str, subject: str, place: PointOfSale, to: str, **facts: Any) -> bool:
    if not to:
        return False
    legal = settings.REGION.get("legal", {})
    facts |= {"name": place.display_name, "commune": place.commune.name if place.commune else "", "legal": legal}
    with override("fr"):
        body = render_to_string(f"maps/claims/mail/{template}.txt", facts)
    return mailing.send(subject, body, to)


def _url(request: HttpRequest, page: str, *args: Any) -> str:
    with override("fr"):
        return request.build_absolute_uri(reverse(f"maps:{page}", args=args))
