"""Offers written down from what a merchant typed: many at once, changed one by one. In the caller's transaction."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from directory.first_states import keep_first_state
from directory.models import Offer, PointOfSale, Product
from directory.moderating.proposals import product_for, propose
from directory.offering.prices import NotAPriceError, Price, says_more, split_price
from directory.offering.understanding import Understood, understood
from geo.folding import fold, one_line

MOST_OFFERS, LONGEST_LINE = 100, 200
# Between lines, or at commas that are no decimal sign.
_BETWEEN = re.compile(r"[\n;]+|,(?!\d)|(?<!\d),")


class TooMany(Exception):  # noqa: N818 - named for what happened
    """More than a sheet can show."""


@dataclass(frozen=True, slots=True)
class Line:
    """Something sold, as it was typed, and what we made of it."""

    said: str
    means: Understood
    price: Price | None = None


def read_lines(text: str) -> list[Line]:
    """What is named in a text, each once, in its order. Raises NotAPriceError."""
    lines: list[Line] = []
    for part in filter(None, map(one_line, _BETWEEN.split(text.replace("\r", "\n")))):
        try:
            belongs, price = says_more(part, lines[-1].said) if lines else (False, None)
            said, own_price = split_price(part)
        except NotAPriceError as error:
            raise NotAPriceError(error.code, part) from None
        if belongs:
            lines[-1] = _with(lines[-1], part, price)
        elif fold(said):
            lines.append(Line(said[:LONGEST_LINE], understood(said[:LONGEST_LINE]), own_price))
    once: dict[str, Line] = {}
    for line in lines:
        once.setdefault(fold(line.said), line)
    return list(once.values())


def _with(line: Line, part: str, price: Price | None) -> Line:
    """A line and what more is said of it: its price, or words beside the price that it has."""
    if price and not line.price and not line.said[-1].isdigit():  # "pommes 1, 50 €"
        return replace(line, price=price)
    return replace(line, said=f"{line.said} ({part})"[:LONGEST_LINE])


def add(place: PointOfSale, lines: Sequence[Line], by: Any) -> list[Offer]:
    """The offers of these lines; one that is there already is found, not made twice. Raises TooMany."""
    there = list(place.offers.select_related("product"))
    products = {product.code: product for product in Product.objects.filter(code__in=[one.means.code for one in lines])}
    made = []
    for one in lines:
        product = products.get(one.means.code)
        offer = Offer(point_of_sale=place, product=product, line=line_beside(one.said, product))
        if any(_same(offer, other) for other in there):
            continue
        set_price(offer, one.price)
        there.append(offer)
        made.append(offer)
    if len(there) > MOST_OFFERS:
        raise TooMany
    for offer in made:
        keep(offer, by)
    return made


def keep(offer: Offer, by: Any) -> None:
    """Save it; a word that the vocabulary lacks is proposed to the moderators."""
    if offer.pk is not None:
        keep_first_state(Offer, offer.pk)
    if offer.product_id is None:  # a word that moderators attached to a product
        offer.product_id = product_for(offer.line)
    offer._history_user = by  # type: ignore[attr-defined]  # django-simple-history reads it off the row
    offer.save()
    if offer.product_id is None and not understood(offer.line).maybe:
        propose(offer.line, by)


def remove(offer: Offer, by: Any) -> int:
    """The id by which it may be put back."""
    pk, offer._history_user = offer.pk, by  # type: ignore[attr-defined]
    offer.delete()
    return int(Offer.history.filter(id=pk, history_type="-").latest().pk)


def removed(place: PointOfSale, id_: int) -> Offer | None:
    """What was removed from the point of sale under that id, if it is not back, with its words, price and season."""
    row = Offer.history.filter(pk=id_, history_type="-", point_of_sale=place.pk).first()
    if row is None or Offer.objects.filter(pk=row.id).exists():
        return None
    offer: Offer = row.instance
    offer.product = Product.objects.filter(pk=offer.product_id).first()
    return offer


def put_back(place: PointOfSale, id_: int, by: Any) -> Offer | None:
    """The offer that was removed under that id; None where it, or the same, is there. Raises TooMany."""
    offer = removed(place, id_)
    if offer is None or is_twice(offer):
        return None
    if place.offers.count() >= MOST_OFFERS:
        raise TooMany
    keep(offer, by)
    return offer


def is_twice(offer: Offer) -> bool:
    """Whether its point of sale has the same already."""
    others = offer.point_of_sale.offers.exclude(pk=offer.pk).select_related("product")
    return any(_same(offer, other) for other in others)


def line_beside(said: str, product: Any) -> str:
    """The merchant's own words, where they say more than the product's name does."""
    return "" if product is not None and fold(said) in (fold(product.label_fr), fold(product.label_en)) else said


def set_price(offer: Offer, price: Price | None) -> None:
    offer.price_min = price.low if price else None
    offer.price_max = price.high if price else None
    offer.unit = price.unit if price else ""


def _same(one: Offer, other: Offer) -> bool:
    return one.product_id == other.product_id and fold(one.line) == fold(other.line)
