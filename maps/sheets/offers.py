"""What is sold, as the sheet shows it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.timezone import localtime

from directory.models import Offer
from directory.vocabulary import vocabulary
from maps import wording
from maps.results import is_in_season


@dataclass(frozen=True)
class OfferLine:
    """One thing sold: the product, the merchant's own words, price and season where they are given."""

    product: str
    line: str
    price: str
    season: str
    in_season: bool
    offer: Offer

    @property
    def name(self) -> str:
        return self.product or self.line


def offer_lines(ids: Iterable[int], now: datetime) -> dict[int, list[OfferLine]]:
    """Offers by point of sale, in the order of the vocabulary."""
    words, language, month = vocabulary(), wording.language(), localtime(now).month
    found: dict[int, list[OfferLine]] = {}
    for offer in Offer.objects.filter(point_of_sale__in=ids).order_by("product__rank", "pk"):
        term = words.by_id.get(offer.product_id) if offer.product_id else None
        months = _season(offer) or (term.season if term else None)
        line = OfferLine(
            product=term.label(language) if term else "",
            line=offer.line,
            price=wording.price(offer),
            season=wording.season(months),
            in_season=bool(months) and is_in_season(months or (), month),
            offer=offer,
        )
        found.setdefault(offer.point_of_sale_id, []).append(line)
    return found


def _season(offer: Offer) -> Sequence[int] | None:
    return (offer.season_first, offer.season_last) if offer.season_first and offer.season_last else None
