"""Merchants: who they are, how to reach them, what they hold, what they consented to."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from directory.models import Consent, Merchant, MerchantLabel, PointOfSale, SoldOn
from maps.admin.common import badge, day_text
from maps.admin.history import HistoryAdmin
from maps.admin.merchant_inlines import ConsentInline, LabelInline, PlaceInline
from maps.admin.platforms import SoldOnInline
from maps.admin.search import find_merchants


class MerchantForm(forms.ModelForm):
    change_reason = forms.CharField(
        label=_("Motif de la modification"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        help_text=_("Gardé dans l'historique : « appel du commerçant », « vu sur place »…"),
    )

    class Meta:
        widgets = {name: forms.Textarea(attrs={"rows": 4, "cols": 80}) for name in ("description_fr", "description_en")}

    def clean_siren(self) -> str | None:
        return self.cleaned_data["siren"] or None  # unique where given


class OwnerFilter(admin.SimpleListFilter):
    title = _("titulaire")
    parameter_name = "owner"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("avec un compte")), ("no", _("sans compte"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(owner__isnull=self.value() == "no") if self.value() else queryset


def _places_of_each() -> Coalesce:
    """How many points of sale each merchant of the page has: counted for these rows, not for all by a join."""
    own = PointOfSale.objects.order_by().filter(merchant=OuterRef("pk")).values("merchant")
    return Coalesce(Subquery(own.annotate(count=Count("pk")).values("count")), 0)


@admin.register(Merchant)
class MerchantAdmin(HistoryAdmin):
    form = MerchantForm
    list_display = ["name", "siren", "places", "person_badge", "owner", "updated_day"]
    list_select_related = ["owner"]
    list_filter = ["natural_person", OwnerFilter]
    ordering = ["-updated_at", "-id"]
    sortable_by = ["updated_day"]
    search_fields = ["name"]  # shows the box; get_search_results does the work
    search_help_text = _("Nom, SIREN, SIRET d'un de ses points de vente, ou courriel.")
    autocomplete_fields = ["owner"]
    inlines = [PlaceInline, LabelInline, SoldOnInline, ConsentInline]
    history_lines = [(MerchantLabel, "merchant"), (SoldOn, "merchant"), (Consent, "merchant")]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows = super().get_queryset(request)
        lists = request.resolver_match is not None and str(request.resolver_match.url_name).endswith("_changelist")
        return rows.annotate(place_count=_places_of_each()) if lists else rows

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        return find_merchants(queryset, search_term), False

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        edits = self.has_change_permission(request, obj) if obj else self.has_add_permission(request)
        return [
            (_("Qui"), {"fields": ["name", "siren", "natural_person", "owner"]}),
            (_("Joindre"), {
                "fields": ["phone", "email", "website", "shop_url"],
                "description": _("Téléphone et courriel : montrés par un consentement en vigueur, ci-dessous."),
            }),
            (_("Présentation"), {"fields": ["description_fr", "description_en"]}),
            *([(_("Historique"), {"fields": ["change_reason"]})] if edits else []),
        ]  # fmt: skip

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """Choosing an owner means looking through accounts, which agents may not."""
        return [] if request.user.has_perm("auth.view_user") else ["owner"]

    def get_autocomplete_fields(self, request: HttpRequest) -> list[str]:
        return [name for name in self.autocomplete_fields if name not in self.get_readonly_fields(request)]

    @admin.display(description=_("personne physique"))
    def person_badge(self, merchant: Merchant) -> SafeString | str:
        return badge(gettext("personne"), "warn") if merchant.natural_person else ""

    @admin.display(description=_("modifié le"), ordering="updated_at")
    def updated_day(self, merchant: Merchant) -> str:
        return day_text(merchant.updated_at)

    @admin.display(description=_("points de vente"))
    def places(self, merchant: Any) -> int:
        return merchant.place_count
