"""What the admin's lists and forms share: read-only models, badges, links, numbers as French people write them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.options import BaseModelAdmin
from django.contrib.admin.utils import flatten_fieldsets
from django.contrib.gis.geos import Point
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from geo.points import DECIMALS, Position

PAGE = 50


class PlainAdmin(admin.ModelAdmin):
    """Lists that stay fast on 100,000 rows: no count of everything, no facets."""

    list_per_page = PAGE
    list_max_show_all = PAGE
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        title = capfirst(self.opts.verbose_name_plural)
        return super().changelist_view(request, {"title": title, **(extra_context or {})})


class NoWriting(BaseModelAdmin):
    """For a model admin or an inline that names its `fields`: look, never touch, whatever the permissions."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return flatten_fieldsets(self.get_fieldsets(request, obj))


class LineForm(forms.ModelForm):
    """A line of a table, whose inputs only the column's head would name: each is given its own name."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs.setdefault("aria-label", str(field.label))


class ReadOnlyAdmin(NoWriting, PlainAdmin):
    """What is loaded from files: searchable, never edited here."""


def change_url(target: models.Model) -> str:
    """The admin page of a row."""
    return reverse(f"admin:{target._meta.app_label}_{target._meta.model_name}_change", args=[target.pk])


def link_to(target: models.Model | None, text: str = "") -> SafeString | str:
    """A link to the admin page of a row."""
    return "—" if target is None else format_html('<a href="{}">{}</a>', change_url(target), text or str(target))


def badge(text: Any, tone: str) -> SafeString:
    """A word in a coloured frame. `tone`: good, quiet, warn or off. The word says it all without the colour."""
    return format_html('<span class="badge badge-{}">{}</span>', tone, text)


def badges(texts: Iterable[Any], tone: str) -> SafeString | str:
    return format_html_join(" ", "{}", ((badge(text, tone),) for text in texts)) or "—"


def number_text(value: float, decimals: int) -> str:
    """A number as French people write it, rounded (Django's own formatting cuts decimals off)."""
    return number_format(round(value, decimals), decimals)


def score_text(score: float | None) -> str:
    return "—" if score is None else number_text(score, 2)


def day_text(moment: datetime | None) -> str:
    """The day alone: « 22/11/2026 »."""
    return "—" if moment is None else date_format(timezone.localtime(moment), "SHORT_DATE_FORMAT")


def distance_text(metres: float) -> str:
    """A distance for reading: « 230 m », « 3,2 km »."""
    return _("%s m") % number_text(metres, 0) if metres < 1000 else _("%s km") % number_text(metres / 1000, 1)


def position_text(point: Point | None) -> str:
    """Latitude then longitude, as in the form: « 47,793210 ; 1,065830 »."""
    if point is None:
        return "—"
    position = Position.from_geos(point)
    return f"{number_text(position.lat, DECIMALS)} ; {number_text(position.lon, DECIMALS)}"
