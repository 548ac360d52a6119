"""Columns and filters of the lists of points of sale."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from directory.models import PointOfSale, Source, SourceRecord
from geo.gazetteer import gazetteer
from maps.admin.common import badge, badges, day_text, score_text

TONES = {"published": "good", "draft": "quiet", "hidden": "quiet", "closed": "off", "merged": "off"}
OTHER = "other"
PIN_SOURCES = {"ban": _("adresse (BAN)"), "gazetteer": _("communes"), "manual": _("placée à la main")}


class PlaceColumns:
    """Read by every list of points of sale: their query joins merchant and commune, without the contours."""

    @admin.display(description=_("nom"))
    def display_name(self, place: PointOfSale) -> str:
        return place.display_name

    @admin.display(description=_("commune"))
    def commune_name(self, place: PointOfSale) -> str:
        return "—" if place.commune is None else f"{place.commune.name} ({place.commune.departement_id})"

    @admin.display(description=_("état"))
    def status_badge(self, place: PointOfSale) -> SafeString:
        return badge(place.get_status_display(), TONES.get(place.status, "quiet"))

    @admin.display(description=_("épingle"))
    def pin_text(self, place: PointOfSale) -> str:
        if place.pin_precision == "":
            return gettext("aucune")
        score = "" if place.pin_score is None else f" · {score_text(place.pin_score)}"
        hidden = gettext(" · cachée") if place.pin_hidden else ""
        return f"{place.get_pin_precision_display()}{score}{hidden}"

    @admin.display(description=_("à vérifier"))
    def reviews_badges(self, place: PointOfSale) -> SafeString | str:
        labels = dict(PointOfSale.Review.choices)
        return badges([labels.get(review, review) for review in place.reviews], "warn")

    @admin.display(description=_("démo"))
    def demo_badge(self, place: PointOfSale) -> SafeString | str:
        return badge(_("démo"), "quiet") if place.demo else ""

    @admin.display(description=_("modifié le"), ordering="updated_at")
    def updated_day(self, place: PointOfSale) -> str:
        return day_text(place.updated_at)

    @admin.display(description=_("score"), ordering="pin_score")
    def score(self, place: PointOfSale) -> str:
        return score_text(place.pin_score)


def light(places: QuerySet[Any]) -> QuerySet[Any]:
    """With what the lists name, and without the kilobytes that they do not."""
    joined = places.select_related("merchant", "commune")
    return joined.defer("commune__contour", "commune__centre", "merchant__description_fr", "merchant__description_en")


class ReviewFilter(admin.SimpleListFilter):
    title = _("vérification à faire")
    parameter_name = "reviews"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(PointOfSale.Review.choices)

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(reviews__contains=[self.value()]) if self.value() else queryset


class DepartementFilter(admin.SimpleListFilter):
    title = _("département")
    parameter_name = "departement"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(code, f"{name} ({code})") for code, name in sorted(gazetteer().departements.items())]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(commune__departement=self.value()) if self.value() else queryset


class SourceFilter(admin.SimpleListFilter):
    title = _("source")
    parameter_name = "source"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(Source.objects.order_by("name").values_list("slug", "name"))

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if not self.value():
            return queryset
        records = SourceRecord.objects.filter(point_of_sale=OuterRef("pk"), source__slug=self.value())
        return queryset.filter(Exists(records))


class PinSourceFilter(admin.SimpleListFilter):
    title = _("origine de l'épingle")
    parameter_name = "pin_source"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [*PIN_SOURCES.items(), (OTHER, _("une source")), ("none", _("pas d'épingle"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        value = self.value()
        if value == "none":
            return queryset.filter(pin=None)
        if value == OTHER:
            return queryset.exclude(pin_source__in=[*PIN_SOURCES, ""])
        return queryset.filter(pin_source=value) if value else queryset


FILTERS: list[Any] = [
    "status",
    ReviewFilter,
    DepartementFilter,
    "kind",
    "pin_precision",
    PinSourceFilter,
    "pin_hidden",
    SourceFilter,
    "demo",
]
