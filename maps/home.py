"""What the home page offers before anything is asked: questions to try, and the départements."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.timezone import localtime

from directory.questions import Question
from directory.questions.phrasing import term_phrase
from directory.summary.french_places import at, of
from directory.vocabulary import TermEntry, vocabulary
from geo.gazetteer import gazetteer
from maps.chips import Link, search_href
from maps.drawing import Area, drawing
from maps.outlines import main_towns
from maps.results import is_in_season
from maps.wording import language

# Questions as people ask them, each about the largest town of another département. They are read as anything typed is,
# so they are written in each language, not translated.
QUESTIONS = {
    "fr": (
        "fermes à moins de 10 km {of} qui vendent du fromage",
        "boulangerie ouverte le dimanche {at}",
        "{in_season} de saison autour {of}",
        "miel {departement}",
        "potier à 50 km autour {of}",
    ),
    "en": (
        "farms within 10 km of {town} selling cheese",
        "bakery open on Sunday in {town}",
        "{in_season} in season near {town}",
        "honey in {departement_name}",
        "potters within 50 km of {town}",
    ),
}
# What people wait for, in its months; without one of them, whatever is in season.
WAITED_FOR = ("strawberries", "asparagus", "cherries", "melons", "tomatoes", "walnuts", "squash", "apples", "leeks")


@dataclass(frozen=True)
class DepartementLink:
    name: str
    href: str
    area: Area


def examples(now: datetime) -> list[Link]:
    """Real questions, as links that ask them in their own words."""
    season, names = _in_season(localtime(now).month), gazetteer().departements
    found = []
    for question, town in zip(QUESTIONS[language()], main_towns(), strict=False):
        if "{in_season}" in question and not season:
            continue
        said = question.format(
            town=town.name,
            of=of(town.name),
            at=at(town.name),
            departement=town.departement,
            departement_name=names.get(town.departement, town.departement),
            in_season=season,
        )
        found.append(Link(said, f"{reverse('maps:search')}?{urlencode({'q': said})}"))
    return found


def _in_season(month: int) -> str:
    """A product that is in its season, as it is said in a question."""
    terms = vocabulary()
    found: list[TermEntry] = [
        term
        for term in (*filter(None, map(terms.by_code.get, WAITED_FOR)), *terms.of("product"))
        if term.season and is_in_season(term.season, month)
    ]
    return term_phrase(terms, "product", found[0].code, language()).lower() if found else ""


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
