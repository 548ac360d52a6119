"""What is wrong with an entry, said by anybody, without an account."""

from __future__ import annotations

from contextlib import suppress

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from directory.claims import limits, reporting
from directory.models import PointOfSale, Report
from geo.points import GeoValueError, Position
from geo.typed import MAX_LENGTH, read_position
from maps.claims.common import about, about_place, fingerprint, source_names, too_many
from maps.space.common import place_path

# In a week, from one address: in all, and about one point of sale.
MOST, MOST_OF_ONE = 20, 3


class ReportForm(forms.Form):
    kind = forms.ChoiceField(
        label=gettext_lazy("Qu'est-ce qui ne va pas ?"),
        choices=[(kind.value, capfirst(kind.label)) for kind in Report.Kind],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choisissez ce qui ne va pas ; « autre chose » en fait partie.")},
    )
    text = forms.CharField(
        label=gettext_lazy("Ce que vous savez (facultatif)"),
        required=False,
        max_length=1000,
        widget=forms.Textarea({"rows": 4}),
    )
    where = forms.CharField(
        label=gettext_lazy("Où il devrait être (facultatif)"),
        help_text=gettext_lazy("Une adresse, un lieu-dit, ou des coordonnées : 47.793, 1.066."),
        required=False,
        max_length=MAX_LENGTH,
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    email = forms.EmailField(
        label=gettext_lazy("Votre courriel, pour savoir la suite (facultatif)"),
        help_text=gettext_lazy("Il sert à cette seule réponse, puis il est effacé."),
        required=False,
        widget=forms.EmailInput({"autocomplete": "email"}),
    )
    # Not for people, who do not see it: what fills it in is a program.
    homepage = forms.CharField(
        label=gettext_lazy("Laissez ce champ vide"),
        required=False,
        widget=forms.TextInput({"tabindex": "-1", "autocomplete": "off"}),
    )

    @property
    def asked(self) -> list[forms.BoundField]:
        return [self[name] for name in ("text", "where", "email")]

    def clean_text(self) -> str:
        text = str(self.cleaned_data["text"]).replace("\r\n", "\n")
        if not text and self.cleaned_data.get("kind") == Report.Kind.OTHER:
            raise forms.ValidationError(_("Dites en quelques mots ce qui ne va pas."))
        return text

    def said(self) -> reporting.Said:
        given = self.cleaned_data
        position = typed_position(given["where"])
        words = "" if position else given["where"]
        where = _("Où : {place}").format(place=words) if words else ""
        text = "\n".join(filter(None, [given["text"], where]))
        return reporting.Said(given["kind"], text, position, given["email"])


def typed_position(text: str) -> Position | None:
    """A position that somebody typed or copied; None of an address in words."""
    try:
        return read_position(text)
    except GeoValueError:
        return None


@about_place
def report_page(request: HttpRequest, place: PointOfSale) -> HttpResponse:
    form = ReportForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        done = redirect(place_path(place, "mistake_reported"))
        if form.cleaned_data["homepage"]:
            return done
        said = form.said()
        if not limits.within(request, 1, place.pk, fingerprint(said)):  # a second tap, or the same person again
            return done
        if not limits.within(request, MOST_OF_ONE, "report", place.pk) or not limits.within(request, MOST, "report"):
            return too_many(request)
        with suppress(reporting.TooMany):  # enough is there to be read, and it is before the moderators
            reporting.report(place, said)
        return done
    context = about(place) | {"form": form, "sources": source_names(place)}
    return render(request, "maps/claims/report.html", context, status=400 if form.is_bound else 200)


@about_place
def thanks_page(request: HttpRequest, place: PointOfSale) -> HttpResponse:
    return render(request, "maps/claims/reported.html", about(place))
