"""What it is, and what its merchant says of itself: names, trades, texts, addresses on the web."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from directory.importing.people import designates_person
from directory.models import Activity, PointOfSale, web_address
from directory.owners.editing import editing
from directory.registering.selling import without_ancestors
from directory.vocabulary import vocabulary
from geo.folding import one_line
from maps.editing.common import done, kinds, shown
from maps.fields import choose, grouped_activities, read_name
from maps.space.common import place_page

ACTIVITIES = 3
LONGEST_TEXT = 1_500
MERCHANT = ("description_fr", "description_en", "website", "shop_url")
_WEB = {"inputmode": "url", "autocapitalize": "none", "autocomplete": "url"}


def _text_field(**kwargs: Any) -> forms.CharField:
    return forms.CharField(required=False, max_length=LONGEST_TEXT, widget=forms.Textarea({"rows": 5}), **kwargs)


def _web_field(**kwargs: Any) -> forms.URLField:
    return forms.URLField(required=False, max_length=200, assume_scheme="https", widget=forms.TextInput(_WEB), **kwargs)


class AboutForm(forms.Form):
    merchant_name = forms.CharField(label=gettext_lazy("Nom du commerce"), max_length=200)
    name = forms.CharField(
        label=gettext_lazy("Nom de ce point de vente (facultatif)"), max_length=200, required=False,
        help_text=gettext_lazy("S'il diffère : l'étal du samedi, le distributeur de la gare."),
    )  # fmt: skip
    kind = forms.ChoiceField(label=gettext_lazy("C'est"))
    activity_1 = forms.ChoiceField(label=gettext_lazy("Activité"))
    activity_2 = forms.ChoiceField(label=gettext_lazy("Deuxième activité (facultatif)"), required=False)
    activity_3 = forms.ChoiceField(label=gettext_lazy("Troisième activité (facultatif)"), required=False)
    description_fr = _text_field(
        label=gettext_lazy("Présentation (facultatif)"), help_text=gettext_lazy("Quelques phrases, sans mise en forme.")
    )
    description_en = _text_field(label=gettext_lazy("En anglais (facultatif)"))
    website = _web_field(label=gettext_lazy("Site (facultatif)"))
    shop_url = _web_field(label=gettext_lazy("Boutique en ligne (facultatif)"))

    def __init__(self, data: Any = None, *, place: PointOfSale):
        merchant = place.merchant
        initial = {"merchant_name": merchant.name, "name": place.name, "kind": place.kind}
        initial |= {name: getattr(merchant, name) for name in MERCHANT}
        held = list(place.activities.order_by("rank").values_list("code", flat=True))
        known = [code for code in held if code in vocabulary().by_code]
        unknown = [code for code in held if code not in known]
        initial |= {f"activity_{number}": code for number, code in enumerate(known[:ACTIVITIES], 1)}
        super().__init__(data, initial=initial)
        self.beyond = [*known[ACTIVITIES:], *unknown]  # what the form does not show stays
        fields: Any = self.fields
        fields["kind"].choices = kinds()
        choices = [*grouped_activities(), *_heads(known)]
        for number in range(1, ACTIVITIES + 1):
            choose(self, f"activity_{number}", choices)

    def clean_merchant_name(self) -> str:
        return read_name(self.cleaned_data["merchant_name"])

    def clean_name(self) -> str:
        return one_line(self.cleaned_data["name"])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        for name in ("description_fr", "description_en"):
            data[name] = "\n".join(map(one_line, data.get(name, "").splitlines()))
        for name in ("website", "shop_url"):
            if data.get(name) and not web_address(data[name]):
                self.add_error(name, ValidationError(_("Une adresse du web commence par https://.")))
        return data

    def fill(self, place: PointOfSale) -> None:
        """Write what was filled in, once it is valid, into the point of sale and its merchant."""
        data, merchant = self.cleaned_data, place.merchant
        if data["merchant_name"] != merchant.name:
            merchant.name, merchant.natural_person = data["merchant_name"], designates_person(data["merchant_name"])
        for name in MERCHANT:
            setattr(merchant, name, data[name])
        place.name = "" if data["name"] == merchant.name else data["name"]
        place.kind = data["kind"]
        codes = [data[f"activity_{number}"] for number in range(1, ACTIVITIES + 1)]
        codes = without_ancestors([*filter(None, codes), *self.beyond])
        place.activities.set(Activity.objects.filter(code__in=codes))


def _heads(codes: list[str]) -> list[tuple[str, str]]:
    """Heads of trees, which are not offered, where an import gave them."""
    terms = [vocabulary().by_code[code] for code in codes]
    return [(term.code, term.label_fr) for term in terms if not term.depth]


@require_http_methods(["GET", "HEAD", "POST"])
@place_page
def own_about(request: HttpRequest, place: PointOfSale) -> HttpResponse:
    form = AboutForm(request.POST if request.method == "POST" else None, place=place)
    if request.method == "POST" and form.is_valid():
        with editing(place, request.user) as row:
            form.fill(row)
        return done(request, place, "own_about", _("C'est enregistré."))
    return shown(request, place, "about", {"form": form}, refused=bool(form.errors))
