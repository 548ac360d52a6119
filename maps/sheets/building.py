"""The sheet as the page shows it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote

import orjson
from django.utils import timezone
from django.utils.text import capfirst

from directory.hours.reading import State as OpenState
from directory.hours.reading import states
from directory.hours.weeks import Spell
from directory.models import Merchant, PointOfSale, Schedule, SearchEntry, web_address
from directory.phrases import lowered, phrase
from directory.vocabulary import vocabulary
from geo.french import at
from geo.gazetteer import gazetteer
from geo.points import Position
from maps import wording
from maps.chips import Link
from maps.pictures import Picture, pictures
from maps.plain.subjects import commune_path
from maps.platforms.cards import sold_on
from maps.results import directions, family_of
from maps.sheets.locator import Pinned, locator
from maps.sheets.moved import around
from maps.sheets.offers import OfferLine, offer_lines
from maps.sheets.opening import Hours, hours, usual_weeks
from maps.sheets.provenance import LabelLine, SourceLine, freshness_line, label_line, position_line, source_lines
from maps.when import State, state

Kind = PointOfSale.Kind
# A merchant's home comes before where it also sells.
KINDS = [kind.value for kind in Kind]
MOST_PRODUCTS = 8  # in the sentence that search engines and messages show


@dataclass(frozen=True)
class Place:
    """A published point of sale as everybody may see it."""

    id: int
    name: str
    title: str  # what it is, and its name where that is not the merchant's
    kind_code: str
    family: str
    activity_codes: list[str]
    activities: str
    services: list[str]
    address: str
    street: str
    postcode: str
    commune: str
    commune_href: str
    departement: str
    rough: bool
    demo: bool
    offers: list[OfferLine]
    weeks: Sequence[Spell]
    hours: Hours | None
    hours_text: str
    state: State
    service_area: str
    service_radius_km: int | None
    service_communes: list[str]
    position: Position
    geo_uri: str
    directions: str
    locator: Pinned | None
    around: Link | None
    position_from: str
    freshness: str
    stale: bool
    sources: list[SourceLine]
    photos: list[Picture]


@dataclass(frozen=True)
class Sheet:
    merchant: Merchant
    name: str
    path: str  # in French, as cards have it: "/m/873-la-ferme/"
    description: str
    shop_url: str
    sold_on: list[Link]
    website: str
    phone: str
    international_phone: str
    email: str
    labels: list[LabelLine]
    places: list[Place]

    @property
    def has_photos(self) -> bool:
        return any(place.photos for place in self.places)

    @property
    def demo(self) -> bool:
        return any(place.demo for place in self.places)

    @property
    def owned(self) -> bool:
        return self.merchant.owner_id is not None

    @property
    def summary(self) -> str:
        """ "Chèvrerie du Loir, chèvrerie à Vendôme (Loir-et-Cher) : fromage de chèvre, œufs." """
        place = self.places[0]
        english = wording.language() == "en"
        words = [phrase("activity", code) for code in place.activity_codes[:1]]
        what = [self.name, *((word.one_en if english else word.one_fr) for word in words)]
        where = f"in {place.commune}" if english else at(place.commune)
        said = f"{', '.join(what)} {where}{f' ({place.departement})' if place.departement else ''}"
        sold = [lowered(offer.name) for offer in place.offers[:MOST_PRODUCTS]]
        return f"{wording.headed(said, ', '.join(sold)) if sold else said}."


def sheet(merchant_id: int) -> Sheet | None:
    """The sheet of a merchant; None where it has no published point of sale."""
    rows = SearchEntry.objects.filter(merchant_id=merchant_id)
    entries = list(rows.select_related("id__merchant", "id__schedule", "area").defer("area__centre", "area__box"))
    if not entries:
        return None
    cards = {entry.pk: orjson.loads(entry.card) for entry in entries}
    entries.sort(key=lambda entry: (KINDS.index(cards[entry.pk]["kind"]), entry.name, entry.pk))
    merchant = entries[0].id.merchant
    now = timezone.now()
    open_states, offers, sources = states(cards, now), offer_lines(cards, now), source_lines(cards)
    photos = pictures(cards)
    contact = merchant.public_contact()
    return Sheet(
        merchant=merchant,
        name=merchant.name,
        path=cards[entries[0].pk]["url"],
        description=(wording.language() == "en" and merchant.description_en) or merchant.description_fr,
        shop_url=web_address(merchant.shop_url),
        sold_on=sold_on(merchant),
        website=web_address(merchant.website),
        phone=wording.phone(contact.get("phone", "")),
        international_phone=wording.international(contact.get("phone", "")),
        email=contact.get("email", ""),
        labels=[label_line(link) for link in merchant.label_links.select_related("label").order_by("label__rank")],
        places=[
            _place(
                entry,
                cards[entry.pk],
                offers.get(entry.pk, []),
                sources.get(entry.pk, []),
                photos.get(entry.pk, []),
                open_states[entry.pk],
                now,
            )
            for entry in entries
        ],
    )


def _place(
    entry: SearchEntry,
    card: dict[str, Any],
    offers: list[OfferLine],
    sources: list[SourceLine],
    photos: list[Picture],
    open_state: OpenState,
    now: datetime,
) -> Place:
    """All that locates it comes from the entry, which holds public values only."""
    point_of_sale, family = entry.id, family_of(card["activities"])
    return Place(
        id=entry.pk,
        name=entry.name,
        kind_code=card["kind"],
        family=family.code if family else "",
        services=vocabulary().labels(card["services"], wording.language()),
        demo=card["demo"],
        offers=offers,
        state=state(*open_state, now),
        position_from=position_line(card["pin"], point_of_sale, sources),
        freshness=freshness_line(point_of_sale),
        stale=point_of_sale.stale_since is not None,
        sources=sources,
        photos=photos,
        **_what(entry, card),
        **_address(point_of_sale, card),
        **_where(entry, card, family.code if family else ""),
        **_when(entry.id.schedule, now),
        **_reach(entry),
    )


def _what(entry: SearchEntry, card: dict[str, Any]) -> dict[str, Any]:
    """What it is, said once."""
    kind = str(capfirst(Kind(card["kind"]).label))
    activities = ", ".join(vocabulary().labels(card["activities"], wording.language()))
    return {
        "title": wording.headed(kind, entry.name) if entry.name != entry.id.merchant.name else kind,
        "activity_codes": card["activities"],
        "activities": "" if activities.lower() == kind.lower() else activities,
    }


def _address(point_of_sale: PointOfSale, card: dict[str, Any]) -> dict[str, Any]:
    """Its parts, where the card shows it; and the commune."""
    shown = card["address"] is not None
    commune = gazetteer().commune(card["commune"]["code"])
    return {
        "address": card["address"] or "",
        "street": point_of_sale.street if shown else "",
        "postcode": point_of_sale.postcode if shown else "",
        "commune": card["commune"]["name"],
        "commune_href": commune_path(commune) if commune else "",
        "departement": gazetteer().departements.get(commune.departement, "") if commune else "",
        "around": around(commune) if commune else None,
    }


def _where(entry: SearchEntry, card: dict[str, Any], family: str) -> dict[str, Any]:
    """The position, and what leads there."""
    position, rough = Position.from_geos(entry.public_point), card["pin"]["precision"] == "commune"
    drawn = locator(card["commune"]["code"])
    return {
        "rough": rough,
        "position": position,
        "geo_uri": geo_uri(position, "" if rough else entry.name),
        "directions": directions(position),
        "locator": drawn.pin(position, family, rough) if drawn else None,
    }


def _when(schedule: Schedule | None, now: datetime) -> dict[str, Any]:
    weeks = usual_weeks(schedule, now) if schedule else ()
    return {
        "weeks": weeks,
        "hours": hours(schedule.text, weeks, now) if schedule else None,
        "hours_text": schedule.text if schedule else "",
    }


def _reach(entry: SearchEntry) -> dict[str, Any]:
    """How far it comes."""
    radius, served = entry.id.service_radius_km, _served(entry)
    return {
        "service_area": wording.service_area(radius, served),
        "service_radius_km": radius,
        "service_communes": served,
    }


def _served(entry: SearchEntry) -> list[str]:
    """The names of the communes that are come to."""
    area = getattr(entry, "area", None)
    found = (gazetteer().commune(code) for code in area.communes) if area else ()
    return sorted(commune.name for commune in found if commune)


def geo_uri(position: Position, name: str) -> str:
    """Opens the maps of a phone: a named pin there (as Android reads `q`); without a name, the surroundings."""
    lon, lat = position.rounded()
    return f"geo:{lat},{lon}?q={lat},{lon}({quote(name, safe='')})" if name else f"geo:{lat},{lon}?z=13"
