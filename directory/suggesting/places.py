"""Places by what people begin to type: the gazetteer's answer, and beginnings that are misspelt."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from django.utils import timezone

from directory.questions.interpretation import interpret
from geo.folding import SMALL_WORDS, place_key, place_words, without_article
from geo.gazetteer import Gazetteer, Place, gazetteer
from geo.place_index import HEAD, INNER, LOOSE, PREFIX
from geo.revisions import refreshed
from geo.sounding import Sounding

POOL = 30


class PlaceIndex:
    """A gazetteer's places by how their names sound, and which communes bear the same name."""

    def __init__(self, ground: Gazetteer):
        self._ground = ground
        self._departements = sorted(ground.departements)
        self._sounding = Sounding(self._names())
        # Whether a name alone is read as the place: asked once of each that is suggested.
        self._told: dict[str, bool] = {}
        self._bearers = Counter(place_key(entry.name) for entry in ground.entries)

    def _names(self) -> Iterator[tuple[int, str]]:
        for i, entry in enumerate(self._ground.entries):
            for name in (entry.name, *entry.former_names):
                key = place_key(name)
                yield i, key
                yield i, " ".join(without_article(key.split()))
        for i, code in enumerate(self._departements, len(self._ground.entries)):
            yield i, place_key(self._ground.departements[code])

    def begun(self, text: str, finished: bool) -> list[Place]:
        """Places that the text names or begins to; while a word is unfinished, "tour" is as near to Tours as to
        Tour-en-Sologne, and people number more in Tours.
        """
        found = self._ground.find(text, POOL, typos=False)
        if finished:
            return found
        words = place_words(text)
        return sorted(
            (_unfinished(place, words) for place in found), key=lambda place: (-place.score, self.rank(place))
        )

    def misspelt(self, words: tuple[str, ...]) -> list[Place]:
        """Places whose name begins nearly so, the likeliest first."""
        fits = self._sounding.beginning(words)
        return [self._place(i, fits[i]) for i in sorted(fits, key=lambda i: (-fits[i], i))[:POOL]]

    def _place(self, i: int, fit: float) -> Place:
        if i < len(self._ground.entries):
            entry = self._ground.entries[i]
            return Place("commune", entry.code, entry.name, entry.position, entry.departement, fit)
        code = self._departements[i - len(self._ground.entries)]
        return Place("departement", code, self._ground.departements[code], None, code, fit)

    def has_namesake(self, place: Place) -> bool:
        """Whether another commune bears the same name."""
        return place.kind == "commune" and self._bearers[place_key(place.name)] > 1

    def label(self, place: Place) -> str:
        """The name, told apart from namesakes: "Sainte-Gemme (Indre)"."""
        return f"{place.name} ({self.departement(place)})" if self.has_namesake(place) else place.name

    def said_alone(self, kind: str, code: str, name: str, language: str) -> str:
        """A place's name where no preposition stands before it: "à Chinon", since Chinon alone is the wine."""
        if name not in self._told:
            read = interpret(name, timezone.now()).place
            self._told[name] = read is not None and (kind == "postcode" or read.code == code)
        return name if self._told[name] else f"in {name}" if language == "en" else f"à {name}"

    def former_name(self, place: Place, words: tuple[str, ...]) -> str:
        """The former name that begins with the words, where the present one does not hold them."""
        entry = self._ground.commune(place.code) if place.kind == "commune" else None
        typed = " ".join(without_article(words))
        if entry is None or f" {typed}" in f" {place_key(entry.name)}":
            return ""
        return next((name for name in entry.former_names if f" {typed}" in f" {place_key(name)}"), "")

    def rank(self, place: Place) -> int:
        """Where places fit as well: départements, then communes by population, then postcodes in order."""
        if place.kind == "postcode":
            return len(self._ground.entries) + int(place.code)
        return self._ground.rank(place.code) if place.kind == "commune" else -1

    def departement(self, place: Place) -> str:
        """The name of the département in which a place lies."""
        return "" if place.kind == "departement" else self._ground.departements.get(place.departement, "")


def _unfinished(place: Place, words: list[str]) -> Place:
    """How well a place fits words of which the last may go on."""
    fit = place.score
    if PREFIX < fit <= HEAD:
        fit = PREFIX
    elif fit == LOOSE and words[-1] in SMALL_WORDS and " ".join(words) not in place_key(place.name):
        fit = INNER  # "indre-et" is no longer Indre
    return replace(place, score=fit)


@refreshed("communes")
def place_index() -> PlaceIndex:
    """The process's copy, rebuilt after the communes were loaded again."""
    return PlaceIndex(gazetteer())
