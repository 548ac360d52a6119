"""What a point of sale's page shows below its form: offers, what the sources gave, the entries merged into it."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from directory.models import Offer, PointOfSale, SourceRecord
from maps.admin.common import NoWriting, link_to
from maps.admin.place_form import OfferForm
from maps.admin.sources import given_table, may_see_contact, point_beside


class OfferInline(admin.TabularInline):
    model = Offer
    form = OfferForm
    extra = 0
    autocomplete_fields = ["product"]
    fields = ["product", "line", "price_min", "price_max", "unit", "season_first", "season_last"]
    verbose_name_plural = _("ce qui est vendu")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("product")


class SourceRecordInline(NoWriting, admin.StackedInline):
    model = SourceRecord
    extra = 0
    verbose_name_plural = _("ce que les sources ont donné")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        given = "given" if may_see_contact(request) else "given_without_contact"
        return ["source", "external_id", "imported_at", "point_text", given]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("source", "point_of_sale")

    @admin.display(description=_("point donné"))
    def point_text(self, record: SourceRecord) -> str:
        return point_beside(record)

    @admin.display(description=_("valeurs données"))
    def given(self, record: SourceRecord) -> str:
        return given_table(record.fields, contact=True)

    @admin.display(description=_("valeurs données"))
    def given_without_contact(self, record: SourceRecord) -> str:
        return given_table(record.fields, contact=False)


class MergedFromInline(NoWriting, admin.TabularInline):
    model = PointOfSale
    fk_name = "merged_into"
    extra = 0
    fields = ["place", "siret", "updated_at"]
    verbose_name_plural = _("fusionnés dans celui-ci")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("merchant")

    @admin.display(description=_("point de vente"))
    def place(self, place: PointOfSale) -> str:
        return link_to(place)
