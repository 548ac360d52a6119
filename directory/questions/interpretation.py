"""A question in plain words -> what was understood: deterministic, without network, in about a millisecond."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from typing import Any

from directory.questions.common_words import fillers, listed
from directory.questions.lexicon import BY_STEM, Lexicon, Meaning, lexicon
from directory.questions.opening import On, Opening
from directory.questions.question import FIELDS
from directory.questions.reading import Reading, read
from directory.questions.spans import Span, covered
from directory.questions.telling_apart import is_above, is_beside
from directory.questions.wheres import AS_NAMED, Where
from directory.questions.words import LONGEST_QUESTION, Word, words_of
from directory.vocabulary import Vocabulary, vocabulary
from geo.gazetteer import Gazetteer, Place, gazetteer
from geo.place_index import LOOSE
from geo.points import MAX_RADIUS_KM, MIN_RADIUS_KM

MOST_NAMESAKES = 5


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another reading of some words: `words` as typed, and what they would mean."""

    words: str
    meaning: Meaning | Place
    instead_of: Meaning | Place


@dataclass(frozen=True, slots=True)
class Interpretation:
    """What was understood. `here` means around the person; `ignored` are words that say nothing to a search."""

    q: str
    activities: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    place: Place | None = None
    # The text that finds an address again; and the street that stands beside a commune.
    place_text: str = ""
    street: str = ""
    here: bool = False
    # That they are to come there.
    comes: bool = False
    radius_km: float | None = None
    opening: Opening | None = None
    season: int | None = None
    text: str = ""
    ignored: tuple[str, ...] = ()
    # What said something that the question does not ask: "sauf à Blois", "fermé le lundi", a second day.
    passed_over: tuple[str, ...] = ()
    # Words that were taken for others, folded; and whether all that matters was said as it is written.
    guessed: tuple[str, ...] = ()
    certain: bool = True
    alternatives: tuple[Alternative, ...] = field(default=())


def interpret(q: str, now: datetime, known: frozenset[str] = frozenset()) -> Interpretation:
    """What a question means. Any text has an interpretation, an empty one at least; beyond 500 characters it is cut.

    `known` are folded words that are no misspellings of others, whatever the lexicon holds.
    """
    text = " ".join(q[:LONGEST_QUESTION].replace("\x00", " ").split())
    words = words_of(text)
    if not words:
        return Interpretation(q)
    terms, places = vocabulary(), gazetteer()
    held = lexicon().knowing(known)
    return _assembled(q, text, read(words, now, held, places, terms), held, terms, places)


def _assembled(
    q: str, text: str, reading: Reading, held: Lexicon, terms: Vocabulary, places: Gazetteer
) -> Interpretation:
    spans = reading.spans
    codes = _codes(reading, terms)
    radius = next((span.value for span in spans if span.kind == "radius"), None)
    if radius is not None:
        radius = min(max(radius, MIN_RADIUS_KM), MAX_RADIUS_KM)
    place = _place(text, reading, places)
    home = any(span.kind == "here" or (span.kind == "comes" and span.value == "home") for span in spans)
    here = place is None and (home or radius is not None)
    left, ignored = _left_over(text, reading)
    return Interpretation(
        q,
        activities=codes["activities"],
        products=codes["products"],
        labels=codes["labels"],
        services=codes["services"],
        place=place,
        street=_street(text, reading),
        here=here,
        comes=any(span.kind == "comes" for span in spans),
        radius_km=radius,
        opening=_opening(spans),
        season=next((span.value for span in spans if span.kind == "season"), None),
        text=left,
        ignored=ignored,
        passed_over=_passed_over(text, reading),
        guessed=_guessed(reading, held),
        certain=not left and all(map(_is_certain, spans)) and not _is_of_another(reading),
        alternatives=(*_alternatives(text, reading), *_namesakes(text, reading, place, places)),
    )


def _is_certain(span: Span) -> bool:
    if isinstance(span.value, Where):
        return span.kind == "here" or span.value.place.score >= LOOSE or span.value.led == "strongly"
    return span.kind != "what" or span.sure >= BY_STEM


def _is_of_another(reading: Reading) -> bool:
    """Whether a thing is named after another, as shops are: "Pizzeria de l'Horloge"."""
    whats = [span for span in reading.spans if span.kind == "what"]
    return any(
        before.end < after.start and is_beside(reading.words, before, after) for before, after in pairwise(whats)
    )


def _guessed(reading: Reading, held: Lexicon) -> tuple[str, ...]:
    unsure = [
        span for span in reading.spans if not _is_certain(span) or (span.kind == "place" and not span.value.exact)
    ]
    words = [word for span in unsure for word in reading.words[span.start : span.end]]
    return tuple(dict.fromkeys(word.folded for word in words if not held.knows(word)))


def _codes(reading: Reading, terms: Vocabulary) -> dict[str, tuple[str, ...]]:
    """The codes of each dimension, in the order of the words.

    A term that only introduces one of its own ("vin de Reuilly") is left out; "tissus et laine" asks for both.
    """
    whats = [span for span in reading.spans if span.kind == "what"]
    found: dict[str, list[str]] = {name: [] for name in FIELDS}
    for span in whats:
        meaning = span.value
        introduces = any(
            is_above(meaning, other.value, terms) and is_beside(reading.words, span, other) for other in whats
        )
        if not introduces and meaning.code not in found[meaning.dimension]:
            found[meaning.dimension].append(meaning.code)
    return {FIELDS[dimension]: tuple(codes) for dimension, codes in found.items()}


