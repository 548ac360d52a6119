"""Words that the vocabulary lacks."""

from __future__ import annotations

import pytest

from directory.models import TermProposal
from directory.moderating.proposals import propose
from tests.builders import owner

pytestmark = pytest.mark.django_db


def test_a_word_is_proposed_once_however_it_is_written() -> None:
    first = propose("Gelée de  Pissenlit")
    again = propose("gelee de pissenlit ")
    assert first is not None
    assert first == again
    assert first.said == "Gelée de Pissenlit"
    assert first.state == TermProposal.State.OPEN
    assert TermProposal.objects.count() == 1


def test_a_refused_word_stays_refused() -> None:
    TermProposal.objects.create(folded="bidules", said="bidules", state=TermProposal.State.REFUSED)
    again = propose("Bidules")
    assert again is not None
    assert again.state == TermProposal.State.REFUSED
    assert TermProposal.objects.count() == 1


@pytest.mark.parametrize("word", ["", "  ", "…!"])
def test_what_says_nothing_is_no_word(word: str) -> None:
    assert propose(word) is None
    assert not TermProposal.objects.exists()


def test_a_long_word_fits() -> None:
    made = propose("é" * 300)
    assert made is not None
    assert len(made.said) == 200
    assert propose("é" * 300) == made


def test_the_history_says_who_wrote_it() -> None:
    chevrier = owner()
    made = propose("gelée de pissenlit", by=chevrier)
    assert made is not None
    assert made.history.get().history_user == chevrier
    propose("gelée de pissenlit", by=owner("autre@example.org"))
    assert made.history.get().history_user == chevrier
