"""An in-memory index of names: exact, without small words, by their beginning, by an inner word, with typos.

Items are numbers given by the caller, in order of preference: where two fit as well, the smaller number comes first.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from heapq import nsmallest

from rapidfuzz import process
from rapidfuzz.distance import OSA

from geo.folding import SMALL_WORDS, loose_key, place_words, without_article

# How well words fit a name, best first. Each kind of fit is a step below the one before, so that a typo never beats a
# name that is spelt as typed, and what a hint (a département, a postcode) takes off keeps that order.
EXACT = 1.0  # the name itself
LOOSE = 0.95  # the name but for articles and links: "Ferté Saint Aubin"
FORMER = 0.92  # the name of a commune merged into this one: another may bear it today
HEAD = 0.85  # its first words: "Cloyes" for Cloyes-les-Trois-Rivières
PREFIX = 0.75  # its first letters, the last word unfinished: "bloi"
INNER = 0.65  # words from its middle: "Lanthenay" for Romorantin-Lanthenay
FORMER_STEP = 0.03  # taken off where only a former name fits
TYPO = 0.6  # one wrong letter; TYPO_STEP less for each more
TYPO_STEP = 0.1

# Among the 1,754 names of the région, 45 % of those of five letters have another name one letter away, 12 % of those
# of eight; two letters away, 37 % of those of nine and less than 5 % from thirteen on. Shorter words must be exact:
# at four letters every name has a neighbour two letters away.
ONE_TYPO_FROM = 5
TWO_TYPOS_FROM = 9
# One letter begins up to 286 names, which answers nothing.
SHORTEST_PREFIX = 2
# "Saint" begins 179 names: as a beginning it says no more than a letter does.
GENERIC_WORDS = frozenset({"saint", "sainte", "saints", "ville", "bourg", "notre", "dame"}) | SMALL_WORDS
# Heads shorter than this ("Selles", "Dun") are too near to one another to be guessed from a typo.
SHORTEST_TYPO_HEAD = 8

_AFTER_ALL = "\U0010ffff"
Fits = dict[int, float]


def allowed_typos(length: int) -> int:
    """How many wrong letters a text of `length` characters may have."""
    return 0 if length < ONE_TYPO_FROM else 1 if length < TWO_TYPOS_FROM else 2


class _Sorted:
    """Keys in order, with the item of each: the items of a prefix are one slice."""

    def __init__(self, pairs: Iterable[tuple[str, int]]):
        ordered = sorted(set(pairs))
        self._keys = [key for key, _ in ordered]
        self._items = [item for _, item in ordered]

    def between(self, low: str, high: str, limit: int) -> list[int]:
        """The `limit` preferred items whose key is in [low, high)."""
        items = self._items[bisect_left(self._keys, low) : bisect_left(self._keys, high)]
        return nsmallest(limit, items)


class NameIndex:
    """Items by name. `names` are (item, name, is a former name)."""

    def __init__(self, names: Iterable[tuple[int, str, bool]]):
        self._exact: dict[str, Fits] = {}
        self._loose: dict[str, Fits] = {}
        heads: dict[bool, list[tuple[str, int]]] = {False: [], True: []}
        inner: list[tuple[str, int]] = []
        typed: dict[str, int] = {}
        for item, words, is_former in _spellings(names):
            key, bare = " ".join(words), " ".join(without_article(words))
            _keep(self._exact, key, item, FORMER if is_former else EXACT)
            _keep(self._loose, loose_key(words) or key, item, FORMER - FORMER_STEP if is_former else LOOSE)
            heads[is_former] += [(key, item), (bare, item)]
            inner += [(text, item) for text in _inner_beginnings(words)]
            for text in (key, bare, *_typo_heads(words)):
                typed[text] = min(item, typed.get(text, item))
        self._heads, self._former_heads, self._inner = _Sorted(heads[False]), _Sorted(heads[True]), _Sorted(inner)
        self._typed: dict[int, dict[str, int]] = {}
        for text in sorted(typed):
            self._typed.setdefault(len(text), {})[text] = typed[text]
        self._longest = max(self._typed, default=0)
        self._typed_keys = {length: list(texts) for length, texts in self._typed.items()}

    def named(self, words: Sequence[str]) -> Fits:
        """Items with that very name, small words and former names allowed for."""
        fits = dict(self._loose.get(loose_key(list(words)), {}))
        _merge(fits, self._exact.get(" ".join(words), {}))
        return fits

    def beginning(self, words: Sequence[str], limit: int) -> Fits:
        """Items whose name begins with the words, the last one perhaps unfinished, or has them inside."""
        key = " ".join(words)
        if len(key) < SHORTEST_PREFIX:
            return {}
        head = PREFIX if all(word in GENERIC_WORDS for word in words) else HEAD
        fits: Fits = {}
        for heads, step in ((self._heads, 0.0), (self._former_heads, FORMER_STEP)):
            _merge(fits, dict.fromkeys(heads.between(key + " ", key + "!", limit), head - step))
            _merge(fits, dict.fromkeys(heads.between(key, key + _AFTER_ALL, limit), PREFIX - step))
        if len(fits) < limit and len(key) >= ONE_TYPO_FROM:
            _merge(fits, dict.fromkeys(self._inner.between(key, key + _AFTER_ALL, limit), INNER))
        return fits

    def similar(self, words: Sequence[str]) -> Fits:
        """Items whose name, or its first words, is the text but for a few wrong letters."""
        key = " ".join(words)
        allowed = allowed_typos(len(key))
        fits: Fits = {}
        if not allowed or len(key) > self._longest + allowed:
            return fits
        for length in range(len(key) - allowed, len(key) + allowed + 1):
            keys = self._typed_keys.get(length)
            if not keys:
                continue
            found = process.extract(key, keys, scorer=OSA.distance, score_cutoff=allowed, limit=None)
            for text, distance, _ in found:
                score = TYPO - TYPO_STEP * (distance - 1) - (0.0 if text[0] == key[0] else TYPO_STEP / 2)
                _merge(fits, {self._typed[length][text]: min(score, TYPO)})
        return fits


def _spellings(names: Iterable[tuple[int, str, bool]]) -> Iterator[tuple[int, list[str], bool]]:
    """The words of each name; of "Commune nouvelle d'Arrou", which nobody says, also those of the commune before it."""
    for item, name, is_former in names:
        words = place_words(name)
        if words:
            yield item, words, is_former
        if words[:2] == ["commune", "nouvelle"] and words[3:]:
            yield item, words[3:], is_former


def _keep(index: dict[str, Fits], key: str, item: int, score: float) -> None:
    _merge(index.setdefault(key, {}), {item: score})


def _merge(fits: Fits, others: Fits) -> None:
    for item, score in others.items():
        if score > fits.get(item, 0.0):
            fits[item] = score


def _inner_beginnings(words: list[str]) -> list[str]:
    """What the name reads like from an inner word that is not another word's complement.

    "Lanthenay" names Romorantin-Lanthenay; "Loire" does not name the 26 communes "sur Loire", nor "Sologne" those
    "en Sologne".
    """
    return [
        " ".join(words[i:])
        for i in range(1, len(words))
        if words[i] not in SMALL_WORDS and words[i - 1] not in SMALL_WORDS
    ]


def _typo_heads(words: list[str]) -> list[str]:
    """The first words of the name that are enough to name it, for "Romorentin"."""
    bare = without_article(words)
    return [
        text
        for i in range(1, len(bare))
        if bare[i - 1] not in GENERIC_WORDS and len(text := " ".join(bare[:i])) >= SHORTEST_TYPO_HEAD
    ]
