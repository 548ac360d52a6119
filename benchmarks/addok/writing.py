"""Addresses as people write them, from the town halls' own: each way by itself, the same for the same seed."""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Callable

from benchmarks.addok.indexing import TownHall
from geo.geocoding import Address

Draw = random.Random
SHORT = {
    "avenue": "av.", "boulevard": "bd", "place": "pl", "route": "rte", "chemin": "ch.", "allée": "all.",
    "impasse": "imp", "rue": "r.", "saint": "st", "sainte": "ste", "général": "gal", "docteur": "dr",
}  # fmt: skip
BEFORE = ("Mairie, ", "Hôtel de ville - ", "Bâtiment A, ", "Salle des fêtes, ", "Ets Martin, ")
AFTER = (", 1er étage", " BP 12", ", porte gauche", " (face à l'école)", ", bât. B")
WORD = re.compile(r"[^\W\d_]+")


def plain(text: str) -> str:
    """Without accents."""
    return "".join(char for char in unicodedata.normalize("NFD", text) if not unicodedata.combining(char))


def shortened(text: str) -> str:
    return WORD.sub(lambda word: SHORT.get(word[0].lower(), word[0]), text)


def mistyped(text: str, draw: Draw) -> str:
    """One slip in one word of four letters or more: a letter missing, doubled, wrong, or two the wrong way round."""
    words = [word for word in WORD.finditer(text) if len(word[0]) >= 4]
    if not words:
        return text
    word = draw.choice(words)
    at = draw.randrange(word.start() + 1, word.end() - 1)
    slip = draw.choice(("missing", "doubled", "wrong", "swapped"))
    if slip == "missing":
        return text[:at] + text[at + 1 :]
    if slip == "doubled":
        return text[:at] + text[at] + text[at:]
    if slip == "wrong":
        return text[:at] + draw.choice("abcdefghilmnoprstuv") + text[at + 1 :]
    return text[:at] + text[at + 1] + text[at] + text[at + 2 :]


def _fields(street: str, hall: TownHall, city: str | None = None) -> Address:
    return Address(street, hall.postcode, commune_name=hall.city if city is None else city)


def _line(street: str, hall: TownHall, city: str | None = None) -> Address:
    return Address(f"{street} {hall.postcode} {hall.city if city is None else city}")


def _capitals(hall: TownHall, draw: Draw) -> Address:
    return _line(plain(hall.street).upper(), hall, plain(hall.city).upper())


def _no_accents(hall: TownHall, draw: Draw) -> Address:
    return _fields(plain(hall.street).lower().replace("-", " "), hall, plain(hall.city).lower().replace("-", " "))


def _abbreviations(hall: TownHall, draw: Draw) -> Address:
    return _line(shortened(hall.street), hall, shortened(hall.city))


def _typo(hall: TownHall, draw: Draw) -> Address:
    return _fields(mistyped(hall.street, draw), hall)


def _postcode_only(hall: TownHall, draw: Draw) -> Address:
    return Address(hall.street, hall.postcode)


def _complement(hall: TownHall, draw: Draw) -> Address:
    before, after = draw.choice(((draw.choice(BEFORE), ""), ("", draw.choice(AFTER))))
    return _fields(f"{before}{hall.street}{after}", hall)


def _in_a_hurry(hall: TownHall, draw: Draw) -> Address:
    street = mistyped(plain(shortened(hall.street)), draw)
    return _line(street.upper(), hall, plain(shortened(hall.city)).upper())


WAYS: dict[str, Callable[[TownHall, Draw], Address]] = {
    "capitals, no accents": _capitals,
    "small letters, no accents or hyphens": _no_accents,
    "av., bd, st": _abbreviations,
    "a typo in the street": _typo,
    "postcode, no commune": _postcode_only,
    "a complement": _complement,
    "capitals, abbreviations and a typo": _in_a_hurry,
}
