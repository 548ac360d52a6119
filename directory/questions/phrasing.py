"""A question said in plain words that are understood as that same question: what the page's field shows.

The inverse of `interpret`, for all that words can say: boxes, intercommunal areas, orders and pages are left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import lru_cache

from directory.phrases import phrase
from directory.questions.interpretation import Interpretation, interpret
from directory.questions.opening import Now, On, local_zone
from directory.questions.question import FIELDS, THIS_MONTH, Question
from directory.vocabulary import Vocabulary, plain, vocabulary
from geo.gazetteer import Place

DAYS = {
    "fr": ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
MONTHS = {
    "fr": ("janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre",
           "décembre"),
    "en": ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
           "November", "December"),
}  # fmt: skip
PARTS = {
    "fr": {"morning": "matin", "afternoon": "après-midi", "evening": "soir"},
    "en": {"morning": "morning", "afternoon": "afternoon", "evening": "evening"},
}
# A term is said where another one is, so that a name of a place and of a wine is taken as it must be there too.
BESIDE = {"activity": "miel", "product": "boulangerie", "label": "miel", "service": "miel"}
# Phrases are tried on a day on which nothing depends.
_ANY_DAY = datetime(2026, 1, 1, 12, tzinfo=local_zone())


def phrased(question: Question, language: str) -> str:
    """The question in words, "ferme, fromage, 10 km autour de Vendôme, dimanche matin"; "" where nothing is asked."""
    english = language.startswith("en")
    said = [*_what(question, "en" if english else "fr"), *_where(question, english), *_when(question, english)]
    return ", ".join(said)


def _what(question: Question, language: str) -> Iterator[str]:
    for dimension, field in FIELDS.items():
        for code in getattr(question, field):
            yield term_phrase(vocabulary(), dimension, code, language)
    if question.text:
        yield question.text


@lru_cache(maxsize=4096)
def term_phrase(terms: Vocabulary, dimension: str, code: str, language: str) -> str:
    """A phrase of a term that is understood as just that term; its label where none is."""
    term = terms.by_code[code]
    label = plain(term.label(language))
    field = FIELDS[dimension]
    beside = BESIDE[dimension]
    alone = interpret(beside, _ANY_DAY)
    others = (text for _, text in term.phrases)
    for said in (label, *_in_a_sentence(dimension, code, language), *others):
        if _adds_only(interpret(f"{beside}, {said}", _ANY_DAY), alone, field, code):
            return said
    return label


def _in_a_sentence(dimension: str, code: str, language: str) -> Iterator[str]:
    """ "du chinon", "des girolles": said so, it is no town. English has no such article."""
    if dimension == "product" and language == "fr":
        yield phrase("product", code).one_fr


def _adds_only(found: Interpretation, alone: Interpretation, field: str, code: str) -> bool:
    """Whether the phrase added the code and nothing else."""
    held = set(getattr(found, field)) - set(getattr(alone, field))
    others = all(getattr(found, name) == getattr(alone, name) for _, name in FIELDS.items() if name != field)
    return held == {code} and others and not (found.text or found.place or found.here or found.opening or found.season)


def _where(question: Question, english: bool) -> Iterator[str]:
    radius = "" if question.radius is None or question.radius == question.usual_radius else f"{question.radius.km:g} km"
    if not english:
        radius = radius.replace(".", ",")
    if question.comes:
        yield _comes(question.place_text if question.place is not None else "", english)
    if question.centre is not None and (radius or not question.comes):
        yield _around(question.place, question.place_text, radius, english)
    elif question.place is not None and not question.comes:
        yield question.place_text


def _comes(text: str, english: bool) -> str:
    if not text:
        return "who come to my home" if english else "se déplaçant chez moi"
    return f"who come to {text}" if english else f"se déplaçant à {text}"


def _around(place: Place | None, text: str, radius: str, english: bool) -> str:
    if place is None:
        here = "near me" if english else "autour de moi"
        return f"{radius} {here}".strip()
    if english:
        return f"within {radius} of {text}" if radius else f"near {text}"
    return f"à {radius} autour de {text}" if radius else f"à {text}"


def _when(question: Question, english: bool) -> Iterator[str]:
    language = "en" if english else "fr"
    match question.opening:
        case Now():
            yield "open now" if english else "ouvert maintenant"
        case On(weekday, part):
            yield " ".join(_day(DAYS[language], weekday, PARTS[language].get(part or "", ""), english))
    if question.season is not None:
        said = "in season" if english else "de saison"
        month = MONTHS[language][question.season - 1] if question.season != THIS_MONTH else ""
        yield f"{said} {'in' if english else 'en'} {month}" if month else said


def _day(days: Sequence[str], weekday: int, part: str, english: bool) -> Iterator[str]:
    yield "open on" if english else "ouvert"
    yield days[weekday - 1]
    if part:
        yield part
