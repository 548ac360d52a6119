"""Search entries follow every write, in the same transaction, and hold public values only."""

from __future__ import annotations

import json
import threading

import pytest
from django.db import connection, transaction

from directory import indexing, search
from directory.api.answers import csv_stream, feature
from directory.models import Merchant, MerchantLabel, Offer, PointOfSale, Product, Schedule, SearchEntry, Term
from directory.questions import Question
from geo.models import Commune
from tests.builders import VENDOME, at, centre_of, point_of_sale


def terms(place: PointOfSale) -> set[str]:
    held = SearchEntry.objects.get(pk=place.pk).terms
    return set(Term.objects.filter(pk__in=held).values_list("code", flat=True))


def card(place: PointOfSale) -> dict:
    return json.loads(SearchEntry.objects.get(pk=place.pk).card)


@pytest.mark.django_db
class TestEveryWrite:
    def test_offers_come_and_go(self):
        place = point_of_sale(products=["honey"])
        assert {"honey", "honey_products", "food"} <= terms(place)
        Offer.objects.create(point_of_sale=place, product=Product.objects.get(code="valencay"))
        assert {"honey", "valencay", "goat_cheese", "cheese", "dairy"} <= terms(place)
        place.offers.filter(product__code="honey").update(product=Product.objects.get(code="eggs"))
        assert "eggs" in terms(place)
        assert "honey" not in terms(place)
        place.offers.all().delete()
        assert not {"eggs", "valencay", "food"} & terms(place)

    def test_an_offer_that_moves_leaves_the_old_place(self):
        old, new = point_of_sale("A", products=["honey"]), point_of_sale("B")
        Offer.objects.filter(point_of_sale=old).update(point_of_sale=new)
        assert "honey" not in terms(old)
        assert "honey" in terms(new)

    def test_activities_services_and_labels(self):
        place = point_of_sale(activities=["goat_farm"], services=["delivery"], labels=["organic"])
        assert {"goat_farm", "farm", "farming", "delivery", "organic"} <= terms(place)
        place.activities.clear()
        place.services.clear()
        MerchantLabel.objects.all().delete()
        assert terms(place) == set()

    def test_the_merchant_s_name(self):
        merchant = Merchant.objects.create(name="Avant")
        place, stall = (point_of_sale("", merchant=merchant) for _ in range(2))
        merchant.name = "Après l'Été"
        merchant.save()
        assert card(place)["name"] == card(stall)["name"] == "Après l'Été"
        assert card(place)["url"] == f"/m/{merchant.pk}-apres-l-ete/"

    def test_status_and_deletion(self):
        place = point_of_sale()
        for status in ("hidden", "published", "closed"):
            place.status = status
            place.save()
            assert SearchEntry.objects.filter(pk=place.pk).exists() is (status == "published")
        other = point_of_sale("Autre")
        other.merchant.delete()
        assert not SearchEntry.objects.filter(pk=other.pk).exists()

    def test_bulk_and_raw_writes(self):
        place = point_of_sale()
        PointOfSale.objects.filter(pk=place.pk).update(name="Par lot")
        assert SearchEntry.objects.get(pk=place.pk).name == "Par lot"
        with connection.cursor() as cursor:
            cursor.execute("UPDATE directory_pointofsale SET name = 'En SQL' WHERE id = %s", [place.pk])
        assert SearchEntry.objects.get(pk=place.pk).name == "En SQL"

    def test_a_term_that_moves_in_the_tree(self):
        place = point_of_sale(products=["valencay"])
        valencay = Term.objects.get(code="valencay")
        valencay.parent = Term.objects.get(code="cow_cheese")
        valencay.save()
        assert "cow_cheese" in terms(place)
        assert "goat_cheese" not in terms(place)
        Term.objects.filter(code="cow_cheese").update(parent=None)
        assert not {"cheese", "dairy", "food"} & terms(place)

    def test_a_commune_that_changes_hands(self):
        place = point_of_sale()
        Commune.objects.filter(pk=VENDOME).update(departement="37")
        assert [hit.id for hit in search.answer(Question(departements=("37",))).hits] == [place.pk]

    def test_schedule(self):
        place = point_of_sale()
        place.schedule = Schedule.objects.create(text="Mo-Fr 09:00-12:00")
        place.save()
        assert SearchEntry.objects.get(pk=place.pk).schedule_id == place.schedule_id

    def test_a_rolled_back_write_leaves_no_trace(self):
        place = point_of_sale(products=["honey"])
        with transaction.atomic():
            place.offers.all().delete()
            assert "honey" not in terms(place)
            transaction.set_rollback(True)
        assert "honey" in terms(place)

    def test_deferred_indexing_catches_up_at_the_end(self):
        with indexing.deferred_indexing() as ids:
            place = point_of_sale(products=["honey"])
            ids.append(place.pk)
            assert not SearchEntry.objects.exists()
        assert "honey" in terms(place)
        assert indexing.entries_out_of_step() == 0

    def test_out_of_step_is_noticed(self):
        place = point_of_sale()
        assert indexing.entries_out_of_step() == 0
        SearchEntry.objects.filter(pk=place.pk).update(name="Faux")
        assert indexing.entries_out_of_step() == 1
        indexing.refresh_entries([place.pk])
        assert indexing.entries_out_of_step() == 0


