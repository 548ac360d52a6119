"""The decisions of `moderation` as actions of a list, with a message that says what was done and what was refused."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseRedirect
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from directory.models import Duplicate, PointOfSale
from maps.admin import moderation
from maps.admin.common import change_url
from maps.admin.moderation import Decision, Outcome

# Each one is a save with its history (about 5 ms); more at once is a matter for a command.
MOST_AT_ONCE = 500
REFUSALS_NAMED = 5


def run(admin_page: Any, request: HttpRequest, places: QuerySet[Any], decision: Decision, done: str) -> None:
    """Take the decision on the chosen rows and say what came of it. `done` says it for the history, in a few words."""
    ids = list(places.order_by("pk").values_list("pk", flat=True)[: MOST_AT_ONCE + 1])
    if len(ids) > MOST_AT_ONCE:
        text = gettext("Rien n'est fait : au plus %s à la fois. Filtrez la liste, ou choisissez page par page.")
        admin_page.message_user(request, text % MOST_AT_ONCE, messages.ERROR)
        return
    chosen = PointOfSale.objects.filter(pk__in=ids).select_related("merchant").order_by("pk")
    outcome = moderation.decide(chosen, decision, request.user, done)
    for place in outcome.done:
        admin_page.log_change(request, place, done)
    report(admin_page, request, outcome, done)


def report(admin_page: Any, request: HttpRequest, outcome: Outcome, done: str) -> None:
    if count := len(outcome.done):
        text = ngettext("%(count)s point de vente : %(done)s.", "%(count)s points de vente : %(done)s.", count)
        admin_page.message_user(request, text % {"count": count, "done": done}, messages.SUCCESS)
    if refused := outcome.refused:
        named = [f"« {place.display_name} » (nº {place.pk}), {why}" for place, why in refused[:REFUSALS_NAMED]]
        rest = len(refused) - REFUSALS_NAMED
        more = gettext(" ; et %s autres") % rest if rest > 0 else ""
        text = ngettext("%(count)s refusé : %(named)s%(more)s.", "%(count)s refusés : %(named)s%(more)s.", len(refused))
        words = {"count": len(refused), "named": " ; ".join(named), "more": more}
        admin_page.message_user(request, text % words, messages.WARNING)


class PlaceActions:
    """Mixed into the lists of points of sale. Each action needs the right to change them."""

    @admin.action(description=_("Publier"), permissions=["change"])
    def publish(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        run(self, request, queryset, moderation.publish, gettext("publié"))

    @admin.action(description=_("Masquer"), permissions=["change"])
    def hide(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        run(self, request, queryset, moderation.hide, gettext("masqué"))

    @admin.action(description=_("Fermer définitivement"), permissions=["change"])
    def close(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        run(self, request, queryset, moderation.close, gettext("fermé"))

    @admin.action(description=_("Épingle vérifiée"), permissions=["change"])
    def verify_pin(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        run(self, request, queryset, moderation.verify_pin(request.user), gettext("épingle vérifiée"))

    @admin.action(description=_("Refuser (fermer)"), permissions=["change"])
    def refuse(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        run(self, request, queryset, moderation.refuse, gettext("refusé"))

    @admin.action(description=_("Comparer deux fiches, pour les fusionner"), permissions=["change"])
    def compare(self: Any, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponseRedirect | None:
        ids = list(queryset.order_by("pk").values_list("pk", flat=True)[:3])
        if len(ids) != 2:
            self.message_user(request, gettext("Cochez deux fiches, pas plus, pas moins."), messages.ERROR)
            return None
        pair, _made = Duplicate.objects.get_or_create(
            first_id=ids[0], second_id=ids[1], defaults={"score": 0, "reasons": [{"code": "hand"}]}
        )
        return HttpResponseRedirect(change_url(pair))
