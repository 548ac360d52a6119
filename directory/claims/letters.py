"""Letters to those whom the directory lists and who never heard of it: by its code, whoever gets the post is the owner.

A code exists on paper alone. Printed again, it is another one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from directory.claims import claiming, codes, limits
from directory.models import Claim, Letter, LetterBatch, PointOfSale
from geo.models import Commune

Status = PointOfSale.Status
VALID = timedelta(days=90)
MOST = 200  # letters of a batch: what a printer's tray holds
# Wrong codes in a week, of one address and of all together.
MOST_WRONG, MOST_WRONG_IN_ALL = 10, 2_000


@dataclass(frozen=True, slots=True)
class Printed:
    """A letter while it is printed, the only time that its code is known."""

    place: PointOfSale
    code: str


def due(again: bool = False) -> QuerySet[PointOfSale]:
    """One point of sale for each merchant that may be written to: published, nobody's, with an address, and, unless
    `again`, not written to within VALID. None is invented."""
    rows = PointOfSale.objects.filter(status=Status.PUBLISHED, merchant__owner=None, demo=False)
    rows = rows.exclude(street="").exclude(postcode="").exclude(commune=None)
    if not again:
        sent = Letter.objects.filter(point_of_sale__merchant=OuterRef("merchant"), batch__made_at__gte=_since())
        rows = rows.exclude(Exists(sent))
    one_each = rows.order_by("merchant_id", "pk").distinct("merchant_id").values("pk")
    found = PointOfSale.objects.filter(pk__in=one_each).select_related("merchant", "commune")
    return found.defer("commune__contour").order_by("postcode", "street", "pk")


def make(by: Any, places: QuerySet[PointOfSale], commune: Commune | None = None) -> list[Printed]:
    """A batch of letters, MOST of them at most, each with its code. None where there is nobody to write to."""
    with transaction.atomic():
        printed = [Printed(place, codes.letter_code()) for place in places[:MOST]]
        if printed:
            batch = LetterBatch.objects.create(by=by, commune=commune)
            Letter.objects.bulk_create(
                Letter(batch=batch, point_of_sale=one.place, code=codes.digest("letter", one.code)) for one in printed
            )
    return printed


def of_code(code: str, address: str) -> Letter | None:
    """The letter of a code that is still good; None of another, which counts against the client's address. One to an
    entry that was merged since is known, for its page says so; `use` refuses it.

    Raises NotPossible (`too_many`) where that, or everybody together, tried too many: even the right one is refused.
    """
    spent = limits.so_far(address, "letter") >= MOST_WRONG
    if spent or limits.so_far(limits.EVERYBODY, "letter") >= MOST_WRONG_IN_ALL:
        raise claiming.NotPossible("too_many")
    rows = Letter.objects.filter(used_at=None, batch__made_at__gte=_since()).select_related("point_of_sale__merchant")
    rows = rows.filter(point_of_sale__status__in=(Status.PUBLISHED, Status.MERGED))
    letter = rows.filter(code=codes.digest("letter", code)).first() if code else None
    if letter is None and code:  # a slip of the pen is no guess: the check character tells
        limits.counted(address, "letter")
        limits.counted(limits.EVERYBODY, "letter")
    return letter


def use(letter: Letter, by: Any) -> Claim | None:
    """Claim by the letter, once. None where it was used meanwhile.

    Raises NotPossible (`already_yours`, `merged`, `leaving`).
    """
    with transaction.atomic():
        place = claiming.locked(letter.point_of_sale)
        letter = Letter.objects.select_for_update().get(pk=letter.pk)
        if letter.used_at is not None:
            return None
        if place.merchant.owner_id == by.pk:
            raise claiming.NotPossible("already_yours")
        letter.used_at = timezone.now()
        letter.save(update_fields=["used_at"])
        return claiming.claim_by_letter(place, by)


def _since() -> Any:
    return timezone.now() - VALID
