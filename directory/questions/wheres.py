"""Where: communes, postcodes, départements and "here", with the words that lead to them.

A place's name is taken as it is said; misspelt, only where the words around it lead to a place or nothing else is
known of it. What led there (`led`) decides when a name is also a product's: "vin de Reuilly", "garage à Reuilly".
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from rapidfuzz.distance import OSA

from directory.questions.common_words import everyday_words, fillers, listed, phrases
from directory.questions.distances import UNITS
from directory.questions.lexicon import Lexicon
from directory.questions.spans import Span
from directory.questions.words import Word, heard, letters_apart, singular, words_of, written_out
from geo.folding import ARTICLES, SMALL_WORDS, place_key
from geo.gazetteer import Gazetteer, Place
from geo.place_index import EXACT, HEAD, LOOSE, TYPO, allowed_typos

Led = Literal["", "weakly", "strongly"]

STRONG = listed("leads_to_a_place")
WEAK = listed("may_lead_to_a_place")
# What may stand between a leading word and a name.
_NOUNS = listed("place_nouns")
_NOT_ONE = SMALL_WORDS | {"the", "in", "of"}
HERE = phrases("here")
# Alone these are too vague to mean a position: only where nothing else says where.
VAGUE = {("autour",), ("proche",), ("pres",), ("a", "cote"), ("here",), ("ici",), ("a", "pied"), ("locally",)}
_LONGEST_HERE = max(len(phrase) for phrase in HERE)
LONGEST_NAME = 7
# From this score on a place is called by its name; below, by a part of it or misspelt.
AS_NAMED = LOOSE - 0.05
# The name but for a plural: "Loche" is Loches before it is the beginning of Loché-sur-Indrois.
NEARLY = 0.9
BONUS: dict[Led, float] = {"strongly": 0.6, "weakly": 0.1, "": 0.0}
# Look-ups of misspelt names cost a tenth of a millisecond each.
MOST_MISSPELT = 8
SHORTEST_SOUND = 3


@dataclass(frozen=True, slots=True)
class Where:
    """A place that words name, and how what stands before leads there. `exact` where it is called by its name."""

    place: Place
    led: Led
    exact: bool


HERE_PLACE = Place("address", "", "", None, "", 1.0)


def wheres(words: Sequence[Word], places: Gazetteer, lexicon: Lexicon) -> Iterator[Span]:
    """Every place, most likely or not; the choice among readings comes later."""
    yield from _heres(words)
    yield from _numbers(words, places)
    left = MOST_MISSPELT
    for i in range(len(words)):
        found = False
        for span in _named(words, i, places, lexicon):
            found = True
            yield span
        if not found and left > 0:
            spans = list(_misspelt(words, i, places, lexicon))
            left -= 1 if _may_be_misspelt(words[i], _led(words, i), lexicon) else 0
            yield from spans


def _heres(words: Sequence[Word]) -> Iterator[Span]:
    folded = [word.folded for word in words]
    for i in range(len(words)):
        for length in range(min(_LONGEST_HERE, len(words) - i), 0, -1):
            phrase = tuple(folded[i : i + length])
            if phrase in HERE:
                sure = 0.4 if phrase in VAGUE else 0.9
                yield Span(i, i + length, "here", Where(HERE_PLACE, "strongly", True), sure)


def _numbers(words: Sequence[Word], places: Gazetteer) -> Iterator[Span]:
    """Postcodes and départements' numbers: "45200", "41 100", "miel 18", "dans le 37"."""
    for i, word in enumerate(words):
        code = word.surface
        end = i + 1
        if end < len(words) and len(code) == 2 and places.with_postcode(spaced := code + words[end].surface):
            code, end = spaced, end + 1
        if places.with_postcode(code):
            main = places.with_postcode(code)[0]
            place = Place("postcode", code, f"{code} {main.name}", main.position, main.departement, EXACT)
        elif code in places.departements:
            place = Place("departement", code, places.departements[code], None, code, EXACT)
        else:
            continue
        yield _span(i, end, place, _led(words, i))


