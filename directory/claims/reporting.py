"""Somebody says that something is wrong with an entry. It changes nothing by itself: a person decides."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from directory.models import Claim, PointOfSale, Report
from directory.moderating import notices, reviews
from geo.points import Position

# What waits to be read about one point of sale; more of it helps nobody.
MOST_OPEN = 20
REPORTED = PointOfSale.Review.REPORTED


class TooMany(Exception):  # noqa: N818 - named for what happened
    """MOST_OPEN reports of the point of sale wait already."""


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody reports, parsed."""

    kind: str
    text: str = ""
    position: Position | None = None
    email: str = ""


def report(place: PointOfSale, said: Said) -> Report:
    """Write it down, once for all who say the same, have it looked at and tell the owner. Raises TooMany."""
    with transaction.atomic():
        place = _locked(place)
        waiting = list(place.reports.filter(state=Report.State.OPEN))
        if same := next((one for one in waiting if _says(one, said)), None):
            same.times += 1
            same.email = same.email or said.email
            same.save(update_fields=["times", "email"])
            return same
        if len(waiting) >= MOST_OPEN:
            raise TooMany
        point = said.position.to_geos() if said.position else None
        made = Report.objects.create(point_of_sale=place, kind=said.kind, text=said.text, point=point, email=said.email)
        notices.tell(place.merchant, "reported", place=place.pk, kind=said.kind, text=said.text)
        flag(place)
    return made


def handle(report: Report, state: str, by: Any) -> str | None:
    """Close an open report; the address that is to be told, which is kept nowhere any more. None: closed already."""
    with transaction.atomic():
        place = _locked(report.point_of_sale)
        report = Report.objects.get(pk=report.pk)
        if report.state != Report.State.OPEN:
            return None
        email, report.email = report.email, ""
        report.state, report.handled_by, report.handled_at = state, by, timezone.now()
        report.save()
        unflag(place)
    return email


def flag(place: PointOfSale) -> None:
    """Bring the point of sale before the moderators."""
    place = _locked(place)
    if REPORTED not in place.reviews:
        reviews.mark(place, REPORTED)
        _save(place)


def unflag(place: PointOfSale) -> None:
    """Take it back from them, unless something else of it waits."""
    place = _locked(place)
    if REPORTED in place.reviews and not waits(place):
        reviews.settle(place, REPORTED)
        _save(place)


def reflag(place: PointOfSale) -> None:
    """As what waits of it asks for, once reports and claims came or went."""
    (flag if waits(place) else unflag)(place)


def waits(place: PointOfSale) -> bool:
    """Whether a report or a claim is to be decided."""
    claimed = place.claims.filter(state__in=[Claim.State.ASKED, Claim.State.DISPUTED])
    return claimed.exists() or place.reports.filter(state=Report.State.OPEN).exists()


def _save(place: PointOfSale) -> None:
    # Not `updated_at`, which tells search engines that the page changed.
    place.save(update_fields=["reviews"])


def _locked(place: PointOfSale) -> PointOfSale:
    """The row as it is now; a second tap waits for the first."""
    return PointOfSale.objects.select_for_update(of=("self",), no_key=True).select_related("merchant").get(pk=place.pk)


def _says(one: Report, said: Said) -> bool:
    """Whether a report says that already, and nobody else waits for its answer."""
    there = Position.from_geos(one.point) if one.point else None
    same = (one.kind, one.text, there) == (said.kind, said.text, said.position)
    return same and (not said.email or one.email in ("", said.email))
