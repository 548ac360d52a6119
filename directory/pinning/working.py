"""Working the queue off: addresses are asked one after the other outside any transaction, pins written a few at once.

Several workers may do so at the same time; geo.geocoding paces them all together.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from directory.importing import bulk
from directory.models import PinRequest, PointOfSale
from directory.moderating.notices import tell
from directory.moderating.reviews import mark, settle
from directory.pinning import queue
from directory.pinning.placing import place_at
from directory.pinning.queue import Claim, State, Why
from directory.pinning.rule import may_move
from geo.geocoding import SURE_SCORE, GeocodingError, ProviderError, ProviderUnavailable, Resolution, resolve
from geo.outside import ACCEPTED_M, metres_outside
from geo.points import Position

DOUBTFUL = PointOfSale.Review.DOUBTFUL_PIN
Precision = PointOfSale.Precision
# The worst first.
PRECISIONS = ("", Precision.COMMUNE, Precision.LOCALITY, Precision.STREET, Precision.HOUSENUMBER)
CLAIM = 10
# An answer that cannot be read is no outage: the next question may be answered well, and this one never.
MOST_UNREADABLE = 8
BUSY = timedelta(minutes=1)
PIN_FIELDS = ("pin", "pin_precision", "pin_source", "pin_score", "pin_label", "pin_at", "pin_by", "reviews")

Answer = Resolution | GeocodingError


@dataclass(slots=True)
class Tally:
    """What came of it: outcomes by code, how many pins moved and are doubtful; whether the service was away at last."""

    outcomes: Counter[str] = field(default_factory=Counter)
    moved: int = 0
    doubtful: int = 0
    away: bool = False

    @property
    def settled(self) -> int:
        """How many addresses are done with."""
        return self.outcomes.total()


def work(
    limit: int | None = None,
    seconds: float | None = None,
    only: Q = Q(),  # noqa: B008 - frozen
    tally: Tally | None = None,
    step: Callable[[Tally], None] = lambda tally: None,
) -> Tally:
    """Place what is due in the queue, at most `limit` addresses and for about `seconds`; ends at an outage.

    `only` narrows the requests; what comes of them is added to `tally`. Whatever interrupts it, what it took is given
    back, or comes back when its lease ends. Never call it in a transaction: it waits for the network.
    """
    tally, asked = tally or Tally(), 0
    tally.away = False
    until = None if seconds is None else time.monotonic() + seconds
    if not settings.GEOCODER["domain"]:
        return tally  # look-ups are off: the queue waits until they are on
    while not tally.away and (limit is None or asked < limit) and (until is None or time.monotonic() < until):
        claims = queue.take(CLAIM if limit is None else min(CLAIM, limit - asked), only)
        if not claims:
            break
        asked += len(claims)
        _place(claims, tally, until)
        step(tally)
    return tally


def _place(claims: Sequence[Claim], tally: Tally, until: float | None) -> None:
    """Ask about each, and write what was answered, whatever comes in between."""
    answers: list[tuple[Claim, Answer]] = []
    left, wait = list(claims), timedelta()
    try:
        while left and not tally.away and (until is None or time.monotonic() < until):
            claim = left[0]
            try:
                answers.append((claim, resolve(claim.address, wants_service=True)))
            except ProviderUnavailable as error:
                if isinstance(error, ProviderError) and claim.tries + 1 >= MOST_UNREADABLE:
                    answers.append((claim, error))
                else:
                    queue.put_off(claim, error.retry_after)
                    tally.away = not isinstance(error, ProviderError)
                    wait = timedelta(seconds=error.retry_after if tally.away else 0)
            except GeocodingError as error:
                answers.append((claim, error))
            left.pop(0)
    finally:
        if answers:
            _write(answers, tally)
        if left:
            queue.leave(left, wait)


def _write(answers: Sequence[tuple[Claim, Answer]], tally: Tally) -> None:
    """The pins, their history and what came of the requests, in one transaction."""
    now = timezone.now()
    claims = [claim for claim, _ in answers]
    with transaction.atomic():
        owned = PointOfSale.objects.select_related("merchant")
        locked = owned.select_for_update(skip_locked=True, of=("self",)).order_by("pk")
        places = {place.pk: place for place in locked.filter(pk__in=[claim.place for claim in claims])}
        requests = queue.held(claims)
        outside = _outside(answers)
        changed: dict[str, list[PointOfSale]] = {}
        for claim, answer in answers:
            place, request = places.get(claim.place), requests.get(claim.place)
            if request is None:
                continue  # asked anew meanwhile, or another worker's by now
            if place is None:
                request.next_at = now + BUSY  # somebody is writing it
            elif queue.address_of(place) != claim.address:
                request.next_at = now  # another address by now: again, with that one
            else:
                before = [getattr(place, name) for name in PIN_FIELDS]
                tally.moved += (moved := _apply(place, claim, answer, outside.get(claim.place, 0.0)))
                _close(request, answer if moved or may_move(place) else "manual", now)
                tally.outcomes[request.outcome] += 1
                tally.doubtful += DOUBTFUL in place.reviews
                if before != [getattr(place, name) for name in PIN_FIELDS]:
                    changed.setdefault(claim.why, []).append(place)
        for why, rows in changed.items():
            _save(rows, f"geocode {why}")
        PinRequest.objects.bulk_update(requests.values(), ["state", "next_at", "outcome", "done_at"])


def _save(places: Sequence[PointOfSale], reason: str) -> None:
    """Rows and history, a statement each; triggers bring the search entries in step."""
    now = timezone.now()
    for place in places:
        place.updated_at = now
    PointOfSale.objects.bulk_update(places, [*PIN_FIELDS, "updated_at"])
    bulk.record_history(PointOfSale, [place.pk for place in places], "~", now, reason)


def _apply(place: PointOfSale, claim: Claim, answer: Answer, outside: float) -> bool:
    """Move the pin in memory where that is better, and say whether somebody should look at it; whether it moved."""
    if not may_move(place):
        if claim.why == Why.ADDRESS_CHANGED and place.pin_precision != Precision.MANUAL:
            mark(place, DOUBTFUL)
        return False
    if isinstance(answer, GeocodingError):
        mark(place, DOUBTFUL)
        return False
    if claim.why == Why.ADDRESS_CHANGED and _is_to_be_chosen(place, answer):
        mark(place, DOUBTFUL)
        tell(place.merchant, "found_anew", place=place.pk, fields=["pin"])
        return False
    moves = _is_better(place, answer, claim.why)
    if moves:
        place_at(place, answer)
    if moves or place.pin_precision == Precision.COMMUNE:
        (mark if _is_doubtful(answer, outside) else settle)(place, DOUBTFUL)
    elif claim.why == Why.ADDRESS_CHANGED:
        mark(place, DOUBTFUL)
    return moves


def _is_to_be_chosen(place: PointOfSale, found: Resolution) -> bool:
    """Whether an owner is asked which to keep, as when the service answers at once: its pin is more than a stopgap."""
    stopgaps = ("", Precision.COMMUNE)
    owned = place.merchant.owner_id is not None
    return owned and place.pin_precision not in stopgaps and found.precision not in stopgaps


def _is_better(place: PointOfSale, found: Resolution, why: str) -> bool:
    """Whether the pin found is worth more than the one there, which for another address is worth a commune's centre."""
    there = PRECISIONS.index(place.pin_precision)
    new = PRECISIONS.index(found.precision)
    if place.pin is None:
        return True
    if found.precision == Precision.COMMUNE:
        return there <= new and Position.from_geos(place.pin) != found.position
    return (new, found.score) >= (there, place.pin_score or 0) or why == Why.ADDRESS_CHANGED


def _is_doubtful(found: Resolution, outside: float) -> bool:
    if found.precision == Precision.COMMUNE:
        return found.note != "no_street"
    return found.score < SURE_SCORE or outside > ACCEPTED_M


def _outside(answers: Sequence[tuple[Claim, Answer]]) -> dict[int, float]:
    """Metres from what was found to the commune of the address."""
    found = [(c, a) for c, a in answers if isinstance(a, Resolution) and a.commune]
    gaps = metres_outside((answer.commune, answer.position) for _, answer in found)
    return {claim.place: gap for (claim, _), gap in zip(found, gaps, strict=True)}


def _close(request: PinRequest, answer: Answer | str, now: object) -> None:
    """The request is done with: a precision, or why it is not better than the commune."""
    request.state = State.FAILED if isinstance(answer, GeocodingError) else State.DONE
    if isinstance(answer, GeocodingError):
        request.outcome = answer.code
    elif isinstance(answer, str):
        request.outcome = answer
    else:
        request.outcome = answer.note or answer.precision if answer.precision == Precision.COMMUNE else answer.precision
    request.done_at = now  # type: ignore[assignment]
