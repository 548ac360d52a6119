"""Partners' lists: where they are, how they are read, what their next passage would change, what each one did."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Prefetch, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from procrastinate.exceptions import AlreadyEnqueued

from directory import tasks
from directory.importing import ImportFailure, Outcome
from directory.importing.report import RowResult
from directory.models import Feed, FeedRun
from directory.platforms import feeding
from directory.platforms.errors import FetchFailure
from directory.vocabulary import vocabulary
from maps.admin.common import ReadOnlyAdmin, badge, link_to, number_text
from maps.admin.history import HistoryAdmin
from maps.admin.sources import CONTACT_WORDS, may_see_contact
from maps.chambers import words

TONES = {"written": "good", "unchanged": "quiet", "held": "warn", "refused": "warn", "unreachable": "warn"}
# A person waits for the preview; a passage in the background has longer.
PREVIEW_S = 20.0
ROWS_SHOWN, NAMES_SHOWN = 30, 50
# What the list as last read no longer says anything of, once one of these has changed.
READ_ANEW = {"url", "format", "mapping", "platform"}


class FeedForm(forms.ModelForm):
    class Meta:
        widgets = {"mapping": forms.Textarea(attrs={"rows": 30, "cols": 100, "spellcheck": "false"})}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not str(data.get("url", "")).startswith(("http://", "https://")):
            self.add_error("url", _("Seules les adresses en http:// et https:// sont lues."))
        slug = data.get("slug") or self.instance.slug
        if slug and data.get("mapping"):
            for problem in self._problems(slug, data["mapping"]):
                self.add_error("mapping", problem)
        return data

    @staticmethod
    def _problems(slug: str, mapping: str) -> list[str]:
        try:
            return feeding.mapping_of(Feed(slug=slug, mapping=mapping)).problems_with(vocabulary())
        except ImportFailure as error:
            return str(error).splitlines()


@admin.register(Feed)
class FeedAdmin(HistoryAdmin):
    form = FeedForm
    change_form_template = "maps/admin/feed_form.html"
    list_display = ["slug", "platform", "format", "active", "last_run", "next_at"]
    list_filter = ["active", "format"]
    list_select_related = ["platform"]
    search_fields = ["slug", "url"]
    autocomplete_fields = ["platform"]
    fields = ["slug", "platform", "url", "format", "mapping", "every_hours", "active", "next_at", "last_run", "runs"]
    readonly_fields = ["next_at", "last_run", "runs"]

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(self.preview_view)
        return [path("<int:id>/apercu/", view, name="directory_feed_preview"), *super().get_urls()]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        latest = FeedRun.objects.defer("rows", "totals")[:1]
        return super().get_queryset(request).prefetch_related(Prefetch("runs", latest, to_attr="latest"))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        """Records are kept under the code: it stays what it was."""
        return [*self.readonly_fields, *(["slug"] if obj else [])]

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if READ_ANEW & set(form.changed_data):
            obj.etag, obj.checksum, obj.next_at = "", "", None
        super().save_model(request, obj, form, change)

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        feed = kwargs.get("obj")
        context["held"] = feed is not None and _held(feed) is not None
        return super().render_change_form(request, context, *args, **kwargs)

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        if "_preview" in request.POST:
            return HttpResponseRedirect(reverse("admin:directory_feed_preview", args=[obj.pk]))
        if "_run" in request.POST:
            self._ask(request, obj, None)
            return HttpResponseRedirect(request.path)
        if "_confirm" in request.POST:
            self._confirm(request, obj)
            return HttpResponseRedirect(request.path)
        return super().response_change(request, obj)

    def _confirm(self, request: HttpRequest, feed: Feed) -> None:
        held = _held(feed)
        if held is None:
            self.message_user(request, gettext("Ce passage n'attend plus : regardez le dernier."), messages.WARNING)
            return
        self.log_change(request, feed, gettext("passage confirmé : %s") % held.detail)
        self._ask(request, feed, held)

    def _ask(self, request: HttpRequest, feed: Feed, held: FeedRun | None) -> None:
        """Leave the passage to the worker: the partner's server may be slow."""
        try:
            task = tasks.run_feed.configure(queueing_lock=f"feed {feed.slug}")
            with transaction.atomic():  # refused by a constraint, within the form's own transaction
                task.defer(slug=feed.slug, confirmed=held.pk if held else None)
        except AlreadyEnqueued:
            self.message_user(request, gettext("Un passage est déjà demandé."), messages.WARNING)
        else:
            text = gettext("Le passage est demandé : son résultat paraîtra ici dans une minute.")
            self.message_user(request, text, messages.SUCCESS)

    def preview_view(self, request: HttpRequest, id: int) -> HttpResponse:
        """What a passage would change now; nothing is written."""
        feed = self.get_object(request, str(id))
        if feed is None:
            raise Http404
        if not self.has_change_permission(request, feed):
            raise PermissionDenied
        context = self.admin_site.each_context(request) | {"opts": self.opts, "feed": feed, "problem": ""}
        context["title"] = gettext("Aperçu de « %s »") % feed.slug
        try:
            seen = feeding.preview(feed, PREVIEW_S)
        except (FetchFailure, ImportFailure) as error:
            context["problem"] = str(error)
        else:
            context |= preview_context(seen, contact=may_see_contact(request))
        return TemplateResponse(request, "maps/admin/feed_preview.html", context)

    @admin.display(description=_("dernier passage"))
    def last_run(self, feed: Any) -> SafeString | str:
        return next((link_to(last, last.get_outcome_display()) for last in getattr(feed, "latest", ())), "—")

    @admin.display(description=_("passages"))
    def runs(self, feed: Feed) -> SafeString | str:
        if not feed.pk:
            return "—"
        listing = reverse("admin:directory_feedrun_changelist")
        return format_html('<a href="{}?feed__id__exact={}">{}</a>', listing, feed.pk, gettext("Tous les passages"))


