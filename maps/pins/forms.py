"""Where the owner wants the pin: where it is, where its address was found, at coordinates, or the commune alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from directory.models import PointOfSale
from directory.pinning import centre_of, place_at, place_by_hand, settle_pin
from directory.pinning.compass import seen_from
from directory.pinning.owners import seen
from directory.pinning.rule import BY_HAND
from directory.registering.locating import chosen
from geo.geocoding import Candidate
from geo.points import Position, position_from
from geo.typed import MAX_LENGTH
from maps import wording
from maps.fields import coordinates, read_position_here
from maps.pins import wording as words

KEEP, TYPED, CENTRE = "keep", "typed", "centre"


@dataclass(frozen=True, slots=True)
class Option:
    """One of the radio buttons. `position` is where it would put the pin, for the page's map."""

    value: str
    text: str
    hint: str = ""
    position: Position | None = None


class PinForm(forms.Form):
    where = forms.CharField(required=False, max_length=60)
    typed = forms.CharField(
        label=gettext_lazy("Coordonnées"), required=False, max_length=MAX_LENGTH,
        help_text=gettext_lazy("Latitude puis longitude, comme 47,793 1,066 ; ou collées d'une application de cartes."),
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false", "enterkeyhint": "done"}),
    )  # fmt: skip
    hidden = forms.BooleanField(
        label=gettext_lazy("Cacher l'épingle : ne montrer que la commune"), required=False,
        help_text=gettext_lazy("Le public ne voit alors ni l'adresse ni la porte, seulement le centre de la commune."),
    )  # fmt: skip
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)

    def __init__(self, place: PointOfSale, candidates: Sequence[Candidate], data: Any = None):
        self.place, self.candidates = place, candidates
        first = {"hidden": place.pin_hidden, "seen": seen(place), "where": KEEP if place.pin else ""}
        super().__init__(data, initial=first)

    @property
    def chosen(self) -> str:
        """The radio button that is set."""
        return str(self["where"].value() or "")

    def options(self) -> list[Option]:
        """All but the coordinates, which have a field of their own."""
        now = position_from(self.place.pin)
        found = [Option(coordinates(one.position), one.label, _hint(one, now), one.position)
                 for one in self.candidates]  # fmt: skip
        kept = [Option(KEEP, _("Là où elle est"), words.how_far(now, self.place.commune_id), now)] if now else []
        centre = Option(CENTRE, _("Au centre de la commune"), _("Quand l'endroit n'a pas d'adresse, ou change."))
        return [*kept, *found, *([centre] if self.place.commune_id else [])]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        where = data.get("where", "")
        if where in ("", KEEP) and data.get("typed"):
            where = data["where"] = TYPED  # whoever typed coordinates meant them
        if where == TYPED and "typed" not in self.errors:
            data["position"] = self._typed(data.get("typed", ""))
        elif data.get("typed"):
            both = _("Vous avez aussi choisi un autre endroit : choisissez « À ces coordonnées », ou effacez-les.")
            self.add_error("typed", both)
        elif where == KEEP and self.place.pin is None:
            self.add_error("where", _("Il n'y a pas d'épingle à garder : choisissez où la mettre."))
        elif where not in (KEEP, TYPED, CENTRE) and self._candidate(where) is None:
            self.add_error("where", _("Choisissez où mettre l'épingle."))
        return data

    def _typed(self, text: str) -> Position | None:
        try:
            return read_position_here(text)
        except ValidationError as error:
            self.add_error("typed", error)
            return None

    def _candidate(self, value: str) -> Candidate | None:
        return next((one for one in self.candidates if coordinates(one.position) == value), None)

    def apply(self, place: PointOfSale, by: Any) -> None:
        """Put the pin of the given point of sale, in memory, where the form says; `by` chose it."""
        place.pin_hidden = self.cleaned_data["hidden"]
        where = self.cleaned_data["where"]
        if where == TYPED:
            place_by_hand(place, self.cleaned_data["position"], by)
        elif where == CENTRE:
            place_at(place, centre_of(place.commune_id or ""), by)
            place.pin_source = BY_HAND  # chosen, not stood in for an address: it stays
        elif candidate := self._candidate(where):
            place_at(place, chosen(candidate, place.commune_id or ""), by)
            settle_pin(place)


def confirm_pin(place: PointOfSale, by: Any) -> None:
    """In memory: the pin is right where it is, which is as good as having put it there by hand.

    A commune's centre is nobody's door: it stays what it is.
    """
    if place.pin_precision != PointOfSale.Precision.COMMUNE:
        place_by_hand(place, position_from(place.pin), by)


def _hint(one: Candidate, now: Position | None) -> str:
    precision = str(words.PRECISIONS[one.precision])
    if now is None:
        return precision
    metres, towards = seen_from(now, one.position)
    if metres < words.AT_CENTRE_M:
        return _("{precision} ; là où est l'épingle").format(precision=precision)
    away = wording.distance(metres, rough=False)
    text = _("{precision} ; {distance} {direction} de l'épingle")
    return text.format(precision=precision, distance=away, direction=words.TOWARDS[towards])
