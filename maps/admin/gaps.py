"""The broadband gap: who is an official, and the remedies, are edited here; figures, cases and their steps are read.

Cases are followed up at the desk (maps/desk), by officials of the département.
"""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from directory.models import CaseEvent, ConnectionReport, ExportLog, GapCase, Official, Remedy
from geo.models import CoverageFile, Edition, ZoneFile
from maps.admin.common import NoWriting, ReadOnlyAdmin, link_to
from maps.admin.history import HistoryAdmin


@admin.register(Official)
class OfficialAdmin(HistoryAdmin):
    list_display = ["user", "departement"]
    list_filter = ["departement"]
    list_select_related = ["user", "departement"]
    search_fields = ["user__username", "user__last_name"]
    autocomplete_fields = ["user"]
    fields = ["user", "departement"]


@admin.register(Remedy)
class RemedyAdmin(HistoryAdmin):
    list_display = ["title", "kind", "departement", "order"]
    list_filter = ["departement", "kind"]
    list_select_related = ["departement"]
    fields = ["departement", "kind", "title", "text", "phone", "url", "order"]


class StepInline(NoWriting, admin.TabularInline):
    model = CaseEvent
    fields = ["at", "by", "before", "after", "need", "assignee", "next_on", "note"]
    extra = 0

    def get_queryset(self, request: Any) -> Any:
        return super().get_queryset(request).select_related("by", "assignee")


@admin.register(GapCase)
class GapCaseAdmin(ReadOnlyAdmin):
    list_display = ["place_name", "commune", "state", "priority", "in_gap", "assignee", "next_on"]
    list_filter = ["departement", "in_gap", "state"]
    list_select_related = ["point_of_sale__merchant", "commune", "assignee"]
    ordering = ["departement", "-in_gap", "-priority", "id"]
    sortable_by = ()
    fields = [
        "place", "commune", "epci", "in_gap", "flagged_at", "left_at", "evidence", "finding", "indicator", "eligible",
        "premises", "edition", "zone", "planned_on", "copper_on", "priority", "points", "need", "state", "assignee",
        "next_on", "contacted_at", "solved_at",
    ]  # fmt: skip
    inlines = [StepInline]

    @admin.display(description=_("point de vente"))
    def place_name(self, case: GapCase) -> str:
        return case.point_of_sale.display_name

    @admin.display(description=_("point de vente"))
    def place(self, case: GapCase) -> str:
        return link_to(case.point_of_sale)


@admin.register(CaseEvent)
class CaseEventAdmin(ReadOnlyAdmin):
    list_display = ["at", "by", "before", "after"]
    list_filter = ["case__departement"]
    list_select_related = ["by"]
    fields = ["case_link", *StepInline.fields]

    @admin.display(description=_("dossier"))
    def case_link(self, event: CaseEvent) -> str:
        return link_to(event.case, event.case.point_of_sale.display_name)


@admin.register(ConnectionReport)
class ConnectionReportAdmin(ReadOnlyAdmin):
    list_display = ["at", "place_name", "fibre", "download_mbit", "operator"]
    list_filter = ["fibre"]
    list_select_related = ["point_of_sale__merchant"]
    fields = ["at", "by", "place_name", "fibre", "download_mbit", "operator", "comment"]

    @admin.display(description=_("point de vente"))
    def place_name(self, report: ConnectionReport) -> str:
        return link_to(report.point_of_sale)


@admin.register(ExportLog)
class ExportLogAdmin(ReadOnlyAdmin):
    list_display = ["at", "by", "departement", "audience", "format", "rows"]
    list_filter = ["departement", "audience", "format"]
    list_select_related = ["by", "departement"]
    fields = ["at", "by", "departement", "audience", "format", "filters", "columns", "rows"]


# --- What was imported -----------------------------------------------------------------------------------------------
class FileInline(NoWriting, admin.TabularInline):
    model = CoverageFile
    fields = ["layout", "name", "loaded", "refused", "imported_at"]
    extra = 0


@admin.register(Edition)
class EditionAdmin(ReadOnlyAdmin):
    list_display = ["date", "demo"]
    fields = ["date", "demo"]
    inlines = [FileInline]


@admin.register(CoverageFile)
class CoverageFileAdmin(ReadOnlyAdmin):
    list_display = ["edition", "layout", "name", "loaded", "refused", "imported_at"]
    list_select_related = ["edition"]
    fields = [
        "edition", "layout", "name", "checksum", "source", "url", "licence", "loaded", "refused", "imported_at",
    ]  # fmt: skip


@admin.register(ZoneFile)
class ZoneFileAdmin(ReadOnlyAdmin):
    list_display = ["departement", "source", "name", "delivered_on", "demo"]
    list_filter = ["departement"]
    list_select_related = ["departement"]
    fields = ["departement", "source", "name", "checksum", "licence", "delivered_on", "imported_at", "demo"]
