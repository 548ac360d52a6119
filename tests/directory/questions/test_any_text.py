"""Whatever is typed has an interpretation that can be asked, and costs little."""

from __future__ import annotations

import time

import pytest
from django.http import QueryDict
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.lines.interpreting import HOSTILE
from directory.api.parameters import parse_question
from directory.questions.asking import question_of, with_alternative
from directory.questions.interpretation import interpret
from directory.vocabulary import vocabulary
from tests.directory.questions.reading import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_memory")]


PIECES = [
    "fromage",
    "fermes",
    "à",
    "a",
    "de",
    "du",
    "10",
    "km",
    "vendôme",
    "tours",
    "41",
    "45200",
    "ouvert",
    "le",
    "dimanche",
    "matin",
    "chinon",
    "vin",
    ",",
    ";",
    "chez",
    "moi",
    "near",
    "me",
    "open",
    "now",
    "within",
    "miles",
    "bio",
    "saint",
    "st",
    "sur",
    "s/",
    "loire",
    "l'",
    "d'",
    "qui",
    "livre",
    "bolangerie",
    "fromaje",
    "et",
    "and",
    "'",
    '"',
    "0,5",
    "½",
    "٣",
    "０",
    "©",
    "&",
    "é",
    "中",
    "de",
    "saison",
    "demain",
    "rue",
    "12",
    "bis",
]
typed = st.text(max_size=500) | st.lists(st.sampled_from(PIECES) | st.text(max_size=6), max_size=60).map(" ".join)


@settings(max_examples=300, deadline=None)
@given(typed)
def test_any_text_has_a_valid_interpretation_whose_parameters_ask_the_same(q):
    found = interpret(q, NOW)
    terms = vocabulary()
    for dimension, held in (
        ("activity", found.activities), ("product", found.products), ("label", found.labels),
        ("service", found.services),
    ):  # fmt: skip
        assert all(terms.find(dimension, code) for code in held)
        assert len(set(held)) == len(held)
    assert found.radius_km is None or 0.1 <= found.radius_km <= 200
    assert len(found.text) <= 200
    question = question_of(found)
    assert parse_question(QueryDict(question.query_string()), NOW) == question
    for other in found.alternatives:
        assert question_of(with_alternative(found, other)).query_string() != question.query_string()


@pytest.mark.parametrize("hostile", HOSTILE, ids=lambda text: text[:12])
def test_a_hostile_question_costs_little_more_than_another(hostile):
    """Ten times the three milliseconds that a question may take, by the quickest of a few runs."""
    taken = []
    for _ in range(5):
        began = time.thread_time()
        interpret(hostile, NOW)
        taken.append(time.thread_time() - began)
    assert min(taken) < 0.030
