"""Demonstration merchants as they are made: the same for the same seed, from words that all exist."""

from __future__ import annotations

import os
from dataclasses import replace
from itertools import pairwise

import pytest
from django.db import OperationalError, connection
from opening_hours import OpeningHours
from psycopg.errors import DeadlockDetected

from directory import demo
from directory.demo import bulk, filling, making, writing
from directory.demo.land import hilbert, read_lands, with_towns
from directory.demo.names import Walk, at_place, of_place
from directory.demo.tables import Pool
from directory.demo.terroirs import members_of, named, near_town, shares
from directory.indexing import entries_out_of_step
from directory.models import Term

# What was written, without ids and dates, in the order of ids.
CONTENT = """
SELECT merchant.name, description_fr, description_en, website, shop_url, phone, email, siren, owner_id, natural_person,
    point.siret, point.kind, point.name, street, postcode, commune_id, ST_AsText(pin), pin_precision, pin_source,
    pin_score, pin_label, pin_hidden, service_radius_km, schedule.text, status, reviews, demo,
    (SELECT string_agg(code, ' ' ORDER BY link.id) FROM directory_pointofsale_activities AS link
        JOIN directory_term AS term ON term.id = activity_id WHERE pointofsale_id = point.id),
    (SELECT string_agg(code, ' ' ORDER BY link.id) FROM directory_pointofsale_services AS link
        JOIN directory_term AS term ON term.id = service_id WHERE pointofsale_id = point.id),
    (SELECT json_agg(json_build_array(code, line, price_min, price_max, unit, offer.season_first, offer.season_last)
        ORDER BY offer.id)::text FROM directory_offer AS offer
        JOIN directory_term AS term ON term.id = product_id WHERE point_of_sale_id = point.id),
    (SELECT json_agg(json_build_array(code, state, verified_by, verified_until) ORDER BY held.id)::text
        FROM directory_merchantlabel AS held JOIN directory_term AS term ON term.id = label_id
        WHERE merchant_id = merchant.id),
    (SELECT string_agg(field || audience || wording, ' ' ORDER BY consent.id) FROM directory_consent AS consent
        WHERE merchant_id = merchant.id)
FROM directory_pointofsale AS point
JOIN directory_merchant AS merchant ON merchant.id = merchant_id
LEFT JOIN directory_schedule AS schedule ON schedule.id = schedule_id
ORDER BY merchant.id, point.id
"""


def content() -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(CONTENT)
        return cursor.fetchall()


def definitions() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT indexdef FROM pg_indexes WHERE schemaname = current_schema() "
            "UNION SELECT conrelid::regclass || conname || pg_get_constraintdef(oid) FROM pg_constraint"
        )
        return {row[0] for row in cursor.fetchall()}


