"""A registration becomes one merchant, published, its owner's; whatever is tapped twice."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from directory.chambers.entries import Twin
from directory.indexing import entries_out_of_step
from directory.models import Merchant, PointOfSale, Registration, TermProposal
from directory.moderating.proposals import MOST_WAITING, propose
from directory.offering.lines import read_lines
from directory.pinning import place_by_hand
from directory.registering.publishing import NotTheirs, publish
from geo.points import Position
from tests.builders import owner, point_of_sale
from tests.directory.registering.answers import draft, said
from tests.register import FARM, STALL

pytestmark = pytest.mark.django_db
DOOR = Position(1.0654, 47.7931)


def test_published_at_once_for_moderators_to_see_after():
    user, row = owner(), draft(data={"who": {"said": {"name": "x"}}}, email="a@example.org")
    merchant = publish(row, user, said(put_pin=lambda place, by: place_by_hand(place, DOOR, by)))
    place = merchant.points_of_sale.get()
    assert (merchant.owner, merchant.siren, merchant.name, merchant.email) == (user, FARM[:9], "Chèvrerie du Loir", "")
    assert (place.status, place.reviews, place.kind, place.siret) == ("published", ["new"], "farm_gate", FARM)
    assert (place.pin_precision, place.pin_by, Position.from_geos(place.pin)) == ("manual", user, DOOR)
    assert place.confirmed_at is not None
    assert entries_out_of_step() == 0
    row.refresh_from_db()
    assert (row.merchant, row.owner, row.email) == (merchant, user, "")
    assert set(row.data) == {"consent", "consent_at"}


def test_words_that_the_vocabulary_lacks_are_kept_and_proposed():
    place = publish(draft(), owner(), said()).points_of_sale.get()
    assert {(offer.product.code if offer.product else None, offer.line) for offer in place.offers.all()} == {
        ("goat_cheese", "crottins de chèvre"),
        (None, "topinettes"),
    }
    assert list(TermProposal.objects.values_list("said", flat=True)) == ["topinettes"]


def test_a_second_time_gives_the_first_one():
    user, row = owner(), draft()
    assert publish(row, user, said()) == publish(row, user, said(name="Autre"))
    assert Merchant.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_taps_at_the_same_moment_make_one_merchant():
    user, row = owner(), draft()

    def tap(_):
        try:
            return publish(row, user, said()).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as taps:
        assert len(set(taps.map(tap, range(4)))) == 1
    assert PointOfSale.objects.count() == Merchant.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_registrations_of_one_siret_at_the_same_moment():
    rows = [draft(), draft()]
    users = [owner("a@example.org"), owner("b@example.org")]

    def tap(number):
        try:
            return publish(rows[number], users[number], said()).pk
        except Twin:
            return None
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as taps:
        made = list(taps.map(tap, range(2)))
    assert made.count(None) == 1
    assert Merchant.objects.count() == 1


def test_a_siret_that_is_here_is_refused():
    twin = point_of_sale(siret=FARM)
    with pytest.raises(Twin) as found:
        publish(draft(), owner(), said())
    assert found.value.place == twin
    assert Merchant.objects.count() == 1


def test_another_establishment_of_a_known_business_leaves_its_siren():
    merchant = Merchant.objects.create(name="Maison mère", siren=FARM[:9])
    point_of_sale(merchant=merchant, siret=FARM)
    assert publish(draft(), owner(), said(siret=STALL)).siren is None


def test_somebody_elses():
    row = draft(owner=owner("a@example.org"))
    with pytest.raises(NotTheirs):
        publish(row, owner("b@example.org"), said())
    assert not Merchant.objects.exists()


def test_an_account_proposes_no_more_words_than_somebody_can_look_at():
    lines = read_lines(", ".join(f"topinette {chr(97 + n)}x" for n in range(MOST_WAITING + 10)))
    user = owner()
    place = publish(draft(), user, said(lines=lines)).points_of_sale.get()
    assert place.offers.count() == len(lines), "all are kept in the merchant's words"
    assert TermProposal.objects.count() == MOST_WAITING
    TermProposal.objects.filter(said=lines[0].said).update(state=TermProposal.State.REFUSED)
    assert propose("gelée de pissenlit", user) is not None, "one was decided: there is room for another"
    assert propose("cire à cacheter", user) is None
    assert propose("cire à cacheter", owner("b@example.org")) is not None


def test_a_persons_name_is_known_as_one():
    assert publish(draft(), owner(), said(name="Marie Dupont", siret="")).natural_person
    assert not publish(draft(), owner("b@example.org"), said()).natural_person


@pytest.mark.parametrize("away", [True, False])
def test_the_queue_places_what_an_outage_left_at_the_commune(away):
    place = publish(draft(), owner(), said(to_refine=away)).points_of_sale.get()
    assert place.pin_precision == "commune"
    assert hasattr(place, "pin_request") is away
    assert Registration.objects.get().merchant_id == place.merchant_id
