"""Names found from a beginning that is misspelt: by how French sounds, then by a few wrong letters. Pure, in memory.

`NameIndex` forgives typos in names typed to their end. While someone is typing, only a beginning is there: "bolang"
must find "boulangerie", "vandom" must find "Vendôme".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from rapidfuzz import process
from rapidfuzz.distance import OSA

from geo.place_index import TYPO, TYPO_STEP, Fits

# In order: each rule reads what the ones before it wrote. Capitals are sounds that no single letter writes.
_RULES = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"ph", "f"),
        (r"sc(?=[eiy])", "s"),
        (r"s?ch|sh", "S"),
        (r"h", ""),
        (r"qu?|ck", "k"),
        (r"c(?=[eiy])", "s"),
        (r"c", "k"),
        (r"ge(?=[aou])|g(?=[eiy])", "j"),
        (r"gu(?=[eiy])", "g"),
        (r"gn|ni(?=[aeou])", "N"),
        (r"(?:(?<=[ae])ill?|ill|y)(?=[aeo])", "Y"),
        (r"(?:ai|ei|i|y|u)[nm](?![aeiouynm])", "I"),
        (r"[ae][nm](?![aeiouynm])", "A"),
        (r"o[nm](?![aeiouynm])", "O"),
        (r"oi", "wa"),
        (r"\B(?:es?|[sx])\b", ""),  # silent at a word's end
        (r"\W+", ""),
        (r"eau|au", "o"),
        (r"ou", "U"),
        (r"[ae][iy]|oeu|eu|oe", "e"),
        (r"y", "i"),
        (r"z", "s"),
        (r"(.)\1+", r"\1"),
    )
)
# A shorter beginning sounds like too many: it must be spelt right. Two wrong letters in seven make another word.
SHORTEST = 3
ONE_TYPO_FROM = 4
TWO_TYPOS_FROM = 8
# Above a typo: "fromaj" is how "fromage" sounds.
SOUND = TYPO + 0.02


def sound(words: str) -> str:
    """What folded words sound like in French, roughly: "vendome" and "vandomme" alike. Of no use for display."""
    for pattern, replacement in _RULES:
        words = pattern.sub(replacement, words)
    return words


def allowed_typos(length: int) -> int:
    """How many wrong sounds a beginning of `length` may have."""
    return 0 if length < ONE_TYPO_FROM else 1 if length < TWO_TYPOS_FROM else 2


class Sounding:
    """Items by what their names begin to sound like. `names` are (item, folded name), any number for an item."""

    def __init__(self, names: Iterable[tuple[int, str]]):
        # By first sound: people rarely mistake it, and a seventeenth of the names are left to compare.
        self._by_first: dict[str, tuple[list[str], list[int]]] = {}
        for heard, item in sorted({(sound(name), item) for item, name in names}):
            keys, items = self._by_first.setdefault(heard[:1], ([], []))
            keys.append(heard)
            items.append(item)

    def beginning(self, words: Sequence[str]) -> Fits:
        """Items of which a name begins nearly like the words, with how well it fits (below `geo.place_index.INNER`)."""
        typed = " ".join(words)
        fits: Fits = {}
        # Of an unfinished word one can't know how its last letter will sound: "bolang" goes on to "bolange".
        for heard in dict.fromkeys((sound(typed), sound(typed + "e"))):
            if len(heard) >= SHORTEST:
                self._compare(heard, fits)
        return fits

    def _compare(self, heard: str, fits: Fits) -> None:
        keys, items = self._by_first.get(heard[:1], ((), ()))
        allowed = allowed_typos(len(heard))
        for length in range(len(heard) - allowed, len(heard) + allowed + 1):
            beginnings = [key[:length] for key in keys]
            found = process.extract(heard, beginnings, scorer=OSA.distance, score_cutoff=allowed, limit=None)
            for _, distance, i in found:
                score = SOUND if distance == 0 else TYPO - TYPO_STEP * (distance - 1)
                fits[items[i]] = max(score, fits.get(items[i], 0.0))
