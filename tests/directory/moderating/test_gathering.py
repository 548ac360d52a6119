"""What others changed in an owner's entry becomes a notice, and nothing else does."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection, transaction
from django.utils import timezone

from directory.first_states import keep_first_state
from directory.importing.bulk import record_history
from directory.models import Activity, Gathered, MerchantLabel, Offer, OwnerNotice, PointOfSale, Product, Source
from directory.moderating.gathering import gather
from tests.builders import owned_place, point_of_sale

pytestmark = pytest.mark.django_db


@pytest.fixture
def agent() -> Any:
    return User.objects.create_user("anne", is_staff=True)


@pytest.fixture
def place() -> PointOfSale:
    return owned_place(products=["cheese"], labels=["organic"])


def change(row: Any, by: Any, **values: Any) -> None:
    for name, value in values.items():
        setattr(row, name, value)
    row._history_user = by
    row.save()


def told() -> list[dict[str, Any]]:
    gather()
    return [notice.what for notice in OwnerNotice.objects.order_by("pk")]


def test_an_agents_change_says_what_and_who(place, agent):
    change(place, agent, street="3 rue Neuve", postcode="41000")
    [what] = told()
    assert (what["by"], what["place"], what["fields"]) == ("agent", place.pk, ["street", "postcode"])
    assert told() == [what], "said once"


def test_the_owners_own_and_those_of_no_ones_entry_are_no_news(place, agent):
    change(place, place.merchant.owner, street="3 rue Neuve")
    change(point_of_sale("Sans titulaire"), agent, street="3 rue Neuve")
    assert told() == []


def test_what_says_nothing_to_a_person_is_no_news(place, agent):
    change(place, agent, reviews=["changed"], confirmed_at=timezone.now())
    keep_first_state(Offer, place.offers.get().pk)
    assert told() == []


def test_what_came_before_the_owner_is_no_news(agent):
    place = point_of_sale()
    change(place, agent, street="3 rue Neuve")
    place.merchant.owner = owned_place(name="Autre").merchant.owner
    place.merchant.save()
    assert told() == []
    change(place, agent, street="4 rue Neuve")
    assert len(told()) == 1


def test_lines_that_come_and_go(place, agent):
    line = Offer(point_of_sale=place, product=Product.objects.get(code="strawberries"))
    change(line, agent)
    change(line, agent, line="Gariguettes")
    label = MerchantLabel.objects.get()
    label._history_user = agent
    label.delete()
    by_model = {what["model"]: what for what in told()}
    assert (by_model["offer"]["added"], by_model["offer"]["fields"]) == (1, ["line"])
    assert by_model["merchantlabel"]["removed"] == 1


def test_a_list_that_changed(place, agent):
    place._history_user = agent
    place.activities.set(Activity.objects.filter(code="goat_farm"))
    [what] = told()
    assert what["fields"] == ["activities"]


def test_an_import_of_many_makes_one_each_in_few_queries(agent, django_assert_max_num_queries):
    Source.objects.create(slug="liste", name="La liste", producer="P", licence="L")
    places = [owned_place(name=f"Ferme {number}") for number in range(30)]
    ids = [place.pk for place in places]
    PointOfSale.objects.filter(pk__in=ids).update(street="Route de Blois")
    record_history(PointOfSale, ids, "~", timezone.now(), "import liste (f.csv)")
    with django_assert_max_num_queries(60):
        gather()
    notices = [notice.what for notice in OwnerNotice.objects.all()]
    assert len(notices) == 30
    assert {(what["by"], what["source"], *what["fields"]) for what in notices} == {("import", "La liste", "street")}


def test_what_is_long_ago_is_not_told(place, agent):
    change(place, agent, street="3 rue Neuve")
    assert gather(timezone.now() + timedelta(days=15)) == 0


def test_what_was_read_is_not_read_again(place, agent):
    change(place, agent, street="3 rue Neuve")
    assert len(told()) == 1
    OwnerNotice.objects.all().delete()
    assert told() == []
    change(place, agent, street="4 rue Neuve")
    assert len(told()) == 1


@pytest.mark.django_db(transaction=True)
def test_what_is_written_before_and_seen_after_is_told_too(agent):
    slow, quick = owned_place(name="Lente"), owned_place("autre@example.org", name="Vive")
    written, go_on = threading.Event(), threading.Event()

    def write_slowly() -> None:
        with transaction.atomic():
            change(slow, agent, street="3 rue Neuve")
            written.set()
            go_on.wait(10)
        connection.close()

    writer = threading.Thread(target=write_slowly)
    writer.start()
    assert written.wait(10)
    change(quick, agent, street="4 rue Neuve")
    assert [what["place"] for what in told()] == [quick.pk]
    go_on.set()
    writer.join()
    assert [what["place"] for what in told()] == [quick.pk, slow.pk]
    assert Gathered.objects.get(model="pointofsale").record == PointOfSale.history.latest("history_id").pk
