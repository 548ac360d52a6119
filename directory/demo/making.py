"""The merchants themselves: pure, seeded, commune by commune. The same seed gives the same merchants on any machine.

Only `random.Random.random` is drawn from, because it is the one method whose sequence Python promises to keep; and
nothing depends on today's date, on the order of a set, or on another commune.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from directory.demo.land import Land, hilbert
from directory.demo.names import Names, at_place, of_place, slug
from directory.demo.placing import anywhere, near_centre
from directory.demo.tables import Draw, Pool, Tables, Trade, Wares
from directory.demo.terroirs import Settlement

PHONES = ("02 61 91", "06 39 98")  # set aside for fiction by ARCEP; landlines of the north-west, mobiles
VERIFIED_UNTIL = "2035-12-31"
IN_THE_COUNTRY = frozenset({"rural", "belt"})
# Chances that add up, in the country and in town.
PRECISIONS = ("housenumber", "street", "locality", "commune", "manual")
PRECISION_IN_THE_COUNTRY = (0.48, 0.67, 0.92, 0.97, 1.0)
PRECISION_IN_TOWN = (0.69, 0.89, 0.92, 0.97, 1.0)
SCORES = {"housenumber": (0.78, 0.2), "street": (0.66, 0.22), "locality": (0.56, 0.25)}
# Other points of sale of a merchant: the chance of one, and of each kind of it, adding up.
SECOND_POINT = {"farm": 0.24, "food_craft": 0.09}
SECOND_KINDS = (("market_stall", 0.62), ("vending_machine", 0.81), ("collection_point", 1.0))
NOTHING_SAID = Wares()
SECOND_SERVICES = {"vending_machine": ("vending_machine", "card_payment"), "collection_point": ("click_and_collect",)}


class DemoOffer(NamedTuple):
    """Prices in cents."""

    product: str
    line: str
    price_min: int | None
    price_max: int | None
    unit: str
    season: tuple[int, int] | None


class Pin(NamedTuple):
    lon: float
    lat: float
    precision: str
    source: str
    score: float | None
    label: str


class DemoPoint(NamedTuple):
    """A point of sale. `name` is empty where it bears the merchant's; `hours` is None where none are given."""

    name: str
    kind: str
    activities: tuple[str, ...]
    services: tuple[str, ...]
    offers: tuple[DemoOffer, ...]
    street: str
    postcode: str
    commune: str
    pin: Pin
    pin_hidden: bool
    radius_km: int | None
    hours: str | None
    status: str
    reviews: tuple[str, ...]


class DemoLabel(NamedTuple):
    label: str
    verified_by: str
    verified_until: str | None


class DemoMerchant(NamedTuple):
    """`consents` are the contact fields that everybody may see."""

    name: str
    description_fr: str
    description_en: str
    website: str
    shop_url: str
    phone: str
    email: str
    labels: tuple[DemoLabel, ...]
    consents: tuple[str, ...]
    points: tuple[DemoPoint, ...]


class Crowd(NamedTuple):
    """Communes that follow each other, by place, and the numbers of their merchants, who are counted from the first
    commune's on.
    """

    places: range
    numbers: range


def make(merchants: int, seed: int, lands: Sequence[Land], tables: Tables) -> Iterator[DemoMerchant]:
    """The merchants, commune by commune in the order of `lands`: neighbours together."""
    maker = Maker(merchants, seed, lands, tables)
    return (merchant for place in range(len(lands)) for merchant in maker.commune(place))


