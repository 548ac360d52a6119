"""Invented French names: merchants, lieux-dits, streets. No surname, no brand: see fixtures/demo/names.toml."""

from __future__ import annotations

import math
import random
from bisect import bisect
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import accumulate, permutations
from typing import Any, NamedTuple

from directory.demo.tables import Draw, Tables, Trade
from geo.folding import fold

VOWELS = frozenset("AEIOUYÀÂÉÈÊËÎÏÔŒÛ")
GOLDEN = (5**0.5 - 1) / 2


class Phrase(NamedTuple):
    """A name as sentences need it: "Grand Chêne", "Le Grand Chêne", "du Grand Chêne"."""

    bare: str
    the: str
    of: str


def phrase(article: str, bare: str) -> Phrase:
    """`article` is "le", "la", "les" or "l'"."""
    of = {"le": "du ", "les": "des ", "la": "de la ", "l'": "de l'"}[article]
    the = "L'" if article == "l'" else f"{article.capitalize()} "
    return Phrase(bare, the + bare, of + bare)


def singular(article: str, bare: str) -> Phrase:
    return phrase("l'" if bare[0] in VOWELS else article, bare)


def at_place(commune: str) -> str:
    """`à Vendôme`, `au Blanc`, `aux Aix-d'Angillon`."""
    for article, at in (("Le ", "au "), ("Les ", "aux ")):
        if commune.startswith(article):
            return at + commune.removeprefix(article)
    return f"à {commune}"


def of_place(commune: str) -> str:
    """`de Vendôme`, `d'Orléans`, `du Blanc`, `des Aix-d'Angillon`."""
    for article, of in (("Le ", "du "), ("Les ", "des ")):
        if commune.startswith(article):
            return of + commune.removeprefix(article)
    return ("d'" if commune[:1] in VOWELS or commune[:1] == "H" else "de ") + commune


def slug(name: str) -> str:
    """For addresses at example.org."""
    return "-".join(filter(None, map(_folded, name.split(" "))))[:60].rstrip("-")


@cache
def _folded(word: str) -> str:
    """Names are made of few words: folding each once takes a quarter of the time."""
    return fold(word).replace(" ", "-")


def fields(words: dict[str, Any]) -> Iterator[Phrase]:
    """Lieux-dits: every noun, alone, in the plural, and with each adjective."""
    for gender, nouns, animals in (
        (0, words["masculine"], words["masculine_animals"]),
        (1, words["feminine"], words["feminine_animals"]),
    ):
        for noun in [*nouns, *animals]:
            yield from _forms(noun, gender, words, every=noun in nouns)


def _forms(noun: str, gender: int, words: dict[str, Any], every: bool) -> Iterator[Phrase]:
    article, vowel = ("le", "la")[gender], noun[0] in VOWELS
    adjective = 2 if gender else int(vowel)
    yield singular(article, noun)
    yield phrase("les", _plural(noun))
    for number in words["plural"] if every else words["plural"][:4]:
        yield phrase("les", f"{number[gender]} {_plural(noun)}")
    if every:
        for before in words["before"]:
            yield singular(article, f"{before[adjective]} {noun}")
        for after in words["after"]:
            yield singular(article, f"{noun} {after[adjective]}")


def _plural(noun: str) -> str:
    if noun[-1] in "sxz":
        return noun
    return noun + ("x" if noun.endswith("eau") else "s")


def landmark(text: str) -> Phrase:
    """From "la Halle" or "l'Écluse"."""
    article, bare = ("l'", text[2:]) if text.startswith("l'") else text.split(" ", 1)
    return phrase(article, bare)


class Walk:
    """Every whole number below `size` once, in an order that looks random and never comes near itself."""

    def __init__(self, size: int, seed: str):
        self.size = size
        self.start = int(random.Random(seed).random() * size)  # noqa: S311
        self.step = next(
            step for step in range(max(1, round(size * GOLDEN)), size + 2) if size == 1 or math.gcd(step, size) == 1
        )

    def __getitem__(self, rank: int) -> int:
        return (self.start + rank * self.step) % self.size


class Naming:
    """The names of one trade's merchants, by rank: no name comes twice before all have come once."""

    def __init__(self, trade: Trade, fillings: Mapping[str, Sequence[Phrase]], seed: int):
        own = {**fillings, "pair": [Phrase(p := f"{a} & {b}", p, p) for a, b in permutations(trade.words, 2)]}
        self.heads: list[tuple[str, str, str, Sequence[Phrase]]] = []
        for head in trade.heads:
            before, _, rest = head.partition("{")
            slot, _, after = rest.partition("}")
            form, _, kind = slot.rpartition("_")
            self.heads.append((before, form or "bare", after, own[kind]))
        self.bounds = list(accumulate(len(head[3]) for head in self.heads))
        self.fields = [head[3] is fillings["field"] for head in self.heads]
        self.walk = Walk(self.bounds[-1], f"{seed}:names:{trade.code}")

    def name(self, rank: int) -> tuple[str, Phrase | None]:
        """The name, and the lieu-dit that it tells of, if it does."""
        place = self.walk[rank]
        at = bisect(self.bounds, place)
        before, form, after, fillings = self.heads[at]
        filling = fillings[place - (self.bounds[at - 1] if at else 0)]
        return f"{before}{getattr(filling, form)}{after}", filling if self.fields[at] else None

    def again(self, rank: int) -> bool:
        """Whether the names have all come once by now, so that the commune's has to tell them apart."""
        return rank >= self.walk.size


class Names:
    """All the names of a demonstration."""

    STREETS = ("rue", "rue", "rue", "rue", "place", "avenue", "impasse", "allée", "ruelle", "boulevard")

    def __init__(self, tables: Tables, seed: int):
        self.fields = list(fields(tables.names["fields"]))
        self.landmarks = [landmark(text) for text in tables.names["landmarks"]]
        saints = [Phrase(saint, saint, saint) for saint in tables.names["saints"]]
        fillings = {"field": self.fields, "landmark": self.landmarks, "saint": saints}
        self.trades = {trade.code: Naming(trade, fillings, seed) for trade in tables.trades}

    def merchant(self, trade: Trade, rank: int, commune: str) -> tuple[str, Phrase | None]:
        naming = self.trades[trade.code]
        name, field = naming.name(rank)
        return (f"{name} {of_place(commune)}" if naming.again(rank) else name), field

    def field(self, random: Draw) -> Phrase:
        return self.fields[int(random() * len(self.fields))]

    def street(self, random: Draw) -> str:
        """Such as "rue des Tanneurs", without a number."""
        kind = self.STREETS[int(random() * len(self.STREETS))]
        return f"{kind} {self.landmarks[int(random() * len(self.landmarks))].of}"

    def lane(self, random: Draw) -> str:
        """Such as "chemin du Grand Chêne"."""
        return f"{'chemin' if random() < 0.6 else 'route'} {self.field(random).of}"
