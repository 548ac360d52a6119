"""Who is listed without having asked for it leaves, without an account."""

from __future__ import annotations

from django import forms
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, gettext_lazy

from directory.claims import limits, reporting
from directory.models import Merchant, PointOfSale, Report
from directory.owners import leaving
from maps.claims import telling
from maps.claims.common import about, about_place, open_page, source_names, too_many

# Entries in a week: of one address, since somebody might empty the directory of competitors; of all together, beyond
# which a moderator looks first.
MOST, MOST_IN_ALL = 3, 200


class WithdrawForm(forms.Form):
    mine = forms.BooleanField(
        label=gettext_lazy("Je suis la personne ou l'entreprise de cette fiche, ou je la représente"),
        error_messages={"required": gettext_lazy("Cochez cette case : seule la personne concernée peut se retirer.")},
    )
    email = forms.EmailField(
        label=gettext_lazy("Votre courriel, pour une confirmation (facultatif)"),
        help_text=gettext_lazy("Il sert à ce seul envoi, puis il est effacé."),
        required=False,
        widget=forms.EmailInput({"autocomplete": "email"}),
    )


@about_place
def withdraw_page(request: HttpRequest, place: PointOfSale) -> HttpResponse:
    """An entry that has an owner is its owner's to withdraw: others are told how to report it."""
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    if form.is_bound and place.merchant.owner_id is None and form.is_valid():
        if not limits.within(request, MOST, "withdraw"):  # and uses up nobody else's
            return too_many(request)
        if limits.counted(limits.EVERYBODY, "withdraw") > MOST_IN_ALL:
            return _waits(request, place, form.cleaned_data["email"])
        if _left(place):
            telling.withdrawn(place, form.cleaned_data["email"])
            return redirect("maps:withdrawn")
    others = place.merchant.points_of_sale.filter(status=PointOfSale.Status.PUBLISHED).exclude(pk=place.pk)
    context = about(place) | {
        "form": form,
        "sources": source_names(place),
        "others": others.select_related("merchant"),
        "days": leaving.DAYS,
    }
    return render(request, "maps/claims/withdraw.html", context, status=400 if form.is_bound else 200)


def _left(place: PointOfSale) -> bool:
    """Whether the entry left: not where somebody became its owner meanwhile."""
    with transaction.atomic():
        merchant = Merchant.objects.select_for_update().get(pk=place.merchant_id)
        if merchant.owner_id is not None:
            return False
        leaving.leave(merchant)
    return True


def _waits(request: HttpRequest, place: PointOfSale, email: str) -> HttpResponse:
    """More leave than ever do in a week: a person looks first."""
    try:
        reporting.report(
            place, reporting.Said(Report.Kind.OTHER, gettext("Demande de retrait de la fiche."), None, email)
        )
    except reporting.TooMany:
        return too_many(request)
    return redirect("maps:withdrawal_waits")


@open_page
def done_page(request: HttpRequest, waits: bool = False) -> HttpResponse:
    return render(request, "maps/claims/withdrawn.html", {"days": leaving.DAYS, "waits": waits})
