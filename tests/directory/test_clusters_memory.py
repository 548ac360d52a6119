"""Clusters that were counted are kept, until an entry changes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from directory.clusters import clusters, memory, pyramid
from directory.questions import Now, Question
from geo.points import Bbox, Position
from tests.builders import point_of_sale

pytestmark = pytest.mark.django_db
BOTH = Question(activities=("farm",), products=("honey",))


def queries(django_assert_num_queries, number: int, question: Question) -> int:
    with django_assert_num_queries(number):
        return clusters(question, 9).total


def test_what_was_counted_is_kept_until_something_is_written(django_assert_num_queries):
    first = point_of_sale(products=["honey"])
    assert clusters(BOTH, 9).total == 1
    assert queries(django_assert_num_queries, 2, BOTH) == 1, "the revision, and cards"
    point_of_sale("Autre", products=["honey"], pin=Position(0.7, 47.4))
    assert queries(django_assert_num_queries, 2, BOTH) == 2
    pyramid.fold()
    assert clusters(BOTH, 9).total == 2
    first.delete()
    assert clusters(BOTH, 9).total == 1
    pyramid.rebuild()
    assert clusters(BOTH, 9).total == 1


def test_a_name_that_changed_is_the_new_one():
    """No entry moved, so that nothing is counted anew."""
    place = point_of_sale("Avant", products=["honey"])
    assert '"Avant"' in clusters(BOTH, 9).cells[0].card
    place.merchant.name = "Après"
    place.merchant.save()
    assert '"Après"' in clusters(BOTH, 9).cells[0].card


def test_a_change_that_a_fold_took_in_is_not_taken_for_none():
    """As many changes as before, and other entries: the fold moved the revision."""
    point_of_sale(products=["honey"])
    pyramid.fold()
    assert clusters(BOTH, 9).total == 1
    point_of_sale("Autre", products=["honey"])
    pyramid.fold()
    assert clusters(BOTH, 9).total == 2


def test_another_question_view_or_zoom_is_another():
    point_of_sale(products=["honey"], activities=["farm", "bakery"])
    assert clusters(BOTH, 9).zoom == 9
    assert clusters(BOTH, 10).zoom == 10
    assert clusters(Question(activities=("bakery",), products=("bread",)), 9).total == 0


def test_a_box_is_remembered_by_the_last_digit():
    point_of_sale(products=["honey"], pin=Position(0.7, 47.4))
    for west, total in ((0.7, 1), (0.7000001, 0), (0.69999999, 1)):
        assert clusters(replace(BOTH, bbox=Bbox(west, 47, 1, 48)), 12).total == total


def test_what_the_revision_does_not_know_of_is_not_kept(django_assert_num_queries):
    point_of_sale("Rucher", products=["honey"])
    for question in (Question(text="rucher"), Question(products=("honey",), activities=("farm",), opening=Now())):
        clusters(question, 9)
        queries(django_assert_num_queries, 1, question)
    assert memory.remembered() == {}


def test_no_more_than_so_many_are_kept(monkeypatch):
    monkeypatch.setattr(memory, "MOST_KEPT", 3)
    point_of_sale(products=["honey"])
    for zoom in range(8, 14):
        clusters(BOTH, zoom)
    assert [zoom for *_, zoom, _ in memory.remembered()] == [11, 12, 13]
