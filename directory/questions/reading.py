"""The words of a question, read: which runs of them say what, where, how far and when."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import product

from directory.questions.common_words import filler_phrases, listed, phrases
from directory.questions.distances import distances
from directory.questions.lexicon import Lexicon, Meaning, Mended
from directory.questions.seasons import seasons
from directory.questions.spans import Span, best
from directory.questions.streets import streets
from directory.questions.telling_apart import told_apart
from directory.questions.times import is_closed, times
from directory.questions.wheres import wheres
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
    whats = [span for span in _whats(words, lexicon) if not any(map(is_closed, words[span.start : span.end]))]
    found = list(wheres(words, places, lexicon))
    grammar = [*distances(words), *times(words, now), *seasons(words), *_fillers(words), *streets(words)]
    grammar += _comes(words)
    grammar += _not_wanted(words, [*whats, *found, *grammar])
    if not whats:  # "Les Copains d'Abord" is nothing near Avord
        found = [span for span in found if span.value.led == "strongly" or span.value.place.score > TYPO]
    whats = [span for span in whats if not any(other.kind == "street" and span.overlaps(other) for other in grammar)]
    grammar += [replace(span, kind="filler") for span in whats if _is_adjective(words, span, whats)]
    whats = [span for span in whats if not _is_adjective(words, span, whats)]
    whats, found, others = told_apart(words, whats, found, grammar, terms)
    return Reading(words, best([*grammar, *whats, *found], len(words)), others)


def _fillers(words: Sequence[Word]) -> Iterator[Span]:
    norms = [word.norm for word in words]
    for i in range(len(words)):
        for length in range(min(LONGEST_FILLER, len(words) - i), 1, -1):
            if tuple(norms[i : i + length]) in filler_phrases():
                yield Span(i, i + length, "filler", None, 0.7)


def _comes(words: Sequence[Word]) -> Iterator[Span]:
    """ "qui se déplacent", and "qui livrent chez moi", which says where too."""
    folded = [word.folded for word in words]
    for i in range(len(words)):
        for value in ("there", "home"):
            for phrase in phrases(f"comes_{value}"):
                if tuple(folded[i : i + len(phrase)]) == phrase:
                    yield Span(i, i + len(phrase), "comes", value, bonus=1.0)


def _not_wanted(words: Sequence[Word], spans: Sequence[Span]) -> Iterator[Span]:
    """ "sans viande", "sauf à Blois", "cheese not wine": what follows is left out of the question, and said so."""
    folded = [word.folded for word in words]
    for i in range(len(words)):
        for phrase in phrases("not_wanted"):
            end = i + len(phrase)
            if tuple(folded[i:end]) != phrase or any(span.start == i and span.kind == "what" for span in spans):
                continue  # "sans gluten" is wanted
            while end < len(words) and folded[end] in listed("function"):
                end += 1
            objects = [span for span in spans if span.start == end and span.kind in ("what", "place", "open")]
            if objects:
                yield Span(i, max(span.end for span in objects), "ignored", None, bonus=3.0)


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