def _opening(spans: Sequence[Span]) -> Opening | None:
    """A day says more than "ouvert"."""
    said = [span.value for span in spans if span.kind == "open"]
    return next((opening for opening in said if isinstance(opening, On)), said[0] if said else None)


# --- Where -----------------------------------------------------------------------------------------------------------
def _place(text: str, reading: Reading, places: Gazetteer) -> Place | None:
    """The place meant: a commune before a postcode before a département; what is said of one in the other's help."""
    said = [span for span in reading.spans if span.kind == "place"]
    communes = [span for span in said if span.value.place.kind == "commune"]
    if not communes:
        rest = sorted(said, key=lambda span: span.value.place.kind != "postcode")
        return rest[0].value.place if rest else None
    first = max(communes, key=lambda span: (span.value.led == "strongly", span.value.exact, -span.start))
    hints = [span.value.place for span in said if span.value.place.kind != "commune"]
    return _told_by(text, reading.words, first, hints, places)


def _told_by(text: str, words: Sequence[Word], span: Span, hints: Sequence[Place], places: Gazetteer) -> Place:
    """Among communes of one name, the one that a postcode or département beside it tells."""
    where: Where = span.value
    for hint in hints:
        if hint.departement != where.place.departement or hint.kind == "postcode":
            name = text[words[span.start].start : words[span.end - 1].end]
            found = places.find(f"{name} {hint.code}", limit=1)
            if found and found[0].kind == "commune" and found[0].score >= AS_NAMED:
                return found[0]
    return where.place


def _street(text: str, reading: Reading) -> str:
    span = next((span for span in reading.spans if span.kind == "street"), None)
    return _surface(text, reading.words, span.start, span.end) if span else ""


# --- What is left ----------------------------------------------------------------------------------------------------
def _left_over(text: str, reading: Reading) -> tuple[str, tuple[str, ...]]:
    """Words that no reading took: those that mean something, as typed, and those that do not."""
    words = reading.words
    taken = covered([span for span in reading.spans if not _says_nothing(span, reading)], len(words))
    dropped = covered([span for span in reading.spans if _says_nothing(span, reading)], len(words))
    meant = [
        not taken[i] and not dropped[i] and word.folded not in fillers() and len(word.folded) > 1
        for i, word in enumerate(words)
    ]
    kept = _with_small_words(words, taken, dropped, meant)
    said = " ".join(_surface(text, words, start, end) for start, end in _runs(kept))
    ignored = tuple(word.surface for i, word in enumerate(words) if not taken[i] and not kept[i])
    return said[:200].strip(), ignored


def _says_nothing(span: Span, reading: Reading) -> bool:
    """Whether the words of a reading add nothing to the question; a second day does not: one can be asked."""
    if span.kind == "open":
        return span.value != _opening(reading.spans) and isinstance(span.value, On)
    return span.kind in ("filler", "ignored", "street")


def _passed_over(text: str, reading: Reading) -> tuple[str, ...]:
    meant = [span for span in reading.spans if span.kind in ("ignored", "open") and _says_nothing(span, reading)]
    return tuple(_surface(text, reading.words, span.start, span.end) for span in meant)


def _with_small_words(
    words: Sequence[Word], taken: Sequence[bool], dropped: Sequence[bool], meant: Sequence[bool]
) -> list[bool]:
    """A name's own small words stay with it: "Au Bon Coin des Halles", "Chez Léopoldine"."""
    kept = list(meant)
    for i, word in enumerate(words):
        free = not taken[i] and not dropped[i] and not kept[i]
        if free and word.folded == "chez" and i + 1 < len(words) and meant[i + 1]:
            kept[i] = True
        elif free and word.folded in listed("function") and 0 < i < len(words) - 1 and kept[i - 1] and meant[i + 1]:
            kept[i] = not word.after_break
    return kept


def _runs(kept: Sequence[bool]) -> list[tuple[int, int]]:
    runs: list[tuple[int, int]] = []
    for i, keep in enumerate(kept):
        if keep and runs and runs[-1][1] == i:
            runs[-1] = (runs[-1][0], i + 1)
        elif keep:
            runs.append((i, i + 1))
    return runs


def _surface(text: str, words: Sequence[Word], start: int, end: int) -> str:
    return text[words[start].start : words[end - 1].end]


# --- The other reading -----------------------------------------------------------------------------------------------
def _alternatives(text: str, reading: Reading) -> tuple[Alternative, ...]:
    """What lost to a reading that was chosen, by the words around it."""
    found = []
    for winner, loser in reading.others:
        if winner in reading.spans:
            said = _surface(text, reading.words, loser.start, loser.end)
            found.append(Alternative(said, _meant(loser), _meant(winner)))
    return tuple(found)


def _namesakes(text: str, reading: Reading, place: Place | None, places: Gazetteer) -> Iterator[Alternative]:
    """Other communes of the very name that was taken: "Amilly" is one of Loiret and one of Eure-et-Loir."""
    span = next((span for span in reading.spans if isinstance(span.value, Where) and span.value.place == place), None)
    if span is None or place is None or place.kind != "commune":
        return
    for other in places.find(place.name, limit=MOST_NAMESAKES):
        if other.kind == "commune" and other.name == place.name and other.code != place.code:
            yield Alternative(_surface(text, reading.words, span.start, span.end), other, place)


def _meant(span: Span) -> Any:
    return span.value.place if isinstance(span.value, Where) else span.value
