"""What the home page offers before anything is asked: questions to try, and the départements."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.gis.measure import D

from directory.questions import Question
from directory.vocabulary import vocabulary
from geo.gazetteer import CommuneEntry, Place
from maps import wording
from maps.chips import Link, search_href
from maps.drawing import Area, drawing
from maps.outlines import main_towns

# What the examples ask, around the largest town of each département in turn; km.
ASKED = (
    ("product", "cheese", 10),
    ("activity", "market_garden", 20),
    ("product", "honey", 20),
    ("activity", "bakery", 5),
    ("activity", "potter", 50),
)


@dataclass(frozen=True)
class DepartementLink:
    name: str
    href: str
    area: Area


def examples() -> list[Link]:
    """Five real questions, as links."""
    known = [(dimension, code, km) for dimension, code, km in ASKED if vocabulary().find(dimension, code)]
    return [_example(*asked, town) for asked, town in zip(known, main_towns(), strict=False)]


def _example(dimension: str, code: str, km: int, town: CommuneEntry) -> Link:
    place = Place("commune", town.code, town.name, town.position, town.departement, 1.0)
    what = {"activities" if dimension == "activity" else "products": (code,)}
    question = Question(**what, centre=town.position, radius=D(km=km), place=place, place_text=town.name)  # type: ignore[arg-type]
    return Link(wording.near(wording.asked_thing(dimension, code), place), search_href(question))


def departement_links() -> list[DepartementLink]:
    """All that is sold in each département, in the order of their codes."""
    drawn = drawing()
    return [
        DepartementLink(
            area.place.name,
            search_href(Question(departements=(area.place.code,), place=area.place, place_text=area.place.name)),
            area,
        )
        for area in (drawn.areas if drawn else ())
    ]
