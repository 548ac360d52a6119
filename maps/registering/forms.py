"""What is asked at each step of a registration. Few fields, one column, and every error says what would do."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from directory.models import PointOfSale
from directory.offering.lines import MOST_OFFERS, Line, read_lines
from directory.offering.prices import NotAPriceError
from directory.owners.accounts import LONGEST, may_have_account
from directory.registering.locating import Found
from directory.registering.selling import activities_of, without_ancestors
from directory.vocabulary import vocabulary
from maps import wording
from maps.editing.offer_form import why
from maps.fields import choose, grouped_activities, read_commune, read_name, read_siret, read_town
from maps.pins.forms import CENTRE, PinForm

ACTIVITIES = ("activity_1", "activity_2", "activity_3")


class StartForm(forms.Form):
    key = forms.UUIDField(widget=forms.HiddenInput)
    siret = forms.CharField(
        label=gettext_lazy("Votre SIRET"), required=False, max_length=20,
        help_text=gettext_lazy("Les 14 chiffres d'une facture ou d'un appel de cotisation."),
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}),
    )  # fmt: skip
    name = forms.CharField(
        label=gettext_lazy("Nom ou enseigne"), required=False, max_length=200,
        widget=forms.TextInput({"autocomplete": "organization"}),
    )  # fmt: skip
    commune = forms.CharField(
        label=gettext_lazy("Commune"), required=False, max_length=100,
        widget=forms.TextInput({"autocomplete": "address-level2"}),
    )  # fmt: skip

    def __init__(self, data: Any = None, **kwargs: Any):
        if data is not None and not _is_key(data.get("key", "")):
            data = data.copy()
            data["key"] = str(uuid.uuid4())  # a page that lost it is no reason to send anybody back
        super().__init__(data, **kwargs)

    @property
    def named(self) -> list[forms.BoundField]:
        return [self["name"], self["commune"]]

    def clean_siret(self) -> str:
        return read_siret(self.cleaned_data["siret"])

    def clean_commune(self) -> str:
        text = self.cleaned_data["commune"]
        return read_commune(text).code if text else ""

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("siret") or self.errors:
            return data
        if not data["name"] and not data["commune"]:
            raise ValidationError(_("Donnez votre SIRET, ou votre nom et votre commune."))
        for name, text in (("name", _("Donnez aussi le nom.")), ("commune", _("Donnez aussi la commune."))):
            if not data[name]:
                self.add_error(name, text)
        return data


def _is_key(text: str) -> bool:
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True


class WhoForm(forms.Form):
    name = forms.CharField(
        label=gettext_lazy("Nom ou enseigne"), max_length=200,
        help_text=gettext_lazy("Celui que vos clients connaissent."),
        widget=forms.TextInput({"autocomplete": "organization"}),
    )  # fmt: skip
    siret = forms.CharField(
        label=gettext_lazy("SIRET (facultatif)"), required=False, max_length=20,
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}),
    )  # fmt: skip
    kind = forms.ChoiceField(
        label=gettext_lazy("Où vend-on ?"), choices=PointOfSale.Kind, widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choisissez la sorte de lieu la plus proche.")},
    )  # fmt: skip

    def clean_name(self) -> str:
        return read_name(self.cleaned_data["name"])

    def clean_siret(self) -> str:
        return read_siret(self.cleaned_data["siret"])


class WhereForm(forms.Form):
    street = forms.CharField(
        label=gettext_lazy("Numéro et voie, ou lieu-dit"), required=False, max_length=250,
        help_text=gettext_lazy("Comme sur votre courrier : 12 rue du Change, ou La Ferté."),
        widget=forms.TextInput({"autocomplete": "address-line1"}),
    )  # fmt: skip
    postcode = forms.CharField(
        label=gettext_lazy("Code postal"), required=False, max_length=10,
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "postal-code", "class": "short"}),
    )  # fmt: skip
    commune = forms.CharField(
        label=gettext_lazy("Commune"), max_length=100, widget=forms.TextInput({"autocomplete": "address-level2"})
    )

    def clean_street(self) -> str:
        return " ".join(str(self.cleaned_data["street"]).split())

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        data["commune"] = read_town(self, data)
        return data


class WhatForm(forms.Form):
    activity_1 = forms.ChoiceField(
        label=gettext_lazy("Votre métier"), error_messages={"required": gettext_lazy("Choisissez le plus proche.")}
    )
    activity_2 = forms.ChoiceField(label=gettext_lazy("Deuxième métier (facultatif)"), required=False)
    activity_3 = forms.ChoiceField(label=gettext_lazy("Troisième métier (facultatif)"), required=False)
    products = forms.CharField(
        label=gettext_lazy("Ce que vous vendez (facultatif)"), required=False,
        validators=[MaxLengthValidator(4_000)],  # not max_length: browsers would cut what is pasted without a word
        help_text=gettext_lazy("Avec vos mots, entre des virgules : fromage de chèvre, miel 8 € le pot, rillons."),
        widget=forms.Textarea({"rows": 3, "autocomplete": "off", "autocapitalize": "none"}),
    )  # fmt: skip

    def __init__(self, *args: Any, naf: str = "", **kwargs: Any):
        super().__init__(*args, **kwargs)
        proposed, groups = activities_of(naf), grouped_activities()
        if proposed:
            labels = vocabulary().labels(proposed, wording.language())
            groups = [(_("D'après le registre"), list(zip(proposed, labels, strict=True))), *groups]
        for name in ACTIVITIES:
            choose(self, name, groups)
        if len(proposed) == 1:
            self.fields["activity_1"].initial = proposed[0]

    def activities(self) -> list[str]:
        return without_ancestors([code for name in ACTIVITIES if (code := self.cleaned_data[name])])

    def clean_products(self) -> list[Line]:
        try:
            lines = read_lines(self.cleaned_data["products"])
        except NotAPriceError as error:
            raise ValidationError(why(error)) from None
        if len(lines) > MOST_OFFERS:
            raise ValidationError(_("C'est plus qu'une fiche ne montre : {most} produits.").format(most=MOST_OFFERS))
        return lines


class DoorForm(PinForm):
    """Where the pin goes, as on the owner's own page; here it is confirmed in the same breath."""

    right = forms.BooleanField(label=gettext_lazy("Oui, c'est le bon endroit"), required=False)

    def __init__(self, data: Any = None, *, found: Found, commune: str, initial: Any = None):
        super().__init__(PointOfSale(commune_id=commune), found.candidates, data)
        self.found = found
        del self.fields["seen"]  # nobody else moves it meanwhile
        self.initial = {**self.initial, **(initial or {})}

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if not self.errors and data["where"] != CENTRE and not data["right"]:
            text = _("Cochez que c'est le bon endroit ; sinon, choisissez le centre de la commune.")
            self.add_error("right", text)
        return data

    def would_be(self) -> PointOfSale:
        """Nothing but a pin, where the form has it, sent or not; without one where that cannot be."""
        said = {**(self.data if self.is_bound else self.initial), "right": "on"}
        asked = DoorForm(said, found=self.found, commune=self.place.commune_id or "")
        if asked.is_valid():
            asked.apply(asked.place, None)
        return asked.place


class PublishForm(forms.Form):
    email = forms.EmailField(
        label=gettext_lazy("Votre adresse électronique"), max_length=LONGEST,
        help_text=gettext_lazy("Un lien y part pour publier, sans mot de passe. Elle n'est pas montrée."),
        widget=forms.EmailInput({"autocomplete": "email"}),
    )  # fmt: skip
    consent = forms.BooleanField(
        label=gettext_lazy("J'accepte"),
        error_messages={"required": gettext_lazy("Sans votre accord, rien n'est publié : cochez pour continuer.")},
    )

    def __init__(self, *args: Any, signed_in: bool, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if signed_in:
            del self.fields["email"]

    def clean_email(self) -> str:
        email = str(self.cleaned_data["email"])
        if not may_have_account(email):
            raise ValidationError(_("Cette adresse ne peut pas servir ici. Donnez-en une autre."))
        return email
