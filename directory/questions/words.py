"""A question as words: where each begins, how it compares, how it sounds. Pure.

Words are compared without case, accents, punctuation and regular plurals, as the vocabulary's phrases are; what that
leaves apart is compared by stem, then by sound, then by bounded distance (see `lexicon`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock

import snowballstemmer

from geo.folding import WRITTEN_OUT, fold
from geo.sounding import sound

LONGEST_QUESTION = 500
# A sentence of 500 characters has about ninety words; what has more is no sentence.
MOST_WORDS = 120
# A number with its decimals, a run of letters, or one of the two signs that stand for words.
_WORD = re.compile(r"\d+(?:[.,]\d+)?|[^\W\d_]+|[&©]")
# What ends a group of words: "fraises et framboises, cueillette" are two.
_BREAK = re.compile(r"[,;:.?!()\[\]\"«»“”\n/|]")
_POSSESSIVE = frozenset({"s"})
_APOSTROPHES = "'’ʼ`´"
SHORTEST_PLURAL = 4
SHORTEST_STEM = 4
# Longer ones are no words, and are not kept in memory.
LONGEST_WORD = 25

_FRENCH, _ENGLISH = snowballstemmer.stemmer("french"), snowballstemmer.stemmer("english")
_STEMMING = Lock()  # a stemmer holds the word at hand: two threads in one gave each other's stems, or an IndexError


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a question. `folded` has no case and accents, `norm` no regular plural either.

    `after_break` is set where punctuation stands before it; `number` is its value where it is written in figures.
    """

    surface: str
    start: int
    end: int
    folded: str
    norm: str
    after_break: bool
    number: float | None = None

    @property
    def accented(self) -> str:
        return self.surface.lower()


def words_of(text: str) -> list[Word]:
    """The words of a text, in order, the first 120 of them. Any text has some number of them, perhaps none."""
    found: list[Word] = []
    last_end = 0
    for match in _WORD.finditer(text):
        between = text[last_end : match.start()]
        surface = match[0]
        if surface.lower() in _POSSESSIVE and between and between in _APOSTROPHES:
            last_end = match.end()  # "goat's cheese" is said "goat cheese"
            continue
        found += _read(surface, match.start(), match.end(), bool(_BREAK.search(between)))
        last_end = match.end()
        if len(found) >= MOST_WORDS:
            break
    return _with_slashes(found, text)


def _read(surface: str, start: int, end: int, after_break: bool) -> list[Word]:
    if surface[0].isdigit():
        if not surface.isascii():
            return []
        return [Word(surface, start, end, surface, surface, after_break, float(surface.replace(",", ".")))]
    folded = "et" if surface == "&" else surface if surface == "©" else fold(surface)
    # Folding may leave nothing, or several words ("½"): of those no phrase is made.
    return [Word(surface, start, end, folded, singular(folded), after_break)] if folded and " " not in folded else []


def _with_slashes(words: list[Word], text: str) -> list[Word]:
    """ "St-Avertin s/ Cher" as people write it: the "s" before a slash is "sur", or "sous" twice."""
    kept: list[Word] = []
    for word in words:
        slashed = word.folded == "s" and text[word.end : word.end + 2].lstrip()[:1] == "/"
        if kept and slashed:
            kept.append(Word(word.surface, word.start, word.end, "sur", "sur", False))
        elif kept and kept[-1].folded == "sur" and kept[-1].surface.lower() == "s":
            if word.folded == "s":
                kept[-1] = Word(kept[-1].surface, kept[-1].start, word.end, "sous", "sous", False)
            else:
                kept.append(Word(word.surface, word.start, word.end, word.folded, word.norm, False, word.number))
        else:
            kept.append(word)
    return kept


def singular(folded: str) -> str:
    """Without a regular plural's ending: the vocabulary's own rule."""
    return folded[:-1] if len(folded) >= SHORTEST_PLURAL and folded[-1] in "sx" else folded


def norms_of(phrase: str) -> tuple[str, ...]:
    """A phrase as its words compare."""
    return tuple(word.norm for word in words_of(phrase))


def written_out(folded: str) -> str:
    """An abbreviation of place names in full: "st" is "saint"."""
    return WRITTEN_OUT.get(folded, folded)


def stem(norm: str, language: str) -> str:
    """The stem in a language; short words, and words of no language, are their own."""
    return _stem(norm, language) if SHORTEST_STEM <= len(norm) <= LONGEST_WORD and norm.isalpha() else norm


@lru_cache(maxsize=20_000)
def _stem(norm: str, language: str) -> str:
    with _STEMMING:
        return str((_ENGLISH if language == "en" else _FRENCH).stemWord(norm))


# Letters that are not said at a word's end, in the sounds of `geo.sounding`.
_MUTE = re.compile(r"(?<=..)(?:e[rz]|[estdp])+$")


def heard(accented: str) -> str:
    """How a whole word sounds, roughly: equal for "fromage" and "fromaj", "poisson" and "pwasson"."""
    return _heard(accented) if len(accented) <= LONGEST_WORD else accented


@lru_cache(maxsize=20_000)
def _heard(accented: str) -> str:
    return _MUTE.sub("", sound(fold(accented.replace("ç", "ss"))))


def letters_apart(word: str) -> int:
    """How many letters may differ between words that sound alike: English ones only seem to, by French rules."""
    return 1 if len(word) < 5 else 2 if len(word) < 8 else 3
