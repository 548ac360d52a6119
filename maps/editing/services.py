"""What a point of sale offers besides goods, and the labels that its merchant holds."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from directory.models import MerchantLabel, PointOfSale, Service
from directory.moderating.labels import PROTECTED
from directory.owners.editing import editing
from directory.owners.publishing import set_labels
from directory.vocabulary import vocabulary
from maps.editing.common import done, shown
from maps.sheets.provenance import label_line
from maps.space.common import place_page
from maps.wording import language


class ServicesForm(forms.Form):
    services = forms.MultipleChoiceField(
        label=gettext_lazy("Services, à ce point de vente"), required=False, widget=forms.CheckboxSelectMultiple
    )
    labels = forms.MultipleChoiceField(
        label=gettext_lazy("Labels, pour tout votre commerce"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, data: Any = None, *, place: PointOfSale):
        initial = {
            "services": list(place.services.values_list("code", flat=True)),
            "labels": list(place.merchant.labels.values_list("code", flat=True)),
        }
        super().__init__(data, initial=initial)
        fields: Any = self.fields
        for name, dimension in (("services", "service"), ("labels", "label")):
            fields[name].choices = [(term.code, term.label(language())) for term in vocabulary().of(dimension)]

    def offered(self, name: str) -> list[str]:
        """The codes of what can be ticked: nothing is said of others."""
        field: Any = self.fields[name]
        return [code for code, _label in field.choices]


def proofs() -> dict[str, str]:
    """What a moderator asks for, by the code of a label that the law protects."""
    inspected = _("l'attestation de votre organisme de contrôle")
    return {
        "organic": _("votre certificat bio en cours"),
        **dict.fromkeys(("aop", "aoc", "igp", "label_rouge"), inspected),
        "hve": _("votre certification HVE"),
        "artisan": _("votre inscription au registre national des entreprises, secteur des métiers"),
        "maitre_restaurateur": _("l'arrêté du préfet"),
        "entreprise_du_patrimoine_vivant": _("la décision qui vous l'accorde"),
    }


@require_http_methods(["GET", "HEAD", "POST"])
@place_page
def own_services(request: HttpRequest, place: PointOfSale) -> HttpResponse:
    form = ServicesForm(request.POST if request.method == "POST" else None, place=place)
    if request.method == "POST" and form.is_valid():
        with editing(place, request.user) as row:
            others = row.services.exclude(code__in=form.offered("services"))
            row.services.set([*others, *Service.objects.filter(code__in=form.cleaned_data["services"])])
            set_labels(row, form.cleaned_data["labels"], form.offered("labels"))
        return done(request, place, "own_services", _("C'est enregistré."))
    links = place.merchant.label_links.select_related("label").order_by("label__rank")
    held = [(label_line(link), _proof(link)) for link in links]
    return shown(request, place, "services", {"form": form, "held": held}, refused=bool(form.errors))


def _proof(link: MerchantLabel) -> str:
    declared = link.state == MerchantLabel.State.DECLARED and link.label.code in PROTECTED
    return proofs().get(link.label.code, _("ce qui vous l'accorde")) if declared else ""
