"""Where in a question someone is typing: the ends of the text that a suggestion may complete. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from geo.folding import ARTICLES, LINKS, SMALL_WORDS, fold, place_words
from geo.french import elides, of
from geo.place_text import FILLERS

# Only the end of a question is completed: of a longer one, so many characters of it are looked at.
MOST_READ = 200
# "La Chapelle-Saint-Martin-en-Plaine" has six; longer ones are not typed to their end.
MOST_WORDS = 7

# What the word before says of what comes. "de", "of" also tie a product to its kind ("confiture de fraises"), so they
# say less than "autour de"; "du" and "des" more often begin what is sold ("du miel").
OPENS_PLACE, HINTS_PLACE, OPENS_THING, OPENS_NOTHING = 0.3, 0.15, 0.3, 0.0
# "a" is "à" without its accent, or the English article.
_HINTS = frozenset({"de", "d", "of", "from", "by", "par", "to", "a"})
_NEAR = frozenset({"autour", "pres", "proche", "environs", "alentours", "cote", "loin", "close", "next"})
_PLACE = (FILLERS - _HINTS - {"du", "des"}) | _NEAR | {"à"}
_THING = frozenset({"du", "des", "avec", "with", "vend", "vendent", "vendant", "vendre", "sell", "sells", "selling"})

_WORD = re.compile(r"[^\W_]+")
# "au" + "Le Blanc" is "au Blanc"; "de" + "Orléans" is "d'Orléans", "d'" + "Vendôme" is "de Vendôme".
_CONTRACTED = re.compile(r"\b(aux?|du|des) $", re.IGNORECASE)
_ARTICLES = {("a", "Le"): "au", ("a", "Les"): "aux", ("d", "Le"): "du", ("d", "Les"): "des"}
_OF = re.compile(r"\b(?:de |d['’])$", re.IGNORECASE)
_ELIDED = re.compile(r"\bl['’]$", re.IGNORECASE)
_PARTITIVE = re.compile(r"\b(?:du |des |de la |de l['’])$", re.IGNORECASE)
_ARTICLES_BEFORE = ARTICLES | {"the"}


@dataclass(frozen=True, slots=True)
class Tail:
    """An end of the question: `text` from `start` on, as typed, and its folded `words`.

    `at_start` says that nothing is asked `before`: "le magny" begins with its article. `place` and `thing` are what the
    word before adds to the fit of places, and of terms.
    """

    text: str
    start: int
    words: tuple[str, ...]
    before: str
    at_start: bool
    place: float = OPENS_NOTHING
    thing: float = OPENS_NOTHING

    @property
    def weight(self) -> int:
        """How many words carry meaning: what completes more of them understood more."""
        return max(1, sum(word not in SMALL_WORDS for word in self.words))

    @property
    def opened(self) -> bool:
        """Whether the word before says that something begins here. Behind a hyphen nothing does."""
        return bool(self.place or self.thing) and not self.before.endswith("-")

    @property
    def may_be_place(self) -> bool:
        """An end that begins with "autour de" is no name; articles belong to names ("Le Blanc")."""
        return self.words[0] not in FILLERS or len(self.words) == 1

    def holds(self, name: str) -> bool:
        """Whether a small word at the beginning belongs to the name: that of "à emporter" does, of "de miel" not."""
        return self.words[0] not in SMALL_WORDS or self.words[0] in place_words(name)

    def takes(self, name: str, some: str = "") -> bool:
        """Whether the name may stand there: nothing that begins with a consonant follows "l'"; see `completed`."""
        replaced = some and _PARTITIVE.search(self.before)
        return bool(replaced) or _ELIDED.search(self.before) is None or elides(name)

    def completed(self, name: str, some: str = "") -> str:
        """The whole question once the end is replaced by a name, elided and contracted as French does.

        `some` is the name with its article ("de l'huile", "des œufs"), in place of one that is already there.
        """
        if some and (partitive := _PARTITIVE.search(self.before)):
            return self.before[: partitive.start()] + some
        article, _, bare = name.partition(" ")
        if article in ("Le", "Les") and (contracted := _CONTRACTED.search(self.before)):
            written = _ARTICLES[contracted[1][0].lower(), article]
            return f"{self.before[: contracted.start()]}{written} {bare}"
        if linked := _OF.search(self.before):
            return f"{self.before[: linked.start() + 1]}{of(name)[1:]}"
        return self.before + name


def tails(question: str) -> list[Tail]:
    """The ends that may be completed, longest first; [] where there is no word."""
    question = question.lstrip()
    starts = [match.start() for match in _WORD.finditer(question, max(0, len(question) - MOST_READ))]
    first = max(0, len(starts) - MOST_WORDS)
    found = (_tail(question, starts, i) for i in range(first, len(starts)))
    return [tail for tail in found if tail is not None]


def _tail(question: str, starts: list[int], i: int) -> Tail | None:
    text, before = question[starts[i] :], question[: starts[i]]
    words = tuple(place_words(text))
    if not words or (before and SMALL_WORDS.issuperset(words)):
        return None
    place, thing = _opened(list(_words_before(before)))
    at_start = SMALL_WORDS.issuperset(place_words(before))
    return Tail(text, starts[i], words, before, at_start, place, thing)


def _words_before(before: str) -> Iterator[str]:
    for match in _WORD.finditer(before[-60:]):
        yield from ["à"] if match[0] in ("à", "À") else fold(match[0]).split()


def _opened(words: list[str]) -> tuple[float, float]:
    """What the words before the end add to places, and to things."""
    if words and words[-1] in _ARTICLES_BEFORE:
        words = words[:-1]
    if not words:
        return OPENS_NOTHING, OPENS_NOTHING
    last = words[-1]
    nears = last in LINKS | {"of", "to"} and any(word in _NEAR for word in words[-2:-1])
    if last in _PLACE or nears:
        return OPENS_PLACE, OPENS_NOTHING
    if last in _HINTS:
        return HINTS_PLACE, OPENS_NOTHING
    return OPENS_NOTHING, OPENS_THING if last in _THING else OPENS_NOTHING