@pytest.mark.django_db
class TestDeterminism:
    def test_two_runs_write_the_same_in_the_same_order(self):
        demo.seed_demo(300, 7)
        first = content()
        demo.seed_demo(300, 7)
        assert content() == first
        demo.seed_demo(300, 8)
        assert content() != first

    def test_making_is_pure(self, communes):
        lands, words = read_lands(), demo.tables()
        made = list(making.make(200, 1, lands, words))
        assert list(making.make(200, 1, read_lands(), demo.tables())) == made
        assert len(made) == 200

    def test_the_bulk_way_writes_the_same(self):
        before = definitions()
        lands, words = read_lands(), demo.tables()
        writing.write(making.make(300, 1, lands, words), many=False)
        one_by_one = content()
        demo.remove_demo()
        writing.write(making.make(300, 1, lands, words), many=True)
        assert content() == one_by_one
        assert entries_out_of_step() == 0
        assert definitions() == before

    def test_neighbours_are_written_together(self, communes):
        pins = [merchant.points[0].pin for merchant in making.make(2000, 1, read_lands(), demo.tables())]
        steps = sorted(abs(a.lon - b.lon) + abs(a.lat - b.lat) for a, b in pairwise(pins))
        assert steps[len(steps) // 2] < 0.12


@pytest.mark.django_db(transaction=True)
class TestSeveralProcesses:
    @pytest.fixture(autouse=True)
    def _few_are_many(self, monkeypatch):
        monkeypatch.setattr(demo, "MANY", 1)
        monkeypatch.setattr(filling, "SHARE", 60)

    def test_they_write_the_same_in_the_same_order(self):
        before = definitions()
        written = demo.seed_demo(400, 1, processes=1)
        alone = content()
        assert demo.seed_demo(400, 1, processes=2) == written
        assert content() == alone
        assert entries_out_of_step() == 0
        assert definitions() == before
        assert demo.remove_demo() == written

    def test_a_failure_leaves_no_demonstration_and_all_indexes(self, monkeypatch):
        before = definitions()
        write, here = writing.Writer.write, os.getpid()

        def fail_elsewhere(*args):
            if os.getpid() != here:
                raise ValueError("as a test")
            return write(*args)

        monkeypatch.setattr(writing.Writer, "write", fail_elsewhere)
        with pytest.raises(ValueError, match="as a test"):
            demo.seed_demo(400, 1, processes=2)
        assert not demo.demo_present()
        assert entries_out_of_step() == 0
        assert definitions() == before

    def test_an_index_that_cannot_be_made_is_named_and_the_others_are_made(self):
        made = "CREATE INDEX made_all_the_same ON directory_merchant (phone)"
        aside = [bulk.Aside("directory_merchant", False, "", make) for make in ("CREATE INDEX ON nowhere (x)", made)]
        with pytest.raises(RuntimeError, match=r"CREATE INDEX ON nowhere \(x\);  -- .*does not exist"):
            bulk.make_again(aside, 2)
        with connection.cursor() as cursor:
            cursor.execute("DROP INDEX made_all_the_same")

    def test_after_a_deadlock_a_share_is_written_again(self, monkeypatch):
        class Unlucky:
            failures = filling.TRIES - 1

            def write(self, share):
                self.failures -= 1
                if self.failures >= 0:
                    raise OperationalError from DeadlockDetected()
                return 7

        unlucky = Unlucky()
        monkeypatch.setattr(filling, "_filler", unlucky, raising=False)
        assert filling._write("a share") == 7
        unlucky.failures = filling.TRIES
        with pytest.raises(OperationalError):
            filling._write("a share")

    def test_crowds_hold_everybody_once_and_in_order(self, communes):
        maker = making.Maker(500, 1, read_lands(), demo.tables())
        crowds = maker.crowds(60)
        assert [place for crowd in crowds for place in crowd.places] == list(range(len(maker.lands)))
        assert [number for crowd in crowds for number in crowd.numbers] == list(range(500))
        for crowd in crowds:
            assert sum(len(maker.commune(place)) for place in crowd.places) == len(crowd.numbers)
        assert all(len(crowd.numbers) >= 60 for crowd in crowds[:-1])


@pytest.mark.django_db
class TestTables:
    def test_every_code_is_of_the_vocabulary(self):
        known = set(Term.objects.values_list("code", flat=True))
        assert demo.tables().codes() <= known

    def test_every_leaf_activity_has_its_trade(self):
        leaves = set(Term.objects.filter(dimension="activity", children=None).values_list("code", flat=True))
        assert leaves <= {trade.code for trade in demo.tables().trades}

    def test_every_hour_parses(self):
        for texts in demo.tables().hours.values():
            for text in texts:
                assert str(OpeningHours(text)), text

    def test_every_town_is_found(self):
        lands, words = read_lands(), demo.tables()
        for terroir in words.terroirs:
            assert len(named(terroir.towns, lands, terroir.departements)) == len(terroir.towns), terroir.name
            assert members_of(terroir, lands), terroir.name
        for promise in words.promises:
            assert near_town(promise, lands), promise.town

    def test_a_region_without_terroirs(self):
        words = replace(demo.tables(), terroirs=(), promises=())
        made = list(making.make(400, 1, with_towns(read_lands()[:40]), words))
        assert len(made) == 400
        assert {point.activities[0] for merchant in made for point in merchant.points} >= {"winery", "goat_farm"}

    def test_texts_fit_their_columns(self):
        lands, words = read_lands(), demo.tables()
        made = list(making.make(3000, 5, lands, words))
        assert max(len(merchant.name) for merchant in made) <= 200
        assert max(len(point.name) for merchant in made for point in merchant.points) <= 200
        assert not [text for merchant in made for text in merchant[:3] if "{" in text or "  " in text]


class TestWords:
    @pytest.mark.parametrize(
        ("commune", "at", "of"),
        [
            ("Vendôme", "à Vendôme", "de Vendôme"),
            ("Orléans", "à Orléans", "d'Orléans"),
            ("Le Blanc", "au Blanc", "du Blanc"),
            ("Les Aix-d'Angillon", "aux Aix-d'Angillon", "des Aix-d'Angillon"),
            ("La Châtre", "à La Châtre", "de La Châtre"),
            ("Écueillé", "à Écueillé", "d'Écueillé"),
            ("Henrichemont", "à Henrichemont", "d'Henrichemont"),
        ],
    )
    def test_places_in_a_sentence(self, commune, at, of):
        assert (at_place(commune), of_place(commune)) == (at, of)

    @pytest.mark.parametrize("size", [1, 2, 3, 6, 100, 997])
    def test_a_walk_passes_everywhere_once(self, size):
        walk = Walk(size, "seed")
        assert sorted(walk[rank] for rank in range(size)) == list(range(size))

    def test_a_pool_gives_distinct_codes_and_what_is_always_there(self):
        draws = iter([0.0, 0.0, 0.99, 0.5, 0.1, 0.2, 0.3, 0.4] * 10)
        assert Pool.parse("a*3|b!", "c|a").draw(3, lambda: next(draws)) == ["b", "a", "c"]
        assert Pool.parse("").draw(2, lambda: 0.5) == []

    def test_a_hilbert_curve_goes_from_neighbour_to_neighbour(self):
        side = 8
        places = {
            hilbert((i + 0.5) / side, (j + 0.5) / side, order=3): (i, j) for i in range(side) for j in range(side)
        }
        assert sorted(places) == list(range(side * side))
        steps = [abs(a - c) + abs(b - d) for (a, b), (c, d) in pairwise(places[k] for k in range(side * side))]
        assert set(steps) == {1}

    def test_shares_add_up(self):
        trades = demo.tables().trades
        for merchants in (1, 7, 2000, 100_000):
            counts = shares(trades, merchants)
            assert sum(counts) == merchants
            assert min(counts) >= 0
