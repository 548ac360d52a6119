"""Points of sale: the list, the form with its pin on a map, and the way through the queues."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from directory.models import Offer, Photo, PointOfSale, Report
from directory.owners.freshness import confirm
from directory.pinning import place_by_hand
from geo.points import position_from
from maps.admin import moderation
from maps.admin.common import PAGE, link_to, position_text
from maps.admin.doubtful_map import doubtful_map_url
from maps.admin.history import HistoryAdmin
from maps.admin.place_actions import PlaceActions
from maps.admin.place_form import PlaceForm
from maps.admin.place_inlines import MergedFromInline, OfferInline, SourceRecordInline
from maps.admin.place_list import FILTERS, PlaceColumns, light
from maps.admin.queues import QUEUE_ADMINS, whys_of
from maps.admin.search import find_places
from maps.admin.worklists import DOUBTFUL, walk_of
from maps.outlines import outlines_around

# What the buttons of a queue decide besides saving the form.
BUTTONS: dict[str, Callable[[Any, Any], moderation.Decision]] = {
    "_pin_verified": lambda form, user: moderation.verify_pin(user),
    "_publish_next": lambda form, user: moderation.publish,
    "_refuse_next": lambda form, user: moderation.refuse,
    "_fine_next": lambda form, user: moderation.nothing_to_say(form.cleaned_data.get("shown_reviews", "").split(",")),
    "_ask_next": lambda form, user: moderation.hide_and_ask(form.cleaned_data.get("change_reason", "")),
}
PROVENANCE = ["pin_precision", "pin_source", "pin_score", "pin_label", "pin_at", "pin_by"]


@admin.register(PointOfSale)
class PointOfSaleAdmin(PlaceColumns, PlaceActions, HistoryAdmin):
    form = PlaceForm
    change_form_template = "maps/admin/place_form.html"
    list_display = [
        "display_name", "commune_name", "kind", "status_badge", "pin_text", "reviews_badges", "demo_badge",
        "updated_day",
    ]  # fmt: skip
    list_filter = FILTERS
    ordering = ["-updated_at", "-id"]
    sortable_by = ["updated_day"]
    search_fields = ["name"]  # shows the box; get_search_results does the work
    search_help_text = _("Nom, commune, SIRET, SIREN, code postal, code INSEE, ou #numéro.")
    actions = ["publish", "hide", "close", "verify_pin", "compare"]
    autocomplete_fields = ["merchant", "commune", "activities", "services"]
    readonly_fields = [*PROVENANCE, "merged_into_link", "pin_position"]
    history_lines = [(Offer, "point_of_sale"), (Photo, "point_of_sale"), (Report, "point_of_sale")]
    list_per_page = PAGE

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return light(super().get_queryset(request))

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        return find_places(queryset, search_term), False

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        """Those who may only look see values, and none of the fields that exist for typing."""
        edits = self.has_change_permission(request, obj) if obj else self.has_add_permission(request)
        merged = obj is not None and obj.status == PointOfSale.Status.MERGED
        state = ["status", *(["merged_into_link"] if merged else []), "reviews", *(["confirmed"] if edits else [])]
        where = ["street", ("postcode", "commune"), *(["pin", "pin_confirmed"] if edits else ["pin_position"])]
        return [
            (_("Qui"), {"fields": ["merchant", "name", ("kind", "siret")]}),
            (_("Où"), {"fields": [*where, ("pin_hidden", "service_radius_km")]}),
            (_("D'où vient l'épingle"), {"fields": [tuple(PROVENANCE[:3]), "pin_label", tuple(PROVENANCE[4:])]}),
            (_("Quoi et quand"), {"fields": ["activities", "services", "hours" if edits else "schedule"]}),
            (_("Publication"), {"fields": [*state, "demo"]}),
            *([(_("Historique"), {"fields": ["change_reason", "shown_reviews"]})] if edits else []),
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        merged = obj is not None and obj.status == PointOfSale.Status.MERGED
        return [*self.readonly_fields, *(["status"] if merged else [])]

    def get_inlines(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        """Offers always; what there is nothing of is not shown."""
        if obj is None:
            return [OfferInline]
        there = [SourceRecordInline] if obj.source_records.exists() else []
        return [OfferInline, *there, *([MergedFromInline] if obj.merged_from.exists() else [])]

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        if "pin" in form.base_fields:
            form.base_fields["pin"].widget.outline_url = reverse("admin:directory_outline", args=["__code__"])
        return form

    def get_urls(self) -> list[Any]:
        """The queues and the outlines beside the usual pages."""
        guard = self.admin_site.admin_view
        queues = [queue_admin(self.model, self.admin_site) for queue_admin in QUEUE_ADMINS]
        return [
            *(path(page.queue.path, guard(page.changelist_view), name=page.queue.url_name) for page in queues),
            *(doubtful_map_url(page) for page in queues if page.queue is DOUBTFUL),
            path("communes/<str:code>/contours/", guard(self.outline), name="directory_outline"),
            *super().get_urls(),
        ]

    def outline(self, request: HttpRequest, code: str) -> JsonResponse:
        """The outline of a commune and of those around it, as GeoJSON, for the map of the pin."""
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        found = outlines_around(code)
        if found is None:
            raise Http404
        return JsonResponse(found)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        form.keep_hours()
        if form.pin_moved:
            place_by_hand(obj, position_from(obj.pin), request.user)
        for button, decision in BUTTONS.items():
            if button in request.POST and (why_not := decision(form, request.user)(obj)):
                obj.why_not = why_not
        if form.cleaned_data.get("confirmed"):
            confirm(obj)
        super().save_model(request, obj, form, change)

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        if walk := walk_of(request):
            context |= {"walk": walk, "left": walk.rows.count(), "whys": whys_of(context["original"])}
        return super().render_change_form(request, context, *args, **kwargs)

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        walk = walk_of(request)
        if walk is None or not ({"_next", *BUTTONS} & request.POST.keys()):
            return super().response_change(request, obj)
        if why_not := getattr(obj, "why_not", ""):
            text = gettext("Le reste est enregistré, mais cela est refusé : %s.") % why_not
            self.message_user(request, text, messages.WARNING)
            return HttpResponseRedirect(walk.form_url(obj))
        return self._next(request, walk, obj)

    def _next(self, request: HttpRequest, walk: Any, obj: PointOfSale) -> HttpResponseRedirect:
        """On to the next of the queue, or back to its list when it is empty."""
        following = walk.after(obj, request.POST.get("shown_reviews", "").split(","))
        saved = format_html(gettext("« {} » est enregistré."), link_to(obj))
        if following is None:
            end = gettext("Il n'en reste pas d'autre dans la file.")
            self.message_user(request, format_html("{} {}", saved, end), messages.SUCCESS)
            return HttpResponseRedirect(walk.listing_url)
        self.message_user(request, saved, messages.SUCCESS)
        return HttpResponseRedirect(walk.form_url(following))

    @admin.display(description=_("épingle (latitude ; longitude)"))
    def pin_position(self, place: PointOfSale) -> str:
        return position_text(place.pin)

    @admin.display(description=_("fusionné dans"))
    def merged_into_link(self, place: PointOfSale) -> str:
        return link_to(place.merged_into)
