"""The words of a question, read: which runs of them say what, where, how far and when."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import product

from directory.questions.common_words import filler_phrases
from directory.questions.distances import distances
from directory.questions.lexicon import Lexicon, Meaning, Mended
from directory.questions.spans import Span, best
from directory.questions.streets import streets
from directory.questions.times import times
from directory.questions.wheres import Where, wheres
from directory.questions.words import Word
from directory.vocabulary import Vocabulary
from geo.gazetteer import Gazetteer
from geo.place_index import TYPO

LONGEST_PHRASE = 8
LONGEST_FILLER = 6
# Mending an unknown word compares it with thousands: so many times a question.
MOST_MENDED_WORDS = 16


@dataclass(frozen=True, slots=True)
class Reading:
    """The readings that were chosen, and those that lost to one of them by little: (winner, loser)."""

    words: list[Word]
    spans: list[Span]
    others: list[tuple[Span, Span]]


def read(words: list[Word], now: datetime, lexicon: Lexicon, places: Gazetteer, terms: Vocabulary) -> Reading:
    """What the words most likely say."""
    whats = list(_whats(words, lexicon))
    found = list(wheres(words, places, lexicon))
    grammar = [*distances(words), *times(words, now), *_fillers(words), *streets(words)]
    if not whats:  # "Les Copains d'Abord" is nothing near Avord
        found = [span for span in found if span.value.led == "strongly" or span.value.place.score > TYPO]
    whats = [span for span in whats if not any(other.kind == "street" and span.overlaps(other) for other in grammar)]
    grammar += [replace(span, kind="filler") for span in whats if _is_adjective(words, span, whats)]
    whats = [span for span in whats if not _is_adjective(words, span, whats)]
    whats, found, others = _told_apart(words, whats, found, grammar, terms)
    return Reading(words, best([*grammar, *whats, *found], len(words)), others)


def _fillers(words: Sequence[Word]) -> Iterator[Span]:
    norms = [word.norm for word in words]
    for i in range(len(words)):
        for length in range(min(LONGEST_FILLER, len(words) - i), 1, -1):
            if tuple(norms[i : i + length]) in filler_phrases():
                yield Span(i, i + length, "filler", None, 0.7)


def _whats(words: Sequence[Word], lexicon: Lexicon) -> Iterator[Span]:
    """Every run of words that names a term."""
    mended = _mended(words, lexicon)
    for i in range(len(words)):
        end = i
        while end < len(words) and end - i < LONGEST_PHRASE and not (end > i and words[end].after_break):
            end += 1
            meaning = _meaning(mended[i:end], lexicon)
            if meaning is not None:
                yield Span(i, end, "what", meaning, meaning.sure)


def _mended(words: Sequence[Word], lexicon: Lexicon) -> list[list[Mended]]:
    """Each word with what it may stand for: itself, or what an unknown one was perhaps meant for."""
    left = MOST_MENDED_WORDS
    found = []
    for word in words:
        choices = [Mended(word.norm, 1.0)]
        if left > 0 and word.number is None and not lexicon.knows(word):
            choices += lexicon.mend(word)
            left -= 1
        found.append(choices)
    return found


def _meaning(choices: Sequence[Sequence[Mended]], lexicon: Lexicon) -> Meaning | None:
    """The surest term that the words name, unknown ones mended in one of their ways."""
    plain = lexicon.find(tuple(options[0].norm for options in choices))
    unknown = sum(len(options) > 1 for options in choices)
    if plain is not None or not unknown or unknown > 2:
        return plain
    found = None
    for way in product(*choices):
        sure = min(mended.sure for mended in way)
        if sure < 1.0 and (found is None or sure > found.sure):
            meaning = lexicon.find(tuple(mended.norm for mended in way), sure)
            if meaning is not None and (found is None or meaning.sure > found.sure):
                found = meaning
    return found


def _is_adjective(words: Sequence[Word], span: Span, whats: Sequence[Span]) -> bool:
    """Whether "fermier" says how a product is made ("fromage fermier") rather than who is looked for."""
    if not words[span.start].folded.startswith("fermi") or span.end - span.start > 1 or words[span.start].after_break:
        return False
    return any(other.end == span.start and other.value.dimension == "product" for other in whats)


# --- A name that is a place's and a product's ------------------------------------------------------------------------
# From this on a term is named as the vocabulary has it, small words and plurals apart.
SPELT_RIGHT = 0.9
# Labels that only a product named after its place bears.
ORIGINS = frozenset({"aop", "aoc", "igp"})
PARTITIVES = frozenset({"du", "des", "some", "any", "un", "une"})


def _told_apart(
    words: Sequence[Word], whats: list[Span], found: list[Span], grammar: Sequence[Span], terms: Vocabulary
) -> tuple[list[Span], list[Span], list[tuple[Span, Span]]]:
    """Of a name that is both, keeps the reading that the words around it speak for; the other one is an alternative."""
    kept_whats, kept_places = list(whats), list(found)
    others: list[tuple[Span, Span]] = []
    for place in found:
        for what in whats:
            if place.kind != "place" or not _same_name(place, what):
                continue
            if _is_place(words, what, place, whats, found, grammar, terms):
                _drop(kept_whats, what)
                others.append((place, what))
            else:
                _drop(kept_places, place)
                others.append((what, place))
    return kept_whats, kept_places, others


def _drop(spans: list[Span], span: Span) -> None:
    if span in spans:
        spans.remove(span)


def _same_name(place: Span, what: Span) -> bool:
    return what.end == place.end and what.start == place.start


def _is_place(
    words: Sequence[Word],
    what: Span,
    place: Span,
    whats: Sequence[Span],
    found: Sequence[Span],
    grammar: Sequence[Span],
    terms: Vocabulary,
) -> bool:
    where: Where = place.value
    if not where.exact and what.value.sure >= SPELT_RIGHT:
        return False
    if where.led == "strongly":
        return True
    before = words[what.start - 1].folded if what.start else ""
    others = [other for other in whats if not other.overlaps(what) and other.value.code != what.value.code]
    beside = [other for other in others if is_beside(words, other, what)]
    if any(other.value.code in ORIGINS for other in beside):
        return False  # "valençay AOP"
    if any(is_above(other.value, what.value, terms) for other in beside):
        return False  # "vin de Reuilly", "fromage valençay"
    if any(grammar_span.kind == "radius" and grammar_span.end in (place.start, what.start) for grammar_span in grammar):
        return True  # "à 10 km de Vouvray"
    if before in PARTITIVES or before == "de":
        # "acheter du chinon"; "vigneron de Chinon".
        return before not in PARTITIVES and bool(others)
    elsewhere = any(
        other.kind in ("place", "here") and not other.overlaps(place) and other.value.exact
        and (other.value.led == "strongly" or not any(_same_name(other, product) for product in whats))
        for other in found
    )  # fmt: skip
    return bool(others) and not elsewhere


def is_beside(words: Sequence[Word], other: Span, what: Span) -> bool:
    """Whether nothing but "de" stands between two readings."""
    between = words[other.end : what.start] if other.end <= what.start else words[what.end : other.start]
    if any(word.after_break for word in words[min(other.end, what.end) : max(other.start, what.start) + 1]):
        return False
    return all(word.folded in ("de", "d", "du", "des", "of", "from", "la", "le", "l", "the") for word in between)


def is_above(general: Meaning, name: Meaning, terms: Vocabulary) -> bool:
    """Whether one term is another's ancestor: wine, of Reuilly."""
    above = terms.by_code.get(general.code)
    return above is not None and general.code != name.code and terms.is_below(name.code, [above.id])
