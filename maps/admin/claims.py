"""What people say of entries: reports, claims, and who left without an account. Each is read, and decided."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime, now
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from directory.claims import claiming, reporting
from directory.models import Claim, Deletion, PointOfSale, Report
from directory.owners import leaving
from directory.pinning import place_by_hand
from geo.points import position_from
from maps.admin import moderation
from maps.admin.common import badge, day_text, link_to, position_text
from maps.admin.decisions import DecisionAdmin
from maps.claims import telling
from maps.claims.common import in_the_way

# So many who say on their own that a place closed are told apart in the list; a person decides all the same.
SEVERAL = 3


class PlaceRow:
    """Columns of a row about a point of sale."""

    @admin.display(description=_("point de vente"))
    def place_name(self, row: Any) -> str:
        return row.point_of_sale.display_name

    @admin.display(description=_("point de vente"))
    def place(self, row: Any) -> str:
        return link_to(row.point_of_sale, row.point_of_sale.display_name)

    @admin.display(description=_("titulaire"))
    def owner(self, row: Any) -> str:
        return str(row.point_of_sale.merchant.owner or "—")


@admin.register(Report)
class ReportAdmin(PlaceRow, DecisionAdmin):
    list_display = ["created_day", "place_name", "kind", "times_badge", "state"]
    list_filter = ["state", "kind"]
    list_select_related = ["point_of_sale__merchant"]
    fields = [
        "place", "owner", "kind", "times", "text", "where", "asks_answer", "state", "created_at", "handled_by",
        "handled_at",
    ]  # fmt: skip

    def buttons(self, request: HttpRequest, row: Report) -> dict[str, Any]:
        if row.state != Report.State.OPEN:
            return {}
        found = {"_accept": _("C'est corrigé"), "_refuse": _("Sans suite")}
        if request.user.has_perm("directory.change_pointofsale"):
            found["_close"] = _("Fermer définitivement le point de vente")
            if row.point:
                found["_pin"] = _("Poser l'épingle à la position donnée")
            if row.point_of_sale.merchant.owner_id is None:
                found["_withdraw"] = _("Retirer le commerçant, à sa demande")
        return found

    def decided(self, request: HttpRequest, row: Report, button: str, words: str) -> HttpResponse | None:
        place = PointOfSale.objects.select_related("merchant", "commune").get(pk=row.point_of_sale_id)
        if button in ("_close", "_pin"):
            decision = moderation.close if button == "_close" else _moved_to(row, request.user)
            outcome = moderation.decide([place], decision, request.user, gettext("signalement"))
            if outcome.refused:
                self.message_user(request, gettext("Refusé : %s.") % outcome.refused[0][1], messages.WARNING)
                return None
        if button == "_withdraw":
            leaving.leave(place.merchant)
            telling.withdrawn(place)
        state = Report.State.REFUSED if button == "_refuse" else Report.State.ACCEPTED
        email = reporting.handle(row, state, request.user)
        row.state = state
        self.log_change(request, row, row.get_state_display())
        if email and not telling.handled(row, email, words):
            self.message_user(request, gettext("Le courriel de réponse n'est pas parti."), messages.WARNING)
        self.message_user(request, gettext("C'est noté : %s.") % row.get_state_display(), messages.SUCCESS)
        return None

    @admin.display(description=_("signalé le"), ordering="created_at")
    def created_day(self, report: Report) -> str:
        return day_text(report.created_at)

    @admin.display(description=_("fois"))
    def times_badge(self, report: Report) -> str:
        many = report.kind == Report.Kind.CLOSED and report.times >= SEVERAL
        return badge(report.times, "warn" if many else "quiet")

    @admin.display(description=_("où elle devrait être"))
    def where(self, report: Report) -> str:
        return position_text(report.point)

    @admin.display(description=_("attend une réponse"), boolean=True)
    def asks_answer(self, report: Report) -> bool:
        return bool(report.email)


def _moved_to(report: Report, user: Any) -> moderation.Decision:
    def moved(place: PointOfSale) -> str:
        place_by_hand(place, position_from(report.point), user)
        return ""

    return moved


@admin.register(Claim)
class ClaimAdmin(PlaceRow, DecisionAdmin):
    words_label = _("Pourquoi : la personne qui demande le lit")
    list_display = ["created_at", "place_name", "by", "means", "state"]
    list_filter = ["state", "means"]
    list_select_related = ["point_of_sale__merchant", "by"]
    fields = [
        "place", "entry_siret", "owner", "by", "siret", "means", "text", "state", "created_at", "disputed_at",
        "answer", "may_transfer", "decided_by", "decided_at", "why",
    ]  # fmt: skip

    def buttons(self, request: HttpRequest, row: Claim) -> dict[str, Any]:
        return {"_grant": _("Accorder"), "_refuse": _("Refuser")} if row.state in claiming.TO_DECIDE else {}

    def decided(self, request: HttpRequest, row: Claim, button: str, words: str) -> HttpResponse | None:
        granted, before = button == "_grant", row.point_of_sale.merchant.owner
        if not granted and not words:
            self.message_user(request, gettext("Dites pourquoi : la personne le lit."), messages.ERROR)
            return None
        beaten = list(claiming.others(row).select_related("by")) if granted else []
        try:
            claim = claiming.decide(row, request.user, granted=granted, why=words)
        except claiming.NotPossible as problem:
            text = gettext("Le titulaire a jusqu'au %s pour répondre.") % self.may_transfer(row)
            text = text if problem.code == "too_early" else in_the_way(problem)
            self.message_user(request, text, messages.WARNING)
            return None
        self.log_change(request, claim, claim.get_state_display())
        if granted and before is not None:
            telling.transferred(claim.point_of_sale, before)
        for one in (claim, *beaten):
            one.refresh_from_db(fields=["state", "why"])
            telling.claimed(request, one)
        self.message_user(request, gettext("C'est noté : %s.") % claim.get_state_display(), messages.SUCCESS)
        return None

    @admin.display(description=_("SIRET de la fiche"))
    def entry_siret(self, claim: Claim) -> str:
        return claim.point_of_sale.siret or "—"

    @admin.display(description=_("transfert possible"))
    def may_transfer(self, claim: Claim) -> str:
        when = claiming.may_decide_at(claim, claim.point_of_sale.merchant)
        return gettext("maintenant") if when <= now() else date_format(localtime(when), "SHORT_DATETIME_FORMAT")


@admin.register(Deletion)
class DeletionAdmin(DecisionAdmin):
    """Who leaves. What nobody who signed in asked for may be somebody else's doing, and is put back."""

    words_label = _("Pourquoi (facultatif)")
    list_display = ["asked_at", "merchant", "asked_by", "due_at"]
    list_filter = [("by", admin.EmptyFieldListFilter)]
    list_select_related = ["merchant", "by"]
    fields = ["merchant_link", "asked_by", "asked_at", "due_at"]

    def buttons(self, request: HttpRequest, row: Deletion) -> dict[str, Any]:
        return {"_come_back": _("Remettre (abus)")} if row.by_id is None else {}

    def decided(self, request: HttpRequest, row: Deletion, button: str, words: str) -> HttpResponse | None:
        self.log_change(request, row, gettext("remise : %s") % words)
        leaving.come_back(row.merchant)
        self.message_user(request, gettext("« %s » est de retour.") % row.merchant, messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:directory_deletion_changelist"))

    @admin.display(description=_("commerçant"))
    def merchant_link(self, deletion: Deletion) -> str:
        return link_to(deletion.merchant)

    @admin.display(description=_("demandée par"))
    def asked_by(self, deletion: Deletion) -> str:
        return str(deletion.by) if deletion.by else gettext("sans compte, depuis la fiche")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("merchant", "by")
