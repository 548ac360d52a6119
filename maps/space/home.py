"""The merchant's home: its entries, what each lacks, and one tap to say that all of it is right."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from directory.models import Merchant, PointOfSale
from directory.owners import freshness, leaving
from directory.owners.access import merchants_of, places_of
from directory.pinning.rule import may_move
from directory.registering import drafts
from maps.chips import Link
from maps.space.common import owner_page, place_page, place_path
from maps.space.confirming import confirm, may_confirm

Status = PointOfSale.Status


@dataclass(frozen=True)
class Card:
    """A point of sale as its owner sees it in the list."""

    id: int
    title: str
    where: str
    state: str
    visible: bool
    fresh: str
    overdue: bool
    to_do: list[Link]
    edit: str
    sheet: str
    report: str
    demo: bool
    confirm: str  # where one says that all is right; empty where there is nothing to say it of


@dataclass(frozen=True)
class Entry:
    """A merchant, with its points of sale."""

    merchant: Merchant
    leaves_on: datetime | None
    cards: list[Card] = field(default_factory=list)

    @property
    def alone(self) -> bool:
        """Whether its one point of sale says its name already."""
        return [card.title for card in self.cards] == [self.merchant.name]


@require_safe
@owner_page
def home_page(request: HttpRequest) -> HttpResponse:
    entries = entries_of(request.user)
    context = {
        "entries": entries,
        "begun": begun_by(request.user),
        "pending": leaving.pending(request.user),
        "shows_demo": any(card.demo for entry in entries for card in entry.cards),
        "space_name": _("Mon commerce"),
        "space_links": [Link(_("Mes données et mes droits"), reverse("maps:rights"))],
    }
    return render(request, "maps/space/home.html", context)


def begun_by(user: Any) -> list[Link]:
    """The registrations that the person began, each with the way back to it."""
    return [
        Link(drafts.name_of(one) or _("Sans nom encore"), reverse("maps:registration", args=[one.key]))
        for one in drafts.open_of(user)
    ]


@require_POST
@place_page
def confirm_page(request: HttpRequest, place: PointOfSale) -> HttpResponse:
    """All of it is right: one tap."""
    if not may_confirm(place):
        raise Http404
    confirm(place, request.user)
    messages.success(request, _("Merci : « {name} » est confirmée aujourd'hui.").format(name=place.display_name))
    return redirect("maps:space")


def entries_of(user: Any) -> list[Entry]:
    """The merchants of the user with their points of sale, in a fixed number of queries."""
    entries = {
        merchant.pk: Entry(merchant, merchant.deletion.due_at if hasattr(merchant, "deletion") else None)
        for merchant in merchants_of(user).select_related("deletion")
    }
    places = list(places_of(user).annotate(sold=Count("offers")))
    vouched = freshness.vouched(places)
    for place in places:
        entry = entries[place.merchant_id]
        entry.cards.append(card(place, entry, vouched[place.pk]))
    return list(entries.values())


def card(place: PointOfSale, entry: Entry, vouched: datetime) -> Card:
    published, leaves = place.status == Status.PUBLISHED, entry.leaves_on is not None
    can_confirm = may_confirm(place)
    commune = place.commune.name if place.commune else ""
    return Card(
        id=place.pk,
        title=place.display_name,
        where=" · ".join(part for part in (str(place.get_kind_display()), commune) if part),
        state=state_of(place, entry.leaves_on),
        visible=published and not leaves,
        fresh=fresh_line(place) if can_confirm else "",
        overdue=freshness.is_overdue(vouched),
        to_do=[] if leaves else list(to_do(place)),
        edit=place_path(place, "own_place"),
        sheet=reverse("maps:sheet", args=[place.merchant_id, "-"]) if published else "",
        report=place_path(place, "report") if published else "",
        demo=place.demo,
        confirm=place_path(place, "confirm") if can_confirm else "",
    )


def state_of(place: PointOfSale, leaves_on: datetime | None) -> str:
    if leaves_on is not None:
        return _("Masquée : elle sera effacée pour de bon le {date}").format(date=_day(leaves_on))
    if freshness.was_hidden(place):
        return _("Masquée : personne ne l'a confirmée depuis longtemps")
    return {
        Status.DRAFT: _("Brouillon : le public ne la voit pas encore"),
        Status.PUBLISHED: _("Publiée"),
        Status.HIDDEN: _("Masquée : le public ne la voit pas"),
        Status.CLOSED: _("Fermée définitivement"),
    }[Status(place.status)]


def fresh_line(place: PointOfSale) -> str:
    if place.confirmed_at is None:
        return _("Vous ne l'avez pas encore confirmée.")
    return _("Confirmée le {date}.").format(date=_day(place.confirmed_at))


def to_do(place: PointOfSale) -> Iterable[Link]:
    """What a visitor would miss, the most useful first."""
    if place.status == Status.CLOSED:
        return
    if place.pin is None:
        yield Link(_("Placer l'épingle sur la carte"), place_path(place, "pin"))
    elif doubtful(place):
        yield Link(_("Vérifier l'épingle sur la carte"), place_path(place, "pin"))
    if place.schedule_id is None:
        yield Link(_("Donner les horaires"), place_path(place, "own_hours"))
    if not place.sold:  # type: ignore[attr-defined]  # annotated
        yield Link(_("Dire ce que vous vendez"), place_path(place, "own_offers"))


def doubtful(place: PointOfSale) -> bool:
    """Whether nobody but a machine said where it is, or somebody doubts it."""
    return may_move(place) or PointOfSale.Review.DOUBTFUL_PIN in place.reviews


def _day(moment: datetime) -> str:
    return date_format(timezone.localtime(moment))
