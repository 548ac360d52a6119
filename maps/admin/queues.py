"""The lists of the queues: pages of the point of sale's admin, whose rows open its form.

They are model admins that no site registers. Registered, they would need proxy models, hence a migration; and what is
saved by a proxy leaves no history.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.contrib.gis.db.models.functions import Distance
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from directory.models import PointOfSale, SourceRecord
from maps.admin import moderation
from maps.admin.common import PlainAdmin, day_text
from maps.admin.doubtful_map import map_address
from maps.admin.place_actions import PlaceActions, run
from maps.admin.place_list import DepartementFilter, PlaceColumns, ReviewFilter, SourceFilter, light
from maps.admin.reasons import doubts, explain
from maps.admin.search import find_places
from maps.admin.worklists import (
    DEPARTEMENT_PARAMETER,
    DOUBTFUL,
    GRAVITY,
    MODERATION,
    REASON_PARAMETER,
    Queue,
    Walk,
)

# From the commune's edge to the pin.
GAP = Distance("commune__contour", "pin", spheroid=True)


class QueueList(ChangeList):
    """A list whose rows open the form of the model itself, with the way to the next."""

    def url_for_result(self, result: Any) -> str:
        page: Any = self.model_admin
        asked = {**self.filter_params, **self.params}
        departement, reason = (_one(asked.get(name)) for name in (DEPARTEMENT_PARAMETER, REASON_PARAMETER))
        return Walk(page.queue, departement, reason).form_url(result)

    def get_results(self, request: HttpRequest) -> None:
        """The page's rows with their reasons, read for all of them together."""
        super().get_results(request)
        page: Any = self.model_admin
        if page.queue is not MODERATION:
            return
        self.result_list: Any = list(self.result_list)
        whys = explain(self.result_list)
        for place in self.result_list:
            place.whys = whys[place.pk]


def _one(value: Any) -> str:
    """A parameter's value: Django hands on lists of them."""
    return (value[-1] if value else "") if isinstance(value, list) else value or ""


class QueueAdmin(PlaceColumns, PlaceActions, PlainAdmin):
    """A list of points of sale, under the rights on points of sale."""

    queue: Queue
    change_list_template = "maps/admin/queue_list.html"
    list_filter = [DepartementFilter, SourceFilter]
    ordering: ClassVar[list[Any]] = ["id"]
    search_fields = ["name"]
    search_help_text = _("Nom, commune, SIRET, code postal ou code INSEE.")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        records = SourceRecord.objects.select_related("source").order_by("id")
        rows = light(self.queue.rows(super().get_queryset(request)))
        return rows.prefetch_related(Prefetch("source_records", queryset=records))

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        return find_places(queryset, search_term), False

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return QueueList

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return super().changelist_view(request, {"title": capfirst(self.queue.title), **(extra_context or {})})

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description=_("source"))
    def source_names(self, place: Any) -> str:
        return ", ".join(record.source.name for record in place.source_records.all()) or "—"


class DoubtfulPinAdmin(QueueAdmin):
    queue = DOUBTFUL
    list_display = ["display_name", "commune_name", "why", "precision", "score", "source_names"]
    sortable_by = ["score"]
    actions = ["verify_pin", "hide"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        # Computed for the rows of the page alone: PostgreSQL puts such a column off until after the LIMIT.
        return super().get_queryset(request).annotate(gap=GAP)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return super().changelist_view(request, {"map_url": map_address(request), **(extra_context or {})})

    @admin.display(description=_("précision"), empty_value="—")
    def precision(self, place: PointOfSale) -> str:
        return place.get_pin_precision_display() if place.pin_precision else gettext("aucune")

    @admin.display(description=_("pourquoi"))
    def why(self, place: Any) -> SafeString | str:
        return format_html_join("", "<div>{}</div>", ((reason,) for reason in doubts(place)))


class ExamineAdmin(QueueAdmin):
    """All that is to be looked at, and why."""

    queue = MODERATION
    list_display = ["display_name", "commune_name", "why", "source_names", "status_badge", "created_day"]
    list_filter = [ReviewFilter, DepartementFilter, SourceFilter]
    sortable_by = ()
    ordering = [GRAVITY.asc(), "id"]
    actions = ["nothing_to_say", "publish", "refuse"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows = super().get_queryset(request).select_related("merchant__owner")
        return rows.annotate(gap=GAP)

    @admin.display(description=_("créée le"))
    def created_day(self, place: PointOfSale) -> str:
        return day_text(place.created_at)

    @admin.display(description=_("pourquoi"))
    def why(self, place: Any) -> SafeString | str:
        """The reasons; and, hidden, those that the page shows, which alone an action settles."""
        lines = format_html_join("", "<div>{}</div>", ((reason,) for reason in place.whys))
        return lines + format_html(
            '<input type="hidden" name="shown-{}" value="{}">', place.pk, ",".join(place.reviews)
        )

    @admin.action(description=_("Rien à redire"), permissions=["change"])
    def nothing_to_say(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        def decided(place: PointOfSale) -> str:
            return moderation.nothing_to_say(request.POST.get(f"shown-{place.pk}", "").split(","))(place)

        run(self, request, queryset, decided, gettext("rien à redire"))


def whys_of(place: PointOfSale) -> list[Any]:
    """Why one point of sale is to be looked at, for its form."""
    row = light(PointOfSale.objects.filter(pk=place.pk)).select_related("merchant__owner").annotate(gap=GAP).get()
    return explain([row])[place.pk]


QUEUE_ADMINS: list[type[QueueAdmin]] = [DoubtfulPinAdmin, ExamineAdmin]
