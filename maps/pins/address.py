"""The owner's address. Changed, it is looked up again, and the owner is asked which pin to keep: none moves by itself.

The address is saved at once, the pin stays. What there is to choose from is worked out anew whenever the choice is
shown, so it can be left and come back to.
"""

from __future__ import annotations

from copy import copy
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from directory.models import PinRequest, PointOfSale
from directory.pinning import enqueue, find, may_move, place_at, settle_pin
from directory.pinning.owners import MovedMeanwhileError, change, seen
from directory.twins import live_twin
from geo.gazetteer import gazetteer
from geo.geocoding import Resolution
from geo.points import Position
from maps import wording
from maps.fields import read_siret, read_town
from maps.looking import looks_up
from maps.pins import wording as words
from maps.pins.forms import confirm_pin
from maps.pins.pages import found_for, told
from maps.pins.views import page
from maps.space.common import place_page, place_path

SAME_M = 10  # nearer than this the address service says what the pin says already


class AddressForm(forms.Form):
    street = forms.CharField(
        label=gettext_lazy("Numéro et voie, ou lieu-dit"), required=False, max_length=250,
        widget=forms.TextInput({"autocomplete": "street-address"}),
    )  # fmt: skip
    postcode = forms.CharField(
        label=gettext_lazy("Code postal"), required=False, max_length=10,
        widget=forms.TextInput({"autocomplete": "postal-code", "inputmode": "numeric"}),
    )  # fmt: skip
    commune = forms.CharField(
        label=gettext_lazy("Commune"), max_length=100, widget=forms.TextInput({"autocomplete": "address-level2"})
    )
    siret = forms.CharField(
        label=gettext_lazy("SIRET (facultatif)"), required=False, max_length=20,
        help_text=gettext_lazy("Il change quand on déménage."),
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}),
    )  # fmt: skip
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)

    def __init__(self, place: PointOfSale, data: Any = None):
        self.place = place
        commune = gazetteer().commune(place.commune_id or "")
        first = {"street": place.street, "postcode": place.postcode, "siret": place.siret or "", "seen": seen(place)}
        super().__init__(data, initial=first | {"commune": commune.name if commune else ""})

    def clean_siret(self) -> str:
        siret = read_siret(self.cleaned_data["siret"])
        if taken := self.taken(siret):
            raise ValidationError(taken)
        return siret

    def taken(self, siret: str) -> str:
        """Whose that SIRET is already, in words."""
        twin = live_twin(PointOfSale(pk=self.place.pk, siret=siret))
        text = _("Ce SIRET est déjà celui de {name}. Vérifiez-le, ou laissez la case vide.")
        return text.format(name=wording.quoted(twin.display_name)) if twin else ""

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        data["entry"] = read_town(self, data)
        return data

    def apply(self, place: PointOfSale) -> None:
        """In memory."""
        data = self.cleaned_data
        place.street, place.postcode, place.commune_id = data["street"], data["postcode"], data["entry"].code
        place.siret = data["siret"] or None


@require_http_methods(["GET", "HEAD", "POST"])
@place_page
@looks_up
def own_address(request: HttpRequest, place: PointOfSale) -> HttpResponse:
    form = AddressForm(place, request.POST if request.method == "POST" else None)
    meanwhile, status = "", 200
    if form.is_bound and form.is_valid():
        try:
            row = change(
                request.user, place, form.apply, _("adresse changée par son titulaire"),
                form.cleaned_data["seen"] or "?",
            )  # fmt: skip
            return looked_up(request, row, seen(place) != seen(row))
        except MovedMeanwhileError as error:
            meanwhile, status = words.address_of(error.now), 409
        except IntegrityError:  # somebody wrote that SIRET since it was looked for
            if not (taken := form.taken(form.cleaned_data["siret"])):
                raise
            form.add_error("siret", taken)
            status = 422
    elif form.is_bound:
        status = 422
    known = form["seen"].value() if status == 422 else seen(place)
    context = {"form": form, "meanwhile": meanwhile, "seen": known}
    return page(request, place, "address", context, status)


