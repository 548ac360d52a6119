"""The labels that merchants declare: verified by an agent who saw the proof, or refused."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ActionForm
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from directory.models import MerchantLabel
from directory.moderating import labels
from maps.admin.common import badge, link_to
from maps.admin.history import HistoryAdmin


class VerifyForm(ActionForm):
    """Who vouches for the labels that are ticked, and until when."""

    who = forms.CharField(label=_("Vérifié par (organisme, pièce vue)"), max_length=200, required=False)
    # Read by the action: a date that is none would be no action at all.
    until = forms.CharField(label=_("jusqu'au"), required=False, widget=forms.TextInput(attrs={"type": "date"}))


class TodoFilter(admin.SimpleListFilter):
    title = _("à vérifier")
    parameter_name = "todo"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("1", _("déclarés, que la loi protège"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        declared = queryset.filter(state=labels.State.DECLARED, label__code__in=labels.PROTECTED)
        return declared if self.value() else queryset


@admin.register(MerchantLabel)
class LabelAdmin(HistoryAdmin):
    """A list to act on; a merchant's own page has the form."""

    action_form = VerifyForm
    list_display = ["label", "merchant_link", "protected", "state", "verified_by", "verified_until"]
    list_display_links = None
    list_filter = [TodoFilter, "state"]
    list_select_related = ["label", "merchant"]
    ordering = ["-id"]
    sortable_by = ()
    actions = ["verify", "refuse"]
    search_fields = ["merchant__name"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.action(description=_("Vérifié : la pièce a été vue"), permissions=["change"])
    def verify(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        who, typed = (request.POST.get(name, "").strip() for name in ("who", "until"))
        until = _day(typed)
        if problem := _problem(who, typed, until):
            self.message_user(request, problem, messages.ERROR)
            return
        rows = list(queryset.select_related("merchant", "label"))
        for row in rows:
            labels.verify(row, who[:200], until, request.user)
        text = ngettext("%s label vérifié.", "%s labels vérifiés.", len(rows)) % len(rows)
        self.message_user(request, text, messages.SUCCESS)

    @admin.action(description=_("Retirer : pas de preuve (le titulaire est prévenu)"), permissions=["change"])
    def refuse(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        rows = list(queryset.select_related("merchant", "label"))
        for row in rows:
            labels.refuse(row, request.user)
        text = ngettext("%s label retiré.", "%s labels retirés.", len(rows)) % len(rows)
        self.message_user(request, text, messages.SUCCESS)

    @admin.display(description=_("commerçant"))
    def merchant_link(self, link: MerchantLabel) -> SafeString | str:
        return link_to(link.merchant)

    @admin.display(description=_("protégé par la loi"))
    def protected(self, link: MerchantLabel) -> SafeString | str:
        return badge(gettext("protégé"), "warn") if link.label.code in labels.PROTECTED else "—"


def _day(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed)
    except ValueError:
        return None


def _problem(who: str, typed: str, until: date | None) -> str:
    if not who:
        return gettext("Rien n'est fait : dites par qui le label est vérifié, à côté de l'action.")
    if typed and until is None:
        return gettext("Rien n'est fait : la date de fin ne se lit pas.")
    if until is not None and until < timezone.localdate():
        return gettext("Rien n'est fait : cette vérification est déjà échue.")
    return ""
