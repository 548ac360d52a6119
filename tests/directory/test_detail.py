"""What is kept beside an entry follows every write with it, and holds public values only."""

from __future__ import annotations

import json

import pytest
from django.db import connection, transaction

from directory import indexing, search
from directory.models import Merchant, NameWord, Offer, PointOfSale, Product, SearchDetail, SearchEntry, Term
from directory.questions import Question
from tests.builders import point_of_sale

pytestmark = pytest.mark.django_db


def detail(place: PointOfSale) -> SearchDetail:
    return SearchDetail.objects.get(pk=place.pk)


def seasons(place: PointOfSale) -> dict[str, list[int]]:
    """Months by code of the product."""
    months: dict[str, list[int]] = {}
    codes = dict(Term.objects.values_list("pk", "code"))
    for held in detail(place).seasons:
        months.setdefault(codes[held // 16], []).append(held % 16)
    return months


def card_seasons(place: PointOfSale) -> dict[str, list[int]]:
    return json.loads(SearchEntry.objects.get(pk=place.pk).card)["seasons"]


def total(text: str) -> int:
    return search.answer(Question(text=text)).total


def offer(place: PointOfSale, product: str | None = None, **fields: object) -> Offer:
    term = Product.objects.get(code=product) if product else None
    return Offer.objects.create(point_of_sale=place, product=term, **fields)


def row(place: PointOfSale) -> tuple[str, str]:
    """Where the row lies and who wrote it: it moves with any write."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT ctid::text, xmin::text FROM directory_search_detail WHERE id = %s", [place.pk])
        return cursor.fetchone()


class TestWords:
    def test_names(self):
        merchant = Merchant.objects.create(name="Maison Quercy")
        place, stall = point_of_sale("", merchant=merchant), point_of_sale("Étal du Loir", merchant=merchant)
        assert (detail(place).folded_name, detail(stall).folded_name) == ("maison quercy", "etal du loir")
        assert (total("quercy"), total("étal quercy")) == (2, 1)
        merchant.name = "Maison Vercors"
        merchant.save()
        assert (total("quercy"), total("vercors")) == (0, 2)
        PointOfSale.objects.filter(pk=stall.pk).update(name="Étal du Cher")
        assert detail(stall).folded_name == "etal du cher"
        assert total("cher vercors") == 1

    def test_offers_in_the_merchant_s_words(self):
        place = point_of_sale(products=["honey"])
        line = offer(place, "honey", line="Miel de bourdaine")
        assert total("bourdaine") == 1
        line.line = "Miel de châtaignier"
        line.save()
        assert (total("bourdaine"), total("chataigniers")) == (0, 1)
        other = point_of_sale("Ailleurs")
        Offer.objects.filter(pk=line.pk).update(point_of_sale=other)
        assert [hit.id for hit in search.answer(Question(text="châtaignier")).hits] == [other.pk]
        Offer.objects.all().delete()
        assert total("châtaignier") == 0

    def test_descriptions_in_both_languages(self):
        place = point_of_sale()
        Merchant.objects.filter(pk=place.merchant_id).update(
            description_fr="Nous élevons des autruches.", description_en="Grazing ostriches."
        )
        assert (total("autruche élevons"), total("ostrich graze")) == (1, 1)

    def test_what_is_not_public_is_not_there(self):
        place = point_of_sale(
            street="12 rue Confidentielle", postcode="41100", pin_label="12 rue Etiquette", pin_hidden=True
        )
        Merchant.objects.filter(pk=place.merchant_id).update(
            phone="0254112233", email="zoe@confidentiel.example", website="https://toile.example"
        )
        document = str(detail(place).document)
        for word in ("confidentiel", "etiquet", "0254112233", "zoe", "toil", "41100", "vendom"):
            assert word not in document
        assert "ferm" in document


class TestSeasons:
    def test_the_vocabulary_s(self):
        place = point_of_sale(products=["asparagus", "honey"])
        expected = [4, 5, 6]
        assert seasons(place) == {"asparagus": expected, "vegetables": expected, "food": expected}
        assert card_seasons(place) == {"asparagus": [4, 6]}

    def test_the_offer_s_own(self):
        place = point_of_sale()
        own = offer(place, "strawberries", season_first=5, season_last=7)
        assert seasons(place)["strawberries"] == [5, 6, 7]
        own.season_first, own.season_last = 9, 10
        own.save()
        assert (seasons(place)["strawberries"], card_seasons(place)) == ([9, 10], {"strawberries": [9, 10]})
        # Half a season is none.
        Offer.objects.filter(pk=own.pk).update(season_last=None)
        assert card_seasons(place) == {"strawberries": [4, 9]}

    def test_over_the_new_year(self):
        place = point_of_sale(products=["leeks"])
        assert seasons(place)["leeks"] == [1, 2, 3, 4, 9, 10, 11, 12]
        assert card_seasons(place) == {"leeks": [9, 4]}

    def test_several_offers_of_one_product(self):
        place = point_of_sale()
        offer(place, "apples", line="a", season_first=8, season_last=9)
        offer(place, "apples", line="b", season_first=11, season_last=2)
        offer(place, "apples", line="c", season_first=3, season_last=3)
        assert seasons(place)["apples"] == [1, 2, 3, 8, 9, 11, 12]
        assert card_seasons(place) == {"apples": [11, 2]}

    def test_none(self):
        place = point_of_sale(products=["honey"])
        offer(place, line="Quelque chose", season_first=1, season_last=2)
        assert (seasons(place), card_seasons(place)) == ({}, {})

    def test_a_season_that_the_vocabulary_changes(self):
        place, other = point_of_sale(products=["asparagus"]), point_of_sale(products=["honey"])
        Term.objects.filter(code="asparagus").update(season_first=3, season_last=4)
        Term.objects.filter(code="honey").update(season_first=6, season_last=6)
        assert (card_seasons(place), seasons(place)["vegetables"]) == ({"asparagus": [3, 4]}, [3, 4])
        assert card_seasons(other) == {"honey": [6, 6]}
        Term.objects.filter(code="asparagus").update(parent=None)
        assert set(seasons(place)) == {"asparagus"}
        assert indexing.entries_out_of_step() == 0


class TestInStep:
    def test_status_merging_and_deletion(self):
        place, kept = point_of_sale("Avant"), point_of_sale("Reste")
        for status in ("hidden", "published", "closed", "published"):
            PointOfSale.objects.filter(pk=place.pk).update(status=status)
            assert SearchDetail.objects.filter(pk=place.pk).exists() is (status == "published")
        PointOfSale.objects.filter(pk=place.pk).update(status="merged", merged_into=kept)
        assert list(SearchDetail.objects.values_list("pk", flat=True)) == [kept.pk]
        kept.merged_from.all().delete()
        kept.delete()
        assert not SearchDetail.objects.exists()

    def test_a_rolled_back_write_leaves_no_trace(self):
        place = point_of_sale("Avant")
        with transaction.atomic():
            PointOfSale.objects.filter(pk=place.pk).update(name="Après")
            Merchant.objects.filter(pk=place.merchant_id).update(name="Après")
            assert total("après") == 1
            transaction.set_rollback(True)
        assert (total("après"), total("avant")) == (0, 1)

    def test_deferred_indexing_catches_up_at_the_end(self):
        with indexing.deferred_indexing() as ids:
            place = point_of_sale("Tardive", products=["asparagus"])
            ids.append(place.pk)
            assert not SearchDetail.objects.exists()
        assert total("tardive") == 1
        assert seasons(place)["asparagus"] == [4, 5, 6]
        assert indexing.entries_out_of_step() == 0

    def test_only_what_changed_is_written(self):
        place = point_of_sale(products=["asparagus"])
        before = row(place)
        PointOfSale.objects.filter(pk=place.pk).update(street="Ailleurs")
        assert row(place) == before
        offer(place, line="Autre chose")
        assert row(place) != before

    @pytest.mark.parametrize("wrong", [{"folded_name": "faux"}, {"seasons": [17]}])
    def test_out_of_step_is_noticed(self, wrong):
        place = point_of_sale(products=["asparagus"])
        assert indexing.entries_out_of_step() == 0
        SearchDetail.objects.filter(pk=place.pk).update(**wrong)
        assert indexing.entries_out_of_step() == 1
        indexing.refresh_entries([place.pk])
        assert indexing.entries_out_of_step() == 0
        SearchDetail.objects.all().delete()
        assert indexing.entries_out_of_step() == 1

    def test_words_of_names_are_forgotten_when_no_name_has_them(self):
        place = point_of_sale("Maison Bourdaine")
        point_of_sale("Maison du Loir")
        assert set(NameWord.objects.values_list("word", flat=True)) == {"maison", "bourdaine", "loir"}
        PointOfSale.objects.filter(pk=place.pk).update(status="hidden")
        assert indexing.forget_words() == 1
        assert set(NameWord.objects.values_list("word", flat=True)) == {"maison", "loir"}
