"""Pairs of entries that may be one, and the reasons given."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from directory.models import Duplicate, Merchant, PointOfSale
from directory.moderating import duplicates
from tests.builders import at, centre_of, owner, point_of_sale

pytestmark = pytest.mark.django_db
SIRET = "73282932000074"
# Of the same company, and of another.
SISTER, OTHER = "73282932000082", "44306184100047"


def place(name: str, metres: float = 0, bearing: float = 90, **fields: Any) -> PointOfSale:
    """A point of sale at that distance; `phone`, `website` and `email` are its merchant's."""
    reach = {key: fields.pop(key) for key in ("phone", "website", "email") if key in fields}
    made = point_of_sale(name, pin=at(centre_of(), bearing, metres), **fields)
    if reach:
        Merchant.objects.filter(pk=made.merchant_id).update(**reach)
    return made


def codes() -> list[list[str]]:
    duplicates.find()
    return [[reason["code"] for reason in pair.reasons] for pair in Duplicate.objects.all()]


@pytest.mark.parametrize(("metres", "found"), [(140, [["name"]]), (160, [])])
@pytest.mark.parametrize("bearing", [0, 90, 180, 270])
def test_alike_names_at_one_place(metres, found, bearing):
    place("La Ferme des Prés"), place("LA FERME DE PRES", metres, bearing, kind="shop")
    assert codes() == found


def test_other_names_at_one_place_are_neighbours():
    place("Boucherie Martin"), place("Fleurs de Loir", 20)
    assert codes() == []


def test_a_name_in_the_commune_where_one_is_known_only_to_it():
    place("La Ferme des Prés", pin_precision="commune"), place("La ferme des prés", 4_000)
    assert codes() == [["name"]]


def test_a_phone_however_it_is_written_and_only_nearby():
    place("Chez Anne", phone="02 54 00 00 00"), place("Anne Poterie", 900, phone="+33254000000")
    place("Anne au loin", phone="0254000000", commune="41018", pin_precision="housenumber")
    PointOfSale.objects.filter(merchant__name="Anne au loin").update(pin=centre_of("41018").to_geos())
    assert codes() == [["phone"]]


def test_a_phone_of_many_is_nobodys():
    for number in range(duplicates.MOST_SHARING + 1):
        place(f"{'ABCDEFGH'[number] * 9}", phone="0254000000")
    assert codes() == []


def test_a_site_alone_does_not_do():
    place("Chez Anne", website="https://www.anne.example/"), place("Poterie", 10, website="http://anne.example/contact")
    assert codes() == []
    Merchant.objects.update(email="Anne@example.org")
    assert codes() == [["email", "site"]]
    assert Duplicate.objects.get().reasons[1]["host"] == "anne.example"


def test_the_siret_of_one_that_closed():
    place("Ancien nom", siret=SIRET, status="closed"), place("Nouveau nom", 500, siret=SIRET)
    assert codes() == [["siret"]]
    assert Duplicate.objects.get().score == pytest.approx(0.95)


def test_one_company_twice_in_a_commune_with_one_name():
    place("Le Fournil", siret=SIRET), place("Le Fournil", 20, siret=SISTER)
    assert codes() == [["name", "siren"]]


def test_two_companies_of_one_name_are_told_apart():
    place("Le Fournil", siret=SIRET), place("Le Fournil", 20, siret=OTHER)
    assert codes() == []


def test_a_stall_and_a_machine_of_one_merchant_are_two():
    farm = place("La Ferme")
    machine = point_of_sale("La Ferme", merchant=farm.merchant, kind="vending_machine")
    assert codes() == []
    PointOfSale.objects.filter(pk=machine.pk).update(kind=farm.kind)
    assert codes() == [["name"]]


def test_a_demonstration_and_a_real_one_are_not_compared():
    place("La Ferme", demo=True), place("La Ferme", 10)
    assert codes() == []


def test_what_was_told_apart_stays_so():
    place("La Ferme"), place("La Ferme", 10)
    assert duplicates.find() == 1
    duplicates.tell_apart(Duplicate.objects.get(), owner())
    Duplicate.objects.update(score=0.1)
    assert duplicates.find() == 0
    pair = Duplicate.objects.get()
    assert (pair.state, pair.score) == ("apart", 0.1), "as it was when it was decided"


def test_only_what_changed_is_compared_and_a_pair_that_is_none_any_more_goes():
    one, other = place("La Ferme"), place("La Ferme", 10)
    long_ago = timezone.now() - timedelta(days=30)
    Merchant.objects.update(updated_at=long_ago), PointOfSale.objects.update(updated_at=long_ago)
    since = timezone.now() - timedelta(days=2)
    assert duplicates.find(since) == 0
    one.save()
    assert duplicates.find(since) == 1
    assert duplicates.find(since) == 0, "found already"
    other.merchant.name = "Poterie de Lune"
    other.merchant.save()
    duplicates.find(since)
    assert not Duplicate.objects.exists()


def test_a_few_queries_however_many(django_assert_max_num_queries):
    for number in range(40):
        place(f"Ferme {number}", number * 5)
    with django_assert_max_num_queries(18):
        duplicates.find()