def _held(feed: Feed) -> FeedRun | None:
    """The passage that waits to be confirmed: the last one, if it was held."""
    last = feed.runs.first()
    return last if last is not None and last.outcome == FeedRun.Outcome.HELD else None


def preview_context(seen: feeding.Preview, contact: bool) -> dict[str, Any]:
    """What the page of a preview shows: the first rows of each kind, and how many there are."""
    rows = seen.report.rows
    changing = [row for row in rows if row.outcome is Outcome.WRITTEN]
    refused = [row for row in rows if row.outcome in (Outcome.REFUSED, Outcome.HELD)]
    return {
        "read": seen.report.read,
        "totals": [(words.OUTCOMES[outcome], count) for outcome, count in seen.report.totals().items()],
        "groups": [
            (gettext("Ce qui serait écrit"), len(changing), [_shown(row, contact) for row in changing[:ROWS_SHOWN]]),
            (gettext("Refusé ou retenu"), len(refused), [_shown(row, contact) for row in refused[:ROWS_SHOWN]]),
        ],
        "names": [
            (gettext("Retiré : n'est plus dans la liste"), len(seen.leaving), seen.leaving[:NAMES_SHOWN]),
            (
                gettext("Laissé bien qu'absent : modifié ou revendiqué ici"),
                len(seen.staying),
                seen.staying[:NAMES_SHOWN],
            ),
        ],
        "doubtful": seen.doubtful,
    }


def _why(code: str) -> str:
    return gettext("absente de la liste, laissée ici") if code == feeding.KEPT else words.code(code)


def _shown(row: RowResult, contact: bool) -> dict[str, Any]:
    hidden = () if contact else CONTACT_WORDS
    changes = [each for each in row.changes if not any(word in each.field for word in hidden)]
    return {
        "line": row.line,
        "name": row.name,
        "why": words.code(row.code),
        "detail": row.message if row.outcome in (Outcome.REFUSED, Outcome.HELD) else "",
        "changes": [(words.field(each.field), each.before, each.after) for each in changes],
    }


@admin.register(FeedRun)
class FeedRunAdmin(ReadOnlyAdmin):
    list_display = ["started_at", "feed", "outcome_badge", "read", "withdrawn", "returned"]
    list_filter = ["outcome", "feed"]
    list_select_related = ["feed"]
    sortable_by = ()
    fields = [
        "feed_link", "started_at", "took", "outcome_badge", "detail", "read", "counts", "withdrawn", "returned",
        "to_look_at",
    ]  # fmt: skip

    @admin.display(description=_("flux"))
    def feed_link(self, run: FeedRun) -> str:
        return link_to(run.feed)

    @admin.display(description=_("résultat"))
    def outcome_badge(self, run: FeedRun) -> SafeString:
        return badge(run.get_outcome_display(), TONES.get(run.outcome, "off"))

    @admin.display(description=_("durée"))
    def took(self, run: FeedRun) -> str:
        return gettext("%s s") % number_text(run.seconds, 1)

    @admin.display(description=_("bilan"))
    def counts(self, run: FeedRun) -> str:
        names = words.OUTCOMES | {"written": _("écrites"), "absent": _("absentes de la liste")}
        return ", ".join(f"{name} : {run.totals[key]}" for key, name in names.items() if key in run.totals) or "—"

    @admin.display(description=_("lignes à revoir"))
    def to_look_at(self, run: FeedRun) -> SafeString | str:
        rows = ((row["line"] or "—", row["name"] or "—", _why(row["code"]), row["message"]) for row in run.rows)
        return format_html_join("", '<div class="given"><b>{}</b> {} : {} <small>{}</small></div>', rows) or "—"
