"""Where entries come from. A source's identity is edited here; what it gave is read only."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from directory.models import Source, SourceRecord
from geo.points import Position
from maps.admin.common import PlainAdmin, ReadOnlyAdmin, distance_text, link_to, position_text

# Pieces of the name of a field that tells how to reach somebody.
CONTACT_WORDS = ("phone", "mail", "tel", "tél", "courriel", "portable", "mobile", "fax", "contact")


def given_table(fields: Any, contact: bool) -> SafeString | str:
    """The fields that a source gave, one a line. Contact data only where `contact` says that the reader may."""
    if not isinstance(fields, dict):
        return str(fields)
    rows = ((key, _shown(key, value, contact)) for key, value in fields.items() if value not in (None, "", []))
    return format_html_join("", '<div class="given"><b>{}</b> {}</div>', rows) or "—"


def _shown(key: str, value: Any, contact: bool) -> str:
    if not contact and any(word in key.lower() for word in CONTACT_WORDS):
        return gettext("(réservé à qui peut voir les commerçants)")
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def may_see_contact(request: HttpRequest) -> bool:
    """Phone numbers and e-mail addresses are for those who may view merchants."""
    return request.user.has_perm("directory.view_merchant") or request.user.has_perm("directory.change_merchant")


def metres_to_pin(record: SourceRecord) -> float | None:
    """How far the source's own point stands from the pin, or None where one of them is missing."""
    pin = record.point_of_sale.pin
    if record.point is None or pin is None:
        return None
    return Position.from_geos(record.point).distance_to(Position.from_geos(pin))


def point_beside(record: SourceRecord) -> str:
    """The source's own point, and how far it stands from the pin."""
    metres = metres_to_pin(record)
    if metres is None:
        return position_text(record.point)
    away = gettext("à %s de l’épingle") % distance_text(metres)
    return f"{position_text(record.point)} ({away})"


@admin.register(Source)
class SourceAdmin(PlainAdmin):
    list_display = ["name", "slug", "producer", "licence", "published_on", "last_import_at"]
    search_fields = ["name", "slug", "producer"]
    fields = ["name", "slug", "producer", "licence", "url", "published_on", "last_import_at"]
    readonly_fields = ["last_import_at"]


@admin.register(SourceRecord)
class SourceRecordAdmin(ReadOnlyAdmin):
    list_display = ["external_id", "source", "place_name", "imported_at"]
    list_select_related = ["source", "point_of_sale__merchant"]
    list_filter = ["source"]
    search_fields = ["external_id"]
    search_help_text = _("Identifiant exact dans la source.")
    ordering = ["-id"]
    sortable_by = ()

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        given = "given" if may_see_contact(request) else "given_without_contact"
        return ["source", "external_id", "place", "imported_at", "point_text", given, "row_hash"]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Exact, within each source: that is what the unique index on (source, external_id) serves."""
        if not search_term.strip():
            return queryset, False
        sources = list(Source.objects.values_list("pk", flat=True))
        return queryset.filter(source__in=sources, external_id=search_term.strip()), False

    @admin.display(description=_("point de vente"))
    def place_name(self, record: SourceRecord) -> str:
        return record.point_of_sale.display_name

    @admin.display(description=_("point de vente"))
    def place(self, record: SourceRecord) -> str:
        return link_to(record.point_of_sale)

    @admin.display(description=_("point donné"))
    def point_text(self, record: SourceRecord) -> str:
        return point_beside(record)

    @admin.display(description=_("valeurs données"))
    def given(self, record: SourceRecord) -> str:
        return given_table(record.fields, contact=True)

    @admin.display(description=_("valeurs données"))
    def given_without_contact(self, record: SourceRecord) -> str:
        return given_table(record.fields, contact=False)
