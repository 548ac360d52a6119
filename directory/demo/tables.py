"""The words and weights of the demonstration, as plain values: from `fixtures/demo` and, for what grows where, from the
région's own `demo/terroirs.toml`.
"""

from __future__ import annotations

import csv
import tomllib
from bisect import bisect
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import Any

Draw = Callable[[], float]  # random.Random.random: the one method whose sequence every Python keeps


@dataclass(frozen=True, slots=True)
class Pool:
    """Codes to draw from by weight, after those that are always taken."""

    always: tuple[str, ...]
    codes: tuple[str, ...]
    bounds: tuple[float, ...]

    @classmethod
    def parse(cls, *texts: str) -> Pool:
        """From `code`, `code*3` (weighs 3) and `code!` (always), separated by `|`; weights of a code add up."""
        always: dict[str, None] = {}
        weights: dict[str, float] = {}
        for part in (part for text in texts for part in text.split("|") if part):
            code, _, weight = part.partition("*")
            if code.endswith("!"):
                always[code[:-1]] = None
            else:
                weights[code] = weights.get(code, 0) + float(weight or 1)
        drawn = {code: weight for code, weight in weights.items() if code not in always}
        return cls(tuple(always), tuple(drawn), tuple(accumulate(drawn.values())))

    def draw(self, count: int, random: Draw) -> list[str]:
        """`count` distinct codes, those always taken first; fewer when the pool is small."""
        taken = list(self.always)
        if not self.codes:
            return taken
        total, tries = self.bounds[-1], 4 * count
        while len(taken) < count and tries:
            tries -= 1
            code = self.codes[bisect(self.bounds, random() * total)]
            if code not in taken:
                taken.append(code)
        return taken


@dataclass(frozen=True, slots=True)
class Wares:
    """How a product is offered: its unit, prices in cents, the label that goes with its name, lines of merchants."""

    unit: str = ""
    prices: tuple[int, ...] = ()
    label: str | None = None
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Trade:
    """An activity and what its merchants share. `share` and `outside` are weights, `labels` and `services` rates."""

    code: str
    family: str
    share: int
    spread: str
    outside: float
    kind: str
    hours: tuple[str, ...]
    hidden: float
    radius_km: tuple[int, int] | None
    also: Pool
    products: str
    offers: tuple[int, int]
    labels: tuple[tuple[str, float], ...]
    services: tuple[tuple[str, float], ...]
    heads: tuple[str, ...]
    words: tuple[str, ...]
    openings: tuple[tuple[str, str], ...]
    closings: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Terroir:
    """A part of the région, by its towns or by whole départements, with what it favours."""

    name: str
    towns: tuple[str, ...]
    course: bool
    radius_km: float
    departements: tuple[str, ...]
    activities: dict[str, float]
    products: dict[str, str]


@dataclass(frozen=True, slots=True)
class Promise:
    """Merchants that must stand near a town, of every 2,000."""

    town: str
    radius_km: float
    merchants: dict[str, int]


@dataclass(frozen=True, slots=True)
class Tables:
    """All of it. `table` is how a product is offered where one eats and drinks."""

    trades: tuple[Trade, ...]
    wares: dict[str, Wares]
    table: dict[str, Wares]
    terroirs: tuple[Terroir, ...]
    promises: tuple[Promise, ...]
    hours: dict[str, tuple[str, ...]]
    names: dict[str, Any]

    def codes(self) -> set[str]:
        """Every code of the vocabulary that merchants may be given."""
        found = {*self.wares, *self.table}
        for trade in self.trades:
            pool = Pool.parse(trade.products)
            found |= {trade.code, *trade.also.codes, *pool.always, *pool.codes}
            found |= {code for code, _ in trade.labels + trade.services}
        for terroir in self.terroirs:
            pool = Pool.parse(*terroir.products.values())
            found |= {*terroir.activities, *terroir.products, *pool.always, *pool.codes}
        return found | {wares.label for wares in self.wares.values() if wares.label is not None}


def read_tables(folder: Path, terroirs_file: Path) -> Tables:
    """The tables of `folder`; a région without a terroirs file favours nothing anywhere."""
    hours = {family: tuple(texts) for family, texts in _toml(folder / "hours.toml").items()}
    names = _toml(folder / "names.toml")
    regional = _toml(terroirs_file) if terroirs_file.exists() else {}
    return Tables(
        trades=tuple(_trades(folder, hours, names)),
        wares={row["product"]: _wares(row) for row in _csv(folder / "offers.csv")},
        table={row["product"]: _wares(row) for row in _csv(folder / "table.csv")},
        terroirs=tuple(_terroir(row) for row in regional.get("terroir", [])),
        promises=tuple(Promise(**row) for row in regional.get("promise", [])),
        hours=hours,
        names=names,
    )


def _toml(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text("utf-8"))


def _csv(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _trades(folder: Path, hours: dict[str, tuple[str, ...]], names: dict[str, Any]) -> Iterable[Trade]:
    labels, services = _csv(folder / "labels.csv"), _csv(folder / "services.csv")
    words = _toml(folder / "descriptions.toml")
    for row in _csv(folder / "activities.csv"):
        scopes = (row["family"], row["code"])
        yield Trade(
            code=row["code"],
            family=row["family"],
            share=int(row["share"]),
            spread=row["spread"],
            outside=float(row["outside"]),
            kind=row["kind"],
            hours=hours[row["hours"]],
            hidden=float(row["hidden"]),
            radius_km=_span(row["radius_km"]) if row["radius_km"] else None,
            also=Pool.parse(row["also"]),
            products=row["products"],
            offers=_span(row["offers"]),
            labels=_rates("label", labels, scopes),
            services=_rates("service", services, scopes),
            heads=tuple(names["names"][row["code"]]["heads"]),
            words=tuple(names["names"][row["code"]].get("words", ())),
            openings=tuple((fr, en) for fr, en in words["openings"][row["code"]]),
            closings=tuple((fr, en) for fr, en in words["families"][row["family"]]),
        )


def _span(text: str) -> tuple[int, int]:
    low, _, high = text.partition("-")
    return int(low), int(high)


def _rates(column: str, rows: list[dict[str, str]], scopes: tuple[str, str]) -> tuple[tuple[str, float], ...]:
    """Rates of the family, then of the activity, which stand in for its family's."""
    rates: dict[str, float] = {}
    for scope in scopes:
        rates |= {row[column]: float(row["rate"]) for row in rows if row["scope"] == scope}
    return tuple(rates.items())


def _wares(row: dict[str, str]) -> Wares:
    prices: tuple[int, ...] = ()
    if row["low"]:
        low, high = (round(float(row[end]) * 100) for end in ("low", "high"))
        step = 5 if high < 500 else 10 if high < 2000 else 50 if high < 20_000 else 500
        prices = tuple(range(-(-low // step) * step, high + 1, max(step, (high - low) // 20 // step * step)))
    return Wares(row["unit"], prices, row["label"] or None, tuple(part for part in row["lines"].split("|") if part))


def _terroir(row: dict[str, Any]) -> Terroir:
    return Terroir(
        name=row["name"],
        towns=tuple(row.get("towns", ())),
        course=row.get("course", False),
        radius_km=row.get("radius_km", 0),
        departements=tuple(row.get("departements", ())),
        activities=row.get("activities", {}),
        products=row.get("products", {}),
    )
