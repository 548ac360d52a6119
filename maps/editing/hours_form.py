"""The week as a form: each day its stretches "de … à …", closed, or as the day before; holidays; what else to know."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from directory.hours.editing import read
from directory.hours.timetable import (
    CLOSED,
    MIDNIGHT,
    Day,
    NotADay,
    Stretch,
    Timetable,
    Unreadable,
    Week,
    day,
    overlap,
    read_time,
    stretch,
)  # fmt: skip
from directory.models.schedule import validate_opening_hours
from directory.questions.phrasing import DAYS
from directory.summary import times
from geo.folding import one_line
from maps.wording import language

WEEKDAYS = ("mo", "tu", "we", "th", "fr", "sa", "su")
HOLIDAYS = "ph"
STRETCHES = 3
USUAL, SHUT, OPEN = "usual", "closed", "open"
LONGEST, LONGEST_PAST = timedelta(days=366), timedelta(days=31)
_BOTH = re.compile(r"(?:de )?(.*\d.*?|midi|minuit) ?(?:-|–|à|to) ?(.+)", re.IGNORECASE)
_TIME = {"inputmode": "text", "autocomplete": "off", "autocapitalize": "none", "spellcheck": "false", "size": "6"}


@dataclass(frozen=True)
class Row:
    """A day of the form: pairs of fields, and what else can be said of it."""

    name: str
    label: str
    pairs: list[tuple[forms.BoundField, forms.BoundField]]
    more: list[tuple[forms.BoundField, forms.BoundField]]  # seldom needed
    closed: forms.BoundField | None = None
    same: forms.BoundField | None = None
    choice: forms.BoundField | None = None

    @property
    def errors(self) -> list[str]:
        fields = [field for pair in (*self.pairs, *self.more) for field in pair]
        return [str(error) for field in fields for error in field.errors]


def time_field(**kwargs: Any) -> forms.CharField:
    return forms.CharField(max_length=30, widget=forms.TextInput(_TIME), **kwargs)


def as_typed(minutes: int) -> str:
    """ "9 h 30", as the field reads it again."""
    at = time(*divmod(minutes % MIDNIGHT, 60))
    return times(language()).hour(datetime.combine(date.min, at)).replace("\u00a0", " ")


def read_stretch(opens: str, closes: str) -> Stretch:
    """From what was typed, both times perhaps in the first field. Raises ValidationError, which says the remedy."""
    if not closes and (both := _BOTH.fullmatch(" ".join(opens.split()))):
        opens, closes = both.groups()
    if not opens or not closes:
        raise ValidationError(_("Donnez les deux heures : de … à …"))
    try:
        return stretch(_minutes(opens), _minutes(closes))
    except NotADay as error:
        raise ValidationError(_why(error)) from None


def _minutes(text: str) -> int:
    try:
        return read_time(text)
    except Unreadable:
        raise ValidationError(_("Cette heure ne se lit pas. Exemples : 9 h, 9 h 05, 14:00, midi.")) from None


def _why(error: NotADay) -> str:
    return {
        "overlap": _("Ces plages se chevauchent : la suivante commence avant la fin de l'autre."),
        "empty": _("Ces deux heures sont les mêmes. Ouvert jour et nuit : de minuit à minuit."),
        "backwards": _("La fin est avant le début. Après minuit, donnez une heure de la nuit : de 18 h à 2 h."),
    }[error.code]


class WeekForm(forms.Form):
    holidays = forms.ChoiceField(
        label=gettext_lazy("Les jours fériés"),
        choices=[
            (USUAL, gettext_lazy("comme un jour habituel")),
            (SHUT, gettext_lazy("fermé")),
            (OPEN, gettext_lazy("ouvert à ces heures :")),
        ],
        widget=forms.RadioSelect,
    )
    otherwise = forms.CharField(
        label=gettext_lazy("En dehors de ces horaires (facultatif)"), required=False, max_length=80,
        help_text=gettext_lazy("Exemple : sur rendez-vous. Laissé vide : fermé."),
    )  # fmt: skip

    def __init__(self, data: Any = None, *, timetable: Timetable):
        week = timetable.usual if isinstance(timetable.usual, Week) else Week((CLOSED,) * 7)
        initial = {"otherwise": timetable.otherwise, "holidays": _holidays_choice(week)}
        for name, hours in zip((*WEEKDAYS, HOLIDAYS), (*week.days, week.holidays or CLOSED), strict=True):
            initial |= _initial(name, hours, closed=week.says_something and not hours)
        super().__init__(data, initial=initial)
        for name in (*WEEKDAYS, HOLIDAYS):
            for number in range(STRETCHES):
                self.fields[f"{name}-{number}-from"] = time_field(label=_("de"), required=False)
                self.fields[f"{name}-{number}-to"] = time_field(label=_("à"), required=False)
            if name != HOLIDAYS:
                self.fields[f"{name}-closed"] = forms.BooleanField(label=_("fermé"), required=False)
        for name in WEEKDAYS[1:]:
            self.fields[f"{name}-same"] = forms.BooleanField(label=_("comme la veille"), required=False)

    def rows(self) -> Iterator[Row]:
        """The days, Monday first."""
        for number, name in enumerate(WEEKDAYS):
            same = self[f"{name}-same"] if number else None
            label = str(capfirst(DAYS[language()][number]))
            yield Row(name, label, *self._pairs(name), closed=self[f"{name}-closed"], same=same)

    def holidays_row(self) -> Row:
        return Row(HOLIDAYS, str(self["holidays"].label), *self._pairs(HOLIDAYS), choice=self["holidays"])

    def _pairs(self, name: str) -> tuple[Any, Any]:
        pairs = [(self[f"{name}-{i}-from"], self[f"{name}-{i}-to"]) for i in range(STRETCHES)]
        _first, second, third = (any(field.value() for field in pair) for pair in pairs)
        shown = 3 if third else 2
        return pairs[:shown], (pairs[shown:] if second else [])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        days: list[Day] = []
        for name in WEEKDAYS:
            if self._is_closed(name):
                days.append(CLOSED)
            elif data.get(f"{name}-same"):
                days.append(days[-1])
            else:
                days.append(self._day(name))
        holidays = {USUAL: None, SHUT: CLOSED}.get(data.get("holidays", ""), CLOSED)
        if data.get("holidays") == OPEN:
            holidays = self._day(HOLIDAYS)
            if not holidays and not self.errors:
                self.add_error(f"{HOLIDAYS}-0-from", _("Donnez ces heures, ou choisissez « fermé »."))
        if (early := overlap(days)) is not None:
            eve = DAYS[language()][early - 1]
            text = _("La nuit de {eve} dure encore : ouvrez après sa fin, ou fermez plus tôt la veille.")
            self.add_error(f"{WEEKDAYS[early]}-0-from", text.format(eve=eve))
        data["week"] = Week(tuple(days), holidays)
        return data

    def over(self, timetable: Timetable) -> Timetable:
        """That timetable with the week that was typed."""
        week, otherwise = self.cleaned_data["week"], one_line(self.cleaned_data["otherwise"].replace('"', "'"))
        return replace(timetable, usual=week if week.says_something else "", otherwise=otherwise)

    def _is_closed(self, name: str) -> bool:
        """Ticked, unless it was so before and hours were typed now: these are what the person wants."""
        typed = any(self.cleaned_data.get(f"{name}-{i}-{end}") for i in range(STRETCHES) for end in ("from", "to"))
        was_ticked = f"{name}-closed" not in self.changed_data
        return bool(self.cleaned_data.get(f"{name}-closed")) and not (typed and was_ticked)

    def _day(self, name: str) -> Day:
        """What was typed for a day; what is wrong with it is said beside its first field that is."""
        stretches = []
        for number in range(STRETCHES):
            opens, closes = (self.cleaned_data.get(f"{name}-{number}-{end}", "") for end in ("from", "to"))
            if opens or closes:
                try:
                    stretches.append(read_stretch(opens, closes))
                except ValidationError as error:
                    self.add_error(f"{name}-{number}-from", error)
        try:
            return day(stretches)
        except NotADay as error:
            self.add_error(f"{name}-0-from", _why(error))
            return CLOSED


class TextForm(forms.Form):
    """What no week can say, as it is written."""

    text = forms.CharField(
        label=gettext_lazy("Syntaxe OpenStreetMap"), required=False, max_length=500,
        validators=[validate_opening_hours],
        widget=forms.Textarea({"rows": 3, "spellcheck": "false", "autocomplete": "off", "autocapitalize": "none"}),
        help_text=gettext_lazy("Exemple : Apr-Sep Mo-Sa 09:00-19:00; Oct-Mar Sa 09:00-12:30; PH off."),
    )  # fmt: skip

    def __init__(self, data: Any = None, *, timetable: Timetable):
        super().__init__(data, initial={"text": timetable.usual})

    def clean_text(self) -> str:
        return one_line(self.cleaned_data["text"])

    def over(self, timetable: Timetable) -> Timetable:
        """That timetable with what was typed, and its dates besides."""
        said = read(self.cleaned_data["text"])
        return Timetable(said.usual, said.otherwise or timetable.otherwise, (*timetable.dated, *said.dated))


class DatesForm(forms.Form):
    """Days off: from one day until another, or one day."""

    first = forms.DateField(label=gettext_lazy("Du"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))
    last = forms.DateField(
        label=gettext_lazy("Au (inclus)"), required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.today = today

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        first = data.get("first")
        last = data["last"] = data.get("last") or first
        if first and last and last < first:
            self.add_error("last", _("Le dernier jour est avant le premier."))
        elif last and last < self.today:
            self.add_error("first", _("C'est passé : donnez des jours à venir."))
        elif first and first < self.today - LONGEST_PAST:
            self.add_error("first", _("Ce premier jour est passé depuis plus d'un mois : vérifiez l'année."))
        elif first and last and last - first > LONGEST:
            self.add_error("last", _("C'est plus d'un an : vérifiez les années."))
        elif last and last > self.today + timedelta(days=730):
            self.add_error("first", _("C'est dans plus de deux ans : vérifiez l'année."))
        return data


class OpenForm(DatesForm):
    """One day that is open otherwise than usual."""

    last = None  # type: ignore[assignment]
    first = forms.DateField(label=gettext_lazy("Le"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))
    opens = time_field(label=gettext_lazy("de"))
    closes = time_field(label=gettext_lazy("à"), required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if "opens" in data:
            try:
                data["day"] = (read_stretch(data["opens"], data["closes"]),)
            except ValidationError as error:
                self.add_error("opens", error)
        return data


def _holidays_choice(week: Week) -> str:
    return USUAL if week.holidays is None else OPEN if week.holidays else SHUT


def _initial(name: str, hours: Day, closed: bool) -> dict[str, Any]:
    values: dict[str, Any] = {f"{name}-closed": closed}
    for number, (opens, closes) in enumerate(hours[:STRETCHES]):
        values |= {f"{name}-{number}-from": as_typed(opens), f"{name}-{number}-to": as_typed(closes)}
    return values
