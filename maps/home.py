"""What the home page offers before anything is asked: questions to try, the activities and the départements."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.core.cache import cache
from django.urls import reverse
from django.utils.timezone import localtime

from directory import search
from directory.questions.asking import question_of
from directory.questions.interpretation import interpret
from directory.questions.phrasing import term_phrase
from directory.vocabulary import TermEntry, vocabulary
from geo.french import at, of
from geo.gazetteer import CommuneEntry, gazetteer
from maps.chips import Link
from maps.drawing import Area, drawing
from maps.outlines import main_towns
from maps.plain.subjects import departement_path, term_path
from maps.results import is_in_season
from maps.wording import language

# Questions as people ask them, about the largest towns of the départements. They are read as anything typed is, so they
# are written in each language, not translated.
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
KEPT_S = 600
# What people wait for, in its months; without one of them, whatever is in season.
WAITED_FOR = ("strawberries", "asparagus", "cherries", "melons", "tomatoes", "walnuts", "squash", "apples", "leeks")


@dataclass(frozen=True)
class FamilyLink:
    name: str
    href: str
    family: str


@dataclass(frozen=True)
class DepartementLink:
    name: str
    href: str
    area: Area


def examples(now: datetime) -> list[Link]:
    """Real questions, as links that ask them in their own words; looked up afresh every ten minutes."""
    key = f"maps.examples.{language()}.{localtime(now).month}"
    asked = cache.get_or_set(key, lambda: _examples(now), KEPT_S)
    return [Link(said, f"{reverse('maps:search')}?{urlencode({'q': said})}") for said in asked or ()]


def _examples(now: datetime) -> list[str]:
    """Each question about a town where it has an answer; each about another, where it can be."""
    season, towns = _in_season(localtime(now).month), main_towns()
    found = []
    for number, question in enumerate(QUESTIONS[language()]):
        if not towns or ("{in_season}" in question and not season):
            continue
        start = number % len(towns)
        said = [_about(question, town, season) for town in (*towns[start:], *towns[:start])]
        found.append(next((words for words in said if _has_answer(words, now)), said[0]))
    return found


def _about(question: str, town: CommuneEntry, season: str) -> str:
    return question.format(
        town=town.name,
        of=of(town.name),
        at=at(town.name),
        departement=town.departement,
        departement_name=gazetteer().departements.get(town.departement, town.departement),
        in_season=season,
    )


def _has_answer(words: str, now: datetime) -> bool:
    return search.count(question_of(interpret(words, now)), now) > 0


def _in_season(month: int) -> str:
    """A product that is in its season, as it is said in a question."""
    terms = vocabulary()
    found: list[TermEntry] = [
        term
        for term in (*filter(None, map(terms.by_code.get, WAITED_FOR)), *terms.of("product"))
        if term.season and is_in_season(term.season, month)
    ]
    return term_phrase(terms, "product", found[0].code, language()).lower() if found else ""


def activity_links() -> list[FamilyLink]:
    """The families of activities, as their pins tell them apart."""
    return [
        FamilyLink(term.label(language()), term_path(term), term.code)
        for term in vocabulary().of("activity")
        if term.depth == 0
    ]


def departement_links() -> list[DepartementLink]:
    """The page of each département, in the order of their codes."""
    drawn = drawing()
    return [
        DepartementLink(
            area.place.name,
            departement_path(area.place.code),
            area,
        )
        for area in (drawn.areas if drawn else ())
    ]
