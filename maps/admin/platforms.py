"""Platforms: who runs them, what they sell, where they serve, whether their site answers; and who sells on them."""

from __future__ import annotations

import unicodedata
from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from directory.models import Platform, web_address
from directory.models.platform import SoldOn
from directory.platforms.keeping import keep
from geo.models import Commune
from maps.admin.common import LineForm, PlainAdmin, badge, day_text, number_text
from maps.admin.history import HistoryAdmin

Link = Platform.Link
STATUS_TONES = {"published": "good", "draft": "quiet", "hidden": "off"}
LINK_TONES = {"works": "good", "unknown": "quiet", "failing": "warn", "flagged": "warn", "hidden": "off"}
UNSEEN_AFTER = timedelta(days=3)  # of a site that is looked at each day


class LinkFilter(admin.SimpleListFilter):
    title = _("lien")
    parameter_name = "link"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("review", _("à vérifier")), *Link.choices]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """To be reviewed: sites that no longer answer, and those that nobody could look at."""
        value = self.value()
        if value == "review":
            unseen = Q(checked_at__lt=timezone.now() - UNSEEN_AFTER)
            return queryset.filter(Q(link__in=[Link.FLAGGED, Link.HIDDEN]) | unseen, demo=False)
        return queryset.filter(link=value) if value else queryset


class PlatformForm(forms.ModelForm):
    class Meta:
        widgets = {name: forms.Textarea(attrs={"rows": 3, "cols": 80}) for name in ("description_fr", "description_en")}

    def clean_name(self) -> str:
        return _visible(self.cleaned_data["name"])

    def clean_operator(self) -> str:
        return _visible(self.cleaned_data["operator"])

    def clean_url(self) -> str:
        if not (url := web_address(self.cleaned_data["url"])):
            raise forms.ValidationError(_("Seules les adresses en http:// et https:// sont lues."))
        return url

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("status") == Platform.Status.PUBLISHED and not any(
            data.get(name) for name in ("communes", "epcis", "departements")
        ):
            self.add_error("status", _("Une plateforme publiée sert quelque part : dites où."))
        return data


def _visible(text: str) -> str:
    """The text, unless it has what nobody sees: control characters, changes of direction."""
    if any(unicodedata.category(char).startswith("C") for char in text):
        raise forms.ValidationError(_("Ce nom contient un caractère invisible : retapez-le."))
    return text


@admin.register(Platform)
class PlatformAdmin(HistoryAdmin):
    form = PlatformForm
    list_display = [
        "name", "kind", "operator", "status_badge", "link_badge", "checked_day", "sellers_count", "demo_badge",
    ]  # fmt: skip
    list_filter = ["status", LinkFilter, "kind", "departements", "demo"]
    search_fields = ["name", "operator", "url"]
    ordering = ["name", "id"]
    sortable_by = ["name"]
    prepopulated_fields = {"slug": ["name"]}
    autocomplete_fields = ["products", "communes", "epcis", "departements"]
    readonly_fields = ["link_badge", "failing_day", "checked_day", "territory_in_words"]
    fieldsets = [
        (_("Qui"), {"fields": ["name", "slug", "operator", "kind", "status", "demo"]}),
        (_("Présentation"), {"fields": ["description_fr", "description_en"]}),
        (_("Ce qui s'y vend"), {"fields": ["products"]}),
        (_("Où elle sert"), {"fields": ["communes", "epcis", "departements", "territory_in_words"]}),
        (_("Site"), {"fields": ["url", "link_badge", "failing_day", "checked_day"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).defer("territory", "sold").annotate(seller_count=Count("sellers"))

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> dict[str, Any]:
        """Only while it is new: its address is known to others afterwards."""
        writes = self.has_add_permission(request) and obj is None
        return dict(self.prepopulated_fields) if writes else {}

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if "url" in form.changed_data:  # another site: what was found of the old one says nothing of it
            obj.link, obj.failing_since, obj.checked_at = Link.UNKNOWN, None, None
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        keep([form.instance])

    @admin.display(description=_("état"))
    def status_badge(self, platform: Platform) -> SafeString:
        return badge(platform.get_status_display(), STATUS_TONES[platform.status])

    @admin.display(description=_("lien"))
    def link_badge(self, platform: Platform) -> SafeString:
        return badge(platform.get_link_display(), LINK_TONES[platform.link])

    @admin.display(description=_("ne répond plus depuis"))
    def failing_day(self, platform: Platform) -> str:
        return day_text(platform.failing_since)

    @admin.display(description=_("vérifié le"))
    def checked_day(self, platform: Platform) -> str:
        return day_text(platform.checked_at)

    @admin.display(description=_("commerçants"))
    def sellers_count(self, platform: Any) -> int:
        return platform.seller_count

    @admin.display(description=_("démo"))
    def demo_badge(self, platform: Platform) -> SafeString | str:
        return badge(_("démo"), "quiet") if platform.demo else ""

    @admin.display(description=_("en tout"))
    def territory_in_words(self, platform: Platform) -> SafeString | str:
        """How many communes, and how wide: what was kept when it was last saved."""
        if platform.pk is None or not platform.reach_km2:
            return gettext("nulle part encore")
        communes = Commune.objects.filter(
            Q(platforms=platform) | Q(epci__platforms=platform) | Q(departement__platforms=platform)
        )
        count = communes.distinct().count()
        words = ngettext("{count} commune, {km2} km²", "{count} communes, {km2} km²", count)
        text = words.format(count=number_text(count, 0), km2=number_text(platform.reach_km2, 0))
        if platform.status != Platform.Status.PUBLISHED:
            return text
        return format_html('{} — <a href="{}">{}</a>', text, platform.path, gettext("voir sa page"))


class SoldOnInline(admin.TabularInline):
    model = SoldOn
    form = LineForm
    extra = 0
    autocomplete_fields = ["platform"]
    fields = ["platform", "url"]
    formfield_overrides = PlainAdmin.formfield_overrides

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("platform").defer("platform__territory", "platform__sold")