def _named(words: Sequence[Word], i: int, places: Gazetteer, lexicon: Lexicon) -> Iterator[Span]:
    """Names that begin at a word, as they are spelt, the longest first."""
    led = _led(words, i)
    longest = 0
    for end in range(_end_of_group(words, i, LONGEST_NAME), i, -1):
        typed = [written_out(word.folded) for word in words[i:end]]
        if all(word in _NOT_ONE for word in typed):
            continue
        place = _departement(typed, words, i, places) or _commune(typed, words, i, places)
        if place is not None and place.score < EXACT and (typed[0] in _NOT_ONE or typed[-1] in _NOT_ONE):
            continue  # "d'Orléans et" is Orléans, found by itself
        if place is None:
            place = _beginning(typed, led, words[i:end], places, lexicon) if not longest else None
        if place is None or not _may_stand(words[i:end], place, led, lexicon):
            continue
        longest = longest or end - i
        yield _span(i, end, place, led)


def _span(start: int, end: int, place: Place, led: Led) -> Span:
    exact = place.score >= AS_NAMED
    sure = 1.0 if exact else 0.85 if place.score >= HEAD - 0.05 else 0.7
    return Span(start, end, "place", Where(place, led, exact), sure, BONUS[led])


def _departement(typed: Sequence[str], words: Sequence[Word], i: int, places: Gazetteer) -> Place | None:
    """The département of that name; "sur Cher" is a river's, and ends the name of a town."""
    code = places.departement_keys.get(" ".join(typed))
    if i and words[i - 1].folded in ("sur", "lez", "les"):
        return None
    return Place("departement", code, places.departements[code], None, code, EXACT) if code else None


def _commune(typed: list[str], words: Sequence[Word], i: int, places: Gazetteer) -> Place | None:
    """The commune of that name: of several, the one whose article the words have, whose accents, the most populous."""
    said = words[i : i + len(typed)]
    fits = places.names.named(typed)
    if not fits and len(typed) > 2 and typed[-2] == "sur" and typed[-1] in _tables(places).rivers:
        fits = places.names.named(typed[:-2])  # Saint-Aignan, which people call Saint-Aignan-sur-Cher
    if not fits:
        item = _tables(places).norms.get(tuple(singular(word) for word in typed if word not in _NOT_ONE))
        return None if item is None else _place(places, item, NEARLY)
    if i and (article := {"au": "le", "du": "le", "aux": "les", "des": "les"}.get(words[i - 1].folded)):
        fits = fits | {item: score for item, score in places.names.named([article, *typed]).items() if score == EXACT}
    accented = {places.entries[item].name.lower() for item in fits} & {" ".join(word.accented for word in said)}
    item = min(fits, key=lambda item: (-fits[item], places.entries[item].name.lower() not in accented, item))
    return _place(places, item, fits[item])


def _beginning(typed: list[str], led: Led, words: Sequence[Word], places: Gazetteer, lexicon: Lexicon) -> Place | None:
    """ "Sainte-Maure" for Sainte-Maure-de-Touraine; a single word only where it can be nothing else."""
    content = [word for word in typed if word not in _NOT_ONE]
    if len(content) < 2 and (led == "" or (lexicon.knows(words[0]) and words[0].folded in everyday_words())):
        return None
    named = typed[0] in ARTICLES and led == "strongly"  # "à La Chapelle"
    if len(content[-1]) < 3 or (
        not named and all(word in everyday_words() or word in lexicon.words for word in content)
    ):
        return None
    fits = {item: score for item, score in places.names.beginning(typed, 20).items() if score >= HEAD - 0.04}
    if not fits:
        return None
    item = min(fits, key=lambda item: (-fits[item], item))
    return _place(places, item, fits[item])


def _may_stand(words: Sequence[Word], place: Place, led: Led, lexicon: Lexicon) -> bool:
    """Whether the words can be that place here: a word of every day or of the vocabulary must be led to."""
    content = [word for word in words if word.folded not in _NOT_ONE]
    if len(content) > 1 or place.kind == "departement":
        return place.kind == "commune" or led != "" or words[0].folded != "cher" or words[0].surface[0].isupper()
    (word,) = content
    if word.folded in everyday_words():
        # "à La Celle" and "à Cellé", not "à celle".
        whole = len(words) > 1 or word.accented != word.folded or word.folded not in fillers()
        return led == "strongly" and place.score == EXACT and whole
    if (word.norm,) in lexicon.exact:
        return place.score >= AS_NAMED and (led != "" or place.score == EXACT)
    return True


