"""When: "ouvert maintenant", "le dimanche matin", "open on Saturday afternoon", "ce soir", "demain"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from directory.questions.common_words import listed, phrases
from directory.questions.opening import PARTS, Now, On, Opening, Part, local_zone
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
_RELATIVE = {("aujourd", "hui"): 0, ("aujourdhui",): 0, ("auj",): 0, ("today",): 0, ("demain",): 1, ("tomorrow",): 1,
             ("tmr",): 1, ("apres", "demain"): 2, ("day", "after", "tomorrow"): 2}  # fmt: skip
_THIS = frozenset({"ce", "cet", "cette", "this"})
_WEEKEND = {("week", "end"), ("weekend",), ("we",), ("week", "ends"), ("weekends",)}
SATURDAY, SUNDAY = 6, 7
# Before an hour: "à 18 h", "until 6 pm".
_BEFORE_AN_HOUR = listed("before_an_hour")
_HOUR_UNITS = frozenset({"h", "heure", "heures", "hour", "hours", "hr", "pm", "am"})
_HOUR_NAMES = {"midi": 12, "noon": 12, "minuit": 24, "midnight": 24}
# Not open on some day: nothing that we can ask.
_CLOSED = frozenset({"ferme", "fermee", "fermes", "fermees", "fermer", "closed", "closes", "close", "shut"})


@dataclass(frozen=True, slots=True)
class _Clock:
    """What "today" and "this evening" are."""

    today: int
    hour: int

    def day_of(self, part: Part | None) -> int:
        """The weekday of the next such part of a day: today's, or tomorrow's where today's has ended."""
        over = part is not None and PARTS[part][1] <= self.hour
        return self.in_days(1 if over else 0)

    def in_days(self, days: int) -> int:
        return (self.today - 1 + days) % 7 + 1


def times(words: Sequence[Word], now: datetime) -> Iterator[Span]:
    """Every opening that the words say; `now` places "demain" and "ce soir"."""
    local = now.astimezone(local_zone())
    clock = _Clock(local.isoweekday(), local.hour)
    folded = [word.folded for word in words]
    for i in range(len(words)):
        yield from _open_at(words, folded, i, clock)
        yield from _always_at(folded, i)
        opening, end = _day_at(words, folded, i, clock)
        if opening is None:
            continue
        closed = _closed_before(words, i)
        if closed is not None:
            yield Span(closed, end, "ignored", None, bonus=2.0)
        else:
            hour = _hour_after(words, end)
            yield Span(_from(words, i), hour.end, "open", _with_hour(opening, hour), bonus=1.0)


def is_closed(word: Word) -> bool:
    """Whether the word says "closed" by its accent: "fermé" is no farm."""
    return word.accented in ("fermé", "fermés", "fermée", "fermées")


def _closed_before(words: Sequence[Word], day: int) -> int | None:
    """Where "fermé le lundi" begins, when the day is one of rest; None when it is not.

    Without its accent "ferme" is the farm, unless something stands before it: "boulangerie ferme le lundi".
    """
    i = day - 1
    while i >= 0 and words[i].folded in ("le", "les", "du", "on", "the", "every", "chaque", "tous"):
        i -= 1
    if i < 0 or words[i].folded not in _CLOSED:
        return None
    return i if is_closed(words[i]) or words[i].folded != "ferme" or i > 0 else None


def _open_at(words: Sequence[Word], folded: list[str], i: int, clock: _Clock) -> Iterator[Span]:
    if folded[i] in _OPEN:
        start = i - 1 if i and folded[i - 1] in ("encore", "still", "actuellement", "currently") else i
        for phrase in NOW_PHRASES:
            if _is_at(folded, i + 1, phrase):
                yield Span(start, i + 1 + len(phrase), "open", Now(), bonus=1.0)
        if i + 1 < len(folded) and folded[i + 1] in ("tard", "late"):
            yield Span(start, i + 2, "open", On(clock.day_of("evening"), "evening"), bonus=1.0)
        elif (hour := _hour_after(words, i + 1)).end > i + 1:
            yield Span(start, hour.end, "open", On(clock.day_of(hour.part), hour.part), bonus=1.0)
        if folded[i] not in ("ouvre", "ouvrent", "opening", "opened"):
            yield Span(start, i + 1, "open", Now(), 1.0 if start < i else 0.3)
    for phrase in NOW_ALONE:
        if _is_at(folded, i, phrase):
            end = i + len(phrase)
            open_after = end < len(folded) and folded[end] in _OPEN
            yield Span(i, end + open_after, "open", Now(), 0.9)


