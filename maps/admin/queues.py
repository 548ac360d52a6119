"""The lists of the two queues: pages of the point of sale's admin, whose rows open its form.

They are model admins that no site registers. Registered, they would need proxy models, hence a migration; and what is
saved by a proxy leaves no history.
"""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.contrib.gis.db.models.functions import Distance
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from directory.models import PointOfSale, SourceRecord
from maps.admin.common import PlainAdmin, day_text, distance_text
from maps.admin.place_actions import PlaceActions
from maps.admin.place_list import DepartementFilter, PlaceColumns, ReviewFilter, SourceFilter, light
from maps.admin.search import find_places
from maps.admin.sources import metres_to_pin
from maps.admin.worklists import DEPARTEMENT_PARAMETER, DOUBTFUL, MODERATION, Queue, Walk


class QueueList(ChangeList):
    """A list whose rows open the form of the model itself, with the way to the next."""

    def url_for_result(self, result: Any) -> str:
        page: Any = self.model_admin
        walk = Walk(page.queue, self.params.get(DEPARTEMENT_PARAMETER, ""))
        return walk.form_url(result)


class QueueAdmin(PlaceColumns, PlaceActions, PlainAdmin):
    """A list of points of sale, under the rights on points of sale."""

    queue: Queue
    change_list_template = "maps/admin/queue_list.html"
    list_filter = [DepartementFilter, SourceFilter]
    ordering = ["id"]
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
        return super().get_queryset(request).annotate(gap=Distance("commune__contour", "pin", spheroid=True))

    @admin.display(description=_("précision"), empty_value="—")
    def precision(self, place: PointOfSale) -> str:
        return place.get_pin_precision_display() if place.pin_precision else gettext("aucune")

    @admin.display(description=_("pourquoi"))
    def why(self, place: Any) -> SafeString | str:
        return format_html_join("", "<div>{}</div>", ((reason,) for reason in self.reasons(place)))

    def reasons(self, place: Any) -> list[str]:
        """What speaks against the pin, in words."""
        if place.pin is None:
            return [gettext("pas d'épingle")]
        reasons = []
        if place.gap is None:
            reasons.append(gettext("pas de commune à comparer"))
        elif place.gap.m > 0:
            reasons.append(gettext("à %s hors de la commune") % distance_text(place.gap.m))
        for record in place.source_records.all():
            record.point_of_sale = place  # already here: saves a query for each
            if metres := metres_to_pin(record):
                reasons.append(gettext("%(source)s la met à %(distance)s") % _beside(record, metres))
        return reasons or [gettext("précision ou score faibles")]


def _beside(record: SourceRecord, metres: float) -> dict[str, str]:
    return {"source": record.source.name, "distance": distance_text(metres)}


class HeldEntryAdmin(QueueAdmin):
    queue = MODERATION
    list_display = [
        "display_name", "commune_name", "reviews_badges", "source_names", "status_badge", "alike", "created_day",
    ]  # fmt: skip
    list_filter = [ReviewFilter, DepartementFilter, SourceFilter]
    sortable_by = ["created_day"]
    actions = ["publish", "refuse"]

    @admin.display(description=_("créée le"), ordering="created_at")
    def created_day(self, place: PointOfSale) -> str:
        return day_text(place.created_at)

    @admin.display(description=_("semblables"))
    def alike(self, place: PointOfSale) -> SafeString:
        """A search for the same name, which shows a duplicate beside its original."""
        url = reverse("admin:directory_pointofsale_changelist")
        query = urlencode({"q": f"{place.merchant.name} {place.commune.name if place.commune else ''}".strip()})
        return format_html('<a href="{}?{}">{}</a>', url, query, gettext("Chercher"))


QUEUE_ADMINS: list[type[QueueAdmin]] = [DoubtfulPinAdmin, HeldEntryAdmin]
