"""Reads what a person typed for a place: the name's words, and the postcode or département beside them. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from geo.folding import ARTICLES, LINKS, place_words

MAX_LENGTH = 200  # the API's bound for a text; what is longer names no place

# Words before a name that say where, in French and English, not what. Articles stay: "Le Blanc" is a town.
FILLERS = frozenset(
    {"a", "au", "aux", "de", "du", "des", "d", "dans", "en", "sur", "vers", "par", "pres", "proche", "autour"}
    | {"in", "at", "near", "around", "close", "to", "of", "from", "by", "within"}
)
# The same with an article before them: "la ville de", "les environs de".
ADMINISTRATIVE_NOUNS = frozenset({"commune", "departement", "dpt", "dept"})
COMMUNE_NOUNS = frozenset({"commune", "ville", "village", "bourg", "mairie", "town"})
FILLER_NOUNS = ADMINISTRATIVE_NOUNS | COMMUNE_NOUNS | {"centre", "environs", "alentours"}
INTRODUCING_LINKS = frozenset({"de", "du", "des", "d", "of"})
AFTER = frozenset({"france"})

_ARRONDISSEMENT = re.compile(r"\b\d{1,2} ?(?:er|e|eme|nd) arrondissement\b")
_CEDEX = re.compile(r"\bcedex(?: \d{1,2})?\b")
_SPACED_POSTCODE = re.compile(r"\b([0-9]{2}) ([0-9]{3})\b")
_POSTCODE = re.compile(r"[0-9]{5}")
_POSTCODE_BEGINNING = re.compile(r"[0-9]{3,4}")
_DEPARTEMENT = re.compile(r"[0-9]{2}|2[ab]|9[78][0-9]")


@dataclass(frozen=True, slots=True)
class TypedPlace:
    """`words` as typed, `name` the same without fillers; codes are empty when not typed."""

    words: tuple[str, ...]
    name: tuple[str, ...]
    postcode: str = ""
    postcode_beginning: str = ""
    departement: str = ""
    only: Literal["", "departement", "commune"] = ""


def read_place(text: str) -> TypedPlace:
    """The parts of a typed place. Never fails: a text that means nothing has no words and no codes."""
    folded = " ".join(place_words(text[:MAX_LENGTH]))[:MAX_LENGTH]
    words = _SPACED_POSTCODE.sub(r"\1\2", _CEDEX.sub(" ", _ARRONDISSEMENT.sub(" ", folded))).split()
    if len(words) == 1 and _POSTCODE_BEGINNING.fullmatch(words[0]) and not _DEPARTEMENT.fullmatch(words[0]):
        return TypedPlace((), (), postcode_beginning=words[0])
    postcode = _take_postcode(words)
    departement = _take_departement(words)
    while len(words) > 1 and words[-1] in AFTER:
        words.pop()
    name, nouns = without_fillers(words)
    only: Literal["", "departement", "commune"] = ""
    if nouns & (ADMINISTRATIVE_NOUNS - {"commune"}):
        only = "departement"
    elif nouns & COMMUNE_NOUNS:
        only = "commune"
    return TypedPlace(tuple(words), tuple(name), postcode, "", departement, only)


def _take_postcode(words: list[str]) -> str:
    """Takes the last postcode out of the words: in an address a number of five digits may come before it."""
    for i in range(len(words) - 1, -1, -1):
        if _POSTCODE.fullmatch(words[i]):
            return words.pop(i)
    return ""


def _take_departement(words: list[str]) -> str:
    """Takes a département's code out of the words, where people put one: at the end ("Vendôme 41") or before."""
    for i in (len(words) - 1, 0):
        if words and _DEPARTEMENT.fullmatch(words[i]):
            return words.pop(i).upper()
    return ""


def without_fillers(words: list[str]) -> tuple[list[str], set[str]]:
    """The words after "autour de", "la ville de"…, and the nouns dropped. The last word is always kept."""
    start, nouns = 0, set[str]()
    while start < len(words) - 1:
        here, following = words[start], words[start + 1]
        if here in FILLERS:
            start += 1
        elif _is_filler_noun(words, start):
            nouns.add(here)
            start += 1
        elif here in ARTICLES and _is_filler_noun(words, start + 1):
            nouns.add(following)
            start += 2
        else:
            break
    return words[start:], nouns


def _is_filler_noun(words: list[str], at: int) -> bool:
    """Whether the noun only introduces a name ("ville de Blois") and is not part of it ("La Ville-aux-Clercs")."""
    if words[at] not in FILLER_NOUNS or at + 1 >= len(words):
        return False
    if words[at] in ADMINISTRATIVE_NOUNS:
        return True
    return words[at + 1] in INTRODUCING_LINKS or _is_filler_noun(words, at + 1)


def split_departement(words: tuple[str, ...], names: dict[str, str]) -> tuple[tuple[str, ...], str]:
    """The words before a département's name at the end, and its code: "Vendôme, Loir-et-Cher". ("", "") when none.

    `names` maps folded names to codes. What comes before must stand as a name: "Selles sur" does not, so that
    "Selle sur Cher" is never read as a place in Cher.
    """
    for length in range(min(4, len(words) - 1), 0, -1):
        if code := names.get(" ".join(words[-length:])):
            before = list(words[:-length])
            if before[-2:] in (["dans", "le"], ["dans", "l"]):
                before = before[:-2]
            elif before[-1:] == ["en"]:
                before = before[:-1]
            if before and before[-1] not in LINKS | ARTICLES:
                return tuple(before), code
    return (), ""
