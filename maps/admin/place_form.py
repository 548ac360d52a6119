"""The form of a point of sale: what an agent may type, and what is refused with which words."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.gis.geos import Point
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from directory.models import PointOfSale, Schedule
from directory.models.schedule import validate_opening_hours
from directory.owners.leaving import is_leaving
from directory.pinning.around import TOLERANCE_M, commune_at, metres_outside
from directory.twins import live_twin
from geo.models import Commune
from maps.admin.common import LineForm, distance_text
from maps.admin.pin_widget import PinField, PinInput, SourcePoint, same_place

Status = PointOfSale.Status


class PlaceForm(forms.ModelForm):
    pin = PinField(
        label=_("Épingle"),
        required=False,
        help_text=_("La vraie place, que seuls son titulaire et les agents voient si l'épingle est cachée."),
    )
    pin_confirmed = forms.BooleanField(
        label=_("Oui, l'épingle est bien hors de la commune"),
        required=False,
        help_text=_("Demandé au-delà de 2 km seulement."),
    )
    hours = forms.CharField(
        label=_("Horaires"),
        required=False,
        strip=True,
        validators=[validate_opening_hours],
        widget=forms.Textarea(attrs={"rows": 2, "cols": 80, "spellcheck": "false"}),
        help_text=_("Exemple : Mo-Fr 09:00-12:30,14:00-18:00; Sa 09:00-12:30; PH off. Vide : horaires inconnus."),
    )
    reviews = forms.MultipleChoiceField(
        label=_("À vérifier"),
        required=False,
        choices=PointOfSale.Review.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Décochez ce qui a été vérifié."),
    )
    # What the page showed was to be looked at: what came up since stays, whatever is ticked.
    shown_reviews = forms.CharField(required=False, widget=forms.HiddenInput)
    confirmed = forms.BooleanField(
        label=_("Tout est juste aujourd'hui"),
        required=False,
        help_text=_("Vérifié auprès du commerçant ou sur place : la fiche dit « confirmée le … »."),
    )
    change_reason = forms.CharField(
        label=_("Motif de la modification"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        help_text=_("Gardé dans l'historique : « appel du commerçant », « vu sur place »…"),
    )

    class Meta:
        model = PointOfSale
        fields = [
            "merchant", "siret", "kind", "name", "activities", "services", "street", "postcode", "commune", "pin",
            "pin_hidden", "service_radius_km", "status", "reviews", "demo",
        ]  # fmt: skip

    # Whether this submission moves the pin, and not only carries back the one that the form was opened with.
    pin_moved = False

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if self.instance.schedule_id:
            self.fields["hours"].initial = self.instance.schedule.text
        if "status" in self.fields and self.instance.status != Status.MERGED:
            # Two entries are merged elsewhere, which also says into which.
            choices = [choice for choice in Status.choices if choice[0] != Status.MERGED]
            self.fields["status"].choices = choices  # type: ignore[attr-defined]
        if "shown_reviews" in self.fields:
            self.fields["shown_reviews"].initial = ",".join(self.instance.reviews)
        if "pin" in self.fields:
            self._show_around(self.fields["pin"].widget)

    def _show_around(self, widget: PinInput) -> None:
        widget.commune = self.instance.commune_id or ""
        if self.instance.pk:
            widget.sources = source_points(self.instance)

    def clean_reviews(self) -> list[str]:
        chosen: list[str] = self.cleaned_data["reviews"]
        shown = self.data.get(self.add_prefix("shown_reviews"))
        if shown is None:  # a form that did not say
            return chosen
        return [*chosen, *(one for one in self.initial.get("reviews") or [] if one not in {*chosen, *shown.split(",")})]

    def clean_pin(self) -> Point | None:
        """The pin typed; the database's own, to the last digit, when the person did not move it."""
        pin, current = self.cleaned_data["pin"], self.instance.pin
        self.pin_moved = "pin" in self.changed_data and not same_place(pin, current)
        return pin if self.pin_moved else current

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        commune, merchant = data.get("commune"), data.get("merchant")
        if data.get("status") == Status.PUBLISHED and merchant is not None and is_leaving(merchant.pk):
            self.add_error(
                "status", _("Son retrait est demandé : remettez-la d'abord, dans « Suppressions demandées ».")
            )
        if data.get("status") == Status.PUBLISHED and commune is None and "commune" not in self.errors:
            self.add_error("commune", _("Un point de vente publié a une commune. Donnez-la, ou gardez un brouillon."))
        if commune is not None and (self.pin_moved or "commune" in self.changed_data) and data.get("pin"):
            self._refuse_far_pin(data["pin"], commune)
        self._refuse_twin(data)
        return data

    def _refuse_far_pin(self, pin: Point, commune: Commune) -> None:
        metres = metres_outside(commune, pin)
        if metres <= TOLERANCE_M or self.cleaned_data.get("pin_confirmed"):
            return
        there = commune_at(pin)
        words = {"distance": distance_text(metres), "commune": commune.name, "there": there.name if there else ""}
        where = (
            gettext("L'épingle est à %(distance)s hors de %(commune)s, dans %(there)s.")
            if there
            else gettext("L'épingle est à %(distance)s hors de %(commune)s, hors de la région.")
        )
        remedy = gettext("Déplacez-la, changez la commune, ou cochez « Oui, l'épingle est bien hors de la commune ».")
        self.add_error("pin", f"{where % words} {remedy}")

    def _refuse_twin(self, data: dict[str, Any]) -> None:
        closed = data.get("status", self.instance.status) in (Status.CLOSED, Status.MERGED)
        if closed or not data.get("siret"):
            return
        if twin := live_twin(PointOfSale(pk=self.instance.pk, siret=data["siret"])):
            message = gettext("Ce SIRET est déjà celui de « %(name)s » (nº %(id)s).")
            self.add_error("siret", message % {"name": twin.display_name, "id": twin.pk})

    def clean_siret(self) -> str | None:
        return self.cleaned_data["siret"] or None

    def keep_hours(self) -> None:
        """Point the instance at the schedule of that text: rows are shared, so a text is never edited in place."""
        if "hours" not in self.changed_data:
            return
        text = self.cleaned_data["hours"]
        holidays = self.instance.schedule.holidays if self.instance.schedule else Schedule().holidays
        self.instance.schedule = Schedule.objects.get_or_create(text=text, holidays=holidays)[0] if text else None


def source_points(place: PointOfSale) -> list[SourcePoint]:
    """Where each source puts the place."""
    records = place.source_records.exclude(point=None).select_related("source").order_by("id")
    return [SourcePoint(record.point.y, record.point.x, record.source.name) for record in records if record.point]


class OfferForm(LineForm):
    """Says in words what the database's constraints would refuse."""

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not data.get("product") and not data.get("line"):
            self.add_error("product", _("Choisissez un produit, ou écrivez-le dans les mots du commerçant."))
        first, last = data.get("season_first"), data.get("season_last")
        if (first is None) != (last is None):
            self.add_error("season_last", _("Donnez les deux mois de la saison, ou aucun."))
        if any(month is not None and not 1 <= month <= 12 for month in (first, last)):
            self.add_error("season_first", _("Un mois va de 1 à 12."))
        low, high = data.get("price_min"), data.get("price_max")
        if low is not None and high is not None and high < low:
            self.add_error("price_max", _("Le second prix est plus bas que le premier."))
        return data
