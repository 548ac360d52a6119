"""Streets: "24 rue du Commerce", "avenue de Grammont". Their words are no products and no merchant's name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from directory.questions.common_words import listed
from directory.questions.spans import Span
from directory.questions.words import Word

# What begins a street's name whatever follows; others do so after a house number only: "place", "cours", "route".
_ALWAYS = listed("streets")
_NUMBERED = _ALWAYS | listed("numbered_streets")
_LINKS = listed("street_links")
_REPEATS = frozenset({"bis", "ter", "quater", "b", "t"})
MOST_WORDS = 3


def streets(words: Sequence[Word]) -> Iterator[Span]:
    """A house number, the kind of street and its name: up to three words besides links, or to the next comma.

    Every length of the name is given: where a town follows without a comma, it ends there.
    """
    for i, word in enumerate(words):
        number = _number_before(words, i)
        if word.folded not in (_ALWAYS if number == i else _NUMBERED):
            continue
        end, named = i + 1, 0
        while end < len(words) and not words[end].after_break and words[end].number is None:
            if words[end].folded not in _LINKS:
                if named == MOST_WORDS:
                    break
                named += 1
            end += 1
            yield Span(number, end, "street", None, 0.55)


def _number_before(words: Sequence[Word], i: int) -> int:
    """Where the house number before a street begins; i where there is none."""
    at = i - 1
    if at > 0 and words[at].folded in _REPEATS:
        at -= 1
    return at if at >= 0 and words[at].number is not None and words[at].number < 10_000 else i  # type: ignore[operator]
