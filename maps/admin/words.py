"""Words that merchants wrote and the vocabulary lacks: attached to a product, or left as they are."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from directory.models import TermProposal
from directory.moderating import proposals
from maps.admin.history import HistoryAdmin

State = TermProposal.State


class ProposalForm(forms.ModelForm):
    """What is decided, and to which product the word belongs."""

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("state") == State.ACCEPTED and not data.get("product"):
            self.add_error("product", _("Choisissez le produit auquel ce mot est rattaché."))
        return data


def counted(rows: Iterable[TermProposal]) -> dict[str, int]:
    """How many offers wait for each of the words."""
    waiting = proposals.waiting_offers().filter(folded__in=[row.folded for row in rows])
    return dict(waiting.order_by().values("folded").annotate(count=Count("pk")).values_list("folded", "count"))


class ProposalList(ChangeList):
    """The offers of a page's words are counted together."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        self.result_list: Any = list(self.result_list)
        counts = counted(self.result_list)
        for row in self.result_list:
            row.offer_counts = counts


@admin.register(TermProposal)
class ProposalAdmin(HistoryAdmin):
    form = ProposalForm
    list_display = ["said", "offers", "state", "product", "first_at"]
    list_filter = ["state"]
    list_select_related = ["product"]
    ordering = ["-first_at", "-id"]
    sortable_by = ()
    search_fields = ["folded"]
    autocomplete_fields = ["product"]
    actions = ["refuse"]
    readonly_fields = ["said", "offers", "first_at", "decided_by", "decided_at"]

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        help_text = _(
            "Rattacher le mot donne le produit à toutes les offres qui portent ce mot, et à celles qui viendront. "
            "Pour que les recherches le comprennent, ajoutez-le aussi aux synonymes du produit dans "
            "fixtures/vocabulary/products.csv : le vocabulaire vient de ce fichier."
        )
        decision = {"fields": ["state", "product", "decided_by", "decided_at"], "description": help_text}
        return [(None, {"fields": ["said", "offers", "first_at"]}), (_("Décision"), decision)]

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return ProposalList

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if "state" not in form.changed_data and "product" not in form.changed_data:
            return
        count = proposals.decide(obj, obj.state, obj.product, request.user)
        if count:
            text = ngettext("%s offre a reçu le produit.", "%s offres ont reçu le produit.", count) % count
            self.message_user(request, text, messages.SUCCESS)

    @admin.action(description=_("Laisser en texte libre"), permissions=["change"])
    def refuse(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        rows = list(queryset)
        for row in rows:
            proposals.decide(row, State.REFUSED, None, request.user)
        self.message_user(request, gettext("Laissés en texte libre : %s.") % len(rows), messages.SUCCESS)

    @admin.display(description=_("offres sans produit qui le disent"))
    def offers(self, proposal: Any) -> int:
        counts = getattr(proposal, "offer_counts", None)
        return (counted([proposal]) if counts is None else counts).get(proposal.folded, 0)
