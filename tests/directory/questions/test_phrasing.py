"""A question said in words is understood as the same question."""

from __future__ import annotations

import pytest
from django.contrib.gis.measure import D
from hypothesis import given, settings
from hypothesis import strategies as st

from directory.questions import THIS_MONTH, Now, On, Question
from directory.questions.asking import as_typed, question_of
from directory.questions.interpretation import interpret
from directory.questions.phrasing import phrased, term_phrase
from directory.questions.question import FIELDS
from directory.vocabulary import vocabulary
from geo.gazetteer import Place, gazetteer
from geo.points import Position
from tests.directory.questions.reading import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def _in_memory(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        interpret("fromage", NOW)
        vocabulary()


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_term_is_said_so_that_it_is_understood(language):
    terms = vocabulary()
    for term in terms.terms:
        said = term_phrase(terms, term.dimension, term.code, language)
        found = interpret(f"{said}, Blois", NOW)
        assert getattr(found, FIELDS[term.dimension]) == (term.code,), said
        assert found.place is not None
        assert found.place.code == "41018", said


def town(code):
    entry = gazetteer().commune(code)
    return Place("commune", entry.code, entry.name, entry.position, entry.departement, 1.0)


def test_in_two_languages():
    text, place = as_typed(gazetteer(), town("41269"))
    where = {"place": place, "place_text": text, "centre": place.position}
    opening = On(7, "morning")
    question = Question(
        activities=("farm",), products=("goat_cheese",), radius=D(km=2.5), opening=opening, season=THIS_MONTH, **where
    )
    assert phrased(question, "fr") == (
        "Ferme, Fromage de chèvre, à 2,5 km autour de Vendôme, ouvert dimanche matin, de saison"
    )
    assert phrased(question, "en") == (
        "Farm, Goat's cheese, within 2.5 km of Vendôme, open on Sunday morning, in season"
    )
    assert phrased(Question(products=("chinon",), radius=D(km=10), **where), "fr") == "du chinon, à Vendôme"
    assert phrased(Question(), "fr") == ""


@st.composite
def asked(draw):
    terms, places = vocabulary(), gazetteer()
    parts = {}
    for dimension, field in FIELDS.items():
        codes = [term.code for term in terms.of(dimension)]
        parts[field] = tuple(draw(st.lists(st.sampled_from(codes), max_size=2, unique=True)))
    where = draw(st.sampled_from(["commune", "postcode", "departement", "here", ""]))
    if where == "commune":
        text, place = as_typed(places, town(draw(st.sampled_from(places.entries)).code))
        parts |= {"place": place, "place_text": text, "centre": place.position}
    elif where == "postcode":
        (place,) = places.find(draw(st.sampled_from(["41100", "37000", "45200", "28000"])), limit=1)
        parts |= {"place": place, "place_text": place.code, "centre": place.position}
    elif where == "departement":
        code = draw(st.sampled_from(sorted(places.departements)))
        (place,) = places.find(places.departements[code], limit=1)
        parts |= {"place": place, "place_text": place.name, "departements": (code,)}
    elif where == "here":
        parts["centre"] = Position(1.9, 47.9)
    if "centre" in parts:
        parts["radius"] = D(m=draw(st.sampled_from([500, 2000, 10_000, 12_500, 8047, 200_000])))
    day = st.builds(On, st.integers(1, 7), st.sampled_from([None, "morning", "afternoon", "evening"]))
    parts["opening"] = draw(st.none() | st.just(Now()) | day)
    parts["season"] = draw(st.none() | st.integers(THIS_MONTH, 12))
    return Question(**parts)


@settings(max_examples=200, deadline=None)
@given(st.data(), st.sampled_from(["fr", "en"]))
def test_words_ask_the_same(data, language):
    question = data.draw(asked())
    said = phrased(question, language)
    understood = question_of(interpret(said, NOW), question.centre)
    assert understood.query_string() == question.query_string(), said
