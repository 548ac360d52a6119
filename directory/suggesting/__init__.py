"""Suggestions while typing: places, words of the vocabulary, merchants, in one ranked list.

A suggestion completes the *end* of a question: "fermes autour de vend" goes on to Vendôme, "fromage de ch" to fromage
de chèvre. Every end is looked up; the fit of what is found, what the word before it says, and how many words it
explains make its rank. Merchants are named by the whole text.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from directory.suggesting import merchants
from directory.suggesting.meaning import means
from directory.suggesting.places import PlaceIndex, place_index
from directory.suggesting.reading import MOST_READ, OPENS_PLACE, Tail, tails
from directory.suggesting.terms import INSIDE, FoundTerm, term_index
from geo.folding import fold
from geo.gazetteer import Place
from geo.place_index import FORMER, TYPO_STEP
from geo.points import Position

__all__ = ["MOST", "MOST_READ", "Suggestion", "suggest"]

MOST = 10
# A further word explained outweighs a hint ("fromage de ch": the goat's cheese before Chartres).
WORD = 0.4
# Between ends that explain as much, the one with the article: "la ferte" is replaced whole.
LONGER = 0.01
# For the part of the name that is typed: of "tour", Tours leaves one letter to type, Touraine-oisly ten.
TYPED = 0.12
# At the start of a question people say what they look for; after that, what it should be like ("fromage bio").
PLACE_AT_START = -0.05
LABEL_AFTER_THING = 0.1
# By the way in which a merchant was found. A name is long: its beginning says less than a word's.
MERCHANT_FITS = (0.68, 0.6, 0.45)
MOST_BY_INNER_WORD = 3
# Of ten, so many at first for each kind, so that none hides the others; what one leaves goes to the best of the rest.
SHARES = {"term": 5, "place": 3, "merchant": 2}
SHARES_WHERE = {"term": 2, "place": 7, "merchant": 1}
# Where two fit as well.
PLACES = ("departement", "commune", "postcode")
ORDER = ("activity", "product", *PLACES, "label", "service", "merchant")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One thing that could be meant. `label` is what to show, `detail` what tells it from its like, `q` the whole
    question once it is taken; `matched` is the synonym that was typed, `url` a merchant's sheet.
    """

    kind: str
    code: str
    label: str
    q: str
    detail: str
    position: Position | None = None
    matched: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class _Ranked:
    suggestion: Suggestion
    end: Tail
    fit: float
    bonus: float
    tie: int
    foreign: bool = False  # found by a word of the language that the page is not in

    @property
    def share(self) -> str:
        kind = self.suggestion.kind
        return "merchant" if kind == "merchant" else "place" if kind in PLACES else "term"

    @property
    def key(self) -> tuple[bool, float, int, int, int, str]:
        one, share = self.suggestion, list(SHARES).index(self.share)
        return self.foreign, -round(self.fit + self.bonus, 4), share, self.tie, ORDER.index(one.kind), one.code


def suggest(question: str, language: str) -> list[Suggestion]:
    """At most ten suggestions for a question being typed, best first. The same text gives the same answer.

    One is offered only if its question is then read as meaning what it shows.
    """
    ends = tails(question)
    if not ends:
        return []
    found = [ranked for end in ends for ranked in _begun(end, language)]
    understood = any(ranked.fit > INSIDE for ranked in found)
    if not understood:
        found += _misspelt(ends, language)
    # What says where is a question, not a name: it may begin one ("Café de la Gare à Tours"), no more.
    inside = all(end.place < OPENS_PLACE for end in ends)
    found = _whole(found) + list(_merchants(question, ends[0], inside, typos=not understood))
    where = any(end.place for end in ends)
    shown = _shared(_best(found), SHARES_WHERE if where else SHARES)
    taken = [(ranked, _unmistakable(ranked, language)) for ranked in shown]
    return [one for ranked, one in taken if one.url or means(one.q, one.kind, one.code, ranked.end.before)]


def _begun(end: Tail, language: str) -> Iterator[_Ranked]:
    places = place_index()
    there = places.begun(end.text, finished=end.text.endswith(" ")) if end.may_be_place else []
    yield from _places(end, there, places)
    if not (there and end.place == OPENS_PLACE):  # nothing is sold "autour de fromage"
        for found in term_index().begun(end.words, language):
            if end.holds(found.text) and end.takes(found.term.says_itself[language], found.term.some):
                yield _term(end, found, language)


def _misspelt(ends: list[Tail], language: str) -> list[_Ranked]:
    """Of the longest end that something sounds like, what is nearest to it."""
    places = place_index()
    for end in ends:
        found = _places(end, places.misspelt(end.words), places) if end.may_be_place else []
        if not (found and end.place == OPENS_PLACE):
            found += [_term(end, term, language) for term in term_index().misspelt(end.words, language)]
        if found:
            nearest = max(ranked.fit for ranked in found)
            return [ranked for ranked in found if ranked.fit > nearest - TYPO_STEP]
    return []