def looked_up(request: HttpRequest, place: PointOfSale, changed: bool) -> HttpResponse:
    """After the address is saved, outside any transaction: where it is, and which pin to keep."""
    if not changed:
        messages.success(request, _("C'est enregistré ; l'adresse est la même."))
        return redirect(place_path(place, "pin"))
    found = find(place.street, place.postcode, place.commune_id or "")
    if found.degraded:
        messages.warning(request, waits(place))
        return redirect(place_path(place, "pin"))
    if place.pin is not None and _apart(place, found) < SAME_M:
        messages.success(request, _("L'adresse est enregistrée ; l'épingle y est déjà."))
        return redirect(place_path(place, "pin"))
    messages.success(request, _("L'adresse est enregistrée. Reste à choisir l'épingle."))
    return redirect(place_path(place, "pin_choice"))


def waits(place: PointOfSale) -> str:
    """The address service is away: the pin stays, and what an address placed is looked up later, and asked about."""
    if not may_move(place):
        return _(
            "L'adresse est enregistrée. Le service d'adresses ne répond pas : l'épingle reste où vous l'avez mise."
            " Regardez si elle est encore à la bonne porte."
        )
    enqueue([place.pk], PinRequest.Why.ADDRESS_CHANGED)
    if place.pin_precision in ("", PointOfSale.Precision.COMMUNE):
        return _(
            "L'adresse est enregistrée. Le service d'adresses ne répond pas : l'épingle reste où elle est, et sera"
            " placée à la nouvelle adresse quand il répondra. Vous pouvez aussi la placer vous-même."
        )
    return _(
        "L'adresse est enregistrée. Le service d'adresses ne répond pas : l'épingle reste où elle est. Quand il"
        " répondra, un courriel vous demandera laquelle garder. Vous pouvez aussi la placer vous-même."
    )


def _apart(place: PointOfSale, found: Resolution) -> float:
    assert place.pin is not None
    return Position.from_geos(place.pin).distance_to(found.position)


# --- Which pin -------------------------------------------------------------------------------------------------------
@require_http_methods(["GET", "HEAD", "POST"])
@place_page
@looks_up
def pin_choice(request: HttpRequest, place: PointOfSale) -> HttpResponse:
    """The pin that there is, or the one that the address gives."""
    if place.commune_id is None:
        return redirect(place_path(place, "own_address"))
    found = find(place.street, place.postcode, place.commune_id)
    may = ("keep",) if found.degraded else ("keep", "take")
    if request.method == "POST" and request.POST.get("do") in may:
        return chosen(request, place, found)
    draft = copy(place)
    place_at(draft, found)
    candidates = found_for(place)
    context = {
        "address": words.address_of(place),
        "old": told(place, request.user, candidates) if place.pin else None,
        "new": told(draft, request.user, candidates),
        "label": found.label,
        "apart": wording.distance(_apart(place, found), rough=False) if place.pin else "",
        "away": found.degraded,
        "rough": found.precision == PointOfSale.Precision.COMMUNE,
        "seen": seen(place),
    }
    return page(request, place, "choice", context)


def chosen(request: HttpRequest, place: PointOfSale, found: Resolution) -> HttpResponse:
    user, keep = request.user, request.POST["do"] == "keep" and place.pin is not None

    def apply(row: PointOfSale) -> None:
        if keep:
            confirm_pin(row, user)
        else:
            place_at(row, found, user)
            if found.precision != PointOfSale.Precision.COMMUNE:
                settle_pin(row)

    reason = _("épingle gardée après un changement d'adresse") if keep else _("épingle placée à la nouvelle adresse")
    try:
        change(user, place, apply, reason, request.POST.get("seen", "?"))
    except MovedMeanwhileError:
        messages.error(request, _("L'épingle ou l'adresse a changé entre-temps : choisissez à nouveau."))
        return redirect(place_path(place, "pin_choice"))
    messages.success(request, _("C'est enregistré."))
    return redirect(place_path(place, "pin"))
