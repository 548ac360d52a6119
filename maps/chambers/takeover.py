"""The merchant's own page, by the link of its letter: see the entry, take it over, have it corrected, withdraw it.

The letter may be read by anybody: its link is enough until the entry has an owner, and makes nobody one. That takes a
second link, sent to the address of the account and followed from there.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core import signing
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods

from directory.chambers import handover
from directory.models import AssistedEntry
from directory.owners import accounts
from maps import mailing
from maps.chambers import telling
from maps.chips import Link
from maps.desk.reports import private, without_link
from maps.space.sign_in import enter

PROVES = "maps.chambers.takeover.address"
PROVES_FOR = timedelta(days=3)


class AddressForm(forms.Form):
    email = forms.EmailField(
        label=gettext_lazy("Votre adresse électronique"), max_length=accounts.LONGEST,
        widget=forms.EmailInput({"autocomplete": "email"}),
    )  # fmt: skip

    def clean_email(self) -> str:
        email = str(self.cleaned_data["email"])
        if not accounts.may_have_account(email):
            text = _("Cette adresse ne peut pas servir ici. Donnez-en une autre, ou écrivez à {email}.")
            raise ValidationError(text.format(email=settings.REGION.get("legal", {}).get("contact_email", "")))
        return email


class CorrectionForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("Ce qu'il faut corriger"), max_length=1000, widget=forms.Textarea({"rows": 4})
    )


# --- The letter's link -----------------------------------------------------------------------------------------------
@require_http_methods(["GET", "HEAD", "POST"])
@cache_control(private=True, no_store=True)
def take_over_page(request: HttpRequest, token: str) -> HttpResponse:
    entry = telling.entry_of(token)
    if entry is None:
        return without_link(request, _("la chambre qui vous l'a donné"))
    address, correction = AddressForm(prefix="account"), CorrectionForm(prefix="correction")
    status = 200
    if request.method == "POST" and entry.withdrawn_at is None:
        # An entry without an address takes the one that the letter's reader gives.
        given = {"account-email": entry.merchant.email} if entry.merchant.email else request.POST
        match request.POST.get("do"):
            case "take_over":
                address = AddressForm(given, prefix="account")
            case "correct":
                correction = CorrectionForm(request.POST, prefix="correction")
        try:
            if done(request, entry, address, correction):
                return redirect(request.path)
            status = 400
        except handover.TooMany:
            return too_many(request)
        except handover.NotYours:
            status = 403
            entry.merchant.refresh_from_db()
    context = shown(request, entry) | {"address": address, "correction": correction}
    return private(render(request, "maps/chambers/take_over.html", context, status=status))


def done(request: HttpRequest, entry: AssistedEntry, address: AddressForm, correction: CorrectionForm) -> bool:
    """Does what was asked for; False where a form says what is lacking. Raises NotYours, TooMany."""
    match request.POST.get("do"):
        case "take_over" if address.is_valid():
            ask_proof(request, entry, address.cleaned_data["email"])
        case "correct" if correction.is_valid():
            handover.ask_correction(entry, correction.cleaned_data["text"].replace("\r\n", "\n"), request.user)
            messages.success(request, _("C'est transmis à la chambre, qui corrige votre fiche."))
        case "withdraw":
            handover.withdraw(entry, request.user)
            messages.success(request, _("Votre fiche est retirée de l'annuaire."))
        case _:
            return False
    return True


def too_many(request: HttpRequest) -> HttpResponse:
    email = settings.REGION.get("legal", {}).get("contact_email", "")
    reason = _("Vous avez demandé {n} corrections aujourd'hui : la chambre lit la dernière. Revenez demain.")
    context = {
        "title": _("Pas d'autre correction aujourd'hui"),
        "reason": reason.format(n=handover.MOST_ASKED),
        "ways_on": [
            Link(_("Revenir à votre fiche"), request.path),
            Link(_("Écrire à {email}").format(email=email), f"mailto:{email}"),
        ],
    }
    return private(render(request, "maps/nowhere.html", context, status=429))


def shown(request: HttpRequest, entry: AssistedEntry) -> dict[str, Any]:
    place, owner = telling.place_of(entry), entry.merchant.owner
    sign_in = f"{reverse('maps:way_in')}?{urlencode({'next': request.path})}"
    return telling.letter(request, entry) | {
        "entry": entry,
        "may_act": owner is None or owner == request.user,
        "sign_in": sign_in,
        "masked": masked(entry.merchant.email),
        "sheet": reverse("maps:sheet", args=[place.merchant_id, "-"]) if place.status == place.Status.PUBLISHED else "",
    }


def masked(email: str) -> str:
    """An address that its owner recognises and nobody else learns: "c…@ferme.fr"."""
    name, at, host = email.partition("@")
    return f"{name[:1]}…{at}{host}" if email else ""


# --- The address's link ----------------------------------------------------------------------------------------------
def ask_proof(request: HttpRequest, entry: AssistedEntry, email: str) -> None:
    """Send the link that makes whoever reads that address the owner. Raises NotYours."""
    sent = handover.start(entry)
    if sent is None:
        text = _("Un courriel est déjà parti : attendez dix minutes avant d'en demander un autre.")
        messages.info(request, text)
    elif send_proof(request, entry, email, sent):
        text = _("Un courriel est parti à {email} : suivez son lien.")
        messages.success(request, text.format(email=masked(email)))
    else:
        AssistedEntry.objects.filter(pk=entry.pk, link_sent_at=sent).update(link_sent_at=None)
        messages.error(request, _("Le courriel n'est pas parti. Réessayez plus tard."))


def send_proof(request: HttpRequest, entry: AssistedEntry, email: str, sent: datetime) -> bool:
    with override("fr"):
        token = signing.dumps([entry.pk, email, sent.isoformat()], salt=PROVES)
        url = request.build_absolute_uri(reverse("maps:prove_address", args=[token]))
        body = render_to_string("maps/chambers/way_in.txt", {"name": entry.merchant.name, "url": url})
        return mailing.send(_("Votre fiche dans l'annuaire Local d'abord"), body, email)


@require_http_methods(["GET", "HEAD", "POST"])
@cache_control(private=True, no_store=True)
def prove_page(request: HttpRequest, token: str) -> HttpResponse:
    """Where the owner-to-be confirms, once. A mail program that looks links up decides nothing: it does not post."""
    try:
        id_, email, when = signing.loads(token, salt=PROVES, max_age=PROVES_FOR)
    except signing.BadSignature:
        return used_up(request)
    sent = datetime.fromisoformat(when)
    entry = AssistedEntry.objects.filter(pk=id_).select_related("merchant").first()
    if entry is None or not handover.awaits(entry, sent):
        return used_up(request)
    if request.method == "POST":
        try:
            user = handover.bind(entry, email, sent)
        except handover.NotYours:  # a second tap
            user = None
        if user is None:
            return used_up(request)
        messages.success(request, _("La fiche est à vous."))
        if accounts.needs_password(user):
            return redirect("maps:sign_in")
        enter(request, user)
        return redirect("maps:space")
    context = {"name": entry.merchant.name, "email": email}
    return private(render(request, "maps/chambers/prove.html", context))


def used_up(request: HttpRequest) -> HttpResponse:
    email = settings.REGION.get("legal", {}).get("contact_email", "")
    context = {
        "title": _("Ce lien ne vaut plus"),
        "reason": _("Il a servi, il a plus de {days} jours, ou vous en avez demandé un autre depuis.").format(
            days=PROVES_FOR.days
        ),
        "ways_on": [
            Link(_("Se connecter"), reverse("maps:way_in")),
            Link(_("Écrire à {email}").format(email=email), f"mailto:{email}"),
        ],
    }
    return private(render(request, "maps/nowhere.html", context, status=404))
