"""The one-sentence answer of questions of hours, words and seasons. Notation: see sentences.py."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest

from directory import search
from directory.questions import THIS_MONTH, At, Now, On, Question
from directory.questions.opening import local_zone
from directory.search import Answer, Hit
from directory.summary import summary
from tests.builders import point_of_sale
from tests.directory.catalogue import schedule
from tests.directory.sentences import HERE, near


def local(*moment: int) -> datetime:
    return datetime(*moment, tzinfo=local_zone())


# A Friday.
NOW = local(2026, 11, 27, 10, 0)
FARMS = {"activities": ("farm",), "products": ("cheese",)}


@dataclass(frozen=True)
class Case:
    question: Question
    total: int
    fr: str
    en: str
    unknown: int | None = None
    open_now: bool | None = None
    changes_at: datetime | None = None

    def check(self) -> None:
        card = json.dumps({"commune": {"code": "41269", "name": "Vendôme"}, "pin": {"precision": "street"}})
        hits = [Hit(1, HERE.lon, HERE.lat, 2310.0, card, self.open_now, self.changes_at)] if self.total else []
        answer = Answer(self.question, self.total, hits, self.unknown, NOW)
        assert summary(answer, "fr") == self.fr.replace("~", "\u00a0").replace("_", "\u202f")
        assert summary(answer, "en") == self.en.replace("~", "\u00a0")


CASES = [
    Case(
        near(**FARMS, opening=Now()),
        12,
        "12 fermes ouvertes en ce moment vendent du fromage à moins de 10~km de Vendôme~; la plus proche est à 2,3~km, "
        "ouverte jusqu'à 18~h.",
        "12 farms open now sell cheese within 10~km of Vendôme; the nearest is 2.3~km away, open until 6~pm.",
        0,
        True,
        local(2026, 11, 27, 18, 0),
    ),
    Case(
        near(**FARMS, opening=On(5, "morning")),
        2,
        "2 fermes ouvertes vendredi matin vendent du fromage à moins de 10~km de Vendôme~; la plus proche est à "
        "2,3~km.",
        "2 farms open on Friday morning sell cheese within 10~km of Vendôme; the nearest is 2.3~km away.",
        0,
    ),
    Case(
        near(**FARMS, opening=On(7, "morning")),
        12,
        "12 fermes ouvertes dimanche matin vendent du fromage à moins de 10~km de Vendôme~; la plus proche est à "
        "2,3~km~; les horaires de 3 autres sont inconnus.",
        "12 farms open on Sunday morning sell cheese within 10~km of Vendôme; the nearest is 2.3~km away; the hours of "
        "3 others are unknown.",
        3,
        True,
        local(2026, 11, 27, 18, 0),
    ),
    Case(
        Question(activities=("orchard",), opening=On(6)),
        1,
        "Un verger ouvert samedi en région Centre-Val de Loire~; les horaires d'un autre sont inconnus.",
        "One orchard open on Saturday in Centre-Val de Loire; the hours of another are unknown.",
        1,
    ),
    Case(
        Question(**FARMS, opening=At(local(2026, 12, 1, 10, 30))),
        1,
        "Une ferme ouverte le mardi 1er décembre à 10~h~30 vend du fromage en région Centre-Val de Loire~; les "
        "horaires d'une autre sont inconnus.",
        "One farm open on Tuesday 1 December at 10:30~am sells cheese in Centre-Val de Loire; the hours of another are "
        "unknown.",
        1,
    ),
    Case(
        Question(**FARMS, opening=On(2, "evening"), communes=("41269",)),
        0,
        "Aucune ferme ouverte mardi soir vendant du fromage à Vendôme~; les horaires de 1_200 adresses sont inconnus.",
        "No farm open on Tuesday evening sells cheese in Vendôme; the hours of 1,200 places are unknown.",
        1200,
    ),
    Case(
        Question(activities=("farm", "orchard"), opening=On(3, "afternoon")),
        0,
        "Aucune ferme ni aucun verger ouverts mercredi après-midi en région Centre-Val de Loire~; les horaires d'une "
        "adresse sont inconnus.",
        "No farm or orchard open on Wednesday afternoon in Centre-Val de Loire; the hours of one place are unknown.",
        1,
    ),
    Case(
        Question(activities=("farm", "orchard"), opening=Now()),
        4,
        "4 fermes ou vergers ouverts en ce moment en région Centre-Val de Loire.",
        "4 farms or orchards open now in Centre-Val de Loire.",
        0,
    ),
    Case(
        Question(activities=("farm",), labels=("organic",), text="loir", opening=Now()),
        2,
        "2 fermes en agriculture biologique ouvertes en ce moment correspondant à «~loir~» en région Centre-Val de "
        "Loire.",
        "2 farms certified organic open now matching “loir” in Centre-Val de Loire.",
        0,
    ),
    Case(
        Question(text="les {belles} granges"),
        3,
        "3 adresses correspondant à «~les {belles} granges~» en région Centre-Val de Loire.",
        "3 places matching “les {belles} granges” in Centre-Val de Loire.",
    ),
    Case(
        Question(products=("strawberries",), season=THIS_MONTH),
        3,
        "3 adresses vendent des fraises de saison en région Centre-Val de Loire.",
        "3 places sell strawberries in season in Centre-Val de Loire.",
    ),
    Case(
        Question(season=8),
        1,
        "Une adresse vend des produits de saison en août en région Centre-Val de Loire.",
        "One place sells products in season in August in Centre-Val de Loire.",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.en)
def test_the_sentence(db, case):
    case.check()


NEAREST = [
    (True, local(2026, 11, 27, 12, 30), "ouverte jusqu'à 12~h~30", "open until 12:30~pm"),
    (True, local(2026, 11, 27, 12, 0), "ouverte jusqu'à midi", "open until noon"),
    (True, local(2026, 11, 28, 0, 0), "ouverte jusqu'à minuit", "open until midnight"),
    (True, local(2026, 11, 28, 2, 0), "ouverte jusqu'à demain 2~h", "open until tomorrow 2~am"),
    (True, None, "ouverte en ce moment", "open now"),
    (False, local(2026, 11, 27, 14, 0), "fermée jusqu'à 14~h", "closed until 2~pm"),
    (False, local(2026, 11, 28, 9, 0), "fermée jusqu'à demain 9~h", "closed until tomorrow 9~am"),
    (False, local(2026, 11, 30, 9, 15), "fermée jusqu'à lundi 9~h~15", "closed until Monday 9:15~am"),
    (False, local(2026, 12, 4, 9, 0), "fermée en ce moment", "closed now"),
    (False, None, "fermée en ce moment", "closed now"),
]


@pytest.mark.parametrize(
    ("asked_at", "opening", "fr", "en"),
    [
        (local(2026, 11, 27, 11, 59), On(5, "morning"), "vendredi matin", "Friday morning"),
        (local(2026, 11, 27, 12), On(5, "morning"), "vendredi 4 décembre au matin", "Friday 4 December in the morning"),
        (local(2026, 11, 24, 23), On(2, "afternoon"), "mardi 1er décembre dans l'après-midi",
         "Tuesday 1 December in the afternoon"),
        (local(2026, 11, 27, 23, 59), On(5, "evening"), "vendredi soir", "Friday evening"),
        (local(2026, 11, 27, 12), On(4, "morning"), "jeudi matin", "Thursday morning"),
    ],
)  # fmt: skip
def test_a_day_that_could_be_taken_for_today_has_its_date(asked_at, opening, fr, en):
    answer = Answer(Question(opening=opening), 2, [], 0, asked_at)
    assert summary(answer, "fr").startswith(f"2 adresses ouvertes {fr} en région")
    assert summary(answer, "en").startswith(f"2 places open on {en} in")


@pytest.mark.parametrize(("open_now", "changes_at", "fr", "en"), NEAREST)
def test_the_nearest_says_until_when(open_now, changes_at, fr, en):
    Case(
        near(),
        2,
        f"2 adresses à moins de 10~km de Vendôme~; la plus proche est à 2,3~km, {fr}.",
        f"2 places within 10~km of Vendôme; the nearest is 2.3~km away, {en}.",
        open_now=open_now,
        changes_at=changes_at,
    ).check()


def test_late_in_the_evening_an_hour_of_the_night_needs_no_day():
    hit = Hit(1, HERE.lon, HERE.lat, 2310.0, "{}", True, local(2026, 11, 28, 2, 0))
    answer = Answer(near(), 1, [hit], None, local(2026, 11, 27, 22, 0))
    assert summary(answer, "fr").endswith("ouverte jusqu'à 2\u00a0h.")


def test_a_masculine_one_agrees():
    Case(
        near(activities=("orchard",), opening=Now()),
        1,
        "Un verger ouvert en ce moment à moins de 10~km de Vendôme~; il est à 2,3~km, ouvert jusqu'à 18~h.",
        "One orchard open now within 10~km of Vendôme; it is 2.3~km away, open until 6~pm.",
        0,
        True,
        local(2026, 11, 27, 18, 0),
    ).check()


@pytest.mark.django_db
def test_what_the_search_answers_is_what_is_said():
    place = point_of_sale(schedule=schedule("Mo-Fr 09:00-12:30", NOW), products=["cheese"])
    answer = search.answer(near(opening=Now()), NOW + timedelta(hours=1))
    assert [hit.id for hit in answer.hits] == [place.pk]
    assert summary(answer, "en").endswith("open until 12:30\u00a0pm.")
