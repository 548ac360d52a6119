"""Which product of the vocabulary a merchant's words mean: the same reading as the search's, so that what is offered
under a word is found by it."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import timezone

from directory.questions.interpretation import interpret
from directory.questions.lexicon import BY_STEM, lexicon
from directory.questions.words import norms_of
from directory.suggesting.terms import term_index
from directory.vocabulary import vocabulary
from geo.folding import place_words

MOST = 6


@dataclass(frozen=True, slots=True)
class Understood:
    """`code` where the words mean one product for sure; else what they may mean, best first, for the person to say."""

    code: str = ""
    maybe: tuple[str, ...] = ()


def understood(words: str) -> Understood:
    """Never a guess: what is published under a product that was guessed would be a mistake of ours."""
    norms = norms_of(words)
    if not norms:
        return Understood()
    meaning = lexicon().find(norms)
    if meaning is not None and meaning.dimension == "product" and meaning.sure >= BY_STEM:
        return Understood(meaning.code)
    read = interpret(words, timezone.now())
    if len(read.products) == 1 and not read.guessed and not read.alternatives:
        return Understood(read.products[0])
    return Understood(maybe=_without_twice((*read.products, *candidates(words, few=True))))


def candidates(words: str, *, few: bool = False) -> tuple[str, ...]:
    """Products that the words, or most of them, may be meant for, best first; `few`: of which a name begins so."""
    typed = tuple(place_words(words))
    if not typed:
        return ()
    index = term_index()
    found = index.begun(typed, "fr") or ([] if few else index.misspelt(typed, "fr"))
    products = [one for one in found if one.term.dimension == "product"]
    best = sorted(products, key=lambda one: (-round(one.fit, 4), len(one.text), one.term.code))
    return tuple(one.term.code for one in best[:MOST])


def choices(words: str, code: str = "") -> tuple[str, ...]:
    """What to choose among for a line: what it is said to be, what is above that, and what its words may mean."""
    terms = vocabulary()
    above = [terms.by_id[id_].code for id_ in terms.by_code[code].path[:2]] if code in terms.by_code else []
    read = understood(words)
    return _without_twice((*above, *filter(None, (read.code,)), *read.maybe, *candidates(words)))


def _without_twice(codes: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(codes))[: MOST + 2]