def _always_at(folded: list[str], i: int) -> Iterator[Span]:
    """ "tous les jours", "7j/7", "24h/24": every day is no day in particular."""
    start = i - 1 if i and folded[i - 1] in _OPEN else i
    for phrase in phrases("always"):
        if _is_at(folded, i, phrase):
            yield Span(start, i + len(phrase), "ignored", None, bonus=0.7)


def _is_at(folded: Sequence[str], i: int, phrase: tuple[str, ...]) -> bool:
    return tuple(folded[i : i + len(phrase)]) == phrase


def _day_at(words: Sequence[Word], folded: list[str], i: int, clock: _Clock) -> tuple[Opening | None, int]:
    """The day that begins at a word, with its part, and where it ends."""
    for phrase, days in _RELATIVE.items():
        if _is_at(folded, i, phrase):
            part, end = _part_at(folded, i + len(phrase))
            return On(clock.in_days(days), part), end
    for phrase in _WEEKEND:
        said = phrase != ("we",) or (i > 0 and folded[i - 1] in ("le", "ce", "du", "les"))  # "we" are people
        if said and _is_at(folded, i, phrase):
            return On(SUNDAY if clock.today == SUNDAY else SATURDAY), i + len(phrase)
    if folded[i] in _THIS or folded[i] == "tonight":
        part, end = _part_at(folded, i if folded[i] == "tonight" else i + 1)
        return (On(clock.today, part), end) if part else (None, i)
    day = WEEKDAYS.get(folded[i]) or WEEKDAYS.get(words[i].norm)
    if day is None:
        return _only_a_part(folded, i, clock)
    part, end = _part_at(folded, i + 1)
    short = len(folded[i]) < _FULL and folded[i] not in ("lundi", "mardi", "jeudi")
    if short and part is None and not (i and folded[i - 1] in _OPEN | {"le", "on", "les"}):
        return None, i
    if part is None:
        part, end = _part_before(folded, i), i + 1
    return On(day, part), end


def _only_a_part(folded: list[str], i: int, clock: _Clock) -> tuple[Opening | None, int]:
    """ "ouvert le soir" says no day: the next evening is meant."""
    if not (i and folded[i] in PART_WORDS and set(folded[max(0, i - 3) : i]) & _OPEN):
        return None, i
    part = PART_WORDS[folded[i]]
    return On(clock.day_of(part), part), i + 1


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


@dataclass(frozen=True, slots=True)
class _Hour:
    """An hour and where its words end; no part of a day holds those of the night."""

    end: int
    part: Part | None = None


def _hour_after(words: Sequence[Word], end: int) -> _Hour:
    """The hour that follows: "le lundi à 18 h 30", "on Monday at 6 pm", "jusqu'à minuit", "à 3 h du matin"."""
    at = end
    while at < len(words) and words[at].folded in _BEFORE_AN_HOUR:
        at += 1
    if at >= len(words):
        return _Hour(end)
    if at > end and words[at].folded in _HOUR_NAMES:
        return _Hour(at + 1, _part_of(_HOUR_NAMES[words[at].folded] - 1))
    hour = words[at].number
    unit = words[at + 1].folded if at + 1 < len(words) else ""
    if hour is None or hour >= 24 or unit not in _HOUR_UNITS:
        return _Hour(end)
    stop = at + 2
    if unit == "h" and stop < len(words) and words[stop].number is not None:
        stop += 1
    said, after = _part_at(
        [word.folded for word in words], stop + (words[stop : stop + 1] != [] and words[stop].folded == "du")
    )
    if (unit == "pm" or said in ("afternoon", "evening")) and hour < 12:
        hour += 12
    return _Hour(after if said else stop, _part_of(hour))


def _part_of(hour: float) -> Part | None:
    return next((part for part, (first, last) in PARTS.items() if first <= hour < last), None)


def _with_hour(opening: Opening, hour: _Hour) -> Opening:
    """With the part of the day in which an hour lies, where no part was said."""
    if isinstance(opening, On) and opening.part is None and hour.part is not None:
        return On(opening.weekday, hour.part)
    return opening
