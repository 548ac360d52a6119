"""What an agent fills in for a merchant, checked: codes of the vocabulary, a commune, hours, and who agreed to what."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from directory.chambers.entries import Registration
from directory.importing import mapping as mappings
from directory.importing.validating import read_phone
from directory.importing.wording import Wordings
from directory.models import AssistedEntry, Consent, PointOfSale
from directory.models.schedule import validate_opening_hours
from directory.vocabulary import vocabulary
from geo.commune_match import CommuneEntry
from maps import wording
from maps.fields import choose, grouped_activities, postcode_of, read_commune, read_siret

ACTIVITIES = 3


class EntryForm(forms.Form):
    form = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    name = forms.CharField(label=gettext_lazy("Nom ou enseigne"), max_length=200)
    siret = forms.CharField(
        label=gettext_lazy("SIRET (facultatif)"), required=False, max_length=20,
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}),
    )  # fmt: skip
    street = forms.CharField(
        label=gettext_lazy("Numéro et voie, ou lieu-dit (facultatif)"), required=False, max_length=250
    )
    commune = forms.CharField(
        label=gettext_lazy("Commune"), max_length=100, help_text=gettext_lazy("Avec le code postal s'il y en a deux.")
    )
    activity_1 = forms.ChoiceField(label=gettext_lazy("Activité"))
    activity_2 = forms.ChoiceField(label=gettext_lazy("Deuxième activité (facultatif)"), required=False)
    activity_3 = forms.ChoiceField(label=gettext_lazy("Troisième activité (facultatif)"), required=False)
    kind = forms.ChoiceField(label=gettext_lazy("Sorte de lieu (facultatif)"), required=False)
    products = forms.CharField(
        label=gettext_lazy("Produits (facultatif)"), required=False, max_length=500,
        help_text=gettext_lazy("Entre des virgules : fromage de chèvre, miel, pain."),
    )  # fmt: skip
    hours = forms.CharField(
        label=gettext_lazy("Horaires (facultatif)"), required=False, max_length=500,
        validators=[validate_opening_hours],
        help_text=gettext_lazy("Exemple : Mo-Fr 09:00-12:30,14:00-18:00; Sa 09:00-12:30; PH off."),
        widget=forms.TextInput({"spellcheck": "false", "autocomplete": "off"}),
    )  # fmt: skip
    website = forms.URLField(
        label=gettext_lazy("Site (facultatif)"), required=False, max_length=200,
        assume_scheme="https",
    )  # fmt: skip
    phone = forms.CharField(
        label=gettext_lazy("Téléphone (facultatif)"), required=False, max_length=20,
        widget=forms.TextInput({"type": "tel", "autocomplete": "off"}),
    )  # fmt: skip
    email = forms.EmailField(
        label=gettext_lazy("Courriel (facultatif)"), required=False, max_length=254,
        widget=forms.EmailInput({"autocomplete": "off"}),
    )  # fmt: skip
    published = forms.BooleanField(
        label=gettext_lazy("La fiche peut être publiée (sinon elle reste un brouillon)"), required=False
    )
    phone_for = forms.MultipleChoiceField(
        label=gettext_lazy("Qui peut voir le téléphone"), required=False, widget=forms.CheckboxSelectMultiple,
        choices=Consent.Audience.choices,
    )  # fmt: skip
    email_for = forms.MultipleChoiceField(
        label=gettext_lazy("Qui peut voir le courriel (votre chambre, si vous la cochez, y envoie la lettre)"),
        required=False, widget=forms.CheckboxSelectMultiple, choices=Consent.Audience.choices,
    )  # fmt: skip
    given_by = forms.CharField(
        label=gettext_lazy("Qui a donné son accord (nom et qualité)"), required=False, max_length=150
    )
    means = forms.ChoiceField(label=gettext_lazy("Par quel moyen"), required=False)

    WHAT = ("name", "siret", "street", "commune", "activity_1", "activity_2", "activity_3", "kind", "products", "hours")
    CONTACT = ("website", "phone", "email")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for number in range(1, ACTIVITIES + 1):
            choose(self, f"activity_{number}", grouped_activities())
        choose(self, "kind", PointOfSale.Kind.choices, _("Selon l'activité"))
        choose(self, "means", AssistedEntry.Means.choices)

    def what(self) -> list[forms.BoundField]:
        return [self[name] for name in self.WHAT]

    def contact(self) -> list[forms.BoundField]:
        return [self[name] for name in self.CONTACT]

    # --- Each field ---
    def clean_siret(self) -> str:
        return read_siret(self.cleaned_data["siret"])

    def clean_phone(self) -> str:
        text = str(self.cleaned_data["phone"])
        try:
            return read_phone(text) if text else ""
        except ValueError:
            raise ValidationError(_("Ce numéro ne se lit pas. Exemple : 02 54 00 00 00.")) from None

    def clean_commune(self) -> CommuneEntry:
        return read_commune(self.cleaned_data["commune"])

    # --- All together ---
    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("activity_1"):
            self._read_trade(data)
        self._check_consent(data)
        return data

    def _read_trade(self, data: dict[str, Any]) -> None:
        """Activities without those that another implies, what kind of place that makes, and products by their words."""
        words = Wordings(mappings.load("generic"), vocabulary())
        activities = "|".join(filter(None, (data.get(f"activity_{number}") for number in range(1, ACTIVITIES + 1))))
        products = [word.strip() for word in data.get("products", "").replace("|", ",").split(",") if word.strip()]
        unknown = [word for word in products if _unknown(words, activities, word)]
        if unknown:
            text = _("Pas dans le vocabulaire : {words}. Essayez un mot plus général, ou laissez-le.")
            self.add_error("products", text.format(words=", ".join(map(wording.quoted, unknown))))
        meaning, _notes = words.sold(activities, "|".join(products), data.get("kind", ""))
        data["meaning"] = meaning

    def _check_consent(self, data: dict[str, Any]) -> None:
        agreed = data.get("published") or data.get("phone_for") or data.get("email_for")
        for name in ("phone", "email"):
            if name in self.errors:
                continue
            if data.get(name) and not data.get(f"{name}_for"):
                self.add_error(f"{name}_for", _("Cochez qui peut le voir, ou effacez-le : il ne serait à personne."))
            if data.get(f"{name}_for") and not data.get(name):
                self.add_error(name, _("Donnez-le, ou décochez qui peut le voir."))
        if agreed and not data.get("given_by"):
            self.add_error("given_by", _("Écrivez qui a donné cet accord."))
        if agreed and not data.get("means"):
            self.add_error("means", _("Choisissez comment cet accord a été donné."))
        if data.get("given_by") and not agreed:
            self.add_error("given_by", _("Cochez ce à quoi cette personne a dit oui, ou effacez son nom."))

    def registration(self) -> Registration:
        """What was filled in, once it is valid."""
        data = self.cleaned_data
        commune: CommuneEntry = data["commune"]
        agreed = bool(data["given_by"])
        consents = [(name, audience) for name in ("phone", "email") for audience in data[f"{name}_for"]]
        return Registration(
            form=data["form"], name=data["name"], siret=data["siret"], kind=data["meaning"].kind, street=data["street"],
            postcode=postcode_of(commune, str(self.data.get("commune", ""))), commune=commune.code,
            activities=data["meaning"].activities, products=data["meaning"].products, hours=data["hours"],
            phone=data["phone"], email=data["email"], website=data["website"], published=data["published"],
            given_by=data["given_by"], means=data["means"] if agreed else "", consents=consents,
        )  # fmt: skip


def _unknown(words: Wordings, activities: str, word: str) -> bool:
    return any(note.code == "unknown_product" for note in words.sold(activities, word, "")[1])
