"""The chambers: who works for one is edited here; their lists and the merchants that they registered are read."""

from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from directory.models import AssistedEntry, ChamberAgent, ChamberUpload
from maps.admin.common import ReadOnlyAdmin, link_to
from maps.admin.history import HistoryAdmin


@admin.register(ChamberAgent)
class ChamberAgentAdmin(HistoryAdmin):
    list_display = ["user", "chamber"]
    list_filter = ["chamber"]
    list_select_related = ["user"]
    search_fields = ["user__username", "user__last_name"]
    autocomplete_fields = ["user"]
    fields = ["user", "chamber"]


@admin.register(ChamberUpload)
class ChamberUploadAdmin(ReadOnlyAdmin):
    list_display = ["at", "name", "chamber", "by", "state"]
    list_filter = ["chamber", "state"]
    list_select_related = ["by"]
    fields = ["at", "name", "chamber", "by", "state", "written_at", "totals"]


@admin.register(AssistedEntry)
class AssistedEntryAdmin(ReadOnlyAdmin):
    list_display = ["at", "merchant", "chamber", "by", "told_at", "taken_over_at", "withdrawn_at"]
    list_filter = ["chamber"]
    list_select_related = ["by", "merchant"]
    fields = [
        "at", "merchant_link", "chamber", "by", "consent_given_by", "consent_means", "wording", "told_at",
        "taken_over_at", "withdrawn_at", "correction",
    ]  # fmt: skip

    @admin.display(description=_("commerçant"))
    def merchant_link(self, entry: AssistedEntry) -> str:
        return link_to(entry.merchant)
