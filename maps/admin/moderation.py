"""What an agent decides about points of sale: publish, hide, close, "the pin is right". With the reason of a refusal.

Each decision is one save, so that the history holds it with its author; the search entries are rebuilt once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from directory.claims import reporting
from directory.first_states import keep_first_state
from directory.indexing import deferred_indexing
from directory.models import PointOfSale
from directory.models.point_of_sale import in_a_year
from directory.moderating.notices import tell
from directory.moderating.reviews import settle
from directory.owners.leaving import is_leaving
from directory.pinning import settle_pin
from directory.twins import live_twin

Review = PointOfSale.Review
Status = PointOfSale.Status
# What keeps an entry from being published until somebody has looked at it.
HELD = [Review.NATURAL_PERSON, Review.UNKNOWN_ACTIVITY, Review.DUPLICATE]

User = AbstractBaseUser | AnonymousUser
# Changes the point of sale in memory; says why not, or an empty string.
Decision = Callable[[PointOfSale], str]


@dataclass(slots=True)
class Outcome:
    """What a decision on several points of sale came to."""

    done: list[PointOfSale] = field(default_factory=list)
    refused: list[tuple[PointOfSale, str]] = field(default_factory=list)


def decide(places: Iterable[PointOfSale], decision: Decision, user: User, reason: str) -> Outcome:
    """Take the decision on each, in one transaction; those refused stay as they were."""
    outcome = Outcome()
    with deferred_indexing() as written:
        for place in places:
            why_not = decision(place) or _saved(place, user, reason)
            if why_not:
                outcome.refused.append((place, why_not))
            else:
                outcome.done.append(place)
                written.append(place.pk)
    return outcome


def _saved(place: PointOfSale, user: User, reason: str) -> str:
    marked: Any = place  # django-simple-history reads both off the row
    marked._history_user, marked._change_reason = user, reason
    try:
        with transaction.atomic():
            keep_first_state(PointOfSale, place.pk)
            place.save()
    except IntegrityError:
        return _("refusé par la base : la fiche contredit une autre")
    return ""


def publish(place: PointOfSale) -> str:
    """Published, and what it was held for is settled; a doubtful pin stays to be looked at."""
    if place.status == Status.MERGED:
        return _("fusionné dans un autre point de vente")
    if is_leaving(place.merchant_id):
        return _("son retrait est demandé : remettez-la d'abord, dans « Suppressions demandées »")
    if place.commune_id is None:
        return _("sans commune : donnez-la dans sa fiche")
    if twin := live_twin(place):
        return _("son SIRET est déjà celui de « %(name)s » (nº %(id)s)") % {"name": twin.display_name, "id": twin.pk}
    if place.look_at is None:  # hidden once for want of news: asked for anew in a year
        place.look_at, place.stale_since = in_a_year(), None
    place.status = Status.PUBLISHED
    settle(place, *HELD, Review.NEW)
    return ""


def nothing_to_say(shown: Iterable[str]) -> Decision:
    """Somebody looked, at the reviews shown and no others: what came up meanwhile is still to be looked at."""
    looked_at = list(shown)

    def decided(place: PointOfSale) -> str:
        held = [review for review in place.reviews if review in looked_at and review in HELD]
        if held and place.status == Status.DRAFT:
            return _("elle attend d'être publiée ou refusée (%s)") % Review(held[0]).label
        reported = Review.REPORTED in looked_at and reporting.waits(place)
        settle(place, *(review for review in looked_at if not (reported and review == Review.REPORTED)))
        return _("un signalement ou une revendication y attend une décision, sur sa page") if reported else ""

    return decided


def hide_and_ask(reason: str) -> Decision:
    """Hidden until its owner has corrected it: told what is asked of it."""

    def decided(place: PointOfSale) -> str:
        if not reason.strip():
            return _("dites pourquoi dans « Motif de la modification » : son titulaire le lit")
        if place.merchant.owner_id is None:
            return _("elle n'a pas de titulaire à qui demander : corrigez-la, ou masquez-la")
        if why_not := hide(place):
            return why_not
        settle(place, Review.NEW, Review.CHANGED)
        tell(place.merchant, "hidden", place=place.pk, why=reason.strip())
        return ""

    return decided


def hide(place: PointOfSale) -> str:
    if place.status in (Status.MERGED, Status.CLOSED):
        return _("déjà hors du service (%s)") % place.get_status_display()
    # Not for want of its owner's word any more, with which it would be back.
    place.status, place.stale_since = Status.HIDDEN, None
    return ""


def close(place: PointOfSale) -> str:
    if place.status == Status.MERGED:
        return _("fusionné dans un autre point de vente")
    place.status = Status.CLOSED
    return ""


def refuse(place: PointOfSale) -> str:
    """A held entry that is not wanted: closed, and nothing left to decide."""
    if why_not := close(place):
        return why_not
    place.reviews = []
    return ""


def verify_pin(user: User) -> Decision:
    """Somebody looked: the pin is right where it is, and no batch moves it. A commune's centre waits for better."""

    def decided(place: PointOfSale) -> str:
        if place.pin is None:
            return _("sans épingle : posez-la dans sa fiche")
        marked: Any = place
        marked.pin_by, place.pin_at = user, timezone.now()
        settle_pin(place)
        return ""

    return decided
