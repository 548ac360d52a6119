"""A point as two numbers, latitude and longitude, and a map beside them that moves with the numbers.

Without JavaScript the two numbers are all there is, and they suffice. The map is Leaflet on a plain ground: the
commune's outline and its neighbours' (from a page of the admin), the pin, and the sources' own points.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django import forms
from django.contrib.gis.geos import Point
from django.core.exceptions import ValidationError
from django.forms.widgets import Script
from django.utils.translation import gettext_lazy as _

from geo.points import DECIMALS, GeoValueError, Position, parse_position


@dataclass(frozen=True, slots=True)
class SourcePoint:
    """Where a source says that the place is: a grey mark on the map. `name` is shown as text, never as HTML."""

    lat: float
    lon: float
    name: str


class PinInput(forms.Widget):
    """`<name>_lat` and `<name>_lon`. `commune_field` is the id of the select whose commune is outlined."""

    template_name = "maps/admin/pin_widget.html"
    use_fieldset = True

    class Media:
        css = {"all": ["leaflet/leaflet.css", "maps/admin/pin.css"]}
        js = ["leaflet/leaflet.js", Script("maps/js/admin_pin.js", type="module")]

    def __init__(self, attrs: dict[str, Any] | None = None, commune_field: str = "id_commune"):
        super().__init__(attrs)
        self.commune_field = commune_field
        # Given by the form that uses the widget.
        self.outline_url = ""
        self.commune = ""
        self.sources: Sequence[SourcePoint] = ()

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        lat, lon = shown(value)
        context["widget"] |= {
            "lat": lat,
            "lon": lon,
            "sources": json.dumps([asdict(source) for source in self.sources]),
            "outline_url": self.outline_url,
            "commune": self.commune,
            "commune_field": self.commune_field,
        }
        return context

    def value_from_datadict(self, data: Any, files: Any, name: str) -> tuple[str, str]:
        return str(data.get(f"{name}_lat") or ""), str(data.get(f"{name}_lon") or "")

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return f"{name}_lat" not in data and f"{name}_lon" not in data

    def id_for_label(self, id_: str) -> str:
        return ""  # the two inputs have their own labels


class HiddenPin(forms.HiddenInput):
    """The pin that the form was opened with, as "lat lon"."""

    def format_value(self, value: Any) -> str:
        return " ".join(shown(value)).strip()


def shown(value: Any) -> tuple[str, str]:
    """The texts of the two inputs, for a point or for what was typed. Always with a dot: browsers ask for it."""
    if isinstance(value, Point):
        position = Position.from_geos(value)
        return f"{position.lat:.{DECIMALS}f}", f"{position.lon:.{DECIMALS}f}"
    return (value[0], value[1]) if isinstance(value, list | tuple) and len(value) == 2 else ("", "")


def same_place(a: Point | None, b: Point | None) -> bool:
    """Whether two points read the same in the form, which shows six decimals (11 cm)."""
    if a is None or b is None:
        return a is b
    return shown(a) == shown(b)


class PinField(forms.Field):
    """Two numbers -> a point, or None when both are empty.

    The form also carries the pin that it was opened with, so that a pin moved meanwhile by the geocoder is not
    taken for one that the person put back.
    """

    widget = PinInput
    hidden_widget = HiddenPin

    def __init__(self, **kwargs: Any):
        super().__init__(show_hidden_initial=True, **kwargs)

    def to_python(self, value: Any) -> Point | None:
        if value is None or isinstance(value, Point):
            return value
        lat, lon = [*value.split(" "), "", ""][:2] if isinstance(value, str) else value
        lat, lon = (part.strip().replace(",", ".") for part in (lat, lon))
        if not lat and not lon:
            return None
        if not lat or not lon:
            raise ValidationError(_("Donnez la latitude et la longitude, ou aucune des deux."), code="half")
        try:
            return parse_position(lat, lon).to_geos()
        except GeoValueError as error:
            raise ValidationError(
                _("Latitude de -90 à 90 et longitude de -180 à 180, en degrés décimaux : 47,793 et 1,066."),
                code=error.code,
            ) from error

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return not same_place(self.to_python(initial), self.to_python(data))
        except ValidationError:
            return True
