"""A merchant's sheet: every published point of sale, in words, from what is public only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import orjson
from django.utils import timezone
from django.utils.translation import gettext as _

from directory.hours.reading import states
from directory.models import Merchant, MerchantLabel, Offer, PointOfSale, SearchEntry, SourceRecord
from directory.vocabulary import vocabulary
from geo.gazetteer import gazetteer
from geo.points import Position
from maps import wording
from maps.drawing import Dot, drawing
from maps.results import directions, family_of
from maps.when import State, state

Kind = PointOfSale.Kind


@dataclass(frozen=True)
class OfferLine:
    """One thing sold: the product, the merchant's own words, price and season where they are given."""

    product: str
    line: str
    price: str
    season: str


@dataclass(frozen=True)
class LabelLine:
    name: str
    state: str


@dataclass(frozen=True)
class SourceLine:
    """Where an entry comes from; dates are None where they are not known."""

    name: str
    producer: str
    licence: str
    url: str
    published_on: Any
    imported_at: Any


@dataclass(frozen=True)
class Place:
    """A published point of sale as everybody may see it."""

    id: int
    name: str
    kind: str
    family: str
    activities: str
    services: str
    address: str
    commune: str
    departement: str
    rough: bool
    demo: bool
    offers: list[OfferLine]
    hours: list[str]
    state: State
    service_radius_km: int | None
    lat: float
    lon: float
    directions: str
    dot: Dot | None
    sources: list[SourceLine]


@dataclass(frozen=True)
class Sheet:
    merchant: Merchant
    name: str
    path: str  # in French, as cards have it: "/m/873-la-ferme/"
    description: str
    contact: dict[str, str]
    labels: list[LabelLine]
    places: list[Place]

    @property
    def demo(self) -> bool:
        return any(place.demo for place in self.places)


def sheet(merchant_id: int) -> Sheet | None:
    """The sheet of a merchant; None where it has no published point of sale."""
    entries = list(
        SearchEntry.objects.filter(merchant_id=merchant_id)
        .select_related("id__merchant", "id__schedule")
        .order_by("name", "pk")
    )
    if not entries:
        return None
    merchant = entries[0].id.merchant
    english = wording.language() == "en"
    ids = [entry.pk for entry in entries]
    now = timezone.now()
    open_states = states(ids, now)
    offers, sources = _offers(ids), _sources(ids)
    return Sheet(
        merchant=merchant,
        name=merchant.name,
        path=orjson.loads(entries[0].card)["url"],
        description=(english and merchant.description_en) or merchant.description_fr,
        contact=merchant.public_contact(),
        labels=[_label(link) for link in merchant.label_links.select_related("label").order_by("label__rank")],
        places=[
            _place(entry, offers.get(entry.pk, []), sources.get(entry.pk, []), state(*open_states[entry.pk], now))
            for entry in entries
        ],
    )


def _place(entry: SearchEntry, offers: list[OfferLine], sources: list[SourceLine], open_state: State) -> Place:
    """All that locates it comes from the entry, which holds public values only."""
    card = orjson.loads(entry.card)
    words, language = vocabulary(), wording.language()
    position = Position.from_geos(entry.public_point)
    lon, lat = position.rounded()
    family = family_of(card["activities"])
    commune = gazetteer().commune(card["commune"]["code"])
    map_of_region = drawing()
    point_of_sale = entry.id
    return Place(
        id=entry.pk,
        name=entry.name,
        kind=str(Kind(card["kind"]).label),
        family=family.code if family else "",
        activities=", ".join(words.labels(card["activities"], language)),
        services=", ".join(words.labels(card["services"], language)),
        address=card["address"] or "",
        commune=card["commune"]["name"],
        departement=gazetteer().departements.get(commune.departement, "") if commune else "",
        rough=card["pin"]["precision"] == "commune",
        demo=card["demo"],
        offers=offers,
        hours=wording.hours(point_of_sale.schedule.text) if point_of_sale.schedule else [],
        state=open_state,
        service_radius_km=point_of_sale.service_radius_km,
        lat=lat,
        lon=lon,
        directions=directions(position),
        dot=map_of_region.dot(card["commune"]["name"], position) if map_of_region else None,
        sources=sources,
    )


def _offers(ids: Iterable[int]) -> dict[int, list[OfferLine]]:
    """Offers by point of sale, in the order of the vocabulary."""
    words, language = vocabulary(), wording.language()
    found: dict[int, list[OfferLine]] = {}
    for offer in Offer.objects.filter(point_of_sale__in=ids).order_by("product__rank", "pk"):
        term = words.by_id.get(offer.product_id) if offer.product_id else None
        own = (offer.season_first, offer.season_last)
        months = own if own[0] and own[1] else (term.season if term else None)
        line = OfferLine(
            product=term.label(language) if term else "",
            line=offer.line,
            price=wording.price(offer),
            season=wording.season(months),  # type: ignore[arg-type]
        )
        found.setdefault(offer.point_of_sale_id, []).append(line)
    return found


def _sources(ids: Iterable[int]) -> dict[int, list[SourceLine]]:
    found: dict[int, list[SourceLine]] = {}
    records = SourceRecord.objects.filter(point_of_sale__in=ids).select_related("source").order_by("source__name", "pk")
    for record in records.only("point_of_sale_id", "imported_at", "source"):
        source = record.source
        line = SourceLine(
            source.name, source.producer, source.licence, source.url, source.published_on, record.imported_at
        )
        found.setdefault(record.point_of_sale_id, []).append(line)
    return found


def _label(link: MerchantLabel) -> LabelLine:
    """A label with who vouches for it; a verification that ran out is only a declaration."""
    valid = link.verified_until is None or link.verified_until >= timezone.localdate()
    if link.state == MerchantLabel.State.VERIFIED and valid:
        state = _("vérifié par {who}").format(who=link.verified_by) if link.verified_by else _("vérifié")
    else:
        state = _("déclaré par le commerçant")
    return LabelLine(link.label.label, state)
