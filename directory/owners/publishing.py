"""What an owner decides of its entry as a whole: publish it, hide it, say that it closed for good."""

from __future__ import annotations

from collections.abc import Iterable

from directory.models import Label, MerchantLabel, Offer, PointOfSale
from directory.moderating.reviews import mark, settle
from directory.owners.leaving import is_leaving
from directory.twins import live_twin

Review = PointOfSale.Review
Status = PointOfSale.Status


def why_not(place: PointOfSale) -> str:
    """What stands in the way of publishing: a code, or nothing."""
    if is_leaving(place.merchant_id):
        return "leaving"
    if place.commune_id is None or place.pin is None:
        return "no_pin"
    if not place.activities.exists():
        return "no_activity"
    if Review.DUPLICATE in place.reviews:
        return "duplicate"
    return "twin" if live_twin(place) else ""


def publish(place: PointOfSale) -> str:
    """Published, in memory; or why it is not. Its owner vouches for the name and the trade; moderators see it after."""
    if code := why_not(place):
        return code
    if place.status == Status.DRAFT:
        mark(place, Review.NEW)
    elif _somebody_else_hid(place):
        mark(place, Review.CHANGED)
    settle(place, Review.NATURAL_PERSON, Review.UNKNOWN_ACTIVITY)
    place.status = Status.PUBLISHED
    return ""


def _somebody_else_hid(place: PointOfSale) -> bool:
    """Whether another than its owner has hidden it, or hid it again, since it was last shown."""
    others = place.history.exclude(history_user=None).exclude(history_user=place.merchant.owner_id)
    shown = place.history.exclude(status=Status.HIDDEN).order_by("-history_id").values("history_id")[:1]
    return place.status == Status.HIDDEN and others.filter(history_id__gt=shown).exists()


def hide(place: PointOfSale) -> None:
    """Out of sight until its owner publishes it again, in memory."""
    place.status, place.stale_since = Status.HIDDEN, None


def close(place: PointOfSale) -> None:
    """Closed for good, in memory; the sheet says so."""
    place.status = Status.CLOSED


def set_labels(place: PointOfSale, labels: Iterable[str], offered: Iterable[str]) -> None:
    """Of the labels that were offered, those that the merchant says it holds, by code.

    One that it takes back and declares again is declared.
    """
    wanted = set(labels)
    links = {link.label.code: link for link in place.merchant.label_links.select_related("label")}
    for code in links.keys() & set(offered) - wanted:
        links[code].delete()
    for term in Label.objects.filter(code__in=wanted - links.keys()).order_by("rank"):
        MerchantLabel.objects.create(merchant=place.merchant, label=term)


def copy_sold(from_: PointOfSale, to: PointOfSale) -> None:
    """The same trades, products and services, each offer a row of its own."""
    to.activities.set(from_.activities.all())
    to.services.set(from_.services.all())
    for offer in Offer.objects.filter(point_of_sale=from_).order_by("pk"):
        offer.pk, offer.point_of_sale, offer._state.adding = None, to, True
        offer.save()
