"""How far the merchant delivers or comes: around its place, in communes, or both; what "comes to me" searches."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from directory.models import PointOfSale
from directory.owners.editing import editing
from directory.questions.asking import as_typed
from geo.commune_match import CommuneEntry, clean_postcode
from geo.gazetteer import Gazetteer, Place, gazetteer
from geo.models import Commune
from maps import wording
from maps.editing.common import done, shown
from maps.space.common import place_page

MOST_COMMUNES = 300
LISTED = 4  # communes proposed where the name is not enough
SEPARATORS = re.compile(r"[,;\n]+")


class ReachForm(forms.Form):
    radius_km = forms.IntegerField(
        label=gettext_lazy("Jusqu'à combien de kilomètres"), required=False, min_value=1, max_value=200,
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}),
        help_text=gettext_lazy("À vol d'oiseau. Vide : seulement dans les communes ci-dessous."),
    )  # fmt: skip
    communes = forms.CharField(
        label=gettext_lazy("Dans quelles communes"), required=False, max_length=10_000,
        widget=forms.Textarea({"rows": 3, "autocomplete": "off"}),
        help_text=gettext_lazy("Leurs noms, entre des virgules : Vendôme, Areines, Naveil."),
    )  # fmt: skip
    whole_epci = forms.BooleanField(required=False)

    def __init__(self, *args: Any, place: PointOfSale, **kwargs: Any):
        super().__init__(*args, **kwargs)
        entry = gazetteer().commune(place.commune_id or "")
        self.epci = (entry.epci if entry else None) or ""
        self.fields["whole_epci"].label = _("Toute l'intercommunalité : {name}").format(
            name=gazetteer().epcis.get(self.epci, "")
        )
        if not self.epci:
            del self.fields["whole_epci"]

    def clean_communes(self) -> list[str]:
        """The INSEE codes of the communes named."""
        named = list(filter(None, (part.strip() for part in SEPARATORS.split(self.cleaned_data["communes"]))))
        if len(named) > MOST_COMMUNES:
            raise ValidationError(_("{n} communes au plus : dites plutôt une distance.").format(n=MOST_COMMUNES))
        found = [commune_named(gazetteer(), name) for name in named]
        wrong = [said for said in found if isinstance(said, str)]
        if wrong:
            raise ValidationError(wrong)
        return list(dict.fromkeys(entry.code for entry in found if isinstance(entry, CommuneEntry)))

    def codes(self) -> list[str]:
        """All of them, those of the intercommunal area too."""
        codes: list[str] = self.cleaned_data["communes"]
        if self.cleaned_data.get("whole_epci"):
            codes = [*codes, *Commune.objects.filter(epci=self.epci).values_list("pk", flat=True)]
        return list(dict.fromkeys(codes))


def commune_named(places: Gazetteer, text: str) -> CommuneEntry | str:
    """The commune, or what is wrong with the name."""
    match = places.resolve_commune(text, clean_postcode(text))
    if match.status == "found" and match.entry is not None:
        return match.entry
    if match.entries:
        names = ", ".join(f"{entry.name} ({entry.departement})" for entry in match.entries[:LISTED])
        return _("« {text} » : laquelle ? {names}…").format(text=text, names=names)
    return _("« {text} » n'est pas une commune de la région, ou son nom est mal écrit.").format(text=text)


@require_http_methods(["GET", "HEAD", "POST"])
@place_page
def own_reach(request: HttpRequest, place: PointOfSale) -> HttpResponse:
    served = communes_of(place)
    typed = {"radius_km": place.service_radius_km, "communes": ", ".join(map(as_named, served))}
    form = ReachForm(request.POST if request.method == "POST" else None, initial=typed, place=place)
    if form.is_bound and form.is_valid():
        with editing(place, request.user) as row:
            row.service_radius_km = form.cleaned_data["radius_km"]
            row.service_communes.set(Commune.objects.filter(pk__in=form.codes()))
        return done(request, place, "own_reach", _("C'est enregistré : on vous trouve là où vous venez."))
    context = {"form": form, "sentence": sentence(place, served), "seen": seen(place, served)}
    return shown(request, place, "reach", context, refused=form.is_bound)


def communes_of(place: PointOfSale) -> list[CommuneEntry]:
    codes = place.service_communes.order_by("name").values_list("pk", flat=True)
    return [entry for code in codes if (entry := gazetteer().commune(code))]


def as_named(entry: CommuneEntry) -> str:
    """A name that is read as this commune again."""
    return as_typed(gazetteer(), place_of(entry))[0]


def place_of(entry: CommuneEntry) -> Place:
    return Place("commune", entry.code, entry.name, entry.position, entry.departement, 1.0)


def sentence(place: PointOfSale, served: Sequence[CommuneEntry]) -> str:
    """What the entry says of it."""
    where = wording.service_area(place.service_radius_km, [entry.name for entry in served])
    if not where:
        return _("Votre fiche dit que vous ne livrez pas et ne vous déplacez pas.")
    return _("Vous livrez ou venez {where}.").format(where=where)


def seen(place: PointOfSale, served: Sequence[CommuneEntry]) -> str:
    """Where somebody lives who finds the merchant by it, as a search; empty where nobody does."""
    own = gazetteer().commune(place.commune_id or "")
    entry = own if place.service_radius_km else next(iter(served), None)
    return as_named(entry) if entry and place.status == PointOfSale.Status.PUBLISHED else ""
