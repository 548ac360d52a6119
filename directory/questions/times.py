"""When: "ouvert maintenant", "le dimanche matin", "open on Saturday afternoon", "ce soir", "demain"; "de saison"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from directory.questions.common_words import listed, phrases
from directory.questions.opening import PARTS, Now, On, Opening, Part, local_zone
from directory.questions.question import THIS_MONTH
from directory.questions.spans import Span
from directory.questions.words import Word

_DAYS = (
    "lundi monday mon lun", "mardi tuesday tue tues mar", "mercredi wednesday wed weds mer",
    "jeudi thursday thu thur thurs jeu", "vendredi friday fri ven vend", "samedi saturday sat sam",
    "dimanche sunday sun dim",
)  # fmt: skip
WEEKDAYS = {name: number for number, names in enumerate(_DAYS, 1) for name in names.split()}
# Shorter names are other words too: they count beside a part of the day, or after "ouvert", "le", "on".
_FULL = 6
_PARTS: tuple[tuple[Part, str], ...] = (
    ("morning", "matin matinee mat morning"),
    ("afternoon", "aprem aprm apm midi afternoon noon lunchtime lunch"),
    ("evening", "soir soiree nuit evening night tonight"),
)
PART_WORDS: dict[str, Part] = {word: part for part, words in _PARTS for word in words.split()}
_OPEN = listed("open")
_BEFORE = _OPEN | listed("before_a_day")
NOW_PHRASES = phrases("now")
# Said alone, these mean now without "ouvert": "restaurant maintenant".
NOW_ALONE = {("maintenant",), ("mtn",), ("en", "ce", "moment"), ("now",), ("right", "now"), ("at", "the", "moment")}
SEASON_PHRASES = {("de", "saison"), ("in", "season"), ("en", "saison"), ("seasonal",), ("de", "la", "saison")}
_RELATIVE = {("aujourd", "hui"): 0, ("aujourdhui",): 0, ("auj",): 0, ("today",): 0, ("demain",): 1, ("tomorrow",): 1,
             ("tmr",): 1, ("apres", "demain"): 2, ("day", "after", "tomorrow"): 2}  # fmt: skip
_MONTHS = listed("months")
_THIS = frozenset({"ce", "cet", "cette", "this"})
_WEEKEND = {("week", "end"), ("weekend",), ("we",), ("week", "ends"), ("weekends",)}
SATURDAY = 6


def times(words: Sequence[Word], now: datetime) -> Iterator[Span]:
    """Every opening and season that the words say; `now` places "demain" and "ce soir"."""
    today = now.astimezone(local_zone()).date()
    folded = [word.folded for word in words]
    for i in range(len(words)):
        yield from _open_at(words, folded, i, today.isoweekday())
        for phrase in SEASON_PHRASES:
            if _is_at(folded, i, phrase):
                yield Span(i, i + len(phrase), "season", THIS_MONTH, bonus=0.2)
        yield from _date_at(words, i)
        opening, end = _day_at(words, folded, i, today.isoweekday())
        if opening is not None:
            start = _from(words, i)
            yield Span(start, _hour_after(words, end), "open", _with_hour(opening, words, end), bonus=1.0)


def _open_at(words: Sequence[Word], folded: list[str], i: int, today: int) -> Iterator[Span]:
    if folded[i] in _OPEN:
        start = i - 1 if i and folded[i - 1] in ("encore", "still", "actuellement", "currently") else i
        said = start < i
        for phrase in NOW_PHRASES:
            if _is_at(folded, i + 1, phrase):
                yield Span(start, i + 1 + len(phrase), "open", Now(), bonus=1.0)
        if i + 1 < len(folded) and folded[i + 1] in ("tard", "late"):
            yield Span(start, i + 2, "open", On(today, "evening"), bonus=1.0)
        elif (stop := _hour_after(words, i + 1)) > i + 1:
            yield Span(start, stop, "open", _with_hour(On(today), words, i + 1), bonus=1.0)
        if folded[i] not in ("ouvre", "ouvrent", "opening", "opened"):
            yield Span(start, i + 1, "open", Now(), 1.0 if said else 0.3)
    for phrase in NOW_ALONE:
        if _is_at(folded, i, phrase):
            end = i + len(phrase)
            open_after = end < len(folded) and folded[end] in _OPEN
            yield Span(i, end + open_after, "open", Now(), 0.9)


def _date_at(words: Sequence[Word], i: int) -> Iterator[Span]:
    """ "le 1er mai", "ouvert le 24 décembre": no weekday, and no "now" either."""
    day = words[i].number
    at = i + 1
    if day is None or not 1 <= day <= 31:
        return
    if at < len(words) and words[at].folded in ("er", "st", "nd", "rd", "th", "of"):
        at += 1
    if at < len(words) and words[at].folded in _MONTHS:
        start = i
        while start > 0 and words[start - 1].folded in _OPEN | {"le", "the", "on", "du"}:
            start -= 1
        yield Span(start, at + 1, "ignored", None, bonus=0.5)


def _is_at(folded: Sequence[str], i: int, phrase: tuple[str, ...]) -> bool:
    return tuple(folded[i : i + len(phrase)]) == phrase


def _day_at(words: Sequence[Word], folded: list[str], i: int, today: int) -> tuple[Opening | None, int]:
    """The day that begins at a word, with its part, and where it ends."""
    for phrase, days in _RELATIVE.items():
        if _is_at(folded, i, phrase):
            part, end = _part_at(folded, i + len(phrase))
            return On(_weekday(today, days), part), end
    for phrase in _WEEKEND:
        said = phrase != ("we",) or (i > 0 and folded[i - 1] in ("le", "ce", "du", "les"))  # "we" are people
        if said and _is_at(folded, i, phrase):
            return On(SATURDAY), i + len(phrase)
    if folded[i] in _THIS or folded[i] == "tonight":
        part, end = _part_at(folded, i if folded[i] == "tonight" else i + 1)
        return (On(today, part), end) if part else (None, i)
    day = WEEKDAYS.get(folded[i]) or WEEKDAYS.get(words[i].norm)
    if day is None:
        return _only_a_part(folded, i, today)
    part, end = _part_at(folded, i + 1)
    short = len(folded[i]) < _FULL and folded[i] not in ("lundi", "mardi", "jeudi")
    if short and part is None and not (i and folded[i - 1] in _OPEN | {"le", "on", "les"}):
        return None, i
    if part is None:
        part, end = _part_before(folded, i), i + 1
    return On(day, part), end


def _only_a_part(folded: list[str], i: int, today: int) -> tuple[Opening | None, int]:
    """ "ouvert le soir" says no day: the next such part of a day is today's or tomorrow's, so today's is meant."""
    if not (i and folded[i] in PART_WORDS and set(folded[max(0, i - 3) : i]) & _OPEN):
        return None, i
    return On(today, PART_WORDS[folded[i]]), i + 1