@pytest.mark.django_db
class TestHiddenPins:
    def public_bytes(self, place: PointOfSale) -> tuple[object, ...]:
        entry = SearchEntry.objects.values().get(pk=place.pk)
        around = [Question(centre=centre_of(), radius=d) for d in (_d(0.5), _d(10))]
        hits = [search.answer(question).hits for question in (*around, Question(communes=(VENDOME,)), Question())]
        return entry, hits, [feature(hit, None) for group in hits for hit in group], list(csv_stream(hits[-1]))

    def test_moving_a_hidden_pin_inside_its_commune_changes_no_public_byte(self):
        place = point_of_sale(pin=at(centre_of(), 10, 300), pin_hidden=True)
        before = self.public_bytes(place)
        for metres, precision in ((1_500, "manual"), (2_400, "street")):
            PointOfSale.objects.filter(pk=place.pk).update(
                pin=at(centre_of(), 200, metres).to_geos(), pin_precision=precision, pin_score=0.1, street="Ailleurs"
            )
            assert self.public_bytes(place) == before

    def test_a_hidden_pin_is_at_its_commune_s_centre(self):
        place = point_of_sale(pin=at(centre_of(), 10, 4_000), pin_hidden=True, street="12 rue Secrète")
        shown = card(place)
        assert shown["address"] is None
        assert shown["pin"] == {"precision": "commune", "source": "gazetteer", "score": None}
        assert SearchEntry.objects.get(pk=place.pk).public_point.coords == pytest.approx(
            Commune.objects.get(pk=VENDOME).centre.coords
        )
        assert [hit.id for hit in search.answer(Question(centre=centre_of(), radius=_d(0.2))).hits] == [place.pk]
        assert search.answer(Question(centre=at(centre_of(), 10, 4_000), radius=_d(1))).total == 0

    def test_a_shown_pin_that_moves_is_seen_to_move(self):
        place = point_of_sale(pin=at(centre_of(), 10, 300))
        before = self.public_bytes(place)
        PointOfSale.objects.filter(pk=place.pk).update(pin=at(centre_of(), 10, 600).to_geos())
        assert self.public_bytes(place) != before


def _d(km: float):
    from django.contrib.gis.measure import D

    return D(km=km)


@pytest.mark.django_db(transaction=True)
class TestConcurrency:
    """Two people change one point of sale at once: the entry holds what both wrote."""

    def test_both_writes_are_in_the_entry(self):
        place = point_of_sale()
        honey, eggs = Product.objects.get(code="honey"), Product.objects.get(code="eggs")
        second = threading.Thread(target=self._add, args=(place, eggs))
        with transaction.atomic():
            Offer.objects.create(point_of_sale=place, product=honey)
            second.start()
            second.join(timeout=0.5)
            assert second.is_alive(), "the second writer waits for the first"
        second.join(timeout=10)
        assert {"honey", "eggs"} <= terms(place)

    def _add(self, place: PointOfSale, product: Product) -> None:
        try:
            Offer.objects.create(point_of_sale=place, product=product)
        finally:
            connection.close()
