"""The merchant's own page, by the link of its letter: see the entry, take it over, have it corrected, withdraw it.

The link is enough until somebody signed in to the account of the merchant; then only that account is.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.models import User
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods

from directory.chambers import entries
from directory.models import AssistedEntry
from maps.chambers import telling
from maps.desk.accounts import password_path
from maps.desk.reports import private, without_link


class AddressForm(forms.Form):
    email = forms.EmailField(
        label=gettext_lazy("Votre adresse électronique"), widget=forms.EmailInput({"autocomplete": "email"})
    )


class CorrectionForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("Ce qu'il faut corriger"), max_length=2000, widget=forms.Textarea({"rows": 4})
    )


@require_http_methods(["GET", "HEAD", "POST"])
@cache_control(private=True, no_store=True)
def take_over_page(request: HttpRequest, token: str) -> HttpResponse:
    entry = telling.entry_of(token)
    if entry is None:
        return without_link(request, _("la chambre qui vous l'a donné"))
    address, correction = AddressForm(prefix="account"), CorrectionForm(prefix="correction")
    if request.method == "POST" and entry.withdrawn_at is None and may_act(request, entry):
        match request.POST.get("do"):
            case "take_over":
                address = AddressForm(request.POST, prefix="account")
                if taken_over(request, entry, address):
                    return redirect(request.path)
            case "correct":
                correction = CorrectionForm(request.POST, prefix="correction")
                if correction.is_valid():
                    entries.ask_correction(entry, correction.cleaned_data["text"].replace("\r\n", "\n"))
                    messages.success(request, _("C'est transmis à la chambre, qui corrige votre fiche."))
                    return redirect(request.path)
            case "withdraw":
                entries.withdraw(entry)
                messages.success(request, _("Votre fiche est retirée, vos coordonnées sont effacées."))
                return redirect(request.path)
    bound = address.is_bound or correction.is_bound
    context = shown(request, entry) | {"address": address, "correction": correction}
    return private(render(request, "maps/chambers/take_over.html", context, status=400 if bound else 200))


def may_act(request: HttpRequest, entry: AssistedEntry) -> bool:
    """Whoever has the link, until somebody signed in to the merchant's own account."""
    owner = entry.merchant.owner
    return owner is None or owner.last_login is None or request.user == owner


def taken_over(request: HttpRequest, entry: AssistedEntry, form: AddressForm) -> bool:
    """Binds the entry to the account of its address, to which the way in is sent; False where an address is lacking.

    An entry without an address takes the one that the letter's reader gives.
    """
    email = entry.merchant.email
    if not email:
        if not form.is_valid():
            return False
        email = form.cleaned_data["email"]
    with transaction.atomic():
        user = entries.take_over(entry, email)
        if user is None:
            text = _("Un courriel est déjà parti : attendez dix minutes avant d'en demander un autre.")
            messages.info(request, text)
        elif send_way_in(request, entry, user, email):
            text = _("Un courriel est parti à {email} : suivez son lien.")
            messages.success(request, text.format(email=masked(email)))
        else:
            transaction.set_rollback(True)
            messages.error(request, _("Le courriel n'est pas parti. Réessayez plus tard."))
    return True


def send_way_in(request: HttpRequest, entry: AssistedEntry, user: User, email: str) -> bool:
    """Where to sign in, or to choose a password first; whether it left."""
    path = reverse("maps:sign_in") if user.has_usable_password() else password_path(user)
    with override("fr"):
        context = {"name": entry.merchant.name, "url": request.build_absolute_uri(path)}
        body = render_to_string("maps/chambers/way_in.txt", context)
        return telling.send(_("Votre fiche dans l'annuaire Local d'abord"), body, email)


def shown(request: HttpRequest, entry: AssistedEntry) -> dict[str, Any]:
    place = telling.place_of(entry)
    sign_in = f"{reverse('maps:sign_in')}?{urlencode({'next': request.path})}"
    return telling.letter(request, entry) | {
        "entry": entry,
        "may_act": may_act(request, entry),
        "sign_in": sign_in,
        "masked": masked(entry.merchant.email),
        "sheet": reverse("maps:sheet", args=[place.merchant_id, "-"]) if place.status == place.Status.PUBLISHED else "",
    }


def masked(email: str) -> str:
    """An address that its owner recognises and nobody else learns: "c…@ferme.fr"."""
    name, at, host = email.partition("@")
    return f"{name[:1]}…{at}{host}" if email else ""