def _term(end: Tail, found: FoundTerm, language: str) -> _Ranked:
    term = found.term
    label = term.labels[language]
    own_word = found.matched and found.language == language
    # A label or a service is said beside a thing, in the words at hand: "fromage bio", not "Agriculture biologique".
    said = found.matched if own_word and term.dimension in ("label", "service") else term.says_itself[language]
    suggestion = Suggestion(
        kind=term.dimension,
        code=term.code,
        label=label,
        q=end.completed(_within(said) if end.before else said, term.some),
        detail=_kind_names()[term.dimension],
        matched=found.matched,
    )
    bonus = end.thing + _explained(end) + _typed(end, len(found.text))
    if end.before and not end.opened and term.dimension in ("label", "service"):
        bonus += LABEL_AFTER_THING
    return _Ranked(suggestion, end, found.fit, bonus, len(found.text), foreign=found.language != language)


def _within(name: str) -> str:
    """A common name inside a sentence: no capital, unless the word has others ("AOP", "Sainte-Maure")."""
    first = name.split(" ", 1)[0]
    return name if any(letter.isupper() for letter in first[1:]) else name[:1].lower() + name[1:]


def _places(end: Tail, found: list[Place], places: PlaceIndex) -> list[_Ranked]:
    """Places, in the order of their fit and population."""
    ranked: list[_Ranked] = []
    typed = TYPED
    for place in filter(lambda place: end.takes(place.name), found):
        # What is typed of it ranks a place among other things, never a hamlet before a town.
        typed = min(typed, _typed(end, len(place.name)))
        ranked.append(_place(end, place, places, typed))
    return ranked


def _place(end: Tail, place: Place, places: PlaceIndex, typed: float) -> _Ranked:
    label, kinds = places.label(place), _kind_names()
    suggestion = Suggestion(
        kind=place.kind,
        code=place.code,
        label=label,
        q=end.completed(label),
        detail=kinds["commune"] if places.has_namesake(place) else places.departement(place) or kinds[place.kind],
        position=place.position,
        matched=places.former_name(place, end.words),
    )
    opened = end.place or (PLACE_AT_START if end.at_start else 0.0)
    bonus = opened + _explained(end) + typed
    return _Ranked(suggestion, end, place.score, bonus, places.rank(place))


def _unmistakable(ranked: _Ranked, language: str) -> Suggestion:
    """The suggestion, with a question that is read as meaning it."""
    one, end = ranked.suggestion, ranked.end
    if ranked.share != "place" or end.place:
        return one
    return replace(one, q=end.before + place_index().said_alone(one.kind, one.code, one.label, language))


def _merchants(question: str, end: Tail, inside: bool, typos: bool) -> Iterator[_Ranked]:
    for rank, found in enumerate(merchants.named(question, inside, typos)):
        if found.way > 0 and rank >= MOST_BY_INNER_WORD:
            return
        suggestion = Suggestion(
            kind="merchant",
            code=str(found.id),
            label=found.name,
            q=found.name,
            detail=found.commune,
            position=found.position,
            url=found.url,
        )
        yield _Ranked(suggestion, end, MERCHANT_FITS[found.way], _explained(end), rank)


def _explained(end: Tail) -> float:
    return WORD * (end.weight - 1) + LONGER * len(end.words)


def _typed(end: Tail, length: int) -> float:
    return TYPED * min(1.0, len(end.text) / length)


def _kind_names() -> dict[str, str]:
    return {
        "activity": _("Activité"),
        "product": _("Produit"),
        "label": _("Label"),
        "service": _("Service"),
        "commune": _("Commune"),
        "departement": _("Département"),
    }


def _whole(found: list[_Ranked]) -> list[_Ranked]:
    """Without what cuts a name in two: of "st am" nothing that begins with "am", unless a word opens it; of "jus de
    pommes", which is a name to its end, no apples.
    """
    longest = max((ranked.end.weight for ranked in found), default=0)
    complete = any(ranked.end.weight == longest and ranked.fit >= FORMER for ranked in found)
    return [ranked for ranked in found if ranked.end.weight == longest or (ranked.end.opened and not complete)]


def _best(found: Iterable[_Ranked]) -> list[_Ranked]:
    """In order, each thing once; and one meaning of each question that taking a suggestion would ask."""
    best: list[_Ranked] = []
    things: set[tuple[str, str]] = set()
    questions: set[str] = set()
    for ranked in sorted(found, key=lambda ranked: ranked.key):
        one = ranked.suggestion
        asks = one.url or fold(one.q)
        if (one.kind, one.code) not in things and asks not in questions:
            best.append(ranked)
        things.add((one.kind, one.code))
        questions.add(asks)
    return best


def _shared(found: list[_Ranked], shares: dict[str, int]) -> list[_Ranked]:
    """Ten of them, still in order: each kind its share, then the best of the rest."""
    left = dict(shares)
    first: list[_Ranked] = []
    rest: list[_Ranked] = []
    for ranked in found:
        left[ranked.share] -= 1
        (first if left[ranked.share] >= 0 else rest).append(ranked)
    return sorted([*first, *rest[: MOST - len(first)]], key=lambda ranked: ranked.key)
