"""Another point of sale of a merchant: a stall at a market, a vending machine, a place where orders are collected."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from directory.indexing import deferred_indexing
from directory.models import Merchant, PinRequest, PointOfSale
from directory.owners import publishing
from directory.owners.access import merchants_of, places_of
from directory.pinning import enqueue, find, hides_pin_by_default, place_at
from geo.commune_match import CommuneEntry
from geo.folding import fold, one_line
from geo.geocoding import Resolution
from maps.editing.common import kinds
from maps.fields import postcode_of, read_commune
from maps.looking import looks_up
from maps.space.common import owner_page, place_path

MOST_PLACES = 50


class PlaceForm(forms.Form):
    kind = forms.ChoiceField(label=gettext_lazy("C'est"), widget=forms.RadioSelect)
    name = forms.CharField(
        label=gettext_lazy("Son nom (facultatif)"), required=False, max_length=200,
        help_text=gettext_lazy("S'il diffère de celui du commerce : l'étal du samedi, le distributeur de la gare."),
    )  # fmt: skip
    commune = forms.CharField(
        label=gettext_lazy("Commune"), max_length=100, help_text=gettext_lazy("Avec le code postal s'il y en a deux."),
        widget=forms.TextInput({"autocomplete": "address-level2"}),
    )  # fmt: skip
    street = forms.CharField(
        label=gettext_lazy("Numéro et voie, ou lieu-dit (facultatif)"), required=False, max_length=250,
        widget=forms.TextInput({"autocomplete": "street-address"}),
        help_text=gettext_lazy("Ensuite, vous vérifiez son épingle sur la carte."),
    )  # fmt: skip
    like = forms.ModelChoiceField(
        label=gettext_lazy("Comme un autre de vos points de vente"), required=False, empty_label="—",
        queryset=PointOfSale.objects.none(),
    )  # fmt: skip
    same_sold = forms.BooleanField(
        label=gettext_lazy("y vendre la même chose (activité, produits, services)"), required=False
    )
    same_hours = forms.BooleanField(label=gettext_lazy("aux mêmes horaires"), required=False)

    def __init__(self, data: Any = None, *, others: Any):
        first = others.first()
        super().__init__(data, initial={"same_sold": True, "like": first.pk if first else None})
        fields: Any = self.fields
        fields["kind"].choices = kinds()
        fields["like"].queryset = others

    def clean_name(self) -> str:
        return one_line(self.cleaned_data["name"])

    def clean_commune(self) -> CommuneEntry:
        return read_commune(str(self.cleaned_data["commune"]))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if (data.get("same_sold") or data.get("same_hours")) and not data.get("like") and "like" not in self.errors:
            data["same_sold"] = data["same_hours"] = False
        return data


@require_http_methods(["GET", "HEAD", "POST"])
@owner_page
@looks_up
def add_place(request: HttpRequest, merchant: int) -> HttpResponse:
    owned = merchants_of(request.user).filter(pk=merchant).first()
    if owned is None:
        raise Http404
    if hasattr(owned, "deletion"):  # nothing is added to it, until that is undone
        return redirect("maps:own_leaving", owned.pk)
    form = PlaceForm(request.POST if request.method == "POST" else None, others=places_of(request.user).filter(
        merchant=owned
    ))  # fmt: skip
    is_full = owned.points_of_sale.count() >= MOST_PLACES
    if request.method == "POST" and not is_full and form.is_valid():
        return _add(request, owned, form.cleaned_data)
    context = {"form": form, "merchant": owned, "most": MOST_PLACES if is_full else 0}
    context |= {"space_name": owned.name, "space_links": []}
    refused = form.errors or (is_full and form.is_bound)
    return render(request, "maps/editing/add.html", context, status=422 if refused else 200)


def _add(request: HttpRequest, merchant: Merchant, data: dict[str, Any]) -> HttpResponse:
    commune: CommuneEntry = data["commune"]
    data["postcode"] = postcode_of(commune, str(request.POST.get("commune", "")))
    found = find(data["street"], data["postcode"], commune.code)  # before the lock: it may wait for the service
    with deferred_indexing() as written:
        get_object_or_404(merchants_of(request.user).select_for_update(), pk=merchant.pk)
        place = _twin(merchant, data)
        if place is not None:
            messages.info(request, _("Ce point de vente est déjà là : le voici."))
            return redirect(place_path(place, "own_place"))
        if merchant.points_of_sale.count() >= MOST_PLACES:  # by another tap, meanwhile
            return redirect("maps:add_place", merchant.pk)
        place = _make(merchant, data, found, request.user)
        written.append(place.pk)
    messages.success(request, _("C'est ajouté, en brouillon. Vérifiez son épingle, puis publiez-le depuis sa fiche."))
    return redirect(place_path(place, "pin"))


def _twin(merchant: Merchant, data: dict[str, Any]) -> PointOfSale | None:
    """What a first tap made of the same form."""
    there = merchant.points_of_sale.live().filter(kind=data["kind"], commune=data["commune"].code)
    asked = fold(data["name"]), fold(data["street"])
    return next((place for place in there if (fold(place.name), fold(place.street)) == asked), None)


def _make(merchant: Merchant, data: dict[str, Any], found: Resolution, by: Any) -> PointOfSale:
    like: PointOfSale | None = data["like"]
    place = PointOfSale(
        merchant=merchant,
        kind=data["kind"],
        name=data["name"],
        street=data["street"],
        postcode=data["postcode"],
        commune_id=data["commune"].code,
        demo=bool(like and like.demo),
    )
    if like is not None and data["same_hours"]:
        place.schedule_id = like.schedule_id
    if like is not None and data["same_sold"]:
        place.pin_hidden = hides_pin_by_default(like.activities.values_list("code", flat=True))
    place_at(place, found, by)
    place.save()
    if like is not None and data["same_sold"]:
        publishing.copy_sold(like, place)
    if found.degraded:
        enqueue([place.pk], PinRequest.Why.DEGRADED)
    return place
