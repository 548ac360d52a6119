"""Two entries side by side, told apart or merged by a person; and the merges, which may be undone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from directory.models import Duplicate, Merge, PointOfSale, Schedule
from directory.moderating import duplicates, values
from directory.moderating.merging import MergeError, merge, whole, why_not
from directory.moderating.unmerging import unmerge
from geo.models import Commune
from geo.points import Position
from maps.admin.common import badge, change_url, distance_text, link_to, number_text
from maps.admin.decisions import DecisionAdmin
from maps.admin.history import readable
from maps.admin.reasons import place_line, reasons_text
from maps.admin.sources import may_see_contact

State = Duplicate.State
CONTACT = ("phone", "email")
FIRST, SECOND = "first", "second"
CHOICE = "choice-"


class PairAdmin(DecisionAdmin):
    """A decision on two points of sale, which asks for the right to change them. The rows have no history of theirs."""

    words_label = ""  # nobody is sent one

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        both = super().has_change_permission(request, obj)
        return both and request.user.has_perm("directory.change_pointofsale")

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        return admin.ModelAdmin.history_view(self, request, object_id, extra_context)

    def refused(self, request: HttpRequest, why: str) -> None:
        self.message_user(request, gettext("Rien n'est changé. %s") % why, messages.ERROR)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table that compares two entries. `code`: what is chosen, where it differs and may be."""

    title: str
    first: Any
    second: Any
    code: str = ""
    chosen: str = ""
    both: bool = False


