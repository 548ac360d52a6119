"""The sheet as schema.org JSON-LD: one LocalBusiness for each point of sale, public values only.

https://schema.org/LocalBusiness, and what search engines read of it:
https://developers.google.com/search/docs/appearance/structured-data/local-business
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, time
from typing import Any
from urllib.parse import urljoin

from django.conf import settings

from directory.hours.weeks import Day, Spell
from directory.models import Offer
from directory.vocabulary import vocabulary
from maps.sheets.building import Place, Sheet
from maps.sheets.rules import changes_with_the_year

# The type of an activity and of all below it, where schema.org has one that is certain.
TYPES = {
    "bakery": "Bakery", "brewery": "Brewery", "distillery": "Distillery", "winery": "Winery", "butcher": "Store",
    "food_shop": "Store", "grocery": "GroceryStore", "supermarket": "GroceryStore", "greengrocer": "GroceryStore",
    "organic_shop": "GroceryStore", "bulk_shop": "GroceryStore", "farm_shop": "Store",
    "eating_out": "FoodEstablishment", "restaurant": "Restaurant", "cafe": "CafeOrCoffeeShop", "bar": "BarOrPub",
    "fast_food": "FastFoodRestaurant", "ice_cream_parlour": "IceCreamShop",
    "retail": "Store", "bookshop": "BookStore", "toy_shop": "ToyStore", "clothes_shop": "ClothingStore",
    "shoe_shop": "ShoeStore", "jeweller": "JewelryStore", "optician": "Optician", "florist": "Florist",
    "plant_nursery": "GardenStore", "bike_shop": "BikeStore", "hardware_store": "HardwareStore",
    "computer_shop": "ComputerStore", "furniture_shop": "FurnitureStore",
    "hairdresser": "HairSalon", "beauty_salon": "BeautySalon", "garage": "AutoRepair", "plumber": "Plumber",
    "electrician": "Electrician", "house_painter": "HousePainter", "dry_cleaner": "DryCleaningOrLaundry",
}  # fmt: skip
ELSEWHERE = {"market_stall", "vending_machine", "collection_point"}  # a stall is no bakery
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def linked_data(sheet: Sheet, url: str) -> dict[str, Any]:
    """What concerns the merchant is said once: of its one point of sale, or of what its points of sale belong to."""
    merchant = {
        "name": sheet.name,
        "description": sheet.description,
        "email": sheet.email,
        "sameAs": [address for address in (sheet.website, sheet.shop_url) if address],
    }
    places = [_place(sheet, place, url) for place in sheet.places]
    if len(places) == 1:
        return _filled(merchant | places[0])
    id_ = f"{url}#commercant"
    organization = {"@type": "Organization", "@id": id_, "url": url, **merchant}
    members = [organization, *(place | {"parentOrganization": {"@id": id_}} for place in places)]
    return {"@graph": [_filled(member) for member in members]}


def _filled(members: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in members.items() if value not in (None, "", [], {})}


def _place(sheet: Sheet, place: Place, url: str) -> dict[str, Any]:
    seasonal = changes_with_the_year(place.hours_text)
    return {
        "@type": business_type(place),
        "@id": f"{url}#lieu-{place.id}",
        "name": place.name,
        "url": url,
        "address": _filled(
            {
                "@type": "PostalAddress",
                "streetAddress": place.street,
                "postalCode": place.postcode,
                "addressLocality": place.commune,
                "addressRegion": settings.REGION["name"],
                "addressCountry": "FR",
            }
        ),
        "geo": _coordinates(place),
        "areaServed": _area_served(place),
        "telephone": sheet.international_phone,
        "openingHoursSpecification": [spec for spell in place.weeks for spec in _week(spell, seasonal)],
        "specialOpeningHoursSpecification": [spec for spell in place.weeks for spec in _dates(spell)],
        "image": [urljoin(url, photo.href) for photo in place.photos],
        "makesOffer": [_offer(offer.name, offer.line if offer.product else "", offer.offer) for offer in place.offers],
    }


def business_type(place: Place) -> str:
    """The most apt type of the first activity that has one."""
    if place.kind_code in ELSEWHERE:
        return "LocalBusiness"
    words = vocabulary()
    known = [words.by_code[code] for code in place.activity_codes if code in words.by_code]
    above = [words.by_id[id_].code for term in known for id_ in term.path]
    return next((TYPES[code] for code in above if code in TYPES), "LocalBusiness")


def _coordinates(place: Place) -> dict[str, Any]:
    lon, lat = place.position.rounded()
    return {"@type": "GeoCoordinates", "latitude": lat, "longitude": lon}


def _area_served(place: Place) -> dict[str, Any] | list[dict[str, Any]] | None:
    areas: list[dict[str, Any]] = [{"@type": "City", "name": name} for name in place.service_communes]
    if place.service_radius_km:
        circle = {"geoMidpoint": _coordinates(place), "geoRadius": place.service_radius_km * 1000}
        areas.insert(0, {"@type": "GeoCircle", **circle})
    return areas[0] if len(areas) == 1 else areas or None


def _week(spell: Spell, seasonal: bool) -> Iterator[dict[str, Any]]:
    """Hours and the weekdays that have them; a weekday without any is closed. Dated where seasons change them."""
    days: dict[tuple[time, time], list[str]] = {}
    for weekday, day in zip(WEEKDAYS, spell.week, strict=True):
        for stretch in day.open:
            days.setdefault(stretch, []).append(weekday)
    validity = _valid(spell.first, spell.last) if seasonal else {}
    for stretch, weekdays in days.items():
        yield {**_hours(stretch), "dayOfWeek": weekdays, **validity}


def _dates(spell: Spell) -> Iterator[dict[str, Any]]:
    """Dates that differ. Closed all day is said by hours from midnight to midnight; what is unknown is not said."""
    for other in spell.differing:
        for stretch in _stretches(other.day):
            yield {**stretch, **_valid(other.first, other.last)}


def _stretches(day: Day) -> Sequence[dict[str, Any]]:
    if not day.open and day.known:
        return [{"@type": "OpeningHoursSpecification", "opens": "00:00", "closes": "00:00"}]
    return [_hours(stretch) for stretch in day.open]


def _hours(stretch: tuple[time, time]) -> dict[str, Any]:
    opens, closes = stretch
    all_day = opens == closes == time()
    return {
        "@type": "OpeningHoursSpecification",
        "opens": f"{opens:%H:%M}",
        "closes": "23:59" if all_day else f"{closes:%H:%M}",
    }


def _valid(first: date, last: date) -> dict[str, str]:
    return {"validFrom": first.isoformat(), "validThrough": last.isoformat()}


def _offer(name: str, line: str, offer: Offer) -> dict[str, Any]:
    low, high = offer.price_min, offer.price_max
    one = low if high is None or low == high else high if low is None else None
    price = {"price": one} if one is not None else {"minPrice": low, "maxPrice": high}
    amounts = {key: f"{value:.2f}" for key, value in price.items() if value is not None}
    specification = {"@type": "UnitPriceSpecification", **amounts, "priceCurrency": "EUR", "unitText": offer.unit}
    return _filled(
        {
            "@type": "Offer",
            "name": name,
            "description": line,
            "priceSpecification": _filled(specification) if amounts else None,
        }
    )
