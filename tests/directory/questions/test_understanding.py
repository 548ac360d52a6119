"""What the language alone leaves open is settled by what the catalogue holds."""

from __future__ import annotations

import pytest

from directory import search
from directory.demo import seed_demo
from directory.models import SearchEntry
from directory.questions.asking import question_of
from directory.questions.understanding import understand
from directory.vocabulary import vocabulary
from geo.gazetteer import gazetteer
from geo.geocoding import cache
from geo.geocoding.parsing import Candidate
from geo.geocoding.scope import Address, scope_of
from geo.points import Position
from tests.builders import point_of_sale
from tests.directory.questions.reading import NOW

pytestmark = pytest.mark.django_db


def found(q):
    return [hit.id for hit in search.answer(question_of(understand(q, NOW))).hits]


@pytest.mark.parametrize(
    "name",
    ["Ferme de la Borde", "Au Panier des Hauts Saules", "Le Grand Buisson", "La Table de la Halle", "Café de la Gare"],
)
def test_a_merchant_is_found_by_its_own_name(name):
    place = point_of_sale(name, commune="18033")
    point_of_sale("Les Bordes en fleurs", commune="45042")
    assert found(name) == [place.pk]
    assert found(name.lower()) == [place.pk]


def test_every_demonstration_merchant_is_found_by_its_name():
    seed_demo(300, 5)
    names = list(SearchEntry.objects.values_list("pk", "name"))
    assert len(names) > 250
    missed = [
        name
        for pk, name in names
        if SearchEntry.objects.filter(name=name).count() == 1
        and pk not in [hit.id for hit in search.every_hit(question_of(understand(name, NOW)), 500)]
    ]
    assert len(missed) <= 0.02 * len(names), missed


def test_a_name_made_of_what_is_sold_asks_for_that():
    """A shop called "Boulangerie" does not hide the others."""
    point_of_sale("Boulangerie", activities=["bakery"])
    point_of_sale("Au bon pain", activities=["bakery"])
    assert understand("boulangerie", NOW).activities == ("bakery",)
    assert len(found("boulangerie")) == 2


def test_a_word_of_names_is_not_mended():
    assert understand("les saules à Vendôme", NOW).products == ("sauces",)
    point_of_sale("Ferme des Saules")
    assert understand("les saules à Vendôme", NOW).products == ()


def test_left_over_words_that_nobody_says_are_passed_over():
    point_of_sale("Fournil du Loir", activities=["bakery"])
    understood = understand("boulangerie xylophone à Vendôme", NOW)
    assert (understood.text, understood.activities) == ("", ("bakery",))
    assert "xylophone" in understood.ignored
    assert understood.passed_over == ("xylophone",)
    point_of_sale("Au Xylophone", activities=["bakery"])
    assert understand("boulangerie xylophone à Vendôme", NOW).text == "xylophone"
    assert understand("Chez Nemo", NOW).text == "Chez Nemo"  # all that is asked


def test_around_an_address_that_is_known():
    position = Position(0.6848, 47.3941)
    candidate = Candidate(
        "24 Rue du Commerce 37000 Tours", position, "housenumber", 0.95, "ban", "housenumber", "Tours", "37261", "37000"
    )
    understood = understand("crêperie 24 rue du Commerce Tours", NOW)
    assert (understood.place.kind, understood.street) == ("commune", "24 rue du Commerce")
    (query,) = scope_of(gazetteer(), Address("24 rue du Commerce, Tours")).queries()[:1]
    cache.write("ban", query, [candidate])
    understood = understand("crêperie 24 rue du Commerce Tours", NOW)
    assert (understood.place.kind, understood.place.position) == ("address", position)
    assert question_of(understood).centre == position


def test_a_certain_question_costs_no_query(django_assert_num_queries):
    vocabulary()
    understand("miel à Vendôme", NOW)
    with django_assert_num_queries(0):
        understand("fermes à moins de 10 km de Vendôme qui vendent du fromage, ouvertes dimanche matin", NOW)