@admin.register(Duplicate)
class DuplicateAdmin(PairAdmin):
    change_form_template = "maps/admin/duplicate_form.html"
    list_display = ["pair", "why", "score_percent", "state"]
    list_display_links = ["pair"]
    list_filter = ["state", ("first__commune__departement", admin.RelatedOnlyFieldListFilter)]
    ordering = ["-score", "id"]
    sortable_by = ()
    fields = ["why", "score_percent", "state", "decided_by", "decided_at"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows = (
            super()
            .get_queryset(request)
            .select_related(
                "first__merchant__owner", "second__merchant__owner", "first__commune", "second__commune", "decided_by"
            )
        )
        contours = ("first__commune__contour", "second__commune__contour")
        merged = PointOfSale.Status.MERGED  # with a third, since
        return (
            rows.defer(*contours)
            .exclude(state=State.OPEN, first__status=merged)
            .exclude(state=State.OPEN, second__status=merged)
        )

    def buttons(self, request: HttpRequest, row: Duplicate) -> dict[str, Any]:
        if row.state == State.MERGED:
            return {}
        keep = gettext("Fusionner, en gardant « %(name)s » (nº %(id)s)")
        ways = {f"_{side}": (getattr(row, side), getattr(row, other)) for side, other in _sides(row)}
        found = {
            name: keep % {"name": kept.display_name, "id": kept.pk}
            for name, (kept, merged) in ways.items()
            if not why_not(kept, merged)
        }
        return found | ({"_apart": gettext("Ce sont deux lieux distincts")} if row.state == State.OPEN else {})

    def decided(self, request: HttpRequest, row: Duplicate, button: str, words: str) -> HttpResponse | None:
        if button == "_apart":
            duplicates.tell_apart(row, request.user)
            self.log_change(request, row, row.get_state_display())
            self.message_user(request, gettext("C'est noté : deux lieux distincts."), messages.SUCCESS)
            return HttpResponseRedirect(reverse("admin:directory_duplicate_changelist", query={"state__exact": "open"}))
        side = button.removeprefix("_")
        kept, merged = (row.first, row.second) if side == FIRST else (row.second, row.first)
        try:
            done = merge(kept, merged, _choices(request, side), request.user)
        except MergeError as refusal:
            self.refused(request, str(refusal))
            return None
        self.log_change(request, row, gettext("fusionnés : gardé nº %s") % kept.pk)
        self.message_user(request, gettext("Fusionnés. Cela se défait sur cette page."), messages.SUCCESS)
        return HttpResponseRedirect(change_url(done))

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        pair = context["original"]
        best, other = _sides(pair)[0]
        context |= {
            "subtitle": self.pair(pair),
            "rows": compared(pair, best, contact=may_see_contact(request)),
            "entries": [link_to(pair.first, f"nº {pair.first_id}"), link_to(pair.second, f"nº {pair.second_id}")],
            "why_not": why_not(getattr(pair, best), getattr(pair, other)),
            "away": _away(pair),
        }
        return super().render_change_form(request, context, *args, **kwargs)

    @admin.display(description=_("les deux"))
    def pair(self, pair: Duplicate) -> str:
        named = [f"{place.display_name} ({place.commune.name if place.commune else '—'})" for place in
                 (pair.first, pair.second)]  # fmt: skip
        return " / ".join(named)

    @admin.display(description=_("pourquoi"))
    def why(self, pair: Duplicate) -> str:
        return reasons_text(pair.reasons)

    @admin.display(description=_("vraisemblance"), ordering="score")
    def score_percent(self, pair: Duplicate) -> str:
        return gettext("%s %%") % number_text(100 * pair.score, 0)


def _sides(pair: Duplicate) -> list[tuple[str, str]]:
    """The two ways round, the one to prefer first: what is published, owned, and older is kept."""
    ways = [(FIRST, SECOND), (SECOND, FIRST)]

    def worth(side: str) -> tuple[bool, bool, bool]:
        place = getattr(pair, side)
        other = pair.second if side == FIRST else pair.first
        published = place.status == PointOfSale.Status.PUBLISHED
        return (not why_not(place, other), place.merchant.owner_id is not None, published)

    return sorted(ways, key=lambda way: worth(way[0]), reverse=True)


def compared(pair: Duplicate, best: str, *, contact: bool) -> list[Row]:
    """What the two say, one line a group of fields; where they differ, which one's survives may be chosen."""
    first, second = pair.first, pair.second
    rows = [
        Row(gettext("point de vente"), place_line(first), place_line(second)),
        Row(gettext("état"), first.get_status_display(), second.get_status_display()),
        Row(gettext("titulaire"), first.merchant.owner or "—", second.merchant.owner or "—"),
        Row(gettext("sources"), _sources(first), _sources(second)),
    ]
    both: list[tuple[Any, Any]] = [(first, second)]
    if whole(first, second) or whole(second, first):
        both.append((first.merchant, second.merchant))
    for one, other in both:
        kept, merged = (one, other) if best == FIRST else (other, one)
        rows += [_row(one, other, found, best, contact) for found in values.differences(kept, merged)]
    return rows


def _row(one: Any, other: Any, found: values.Difference, best: str, contact: bool) -> Row:
    group = found.group
    other_side = SECOND if best == FIRST else FIRST
    chosen = {values.KEPT: best, values.MERGED: other_side, values.BOTH: values.BOTH}[found.proposed]
    if group.code in CONTACT and not contact:
        hidden = gettext("(réservé à qui peut voir les commerçants)")
        return Row(str(group.title), hidden, hidden, group.code, chosen)
    return Row(str(group.title), _text(one, group), _text(other, group), group.code, chosen, bool(group.many))


def _text(row: Any, group: values.Group) -> str:
    """A group's values in words."""
    if group.many:
        return ", ".join(map(str, getattr(row, group.many).all())) or "—"
    if group.code == "pin":
        where = readable(None, row.pin)
        return f"{where} — {row.get_pin_precision_display()}" if row.pin else where
    return " ".join(_word(row, name) for name in group.fields if values.value(row, name) not in values.EMPTY) or "—"


def _word(row: Any, name: str) -> str:
    given = values.value(row, name)
    if name == "commune_id":
        return str(Commune.objects.only("name").get(pk=given).name)
    if name == "schedule_id":
        return str(Schedule.objects.only("text").get(pk=given).text)
    return str(readable(row._meta.get_field(name), given))


def _sources(place: PointOfSale) -> str:
    records = place.source_records.select_related("source")
    return ", ".join(f"{record.source.name} ({record.external_id})" for record in records) or "—"


def _away(pair: Duplicate) -> str:
    if pair.first.pin is None or pair.second.pin is None:
        return gettext("l'une des deux n'a pas d'épingle")
    metres = Position.from_geos(pair.first.pin).distance_to(Position.from_geos(pair.second.pin))
    return gettext("les épingles sont à %s l'une de l'autre") % distance_text(metres)


def _choices(request: HttpRequest, side: str) -> dict[str, str]:
    """By group, whose values survive, as merge() reads it."""
    sent = {name.removeprefix(CHOICE): value for name, value in request.POST.items() if name.startswith(CHOICE)}
    words = {side: values.KEPT, values.BOTH: values.BOTH}
    return {code: words.get(str(value), values.MERGED) for code, value in sent.items()}


@admin.register(Merge)
class MergeAdmin(PairAdmin):
    list_display = ["at", "merged_name", "kept_name", "by", "undone"]
    list_filter = [("undone_at", admin.EmptyFieldListFilter)]
    list_select_related = ["kept__merchant", "merged__merchant", "by"]
    ordering = ["-at", "-id"]
    sortable_by = ()
    fields = ["merged_link", "kept_link", "at", "by", "undone_at", "undone_by"]

    def buttons(self, request: HttpRequest, row: Merge) -> dict[str, Any]:
        return {} if row.undone_at else {"_undo": _("Défaire cette fusion")}

    def decided(self, request: HttpRequest, row: Merge, button: str, words: str) -> HttpResponse | None:
        try:
            done = unmerge(row, request.user)
        except MergeError as refusal:
            self.refused(request, str(refusal))
            return None
        self.log_change(request, row, gettext("fusion défaite"))
        self.message_user(request, gettext("C'est défait : ce sont de nouveau deux fiches."), messages.SUCCESS)
        if done.left:
            text = gettext("Laissé tel que quelqu'un l'a changé depuis : %s.") % ", ".join(done.left)
            self.message_user(request, text, messages.WARNING)
        return None

    @admin.display(description=_("fusionné"))
    def merged_name(self, row: Merge) -> str:
        return row.merged.display_name

    @admin.display(description=_("gardé"))
    def kept_name(self, row: Merge) -> str:
        return row.kept.display_name

    @admin.display(description=_("fusionné"))
    def merged_link(self, row: Merge) -> str:
        return link_to(row.merged, f"{row.merged.display_name} (nº {row.merged_id})")

    @admin.display(description=_("gardé"))
    def kept_link(self, row: Merge) -> str:
        return link_to(row.kept, f"{row.kept.display_name} (nº {row.kept_id})")

    @admin.display(description=_("défaite"))
    def undone(self, row: Merge) -> str:
        return badge(gettext("défaite"), "off") if row.undone_at else "—"