def _may_be_misspelt(word: Word, led: Led, lexicon: Lexicon) -> bool:
    if word.number is not None or len(word.folded) < 4:
        return False
    return not lexicon.knows(word) or _may_be_a_name(word, led, lexicon)


def _may_be_a_name(word: Word, led: Led, lexicon: Lexicon) -> bool:
    """Whether a known word, led to as a place, says nothing by itself: "à Olivé" is not about olives."""
    return led == "strongly" and (word.norm,) not in lexicon.exact and word.folded not in everyday_words()


def _misspelt(words: Sequence[Word], i: int, places: Gazetteer, lexicon: Lexicon) -> Iterator[Span]:
    """A name with wrong letters, by sound or spelling: its first word is none that is known."""
    if words[i].number is not None:
        return
    led = _led(words, i)
    if lexicon.knows(words[i]) and not _may_be_a_name(words[i], led, lexicon):
        return
    limit = _end_of_group(words, i, LONGEST_NAME)
    for end in range(limit, i, -1):
        group = words[i:end]
        if group[0].folded in _NOT_ONE - ARTICLES or group[-1].folded in _NOT_ONE:
            continue
        if not any(_may_be_misspelt(word, led, lexicon) for word in group):
            continue
        typed = [written_out(word.folded) for word in group]
        place = _by_spelling(typed, places) or _by_sound(group, places)
        if place is not None and (led == "strongly" or place.score >= TYPO):
            yield _span(i, end, place, led)
            return


def _by_spelling(typed: list[str], places: Gazetteer) -> Place | None:
    key = " ".join(typed)
    fits = places.names.similar(typed)
    fits = {item: score for item, score in fits.items() if score >= TYPO - 0.1 and allowed_typos(len(key))}
    if not fits:
        return None
    item = min(fits, key=lambda item: (-fits[item], item))
    return _place(places, item, fits[item])


def _by_sound(group: Sequence[Word], places: Gazetteer) -> Place | None:
    said = " ".join(heard(written_out(word.accented)) for word in group if word.folded not in _NOT_ONE)
    item = _tables(places).sounds.get(said)
    if item is None or len(said) < SHORTEST_SOUND:
        return None
    typed = place_key(" ".join(word.folded for word in group))
    entry = places.entries[item]
    apart = min(OSA.distance(typed, place_key(name)) for name in (entry.name, *entry.former_names))
    return _place(places, item, TYPO) if apart <= letters_apart(typed) else None


@dataclass(frozen=True, slots=True)
class _Tables:
    """Communes by their names without plurals ("Montargi", "Orlean") and by how these sound; the rivers beside them."""

    norms: dict[tuple[str, ...], int]
    sounds: dict[str, int]
    # What names end with after "sur".
    rivers: frozenset[str]


@lru_cache(maxsize=2)
def _tables(places: Gazetteer) -> _Tables:
    """Made once for a gazetteer, which never changes."""
    norms: dict[tuple[str, ...], int] = {}
    sounds: dict[str, int] = {}
    for item, entry in enumerate(places.entries):
        for name in (entry.name, *entry.former_names):
            words = [word for word in words_of(name) if word.folded not in _NOT_ONE]
            norms.setdefault(tuple(singular(written_out(word.folded)) for word in words), item)
            sounds.setdefault(" ".join(heard(written_out(word.accented)) for word in words), item)
    keys = (place_key(entry.name).split() for entry in places.entries)
    return _Tables(norms, sounds, frozenset(key[-1] for key in keys if key[-2:-1] == ["sur"]))


def _place(places: Gazetteer, item: int, score: float) -> Place:
    entry = places.entries[item]
    return Place("commune", entry.code, entry.name, entry.position, entry.departement, round(score, 2))


def _end_of_group(words: Sequence[Word], start: int, most: int) -> int:
    """Where the words that stand together end: at punctuation, or after so many."""
    end = start + 1
    while end < len(words) and end - start < most and not words[end].after_break:
        end += 1
    return end


def _led(words: Sequence[Word], i: int) -> Led:
    """How the words before lead to a place that begins there: "autour de la ville de" does strongly."""
    led: Led = ""
    while i > 0 and not words[i].after_break:
        word = words[i - 1].folded
        if word in STRONG or (led and words[i - 1].norm in UNITS):  # "10 km de", "5 miles from"
            return "strongly"
        if word in WEAK:
            led = "weakly"
        elif word not in _NOUNS:
            break
        i -= 1
    return led
