"""The end: all that was said, an address to sign in by, one button; then what may follow."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from directory.chambers.entries import Twin
from directory.importing.people import designates_person
from directory.models import PointOfSale, Registration
from directory.owners.accounts import may_own
from directory.registering import consent, drafts
from directory.registering.locating import found_from_json
from directory.registering.publishing import NotTheirs, Said, publish
from directory.vocabulary import vocabulary
from geo.gazetteer import gazetteer
from geo.points import position_from
from maps import wording
from maps.chips import Link
from maps.pins import wording as words
from maps.pins.pages import drawing
from maps.registering.common import page, registration_page
from maps.registering.doors import looked_at
from maps.registering.forms import PublishForm
from maps.registering.selling import lines_said
from maps.registering.steps import next_path, read, said_in
from maps.results import sheet_href
from maps.space.common import place_path
from maps.space.doors import asked
from maps.space.sign_in import send_proof


@registration_page
def publish_page(request: HttpRequest, registration: Registration) -> HttpResponse:
    """What will be published; signed in it is published here, else the link is sent that leads back to this page."""
    said = read(registration.data) if registration.merchant_id is None else None
    if said is None:
        return redirect(next_path(registration))
    signed_in = may_own(request.user)
    kept = said_in(registration.data, "publish")
    form = PublishForm(request.POST if request.method == "POST" else None, signed_in=signed_in, initial=kept)
    status = 200
    if form.is_bound:
        sent = {"email": request.POST.get("email", kept.get("email", "")), "consent": request.POST.get("consent", "")}
        drafts.keep(registration, "publish", sent, form.is_valid())
        status = 400
        if form.is_valid():
            return _published(request, registration, said) if signed_in else _sent(request, registration, form)
    return _shown(request, registration, said, form, status)


def _sent(request: HttpRequest, registration: Registration, form: PublishForm) -> HttpResponse:
    """The link leaves; whoever reads that mailbox is the owner, and presses the button."""
    email = form.cleaned_data["email"]
    path = reverse("maps:register_publish", args=[registration.key])
    Registration.objects.filter(pk=registration.pk, owner=None).update(email=email)
    if not send_proof(request, email, path):
        messages.error(request, _("Le courriel n'est pas parti. Tout est gardé : réessayez dans un quart d'heure."))
        return redirect(path)
    messages.info(request, _("Votre inscription est gardée : le lien du courriel vous y ramène, pour la publier."))
    return asked(request, email)


def _published(request: HttpRequest, registration: Registration, said: Said) -> HttpResponse:
    try:
        publish(registration, request.user, said)
    except Twin:
        return redirect("maps:register_found", registration.key)
    except NotTheirs:
        raise Http404 from None
    return redirect("maps:registered", registration.key)


def _shown(request: HttpRequest, registration: Registration, said: Said, form: Any, status: int) -> HttpResponse:
    place = PointOfSale(commune_id=said.commune)
    said.put_pin(place, None)
    context = {
        "form": form,
        "facts": facts(said, place),
        "locator": drawing(place, said.activities),
        "lines": lines_said(said.lines),
        "person": designates_person(said.name),
        "to_refine": said.to_refine,
        "desk": request.user.is_authenticated and not may_own(request.user),
        "consent_text": consent.text(settings.REGION["name"]),
    } | looked_at(place, found_from_json(registration.data["found"]))
    return page(request, "publish", registration, None, context, status)


def facts(said: Said, place: PointOfSale) -> list[tuple[str, str, str]]:
    """What will be published: (what, value, the step where it is changed)."""
    commune = gazetteer().commune(said.commune)
    town = f"{said.postcode} {commune.name if commune else ''}".strip()
    address = ", ".join(filter(None, [said.street, town]))
    activities = ", ".join(vocabulary().labels(said.activities, wording.language()))
    rows = [
        (_("Nom"), said.name, "qui"),
        ("SIRET", said.siret, "qui"),
        (_("Lieu"), str(dict(PointOfSale.Kind.choices)[said.kind]), "qui"),
        (_("Adresse"), address, "ou"),
        (_("Métier"), activities, "quoi"),
        (_("Épingle"), pin_in_words(place), "epingle"),
    ]
    return [row for row in rows if row[1]]


def pin_in_words(place: PointOfSale) -> str:
    """ "350 m au nord du centre de Vendôme (au numéro)"."""
    at = position_from(place.pin)
    assert at is not None  # a step asks for it
    where = words.whereabouts(at, gazetteer().commune(place.commune_id or ""))
    if place.pin_precision != PointOfSale.Precision.COMMUNE:
        where = f"{where} ({words.PRECISIONS[place.pin_precision]})"
    return _("{where} ; cachée, seule la commune est montrée").format(where=where) if place.pin_hidden else where


@registration_page
def done_page(request: HttpRequest, registration: Registration) -> HttpResponse:
    """It is published; what is known of it is shown, and what may follow."""
    merchant = registration.merchant
    place = merchant.points_of_sale.order_by("pk").first() if merchant else None
    if merchant is None or place is None:
        return redirect(next_path(registration))
    more = {
        "own_hours": _("Mes horaires"),
        "own_offers": _("Prix et saisons de mes produits"),
        "own_photos": _("Mes photos"),
        "own_services": _("Livraison, cueillette, cartes acceptées…"),
        "own_about": _("Téléphone, site, présentation"),
    }
    context = {
        "name": merchant.name,
        "sheet": sheet_href(f"/m/{merchant.pk}/"),
        "at_commune": place.pin_precision == PointOfSale.Precision.COMMUNE,
        "waiting": hasattr(place, "pin_request") and place.pin_request.state == "waiting",
        "pin": place_path(place, "pin"),
        "more": [Link(text, place_path(place, name)) for name, text in more.items()],
    }
    return page(request, "done", registration, None, context)
