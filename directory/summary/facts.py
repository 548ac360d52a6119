"""What the sentence says, in no language: read from the question and its answer, shared by all grammars."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum, auto

import orjson

from directory.phrases import Dimension, Phrase, phrase
from directory.questions import Now, On, Opening, Question, Sort
from directory.questions.opening import local_zone, span
from directory.questions.question import Season
from directory.search import Answer, Hit
from geo.gazetteer import Place, gazetteer

# More alternatives than this are not all named: a sentence is read aloud.
MOST_NAMED = 3
NAMED_OF_MANY = 2
# Below this, a pin that only stands for its commune says nothing of a distance: its town hall may be next door.
COMMUNE_ITSELF_M = 500
# Within half a day an hour says which; within a week a weekday does.
SOON, FAR = timedelta(hours=12), timedelta(days=6)
A_MOMENT = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Until:
    """When a state ends, by the région's clock."""

    class Day(Enum):
        """How its day is told: not at all, when it is the next such hour."""

        SOON = auto()
        TOMORROW = auto()
        WEEKDAY = auto()

    at: datetime
    day: Day

    @property
    def weekday(self) -> int:
        """0 is Monday. Midnight ends the day before it."""
        return (self.at - A_MOMENT).weekday()


@dataclass(frozen=True, slots=True)
class Nearest:
    """The first hit's distance in metres; `rough` when its pin stands for the commune only.

    `open_now` is None where that is not known, or not to be told: another time is asked. `until` is None beyond a week.
    """

    metres: float
    rough: bool
    commune: str
    open_now: bool | None = None
    until: Until | None = None

    @property
    def in_commune(self) -> bool:
        """Whether the commune's name says more than the distance to its centre."""
        return self.rough and self.metres < COMMUNE_ITSELF_M and self.commune != ""


@dataclass(frozen=True, slots=True)
class Facts:
    """Alternatives stand in the question's order. `radius` is in metres; `place` is None for a bare position."""

    total: int
    activities: tuple[Phrase, ...]
    sold: tuple[Phrase, ...]
    offered: tuple[Phrase, ...]
    labels: tuple[Phrase, ...]
    services: tuple[Phrase, ...]
    radius: float | None
    place: Place | None
    communes: tuple[str, ...]
    epcis: tuple[str, ...]
    departements: tuple[tuple[str, str], ...]
    in_view: bool
    nearest: Nearest | None
    now: datetime
    text: str = ""
    opening: Opening | None = None
    season: Season | None = None
    unknown_hours: int = 0
    comes: bool = False


def facts_of(answer: Answer) -> Facts:
    """What there is to say of an answer."""
    question = answer.question
    products = _phrases("product", question.products)
    return Facts(
        total=answer.total,
        activities=_phrases("activity", question.activities),
        sold=tuple(said for said in products if said.verb != "offer"),
        offered=tuple(said for said in products if said.verb == "offer"),
        labels=_phrases("label", question.labels),
        services=_phrases("service", question.services),
        radius=None if question.radius is None or _is_any(question) else float(question.radius.m),
        place=_centre_place(question),
        communes=tuple(_commune_name(code) for code in question.communes),
        epcis=tuple(gazetteer().epcis.get(code, code) for code in question.epcis),
        departements=tuple((code, _departement_name(question, code)) for code in question.departements),
        in_view=question.bbox is not None,
        nearest=_nearest(answer),
        now=answer.now,
        text=question.text,
        opening=question.opening,
        season=question.season,
        unknown_hours=answer.unknown_hours or 0,
        comes=question.comes,
    )


def _phrases(dimension: Dimension, codes: Sequence[str]) -> tuple[Phrase, ...]:
    return tuple(phrase(dimension, code) for code in codes)


def _centre_place(question: Question) -> Place | None:
    """The place that gave the centre; None when the centre is a bare position."""
    place = question.place
    return place if question.centre is not None and place is not None and place.kind != "departement" else None


def _is_any(question: Question) -> bool:
    """Whether the radius is none that was asked: those who come say themselves how far."""
    return question.comes and question.radius == question.usual_radius


def _commune_name(code: str) -> str:
    commune = gazetteer().commune(code)
    return code if commune is None else commune.name


def _departement_name(question: Question, code: str) -> str:
    place = question.place
    if place is not None and place.kind == "departement" and place.code == code:
        return place.name
    return gazetteer().departements.get(code, code)


def _nearest(answer: Answer) -> Nearest | None:
    """The first hit where it is the nearest of all: in the order of distance, on the first page."""
    question = answer.question
    if question.order is not Sort.DISTANCE or question.offset or not answer.hits:
        return None
    hit = answer.hits[0]
    return None if hit.distance is None else _nearest_hit(answer, hit, hit.distance)


def _nearest_hit(answer: Answer, hit: Hit, metres: float) -> Nearest:
    card = orjson.loads(hit.card)
    pin, commune = card.get("pin") or {}, card.get("commune") or {}
    rough, name = pin.get("precision") == "commune", commune.get("name") or ""
    if not isinstance(answer.question.opening, Now | None):
        return Nearest(metres, rough, name)
    return Nearest(metres, rough, name, hit.open_now, _until(hit.changes_at, answer.now))


def _until(change: datetime | None, now: datetime) -> Until | None:
    if change is None or change - now >= FAR:
        return None
    local = change.astimezone(local_zone())
    days = ((local - A_MOMENT).date() - now.astimezone(local_zone()).date()).days
    if days == 0 or change - now < SOON:
        return Until(local, Until.Day.SOON)
    return Until(local, Until.Day.TOMORROW if days == 1 else Until.Day.WEEKDAY)


def week_ahead(opening: On, now: datetime) -> date | None:
    """The date of the day asked, where its name alone would be taken for today: on a Friday evening, Friday morning."""
    day = span(opening, now)[0].astimezone(local_zone()).date()
    return day if day - now.astimezone(local_zone()).date() > FAR else None


def alternatives(items: Sequence[str], conjunction: str, others: str) -> str:
    """ "a, b ou c"; of more than three, the first two and `others`, in which {} is how many there are."""
    said = list(items)
    if len(said) > MOST_NAMED:
        said = [*said[:NAMED_OF_MANY], others.format(len(said) - NAMED_OF_MANY)]
    last = said.pop()
    return f"{', '.join(said)} {conjunction} {last}" if said else last


def measure(metres: float) -> str:
    """A distance for people: "450 m", "2.3 km", "12 km", with a no-break space and a decimal point."""
    tens = round(metres, -1)
    if tens < 1000:
        return f"{tens:.0f}\u00a0m"
    return f"{_trimmed(metres / 1000, 1)}\u00a0km"


def reach(metres: float) -> str:
    """A radius as it was asked, to three figures: "500 m", "2.25 km", "16.1 km"."""
    whole = round(metres)
    if whole < 1000:
        return f"{whole}\u00a0m"
    return f"{_trimmed(metres / 1000, 2 if whole < 10_000 else 1)}\u00a0km"


def _trimmed(number: float, decimals: int) -> str:
    return f"{number:.{decimals}f}".rstrip("0").rstrip(".")
