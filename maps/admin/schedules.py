"""Opening hours as text. A row is shared by every point of sale with the same hours: the page says how many."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from directory.models import Schedule
from maps.admin.common import PlainAdmin


@admin.register(Schedule)
class ScheduleAdmin(PlainAdmin):
    """The model validates the text. To change the hours of one merchant, use its own page, not this one."""

    list_display = ["text", "holidays"]
    search_fields = ["text"]
    search_help_text = _("Un morceau du texte, comme « Sa 09:00 ».")
    fields = ["text", "holidays", "shared_by"]
    readonly_fields = ["shared_by"]
    ordering = ["id"]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        return queryset.filter(text__contains=search_term.strip()), False

    @admin.display(description=_("points de vente à ces horaires"))
    def shared_by(self, schedule: Schedule) -> int:
        return schedule.points_of_sale.count() if schedule.pk else 0
