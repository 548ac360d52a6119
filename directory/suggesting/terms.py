"""The vocabulary by what people begin to type: labels and synonyms of both languages, in memory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from directory.models import Term
from directory.phrases import phrase
from directory.questions.words import singular
from directory.vocabulary import plain
from geo.folding import fold, place_key, place_words
from geo.gazetteer import gazetteer
from geo.place_index import HEAD, INNER, PREFIX, Fits, NameIndex
from geo.revisions import refreshed
from geo.sounding import Sounding

# Taken off what fits in the language that the reader did not choose: "chair" is no flesh to an English reader.
OTHER_LANGUAGE = 0.06
# Taken off a synonym, beside what NameIndex takes off: "vendom" is Vendôme before it is the cheese "vendôme bleu".
SYNONYM = 0.08
# A word from inside a name says less than a beginning that is misspelt: "fromages" is in "plateau de fromages".
INSIDE = 0.55
POOL = 60  # spellings looked at for each look-up: "fr" begins fewer


@dataclass(frozen=True, slots=True)
class Spelling:
    """One way to write a term: its label in a language, or a synonym there."""

    term: int
    language: str
    text: str
    is_label: bool


@dataclass(frozen=True, slots=True)
class KnownTerm:
    dimension: str
    code: str
    labels: dict[str, str]
    says_itself: dict[str, str]  # by language, what names the term and no commune: "vin de Chinon"
    some: str  # a product with its French article: "de l'huile d'olive", "du chinon"


@dataclass(frozen=True, slots=True)
class FoundTerm:
    """`fit` is on the scale of geo.place_index; `matched` is the synonym that fits, empty where the label does.

    `text` is the spelling that fits, and `language` its language.
    """

    term: KnownTerm
    fit: float
    matched: str
    language: str
    text: str


class TermIndex:
    """All spellings of all terms. Immutable."""

    def __init__(self, terms: list[KnownTerm], spellings: list[Spelling]):
        self._terms = terms
        # The shortest first: what is left to type says how near a beginning is.
        self._spellings = sorted(spellings, key=lambda s: (len(s.text), not s.is_label, s.term, s.text))
        numbered = list(enumerate(self._spellings))
        self._names = {
            language: NameIndex((i, _singular(s.text), not s.is_label) for i, s in numbered if s.language == language)
            for language in ("fr", "en")
        }
        self._sounding = {
            language: Sounding((i, fold(s.text)) for i, s in numbered if s.language == language)
            for language in ("fr", "en")
        }

    def begun(self, words: tuple[str, ...], language: str) -> list[FoundTerm]:
        """Terms of which a name is, or begins with, the words, be they one or many of the thing."""
        fits: Fits = {}
        typed = [*map(singular, words[:-1]), words[-1]]
        one = [*typed[:-1], singular(words[-1])]
        for names in self._names.values():
            found = names.beginning(typed, POOL) | names.named(typed)
            if one != typed:
                # A plural is a whole word: "gras" does not begin "graines".
                whole = {i: fit for i, fit in names.beginning(one, POOL).items() if fit > PREFIX}
                found |= whole | names.named(one)
            self._add(fits, found, language)
        return self._best(fits, language)

    def misspelt(self, words: tuple[str, ...], language: str) -> list[FoundTerm]:
        """Terms of which a name begins nearly so."""
        fits: Fits = {}
        for sounding in self._sounding.values():
            self._add(fits, sounding.beginning(words), language)
        return self._best(fits, language)

    def _add(self, fits: Fits, found: Fits, language: str) -> None:
        for i, fit in found.items():
            if INNER < fit <= HEAD:
                fit = PREFIX  # the last word may go on: "lait" is as near to "laitue" as to "lait cru"
            elif fit == INNER:
                fit = INSIDE
            fits[i] = fit - self._penalty(self._spellings[i], language)

    def _penalty(self, spelling: Spelling, language: str) -> float:
        # Labels and services are called by their synonyms: "bio", "drive".
        as_good = spelling.is_label or self._terms[spelling.term].dimension in ("label", "service")
        return (0.0 if as_good else SYNONYM) + (0.0 if spelling.language == language else OTHER_LANGUAGE)

    def _best(self, fits: Fits, language: str) -> list[FoundTerm]:
        """Of each term the spelling that fits best, its label before a synonym."""
        best: dict[int, FoundTerm] = {}
        for i in sorted(fits, key=lambda i: (-fits[i], not self._spellings[i].is_label, i)):
            spelling = self._spellings[i]
            if spelling.term not in best:
                term = self._terms[spelling.term]
                shown = spelling.is_label and spelling.language == language
                matched = "" if shown or fold(spelling.text) == fold(term.labels[language]) else spelling.text
                best[spelling.term] = FoundTerm(term, fits[i], matched, spelling.language, spelling.text)
        return list(best.values())


@refreshed("vocabulary")
def term_index() -> TermIndex:
    """The process's copy, refreshed after a load of the vocabulary."""
    communes = {place_key(entry.name) for entry in gazetteer().entries}
    rows = list(Term.objects.order_by("dimension", "rank"))
    terms = [
        KnownTerm(
            row.dimension,
            row.code,
            {"fr": row.label_fr, "en": row.label_en},
            {"fr": _apart(plain(row.label_fr), row.synonyms_fr, communes), "en": plain(row.label_en)},
            _some(row),
        )
        for row in rows
    ]
    return TermIndex(terms, [spelling for i, row in enumerate(rows) for spelling in _spellings(i, row)])


def _singular(text: str) -> str:
    return " ".join(map(singular, place_words(text)))


def _some(row: Term) -> str:
    """Nothing for what is offered rather than sold ("la réparation de vélos"), or said of two."""
    said = phrase("product", row.code) if row.dimension == "product" else None
    return "" if said is None or said.verb == "offer" or " ou " in said.one_fr else said.one_fr


def _apart(label: str, synonyms: list[str], communes: set[str]) -> str:
    """The label, or where a commune bears it too, the synonym that says which: "vin de Chinon"."""
    key = place_key(label)
    if key not in communes:
        return label
    keys = {synonym: place_key(synonym) for synonym in synonyms}
    apart = [synonym for synonym in synonyms if key.split()[0] in keys[synonym] and keys[synonym] not in communes]
    return max(apart, key=lambda synonym: " de " in keys[synonym], default=label)


def _spellings(i: int, row: Term) -> Iterator[Spelling]:
    yield Spelling(i, "fr", row.label_fr, True)
    yield Spelling(i, "en", row.label_en, True)
    for language, synonyms in (("fr", row.synonyms_fr), ("en", row.synonyms_en)):
        for synonym in synonyms:
            yield Spelling(i, language, synonym, False)
