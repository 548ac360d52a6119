"""A name that is a product's and a town's: which of the two the words around it speak for."""

from __future__ import annotations

from collections.abc import Sequence

from directory.questions.lexicon import Meaning
from directory.questions.spans import Span
from directory.questions.wheres import Where
from directory.questions.words import Word
from directory.vocabulary import Vocabulary

# From this on a term is named as the vocabulary has it, small words and plurals apart.
SPELT_RIGHT = 0.9
# Labels that only a product named after its place bears.
ORIGINS = frozenset({"aop", "aoc", "igp"})
PARTITIVES = frozenset({"du", "des", "some", "any", "un", "une"})


def told_apart(
    words: Sequence[Word], whats: list[Span], found: list[Span], grammar: Sequence[Span], terms: Vocabulary
) -> tuple[list[Span], list[Span], list[tuple[Span, Span]]]:
    """Of a name that is both, keeps the reading that the words around it speak for; the other one is an alternative."""
    kept_whats, kept_places = list(whats), list(found)
    others: list[tuple[Span, Span]] = []
    there = {(place.start, place.end): place for place in found if place.kind == "place"}
    for what in whats:
        place = there.get((what.start, what.end))
        if place is None:
            continue
        if _is_place(words, what, place, whats, found, grammar, terms):
            kept_whats.remove(what)
            others.append((place, what))
        else:
            kept_places.remove(place)
            others.append((what, place))
    return kept_whats, kept_places, others


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
    names = {(product.start, product.end) for product in whats}
    elsewhere = any(
        other.kind in ("place", "here") and not other.overlaps(place) and other.value.exact
        and (other.value.led == "strongly" or (other.start, other.end) not in names)
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