class Maker:
    """Makes the merchants of one commune at a time."""

    def __init__(self, merchants: int, seed: int, lands: Sequence[Land], tables: Tables):
        settlement = Settlement(lands, tables)
        self.lands, self.terroirs = lands, settlement.terroirs
        self.settled = settlement.settle(merchants, seed)
        self.tables, self.seed = tables, seed
        self.names = Names(tables, seed)
        self._pools: dict[tuple[str, ...], Pool] = {}
        self._named: dict[int, tuple[str, str, str]] = {}

    def commune(self, place: int) -> list[DemoMerchant]:
        """Its merchants, along a Hilbert curve."""
        draw = random.Random(f"{self.seed}:{self.lands[place].code}").random  # noqa: S311
        made = [self._merchant(place, trade, rank, draw) for trade, rank in self.settled.at(place)]
        west, south, east, north = self.lands[place].contour.bounds
        side = max(east - west, north - south) or 1.0

        def along(merchant: DemoMerchant) -> int:
            pin = merchant.points[0].pin
            return hilbert((pin.lon - west) / side, (pin.lat - south) / side, order=7)

        return sorted(made, key=along)

    def crowds(self, size: int) -> list[Crowd]:
        """All communes in order, in runs of at least `size` merchants, but for the last."""
        found: list[Crowd] = []
        first = before = made = 0
        for place in range(len(self.lands)):
            made += self.settled.count(place)
            if made - before >= size or place + 1 == len(self.lands):
                found.append(Crowd(range(first, place + 1), range(before, made)))
                first, before = place + 1, made
        return found

    def _merchant(self, place: int, trade: Trade, rank: int, draw: Draw) -> DemoMerchant:
        land = self.lands[place]
        name, field = self.names.merchant(trade, rank, land.name)
        address = slug(name)
        point = self._point(place, trade, field and field.the, draw)
        second = (self._second(place, name, point, draw),) if draw() < SECOND_POINT.get(trade.family, 0) else ()
        description_fr, description_en = self._descriptions(place, trade, draw)
        phone = f"{PHONES[draw() < 0.45]} {int(draw() * 100):02d} {int(draw() * 100):02d}" if draw() < 0.85 else ""
        email = f"{address}@example.org" if draw() < 0.65 else ""
        return DemoMerchant(
            name=name,
            description_fr=description_fr,
            description_en=description_en,
            website=f"https://example.org/{address}" if draw() < 0.35 else "",
            shop_url=f"https://example.org/{address}/boutique" if "online_shop" in point.services else "",
            phone=phone,
            email=email,
            labels=self._labels(trade, point.offers, draw),
            consents=tuple(field for field, value in (("phone", phone), ("email", email)) if value and draw() < 0.5),
            points=(point, *second),
        )

    def _point(self, place: int, trade: Trade, field: str | None, draw: Draw) -> DemoPoint:
        land = self.lands[place]
        country = trade.spread in IN_THE_COUNTRY
        postcode = land.postcodes[int(draw() * len(land.postcodes))]
        precision = _chosen(PRECISIONS, PRECISION_IN_THE_COUNTRY if country else PRECISION_IN_TOWN, draw)
        street = self._street(country, precision, field, draw)
        pin = self._pin(land, country, precision, f"{street} {postcode} {land.name}", draw)
        radius = trade.radius_km
        fate = draw()
        return DemoPoint(
            name="",
            kind=trade.kind,
            activities=(trade.code, *(trade.also.draw(1 + (draw() < 0.15), draw) if draw() < 0.32 else ())),
            services=tuple(service for service, rate in trade.services if draw() < rate),
            offers=self._offers(place, trade, draw),
            street=street,
            postcode=postcode,
            commune=land.code,
            pin=pin,
            pin_hidden=draw() < trade.hidden,
            radius_km=5 * round((radius[0] + (radius[1] - radius[0]) * draw()) / 5) if radius else None,
            hours=trade.hours[int(draw() * len(trade.hours))] if draw() < 0.8 else None,
            status="draft" if fate < 0.005 else "closed" if fate < 0.01 else "published",
            reviews=("doubtful_pin",) if pin.score is not None and pin.score < 0.62 and draw() < 0.3 else (),
        )

    def _street(self, country: bool, precision: str, field: str | None, draw: Draw) -> str:
        """A lieu-dit in the country is the one that the merchant's name tells of."""
        if precision == "locality":
            return field or self.names.field(draw).the
        way = self.names.lane(draw) if country and draw() < 0.6 else self.names.street(draw)
        return way if precision == "street" else f"{1 + int(draw() * draw() * 90)} {way}"

    def _pin(self, land: Land, country: bool, precision: str, address: str, draw: Draw) -> Pin:
        if precision == "commune":
            return Pin(land.lon, land.lat, precision, "gazetteer", None, land.name)
        lon, lat = anywhere(land, draw) if country else near_centre(land, draw)
        if precision == "manual":
            return Pin(lon, lat, precision, "manual", None, "")
        low, span = SCORES[precision]
        return Pin(lon, lat, precision, "demo", round(low + span * draw(), 2), address)

    def _offers(self, place: int, trade: Trade, draw: Draw) -> tuple[DemoOffer, ...]:
        low, high = trade.offers
        codes = self._pool(place, trade).draw(low + int(draw() * draw() * (high - low + 1)), draw)
        wares = self.tables.table if trade.family == "eating_out" else self.tables.wares
        return tuple([self._offer(code, wares.get(code, NOTHING_SAID), draw) for code in codes])

    def _pool(self, place: int, trade: Trade) -> Pool:
        code = trade.code
        texts = (trade.products, *[terr.products[code] for terr in self.terroirs[place] if code in terr.products])
        pool = self._pools.get(texts)
        if pool is None:
            pool = self._pools[texts] = Pool.parse(*texts)
        return pool

    def _offer(self, code: str, wares: Wares, draw: Draw) -> DemoOffer:
        line = wares.lines[int(draw() * len(wares.lines))] if wares.lines and draw() < 0.45 else ""
        if not wares.prices or draw() < 0.4:
            return DemoOffer(code, line, None, None, "", None)
        at = int(draw() * len(wares.prices))
        price_max = wares.prices[min(at + 3, len(wares.prices) - 1)] if draw() < 0.15 else None
        season = (first := 1 + int(draw() * 12), (first + 3) % 12 + 1) if draw() < 0.03 else None
        price = wares.prices[at]
        return DemoOffer(code, line, price, price_max if price_max != price else None, wares.unit, season)

    def _labels(self, trade: Trade, offers: Sequence[DemoOffer], draw: Draw) -> tuple[DemoLabel, ...]:
        held = [label for label, rate in trade.labels if draw() < rate]
        # Whoever makes a cheese, a wine or a bird that bears a label holds it, as a rule.
        for offer in offers if trade.family == "farm" else ():
            label = self.tables.wares[offer.product].label
            if label is not None and label not in held and draw() < 0.75:
                held.append(label)
        return tuple([
            DemoLabel(label, "Organisme certificateur (démonstration)", VERIFIED_UNTIL)
            if draw() < 0.2
            else DemoLabel(label, "", None)
            for label in held
        ])  # fmt: skip

    def _descriptions(self, place: int, trade: Trade, draw: Draw) -> tuple[str, str]:
        at_fr, at_en, of_fr = self._phrases(place)
        fr, en = trade.openings[int(draw() * len(trade.openings))]
        fr, en = fr.replace("{at}", at_fr).replace("{of}", of_fr), en.replace("{at}", at_en)
        if draw() < 0.5:
            closing_fr, closing_en = trade.closings[int(draw() * len(trade.closings))]
            return f"{fr} {closing_fr}", f"{en} {closing_en}"
        return fr, en

    def _phrases(self, place: int) -> tuple[str, str, str]:
        phrases = self._named.get(place)
        if phrases is None:
            name = self.lands[place].name
            phrases = self._named[place] = (at_place(name), f"in {name}", of_place(name))
        return phrases

    def _second(self, place: int, merchant: str, first: DemoPoint, draw: Draw) -> DemoPoint:
        """A stall, a vending machine or a collection point in a town nearby, with some of what the first sells."""
        chance = draw()
        kind = next(kind for kind, bound in SECOND_KINDS if chance < bound)
        towns = self.lands[place].towns
        land = self.lands[towns[int(draw() * len(towns))]]
        postcode = land.postcodes[int(draw() * len(land.postcodes))]
        what = {
            "market_stall": f"marché {of_place(land.name)}",
            "vending_machine": f"distributeur {of_place(land.name)}",
            "collection_point": f"retrait {at_place(land.name)}",
        }[kind]
        street = self.names.street(draw)
        kept = tuple([offer for offer in first.offers if draw() < 0.75])
        hours = self.tables.hours["market" if kind == "market_stall" else kind]
        return DemoPoint(
            name=f"{merchant} – {what}",
            kind=kind,
            activities=first.activities[:1],
            services=SECOND_SERVICES.get(kind, ("market_stall",)),
            offers=kept if len(kept) > 1 else first.offers[:2],
            street=street,
            postcode=postcode,
            commune=land.code,
            pin=self._pin(land, False, "street", f"{street} {postcode} {land.name}", draw),
            pin_hidden=False,
            radius_km=None,
            hours=hours[int(draw() * len(hours))],
            status=first.status,
            reviews=(),
        )


def _chosen(choices: Sequence[str], bounds: Sequence[float], draw: Draw) -> str:
    chance = draw()
    return next(choice for choice, bound in zip(choices, bounds, strict=True) if chance < bound)
