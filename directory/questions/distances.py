"""How far: "à moins de 10 km", "dans un rayon de vingt kilomètres", "500 m", "within 5 miles". Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from directory.questions.common_words import listed
from directory.questions.spans import Span
from directory.questions.words import Word

KM_IN_A_MILE = 1.609344
# Kilometres in each unit, by its norm.
UNITS = (
    dict.fromkeys(("km", "kms", "kilometre", "kilometer", "kilom", "kilo", "borne", "klm", "kil"), 1.0)
    | dict.fromkeys(("m", "metre", "meter", "mtr"), 0.001)
    | dict.fromkeys(("mile", "mi"), KM_IN_A_MILE)
)
# What is no distance, so that its number is nothing else either.
OTHER_UNITS = frozenset({"min", "minute", "mn", "heure", "hour", "h", "euro", "eur", "kg", "g", "gramme", "litre", "l"})

_SMALL = {
    "un": 1, "une": 1, "deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "six": 6, "sept": 7, "huit": 8, "neuf": 9,
    "dix": 10, "onze": 11, "douze": 12, "treize": 13, "quatorze": 14, "quinze": 15, "seize": 16,
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16,
    "seventeen": 17, "eighteen": 18, "nineteen": 19, "demi": 0.5, "demie": 0.5, "half": 0.5,
}  # fmt: skip
_TENS = {
    "vingt": 20, "trente": 30, "quarante": 40, "cinquante": 50, "soixante": 60, "septante": 70, "nonante": 90,
    "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
}  # fmt: skip
_ROUND = {
    "dizaine": 10, "douzaine": 12, "quinzaine": 15, "vingtaine": 20, "trentaine": 30, "quarantaine": 40,
    "cinquantaine": 50, "soixantaine": 60, "centaine": 100, "dozen": 12, "couple": 2,
}  # fmt: skip
_HUNDREDS = {"cent": 100, "cents": 100, "hundred": 100}
_THOUSANDS = {"mille": 1000, "thousand": 1000}
LONGEST_NUMBER = 5
_ARTICLES = frozenset({"a", "an", "un", "une"})

# Words before and after that belong to the distance.
_BEFORE = listed("before_a_distance")
_AFTER = listed("after_a_distance")


def distances(words: Sequence[Word]) -> Iterator[Span]:
    """Every distance, in kilometres, with the words that introduce and end it."""
    i = 0
    while i < len(words):
        number, end = number_at(words, i)
        if number is None:
            i += 1
            continue
        unit_at = _after_of(words, end)
        unit = UNITS.get(words[unit_at].norm) if unit_at < len(words) else None
        if unit is None or number <= 0:
            if unit_at < len(words) and words[unit_at].folded in OTHER_UNITS | {w + "s" for w in OTHER_UNITS}:
                yield Span(_from(words, i), unit_at + 1, "ignored", None)
                i = unit_at
            i += 1
            continue
        stop = _until(words, unit_at + 1)
        yield Span(_from(words, i), stop, "radius", round(number * unit, 3), bonus=1.0)
        i = stop


def number_at(words: Sequence[Word], start: int) -> tuple[float | None, int]:
    """The number that begins there, in figures or in words, and where it ends; (None, start) when there is none."""
    first = words[start]
    if first.number is not None:
        return first.number, start + 1
    if first.folded in _ARTICLES and not _stands_before_a_unit(words, start + 1):
        return None, start  # "à cinq cents mètres"
    total, i = _in_words(words, start)
    return (total, i) if i > start else (None, start)


def _stands_before_a_unit(words: Sequence[Word], i: int) -> bool:
    """ "a mile", "un demi kilomètre", "une dizaine"."""
    return i < len(words) and (
        words[i].norm in UNITS or words[i].folded in ("demi", "half") or words[i].norm in (*_ROUND, *_HUNDREDS)
    )


def _in_words(words: Sequence[Word], start: int) -> tuple[float, int]:
    """ "vingt-cinq", "quatre-vingt-dix", "cent cinquante", "une dizaine", "half a", "twenty five"."""
    total, i, end = 0.0, start, start
    while i < len(words) and i - start < LONGEST_NUMBER and not (i > start and words[i].after_break):
        word = words[i].folded
        singular = words[i].norm
        if word in ("vingt", "vingts") and total == 4:
            total = 80
        elif word in _TENS or word == "vingts":
            total += _TENS.get(word, 20)
        elif word in _HUNDREDS:
            total = (total or 1) * 100
        elif word in _THOUSANDS:
            total = (total or 1) * 1000
        elif singular in _ROUND:
            total = float(_ROUND[singular])
        elif word in _SMALL:
            total = _with_small(total, word)
        elif not (word in ("et", "and") and i > start):
            break
        else:
            i += 1
            continue
        i += 1
        end = i
    return total, end


def _with_small(total: float, word: str) -> float:
    if word in _ARTICLES and total == 0.5:  # "half a mile"
        return total
    if word in ("demi", "demie", "half") and total == 1:  # "un demi kilomètre"
        return 0.5
    return total + _SMALL[word]


def _after_of(words: Sequence[Word], i: int) -> int:
    """After the "de" of "une dizaine de kilomètres"."""
    return i + 1 if i < len(words) and words[i].folded in ("de", "d", "of") else i


def _from(words: Sequence[Word], start: int) -> int:
    while start > 0 and words[start - 1].folded in _BEFORE and not words[start].after_break:
        start -= 1
    return start


def _until(words: Sequence[Word], end: int) -> int:
    """ "à la ronde", "maximum": the "a" and "la" count only before what they lead to."""
    stop = end
    while end < len(words) and words[end].folded in _AFTER:
        end += 1
        if words[end - 1].folded in ("ronde", "max", "maximum", "maxi", "environ", "away", "radius", "less"):
            stop = end
    return stop