def _weekday(today: int, days: int) -> int:
    return (today - 1 + days) % 7 + 1


def _part_at(folded: Sequence[str], i: int) -> tuple[Part | None, int]:
    """A part of the day at a word, after "le", "in the" and the like."""
    for skipped in range(3):
        at = i + skipped
        if tuple(folded[at : at + 2]) in (("apres", "midi"), ("apres", "midis"), ("after", "noon")):
            return "afternoon", at + 2
        if at < len(folded) and folded[at].rstrip("s") in PART_WORDS:
            return PART_WORDS[folded[at].rstrip("s")], at + 1
        if not (at < len(folded) and folded[at] in ("le", "l", "au", "in", "the", "en", "dans", "la")):
            break
    return None, i


def _part_before(folded: Sequence[str], i: int) -> Part | None:
    """ "le matin du dimanche"."""
    return PART_WORDS.get(folded[i - 2]) if i >= 2 and folded[i - 1] in ("du", "le", "of", "on") else None


def _from(words: Sequence[Word], start: int) -> int:
    while start > 0 and words[start - 1].folded in _BEFORE | PART_WORDS.keys() and words[start - 1].accented != "thé":
        start -= 1
        if words[start].after_break and words[start].folded in _OPEN:
            break
    # "à", "de", "et" belong to what stands before, unless "ouvert" comes first.
    while start < len(words) and words[start].folded in ("de", "d", "des", "a", "et", "and", "qui", "that", "la", "in"):
        start += 1
    return start


def _hour_after(words: Sequence[Word], end: int) -> int:
    """Past an hour: "le lundi à 18 h", "on Monday at 6 pm"."""
    at = end
    while at < len(words) and words[at].folded in (
        "a",
        "des",
        "apres",
        "avant",
        "vers",
        "jusqu",
        "at",
        "after",
        "until",
        "from",
    ):
        at += 1
    if at < len(words) and words[at].number is not None:
        following = words[at + 1].folded if at + 1 < len(words) else ""
        if following in ("h", "heure", "heures", "hour", "pm", "am", "hr", "o"):
            stop = at + 2
            return stop + 1 if stop < len(words) and words[stop].number is not None and following == "h" else stop
    return end


def _with_hour(opening: Opening, words: Sequence[Word], end: int) -> Opening:
    """The part of the day in which an hour lies, where no part was said."""
    stop = _hour_after(words, end)
    if stop == end or not isinstance(opening, On) or opening.part is not None:
        return opening
    hour = next(word.number for word in words[end:stop] if word.number is not None)
    if any(word.folded == "pm" for word in words[end:stop]) and hour < 12:
        hour += 12
    part = next((name for name, (first, last) in PARTS.items() if first <= hour < last), None)
    return On(opening.weekday, part)  # type: ignore[arg-type]
