"""The vocabulary's phrases, found in a run of words: as they are, without small words, by stem, by sound, by spelling.

Each way of finding is a step less sure than the one before, and none of them turns a word that is known into another.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from copy import copy
from dataclasses import dataclass

from django.conf import settings
from rapidfuzz import process
from rapidfuzz.distance import OSA

from directory.questions.common_words import everyday_words
from directory.questions.words import Word, heard, letters_apart, norms_of, stem, words_of
from directory.vocabulary import vocabulary
from geo.folding import ARTICLES, fold
from geo.gazetteer import gazetteer
from geo.revisions import refreshed

# How sure a way of finding is.
AS_SAID, LOOSELY, BY_STEM, JOINED, BY_SOUND, MISSPELT = 1.0, 0.97, 0.93, 0.95, 0.8, 0.7
# Small words that may be missing, or be there, inside a phrase: "fromage chèvre". Never one that joins two things:
# "et", or the "from" of "flour from a mill".
# In French "the" is tea.
_INNER = {"fr": ARTICLES | {"de", "du", "des", "d", "au", "aux"}, "en": frozenset({"of", "the"})}
# Of "en terrasse" people say "avec terrasse".
_LEADING = frozenset({"en", "a", "sur", "avec"})
MENDED_AT_BEST = 0.89
SHORTEST_SOUND = 3
SHORTEST_MENDED = 4
# One wrong letter from five letters on, two from nine: the gazetteer's rule, for the same reason.
SHORTEST_MISSPELT, SHORTEST_TWICE = 5, 9
MOST_MENDED = 3


@dataclass(frozen=True, slots=True)
class Meaning:
    """A term that words name, and how sure that is."""

    dimension: str
    code: str
    sure: float


@dataclass(frozen=True, slots=True)
class Mended:
    """A known word that an unknown one may have been meant for."""

    norm: str
    sure: float


class Lexicon:
    """All phrases of the vocabulary. Immutable, so threads share it."""

    def __init__(self, terms: Iterable[tuple[str, str, Sequence[tuple[str, str]]]], known: Iterable[str] = ()):
        """`terms` are (dimension, code, phrases as (language, text)); `known` are words that are no misspellings."""
        self.exact: dict[tuple[str, ...], tuple[str, str]] = {}
        self._loose: dict[tuple[str, ...], tuple[str, str] | None] = {}
        self._stems: dict[tuple[str, ...], tuple[str, str] | None] = {}
        self._joined: dict[str, tuple[str, str] | None] = {}
        sounds: dict[str, set[str]] = {}
        words: set[str] = set()
        for dimension, code, phrases in terms:
            meaning = (dimension, code)
            for language, text in phrases:
                norms = norms_of(text)
                if not norms:
                    continue
                self.exact.setdefault(norms, meaning)
                bare = _bare(norms, language)
                if bare:
                    _only(self._loose, bare, meaning)
                    if bare[0] in _LEADING and len(bare) == 2 and bare[1] not in everyday_words():
                        _only(self._loose, bare[1:], meaning)
                    _only(self._stems, tuple(stem(norm, language) for norm in bare), meaning)
                if len(norms) > 1:
                    _only(self._joined, "".join(norms), meaning)
                for word in words_of(text):
                    words.add(word.norm)
                    sounds.setdefault(heard(word.accented), set()).add(word.norm)
        self.words = frozenset(words)
        self._known = frozenset(known) | everyday_words()
        self._sounds = {said: sorted(norms) for said, norms in sounds.items() if len(said) >= SHORTEST_SOUND}
        self._by_length: dict[int, list[str]] = {}
        for norm in sorted(words - everyday_words()):
            self._by_length.setdefault(len(norm), []).append(norm)

    def knowing(self, words: frozenset[str]) -> Lexicon:
        """The same lexicon, that knows these folded words as well."""
        if not words:
            return self
        other = copy(self)
        other._known = self._known | words
        return other

    def knows(self, word: Word) -> bool:
        """Whether the word is one of the vocabulary's, a place's, or of every day."""
        return word.norm in self.words or word.folded in self._known or word.norm in self._known

    def find(self, norms: tuple[str, ...], mended: float = 1.0) -> Meaning | None:
        """The term that these words name together, all of them."""
        for sure, found in self._ways(norms):
            if mended < 1.0 and sure == BY_STEM:
                break  # "crooked" is not "cooked", and that no cookie
            if found is not None:
                return Meaning(*found, sure * mended)
        return None

    def _ways(self, norms: tuple[str, ...]) -> Iterator[tuple[float, tuple[str, str] | None]]:
        yield AS_SAID, self.exact.get(norms)
        bares = {language: _bare(norms, language) for language in _INNER if not _ends_in_small(norms, language)}
        for bare in bares.values():
            yield LOOSELY, self._loose.get(bare)
        if len(norms) <= 2:
            yield JOINED, self._joined.get("".join(norms))
        for language, bare in bares.items():
            if not all(norm in self._known for norm in bare):
                yield BY_STEM, self._stems.get(tuple(stem(norm, language) for norm in bare))

    def mend(self, word: Word) -> list[Mended]:
        """Known words that an unknown one was perhaps meant for, the likeliest first."""
        found: dict[str, float] = {}
        if len(word.norm) < SHORTEST_MENDED:
            return []
        said = heard(word.accented)
        for norm in self._sounds.get(said, ()):
            if norm not in everyday_words() and OSA.distance(norm, word.norm) <= letters_apart(norm):
                found[norm] = BY_SOUND
        for norm, distance in self._near(word.norm):
            # Where the first letter is wrong it is another word: "grillon" is no "rillons".
            if norm[0] == word.norm[0]:
                found[norm] = max(found.get(norm, 0.0) + 0.05, MISSPELT - 0.05 * (distance - 1))
        best = sorted(found.items(), key=lambda item: (-item[1], item[0]))
        return [Mended(norm, min(sure, MENDED_AT_BEST)) for norm, sure in best[:MOST_MENDED]]

    def _near(self, norm: str) -> Iterator[tuple[str, int]]:
        length = len(norm)
        if length < SHORTEST_MISSPELT - 1:
            return
        allowed = 1 if length < SHORTEST_TWICE else 2
        # Of four letters, one may have been left out ("frut"), none be another.
        shortest = length - allowed if length >= SHORTEST_MISSPELT else length + 1
        for other in range(shortest, length + allowed + 1):
            found = process.extract(
                norm, self._by_length.get(other, []), scorer=OSA.distance, score_cutoff=allowed, limit=MOST_MENDED
            )
            for text, distance, _ in found:
                if len(text) >= SHORTEST_MISSPELT - 1:
                    yield text, int(distance)


def _bare(norms: tuple[str, ...], language: str) -> tuple[str, ...]:
    """The words that carry the meaning."""
    return tuple(norm for norm in norms if norm not in _INNER[language])


def _ends_in_small(norms: tuple[str, ...], language: str) -> bool:
    return norms[0] in _INNER[language] or norms[-1] in _INNER[language]


def _only(index: dict, key: object, meaning: tuple[str, str]) -> None:  # type: ignore[type-arg]
    """Keeps a key for one meaning; a key of two is of none."""
    index[key] = meaning if index.get(key, meaning) == meaning else None


@refreshed("vocabulary")
def lexicon() -> Lexicon:
    """The process's copy, rebuilt after the vocabulary was loaded again."""
    return Lexicon(((term.dimension, term.code, term.phrases) for term in vocabulary().terms), _known_names())


def _known_names() -> set[str]:
    """First names and the words of communes' names: "Marion" is no misspelt "marron"."""
    path = settings.BASE_DIR / "fixtures" / "given_names_fr.txt"
    lines = path.read_text("utf-8").splitlines() if path.exists() else []
    names = {fold(name) for line in lines if not line.startswith("#") for name in line.split()}
    for entry in gazetteer().entries:
        for name in (entry.name, *entry.former_names):
            names.update(fold(name).split())
    return names
