"""In which month: "fraises de saison", "asperges en mai", "in season in June"; dates, which say no such thing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from directory.questions.common_words import listed
from directory.questions.question import THIS_MONTH
from directory.questions.spans import Span
from directory.questions.words import Word

_NAMES = (
    "janvier january", "fevrier february", "mars march", "avril april", "mai may", "juin june", "juillet july",
    "aout august", "septembre september", "octobre october", "novembre november", "decembre december",
)  # fmt: skip
MONTHS = {name: number for number, names in enumerate(_NAMES, 1) for name in names.split()}
_NOW = {("de", "saison"), ("de", "la", "saison"), ("en", "saison"), ("in", "season"), ("seasonal",)}
_IN = (("en",), ("in",), ("au", "mois", "de"), ("au", "mois", "d"), ("du", "mois", "de"), ("in", "the", "month", "of"))
_BEFORE_A_DATE = listed("open") | {"le", "the", "on", "du", "au"}


def seasons(words: Sequence[Word]) -> Iterator[Span]:
    """Every season that the words say, as a month, or THIS_MONTH; and dates, as words that say nothing."""
    folded = [word.folded for word in words]
    for i in range(len(words)):
        yield from _now_at(folded, i)
        month, end = _month_at(folded, i)
        if month:
            yield Span(i, end, "season", month, bonus=0.2)
        yield from _date_at(words, i)


def _now_at(folded: list[str], i: int) -> Iterator[Span]:
    for phrase in _NOW:
        end = i + len(phrase)
        if tuple(folded[i:end]) == phrase:
            month, after = _month_at(folded, end)
            yield Span(i, after if month else end, "season", month or THIS_MONTH, bonus=0.2)


def _month_at(folded: list[str], i: int) -> tuple[int, int]:
    """ "en juin", and where it ends; 0 where there is no month."""
    for phrase in _IN:
        end = i + len(phrase)
        if tuple(folded[i:end]) == phrase and end < len(folded) and folded[end] in MONTHS:
            return MONTHS[folded[end]], end + 1
    return 0, i


def _date_at(words: Sequence[Word], i: int) -> Iterator[Span]:
    """ "le 1er mai", "ouvert le 24 décembre": no weekday, no month, and no "now" either."""
    day, at = words[i].number, i + 1
    if day is None or not 1 <= day <= 31:
        return
    if at < len(words) and words[at].folded in ("er", "st", "nd", "rd", "th", "of"):
        at += 1
    if at < len(words) and words[at].folded in MONTHS:
        start = i
        while start > 0 and words[start - 1].folded in _BEFORE_A_DATE:
            start -= 1
        yield Span(start, at + 1, "ignored", None, bonus=0.5)
