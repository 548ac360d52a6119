"""Somebody with a proven address says that an entry is theirs. A code gives them one that is nobody's; one that has an
owner is never transferred by a code: the owner is asked, and a person decides.

Locks are taken in one order: the merchant, its point of sale, the claim.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import Enum, auto
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from directory.claims import codes, limits
from directory.claims.reporting import flag, unflag
from directory.models import AssistedEntry, Claim, Deletion, Merchant, PointOfSale
from directory.moderating import notices
from directory.owners.handing_over import hand_over

State, Means = Claim.State, Claim.Means
OPEN = (State.PENDING, State.ASKED, State.DISPUTED)
TO_DECIDE = (State.ASKED, State.DISPUTED)
CODE_FOR = timedelta(minutes=30)
MOST_TRIES = 5
MOST_CODES = 3  # a week, to one entry's contact, whoever asks
# What the owner of an entry that somebody else claims has to answer, before a moderator may transfer it.
ANSWER = timedelta(days=15)


class NotPossible(Exception):  # noqa: N818 - named for what happened
    """`code` says why: already_yours, other_siret, no_contact, too_early, decided, merged, leaving."""

    def __init__(self, code: str):
        super().__init__(code)
        self.code = code


class Tried(Enum):
    RIGHT, WRONG, LATE, SPENT = auto(), auto(), auto(), auto()


# --- Asking ----------------------------------------------------------------------------------------------------------
def ask(place: PointOfSale, by: Any, means: str, siret: str, text: str = "") -> Claim:
    """Open a claim, or go on with the person's own: by a code to the contact on file, or for a moderator to decide.

    Raises NotPossible.
    """
    with transaction.atomic():
        place = locked(place)
        if place.merchant.owner_id == by.pk:
            raise NotPossible("already_yours")
        if not _is_its(place, siret):
            raise NotPossible("other_siret")
        if means == Means.CONTACT and not place.merchant.email:
            raise NotPossible("no_contact")
        claim = _own(place, by)
        if claim.state in TO_DECIDE:
            return claim
        claim.siret, claim.means, claim.text = siret, means, text
        claim.save()
        if means == Means.MODERATOR:
            _bring(claim, place)
    return claim


def new_code(claim: Claim) -> str:
    """A code for the contact on file, in place of the one before, with its own tries.

    Empty where MOST_CODES left in this week, so that all of them together are no help to guess one, and where the claim
    waits for none.
    """
    if limits.counted(f"place {claim.point_of_sale_id}", "contact code") > MOST_CODES:
        return ""
    code = codes.contact_code()
    waits = Claim.objects.filter(pk=claim.pk, state=State.PENDING)
    given = waits.update(code=codes.digest("contact", claim.pk, code), code_at=timezone.now(), tries=0)
    return code if given else ""


def try_code(claim: Claim, typed: str) -> Tried:
    """What a code that somebody typed comes to. The right one grants, or disputes; wrong ones are counted.

    Raises NotPossible (`merged`, `leaving`).
    """
    with transaction.atomic():
        place = locked(claim.point_of_sale)
        claim = Claim.objects.select_for_update().get(pk=claim.pk)
        if claim.state != State.PENDING or claim.tries >= MOST_TRIES:
            return Tried.SPENT
        if claim.code_at is None or timezone.now() > claim.code_at + CODE_FOR:
            return Tried.LATE
        if not codes.same(claim.code, codes.digest("contact", claim.pk, codes.read_digits(typed))):
            claim.tries += 1
            claim.save(update_fields=["tries"])
            return Tried.WRONG
        proved(claim, place)
    return Tried.RIGHT


def claim_by_letter(place: PointOfSale, by: Any) -> Claim:
    """The claim of who has the letter's code. `place` is locked."""
    claim = _own(place, by)
    claim.means = Means.LETTER
    proved(claim, place)
    return claim


def proved(claim: Claim, place: PointOfSale) -> None:
    """A code was right. What is nobody's is granted; else its owner is asked. Both are locked."""
    _check_stays(place)
    if place.merchant.owner_id is None:
        _grant(claim, place)
    else:
        _bring(claim, place)


# --- Deciding --------------------------------------------------------------------------------------------------------
def answer(claim: Claim, text: str) -> None:
    """The owner keeps its entry, and says why it is its own."""
    with transaction.atomic():
        claim = _to_decide(claim, locked(claim.point_of_sale))
        claim.answer = text
        claim.save()


