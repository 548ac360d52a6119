"""A hundred and fifty points of sale at random, with hours, words and seasons; and an oracle that knows them.

The oracle answers a question by looking at each, in Python: geodesic distances, the windows of each text as worked
out, the vocabulary's tree and seasons.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.gis.measure import D
from django.db import models
from hypothesis import strategies as st

from directory.hours.evaluation import Windows, evaluate
from directory.models import Schedule
from directory.questions import THIS_MONTH, At, Now, On, Question
from directory.questions.opening import local_zone, span
from directory.vocabulary import vocabulary
from geo.points import Bbox, Position
from tests.builders import centre_of, point_of_sale

# A Wednesday, 10:20 on the wall.
NOW = datetime(2027, 6, 9, 10, 20, tzinfo=local_zone())
HOURS = [
    None,
    None,
    "24/7",
    "Mo-Fr 09:00-12:30,14:00-18:00",
    "Tu-Sa 08:00-13:00",
    "Su 09:00-12:00",
    "Mo-Sa 10:30-19:00",
    'We 10:00-12:00 "sur rendez-vous"',
    "Fr-Sa 20:00-26:00",
]
WORDS = ["Chêne", "Loutre", "Grand Puits", "Vermeil", "Tuffeau"]
PRODUCTS = ["cheese", "valencay", "strawberries", "asparagus", "honey", "bread", "pottery"]
ACTIVITIES = ["goat_farm", "farm", "market_garden", "bakery", "potter"]
LABELS = ["organic", "label_rouge"]
SERVICES = ["delivery", "on_site_sale", "card_payment"]
COMMUNES = ["41269", "41018", "37261"]


@dataclass(frozen=True)
class Entry:
    id: int
    position: Position
    commune: str
    name: str
    codes: dict[str, list[str]]
    windows: Windows | None


def schedule(text: str, now: datetime = NOW) -> Schedule:
    """A schedule as it was worked out that day."""
    made = Schedule(text=text)
    made.work_out(now)
    models.Model.save(made)
    return made


def stock(seed: int = 7, size: int = 150) -> list[Entry]:
    rng = random.Random(seed)
    schedules = {text: schedule(text) for text in dict.fromkeys(HOURS) if text is not None}
    centre = centre_of("41269")
    windows = {text: evaluate(text, "FR", local_zone(), NOW, (centre.lat, centre.lon)) for text in schedules}
    made = []
    for n in range(size):
        pin = Position(round(rng.uniform(-0.2, 1.6), 6), round(rng.uniform(47.0, 48.2), 6))
        commune, hours, name = rng.choice(COMMUNES), rng.choice(HOURS), f"{rng.choice(WORDS)} {n}"
        codes = {
            "activities": [rng.choice(ACTIVITIES)],
            "products": rng.sample(PRODUCTS, rng.randint(0, 3)),
            "labels": rng.sample(LABELS, rng.randint(0, 1)),
            "services": rng.sample(SERVICES, rng.randint(0, 2)),
        }
        place = point_of_sale(name, pin=pin, commune=commune, schedule=schedules.get(hours), **codes)
        made.append(Entry(place.pk, pin, commune, name, codes, windows.get(hours)))
    return made


def matches(entry: Entry, question: Question, now: datetime = NOW) -> bool:
    """Whether it answers the question, whatever its hours."""
    circle, box = question.circle, question.bbox
    return (
        (circle is None or circle.centre.distance_to(entry.position) <= circle.radius.m)
        and (box is None or box.contains(entry.position))
        and all(_holds(entry, name, getattr(question, name)) for name in entry.codes)
        and (not question.communes or entry.commune in question.communes)
        and (not question.text or question.text.casefold() in entry.name.casefold())
        and (question.season is None or _is_in_season(entry, question, now))
    )


def is_open(entry: Entry, question: Question, now: datetime = NOW) -> bool | None:
    """At the time asked; None where that is not known."""
    if entry.windows is None or question.opening is None:
        return None
    start, end = span(question.opening, now)
    if any(stretch.lower < end and start < stretch.upper for stretch in entry.windows.open):
        return True
    known = any(stretch.lower <= start and end <= stretch.upper for stretch in entry.windows.known)
    return False if known else None


def _holds(entry: Entry, name: str, asked: tuple[str, ...]) -> bool:
    return not asked or any(_is_below(code, asked) for code in entry.codes[name])


def _is_below(code: str, asked: tuple[str, ...]) -> bool:
    words = vocabulary()
    return words.is_below(code, [words.by_code[one].id for one in asked])


def _is_in_season(entry: Entry, question: Question, now: datetime) -> bool:
    month = now.month if question.season == THIS_MONTH else question.season
    for code in entry.codes["products"]:
        season = vocabulary().by_code[code].season
        if season is None or (question.products and not _is_below(code, question.products)):
            continue
        first, last = season
        if first <= month <= last or (first > last and (month >= first or month <= last)):
            return True
    return False


positions = st.builds(Position, st.floats(-0.5, 2.0), st.floats(46.8, 48.4))
boxes = st.tuples(positions, positions).map(
    lambda ends: Bbox(
        min(ends[0].lon, ends[1].lon), min(ends[0].lat, ends[1].lat),
        max(ends[0].lon, ends[1].lon), max(ends[0].lat, ends[1].lat),
    )
)  # fmt: skip
openings = st.one_of(
    st.just(Now()),
    st.builds(At, st.integers(0, 50 * 24 * 60).map(lambda minutes: NOW + timedelta(minutes=minutes))),
    st.builds(On, st.integers(1, 7), st.sampled_from([None, "morning", "afternoon", "evening"])),
)


def some(codes: list[str]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.just(()) | st.lists(st.sampled_from(codes), max_size=2, unique=True).map(tuple)


@st.composite
def questions(draw: Any) -> Question:
    """Questions of every kind, most of them with an answer."""
    centre = draw(st.none() | positions)
    return Question(
        activities=draw(some([*ACTIVITIES, "farming"])),
        products=draw(some([*PRODUCTS, "food", "fruit"])),
        labels=draw(some(LABELS)),
        services=draw(some(SERVICES)),
        communes=draw(some(COMMUNES)),
        centre=centre,
        radius=None if centre is None else D(km=draw(st.floats(0.1, 150))),
        bbox=draw(st.none() | boxes),
        text=draw(st.just("") | st.sampled_from(WORDS)),
        opening=draw(st.none() | openings),
        season=draw(st.none() | st.integers(0, 12)),
        limit=200,
    )
