"""An owner's rights over its data: who sees its contacts, a copy of everything, the end of its entry."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from directory.importing.validating import read_phone
from directory.models import Consent, Deletion, Merchant
from directory.owners import consents, contacts, exporting, leaving
from directory.owners.access import merchants_of
from directory.wordings import SHOWN
from maps import mailing
from maps.space.common import merchant_page, owner_page
from maps.space.confirming import name_of

READ_OR_POST = require_http_methods(["GET", "HEAD", "POST"])
FIELDS = (Consent.Field.PHONE, Consent.Field.EMAIL)


def _audiences(field: str) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=gettext_lazy("Qui peut le voir"),
        choices=[(audience, text) for (of, audience), text in SHOWN.items() if of == field],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )


class ContactsForm(forms.Form):
    phone = forms.CharField(
        label=gettext_lazy("Téléphone"), max_length=20, required=False,
        widget=forms.TextInput({"type": "tel", "autocomplete": "tel"}),
    )  # fmt: skip
    phone_for = _audiences(Consent.Field.PHONE)
    email = forms.EmailField(
        label=gettext_lazy("Courriel"), max_length=254, required=False,
        widget=forms.EmailInput({"autocomplete": "email", "inputmode": "email"}),
    )  # fmt: skip
    email_for = _audiences(Consent.Field.EMAIL)

    def clean_phone(self) -> str:
        text = str(self.cleaned_data["phone"])
        try:
            return read_phone(text) if text else ""
        except ValueError:
            raise ValidationError(_("Ce numéro ne se lit pas. Exemple : 02 54 00 00 00.")) from None

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        for field in FIELDS:
            if data.get(f"{field}_for") and data.get(field) == "":
                self.add_error(field, _("Écrivez-le d'abord, ou décochez qui peut le voir."))
        return data

    def shown(self) -> set[consents.Pair]:
        """What was ticked."""
        return {(str(field), audience) for field in FIELDS for audience in self.cleaned_data[f"{field}_for"]}


# --- All of them -----------------------------------------------------------------------------------------------------
@owner_page
@require_GET
def rights_page(request: HttpRequest) -> HttpResponse:
    merchants = merchants_of(request.user).select_related("deletion").prefetch_related("consents")
    context = {"rows": [_row(each) for each in merchants], "pending": leaving.pending(request.user)}
    return render(request, "maps/space/rights.html", context)


def _row(merchant: Merchant) -> dict[str, Any]:
    held = [consent for consent in merchant.consents.all() if consent.withdrawn_at is None]
    return {"merchant": merchant, "held": held, "leaves_on": leaves_on(merchant)}


def leaves_on(merchant: Merchant) -> str:
    """The day after which the merchant is gone; empty for one that stays."""
    deletion: Deletion | None = getattr(merchant, "deletion", None)
    return _day(deletion) if deletion else ""


def _day(deletion: Deletion) -> str:
    return date_format(timezone.localtime(deletion.due_at), "j F Y")


# --- Who sees the contacts -------------------------------------------------------------------------------------------
@merchant_page
@READ_OR_POST
def contacts_page(request: HttpRequest, merchant: Merchant) -> HttpResponse:
    if hasattr(merchant, "deletion"):
        return redirect("maps:own_leaving", merchant.pk)
    form = ContactsForm(request.POST if request.method == "POST" else None, initial=_initial(merchant))
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        contacts.change(merchant, given["phone"], given["email"], form.shown(), request.user)
        messages.success(request, _("C'est noté, et c'est déjà vrai partout."))
        return redirect("maps:own_contacts", merchant.pk)
    history = merchant.consents.order_by("-given_at", "-pk")
    context = {"form": form, "merchant": merchant, "history": history, "held": consents.in_force(merchant)}
    return render(request, "maps/space/contacts.html", context, status=400 if form.is_bound else 200)


def _initial(merchant: Merchant) -> dict[str, Any]:
    held = consents.in_force(merchant)
    ticked = {f"{field}_for": [audience for of, audience in held if of == field] for field in FIELDS}
    return {"phone": merchant.phone, "email": merchant.email, **ticked}


@merchant_page
@require_POST
def withdraw_page(request: HttpRequest, merchant: Merchant) -> HttpResponse:
    """Every consent of the merchant at once, in one tap."""
    consents.withdraw(merchant)
    messages.success(request, _("Tout est retiré : plus personne ne voit vos coordonnées."))
    return redirect("maps:own_contacts", merchant.pk)


# --- A copy of everything --------------------------------------------------------------------------------------------
@owner_page
@require_GET
def export_page(request: HttpRequest) -> StreamingHttpResponse:
    response = StreamingHttpResponse(exporting.export(request.user), content_type="application/json")
    response["Content-Disposition"] = 'attachment; filename="mes-donnees.json"'
    return response


# --- The end of an entry ---------------------------------------------------------------------------------------------
class LeavingForm(forms.Form):
    sure = forms.BooleanField(
        label=gettext_lazy("J'ai compris : supprimer cette fiche"),
        error_messages={"required": gettext_lazy("Cochez cette case pour confirmer.")},
    )


@merchant_page
@READ_OR_POST
def leaving_page(request: HttpRequest, merchant: Merchant) -> HttpResponse:
    form = LeavingForm(None)
    match request.POST.get("do"):
        case "come_back":
            leaving.come_back(merchant)
            text = _("La suppression est annulée. Vos accords ne sont pas rétablis : choisissez qui voit quoi.")
            messages.success(request, text)
            return redirect("maps:own_contacts", merchant.pk)
        case "leave":
            form = LeavingForm(request.POST)
            if form.is_valid():
                _leave(request, merchant)
                return redirect("maps:own_leaving", merchant.pk)
    context = {
        "form": form,
        "merchant": merchant,
        "names": [name_of(place) for place in merchant.points_of_sale.select_related("commune").order_by("pk")],
        "leaves_on": leaves_on(merchant),
        "days": leaving.DAYS,
    }
    return render(request, "maps/space/leaving.html", context, status=400 if form.is_bound else 200)


def _leave(request: HttpRequest, merchant: Merchant) -> None:
    """Hide it, and tell the account's own address, once: whoever sits at an open session is not always its owner."""
    already = hasattr(merchant, "deletion")
    deletion = leaving.leave(merchant, request.user)
    if already:
        return
    with override("fr"):
        url = request.build_absolute_uri(reverse("maps:own_leaving", args=[merchant.pk]))
        facts = {"name": merchant.name, "url": url, "on": _day(deletion)}
        body = render_to_string("maps/space/leaving.txt", facts)
        owner: Any = request.user
        mailing.send(_("Votre fiche est masquée, et bientôt supprimée"), body, owner.email or owner.get_username())