def decide(claim: Claim, by: Any, *, granted: bool, why: str = "") -> Claim:
    """A moderator decides, or the owner lets go.

    Raises NotPossible: done already (`decided`), the entry goes (`merged`, `leaving`), or its owner may answer yet
    (`too_early`).
    """
    if granted:
        _ask_owner(claim, by)
    with transaction.atomic():
        place = locked(claim.point_of_sale)
        claim = _to_decide(claim, place)
        if not granted:
            _close(claim, State.REFUSED, by, why)
            unflag(place)
            return claim
        _check_stays(place)
        if by.pk != place.merchant.owner_id and timezone.now() < may_decide_at(claim, place.merchant):
            raise NotPossible("too_early")
        _grant(claim, place, by, why)
    return claim


def may_decide_at(claim: Claim, merchant: Merchant) -> datetime:
    """From when on a moderator may give the entry to who claims it."""
    awaits = merchant.owner_id not in (None, claim.by_id) and not claim.answer
    return (claim.disputed_at or timezone.now()) + ANSWER if awaits else claim.created_at


def disputed() -> dict[str, Any]:
    """What a claim is from the moment that an owner is asked about it."""
    return {"state": State.DISPUTED, "disputed_at": timezone.now(), "answer": "", "code": ""}


def others(claim: Claim) -> QuerySet[Claim]:
    """Open claims by others to the same merchant, which has one owner for all its points of sale."""
    rows = Claim.objects.filter(point_of_sale__merchant=claim.point_of_sale.merchant_id, state__in=OPEN)
    return rows.exclude(by=claim.by_id).select_related("point_of_sale__merchant")


def locked(place: PointOfSale) -> PointOfSale:
    """The merchant and its point of sale as they are now; a second tap waits for the first."""
    merchant = Merchant.objects.select_for_update().get(points_of_sale=place.pk)
    place = PointOfSale.objects.select_for_update(no_key=True).get(pk=place.pk)
    place.merchant = merchant
    return place


def _to_decide(claim: Claim, place: PointOfSale) -> Claim:
    claim = Claim.objects.select_for_update().get(pk=claim.pk)
    if claim.state not in TO_DECIDE:
        raise NotPossible("decided")
    claim.point_of_sale = place
    return claim


def _own(place: PointOfSale, by: Any) -> Claim:
    """The person's open claim, or a new one."""
    found = Claim.objects.select_for_update().filter(point_of_sale=place, by=by, state__in=OPEN).first()
    return found or Claim(point_of_sale=place, by=by)


def _is_its(place: PointOfSale, siret: str) -> bool:
    """Whether it may be the entry's SIRET: what the entry lacks contradicts nothing, and a moderator sees it."""
    return siret == place.siret if place.siret else siret.startswith(place.merchant.siren or "")


def _check_stays(place: PointOfSale) -> None:
    """What was merged into another is no proof for that one, and what leaves is nobody else's to take over."""
    if place.status == PointOfSale.Status.MERGED:
        raise NotPossible("merged")
    if Deletion.objects.filter(merchant=place.merchant_id).exists():
        raise NotPossible("leaving")


def _ask_owner(claim: Claim, by: Any) -> None:
    """One who came after the claim is asked first, whoever made it the owner."""
    with transaction.atomic():
        place = locked(claim.point_of_sale)
        claim = _to_decide(claim, place)
        if claim.disputed_at is None and place.merchant.owner_id not in (None, by.pk, claim.by_id):
            _bring(claim, place)


def _bring(claim: Claim, place: PointOfSale) -> None:
    """Before the moderators; the owner, if there is one, is told."""
    owned = place.merchant.owner_id is not None
    for name, value in (disputed() if owned else {"state": State.ASKED, "code": ""}).items():
        setattr(claim, name, value)
    claim.save()
    if owned:
        notices.tell(place.merchant, "claimed", place=place.pk, claim=claim.pk)
    flag(place)


def _grant(claim: Claim, place: PointOfSale, by: Any = None, why: str = "") -> None:
    merchant = place.merchant
    hand_over(merchant, claim.by, _("revendication : {means}").format(means=claim.get_means_display()))
    AssistedEntry.objects.filter(merchant=merchant, taken_over_at=None).update(taken_over_at=timezone.now())
    _close(claim, State.GRANTED, by, why)
    for other in others(claim).filter(state__in=TO_DECIDE):
        if by is None:
            _bring(other, other.point_of_sale)
        else:
            _close(other, State.REFUSED, by, _("La fiche est revenue à une autre personne."))
            unflag(other.point_of_sale)
    unflag(place)


def _close(claim: Claim, state: str, by: Any, why: str) -> None:
    claim.state, claim.decided_by, claim.decided_at = state, by, timezone.now()
    claim.why, claim.code = why, ""
    claim.save()
