"""Demonstration merchants: the same for the same seed, plausible, refused beside real ones, gone without a trace."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise

import pytest
from django.contrib.gis.measure import D
from django.core.management import CommandError, call_command
from django.db import connection
from opening_hours import OpeningHours

from directory import demo
from directory.demo import making, writing
from directory.demo.land import hilbert, read_lands
from directory.demo.names import Walk, at_place, of_place
from directory.demo.tables import Pool
from directory.demo.terroirs import members_of, named, near_town, shares
from directory.indexing import entries_out_of_step
from directory.models import Consent, Merchant, MerchantLabel, Offer, PointOfSale, Schedule, SearchEntry, Term
from geo.models import Commune
from tests.builders import centre_of, point_of_sale

# Set aside for fiction by ARCEP (décision n° 2018-0881, annexe): 0X XX XX then four digits.
FICTION = re.compile(r"^(01 99 00|02 61 91|03 53 01|04 65 71|05 36 49|06 39 98) \d\d \d\d$")

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


def rows_by_table() -> dict[str, int]:
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        counts = {}
        for table in tables:
            cursor.execute(f'SELECT count(*) FROM "{table}"')
            counts[table] = cursor.fetchone()[0]
    return counts


def definitions() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT indexdef FROM pg_indexes WHERE schemaname = current_schema() "
            "UNION SELECT conrelid::regclass || conname || pg_get_constraintdef(oid) FROM pg_constraint"
        )
        return {row[0] for row in cursor.fetchall()}


@pytest.fixture(scope="class")
def seeded(django_db_setup, django_db_blocker):  # type: ignore[no-untyped-def]
    """2,000 merchants for a class that only looks at them."""
    with django_db_blocker.unblock():
        demo.seed_demo(2000, 1)
        yield
        demo.remove_demo()


@pytest.fixture
def merchants(seeded, db):  # type: ignore[no-untyped-def]
    return Merchant.objects.all()


class TestContent:
    def test_as_many_as_asked_for_and_all_marked(self, merchants):
        assert merchants.count() == 2000
        points = PointOfSale.objects.all()
        assert 2000 * 1.05 < points.count() < 2000 * 1.15
        assert not points.filter(demo=False).exists()
        assert not SearchEntry.objects.filter(demo=False).exists()
        published = points.filter(status=PointOfSale.Status.PUBLISHED).count()
        assert SearchEntry.objects.count() == published
        assert 0.005 < 1 - published / points.count() < 0.02

    def test_entries_are_in_step(self, merchants):
        assert entries_out_of_step() == 0

    def test_every_pin_lies_in_its_commune(self, merchants):
        assert not PointOfSale.objects.filter(pin=None).exists()
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM directory_pointofsale AS point JOIN geo_commune AS commune "
                "ON commune.code = commune_id WHERE NOT ST_Covers(contour, pin)"
            )
            assert cursor.fetchone()[0] == 0
            cursor.execute(
                "SELECT count(*) FROM directory_pointofsale AS point JOIN geo_commune AS commune "
                "ON commune.code = commune_id WHERE pin_precision = 'commune' AND NOT ST_Equals(centre, pin)"
            )
            assert cursor.fetchone()[0] == 0

    def test_postcodes_are_the_commune_s(self, merchants):
        for postcode, postcodes in PointOfSale.objects.values_list("postcode", "commune__postcodes"):
            assert postcode in postcodes

    def test_nobody_is_real(self, merchants):
        assert not merchants.exclude(siren=None).exists()
        assert not PointOfSale.objects.exclude(siret=None).exists()
        assert not merchants.filter(natural_person=True).exists()
        assert not merchants.exclude(owner=None).exists()
        for phone, email, website, shop in merchants.values_list("phone", "email", "website", "shop_url"):
            assert not phone or FICTION.match(phone), phone
            assert not email or re.fullmatch(r"[a-z0-9-]+@example\.org", email), email
            for url in filter(None, (website, shop)):
                assert re.fullmatch(r"https://example\.org/[a-z0-9-]+(/boutique)?", url), url

    def test_half_of_the_contacts_are_public(self, merchants):
        given = merchants.exclude(phone="").count() + merchants.exclude(email="").count()
        assert 0.4 < Consent.objects.filter(audience=Consent.Audience.PUBLIC).count() / given < 0.6
        for consent in Consent.objects.select_related("merchant"):
            assert getattr(consent.merchant, consent.field)

    def test_hours_parse(self, merchants):
        texts = Schedule.objects.values_list("text", flat=True)
        assert len(texts) > 150
        for text in texts:
            OpeningHours(text)
        without = PointOfSale.objects.filter(schedule=None).count() / PointOfSale.objects.count()
        assert 0.15 < without < 0.25

    def test_every_activity_occurs(self, merchants):
        leaves = Term.objects.filter(dimension="activity", children=None)
        held = set(PointOfSale.objects.values_list("activities__code", flat=True))
        assert set(leaves.values_list("code", flat=True)) <= held

    def test_what_is_sold(self, merchants):
        offers = Counter(Offer.objects.values_list("point_of_sale_id", flat=True))
        assert set(offers) == set(PointOfSale.objects.values_list("pk", flat=True))
        assert max(offers.values()) <= 10
        assert sum(count >= 2 for count in offers.values()) / len(offers) > 0.98
        assert Offer.objects.exclude(line="").exists()
        assert Offer.objects.exclude(price_max=None).exists()
        for offer in Offer.objects.exclude(price_max=None):
            assert offer.price_min < offer.price_max

    def test_organic_farms(self, merchants):
        farms = PointOfSale.objects.filter(kind=PointOfSale.Kind.FARM_GATE)
        organic = farms.filter(merchant__labels__code="organic").count()
        assert 0.08 < organic / farms.count() < 0.18
        states = Counter(MerchantLabel.objects.values_list("state", flat=True))
        assert states["declared"] > states["verified"] > 0

    def test_names_seldom_come_twice(self, merchants):
        names = Counter(merchants.values_list("name", flat=True))
        assert sum(count - 1 for count in names.values()) <= 20

    def test_trades_without_a_door_hide_their_pin(self, merchants):
        plumbers = PointOfSale.objects.filter(activities__code="plumber", kind=PointOfSale.Kind.WORKSHOP)
        hidden = plumbers.filter(pin_hidden=True)
        assert hidden.count() / plumbers.count() > 0.7
        assert not hidden.filter(service_radius_km=None).exists()

    def test_something_for_moderators(self, merchants):
        assert PointOfSale.objects.doubtful().exists()
        assert PointOfSale.objects.filter(status=PointOfSale.Status.DRAFT).exists()
        assert PointOfSale.objects.filter(status=PointOfSale.Status.CLOSED).exists()

    def test_farms_near_vendome_that_sell_cheese(self, merchants):
        near = (
            PointOfSale.objects.filter(status=PointOfSale.Status.PUBLISHED, kind=PointOfSale.Kind.FARM_GATE)
            .filter(products__path__contains=[Term.objects.get(code="cheese").pk])
            .within(centre_of(), D(km=10))
            .distinct()
        )
        assert near.count() >= 5

    @pytest.mark.parametrize(
        ("product", "departements"),
        [
            ("sainte_maure_de_touraine", {"37", "36", "41"}),
            ("pouligny_saint_pierre", {"36", "37"}),
            ("crottin_de_chavignol", {"18", "45"}),
            ("sancerre", {"18"}),
            ("vouvray", {"37"}),
            ("gatinais_honey", {"45"}),
            ("lentilles_vertes_du_berry", {"18", "36"}),
        ],
    )
    def test_terroirs(self, merchants, product, departements):
        where = set(
            Offer.objects.filter(product__code=product, point_of_sale__kind="farm_gate").values_list(
                "point_of_sale__commune__departement_id", flat=True
            )
        )
        assert where
        assert where <= departements

    def test_shops_follow_the_population(self, merchants):
        shops = Counter(PointOfSale.objects.filter(kind="shop").values_list("commune_id", flat=True))
        largest = Commune.objects.order_by("-population")[:10].values_list("pk", flat=True)
        assert sum(shops[code] for code in largest) > 0.2 * shops.total()


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


@pytest.mark.django_db
class TestRemoval:
    def test_nothing_is_left(self):
        before = rows_by_table()
        demo.seed_demo(200, 1)
        assert demo.demo_present()
        assert demo.remove_demo() > 200
        assert rows_by_table() == before
        assert not demo.demo_present()

    def test_history_goes_as_well(self):
        before = rows_by_table()
        demo.seed_demo(100, 1)
        place = PointOfSale.objects.exclude(schedule=None).order_by("pk")[0]
        place.street = "ailleurs"
        place.save()
        place.offers.first().save()
        place.offers.last().delete()
        place.activities.clear()
        place.merchant.save()
        PointOfSale.objects.exclude(merchant=place.merchant).order_by("pk")[0].delete()
        demo.remove_demo()
        assert rows_by_table() == before

    def test_real_merchants_stay(self):
        hours = demo.tables().trades[0].hours[0]
        real = point_of_sale("Vraie ferme", products=["cheese"], schedule=Schedule.objects.create(text=hours))
        demo.seed_demo(150, 1)
        stall = PointOfSale.objects.filter(demo=True).order_by("pk")[0]
        mixed = stall.merchant
        kept = point_of_sale("", merchant=mixed)
        gone = point_of_sale("", merchant=mixed, status="merged", merged_into=stall)
        demo.remove_demo()
        assert set(PointOfSale.objects.values_list("pk", flat=True)) == {real.pk, kept.pk, gone.pk}
        assert set(Merchant.objects.values_list("pk", flat=True)) == {real.merchant_id, mixed.pk}
        gone.refresh_from_db()
        assert (gone.status, gone.merged_into) == (PointOfSale.Status.HIDDEN, None)
        assert Schedule.objects.filter(points_of_sale=real).exists()
        assert entries_out_of_step() == 0

    def test_no_history_is_written(self):
        demo.seed_demo(50, 1)
        assert not Merchant.history.exists()
        assert not PointOfSale.history.exists()


@pytest.mark.django_db
class TestCommand:
    def test_seeds_and_removes(self, capsys):
        call_command("seed_demo", merchants=60, seed=3)
        assert Merchant.objects.count() == 60
        assert "60 demonstration merchants" in capsys.readouterr().out
        call_command("seed_demo", "--remove")
        assert not Merchant.objects.exists()

    def test_beside_real_merchants_only_by_force(self):
        point_of_sale("Vraie ferme")
        with pytest.raises(CommandError, match="--force"):
            call_command("seed_demo", merchants=20)
        assert not demo.demo_present()
        call_command("seed_demo", "--force", merchants=20)
        assert demo.demo_present()

    def test_a_draft_is_no_obstacle(self):
        point_of_sale("Brouillon", status=PointOfSale.Status.DRAFT)
        call_command("seed_demo", merchants=20)

    def test_elsewhere_only_by_force(self, settings, tmp_path):
        settings.DATABASE_IS_EXTERNAL = True
        settings.LOCAL_DIR = tmp_path
        with pytest.raises(CommandError, match="--force"):
            call_command("seed_demo", merchants=20)
        (tmp_path / "database_url").write_text("postgresql://somebody@:5432/other?host=/elsewhere/socket\n")
        with pytest.raises(CommandError, match="--force"):
            call_command("seed_demo", merchants=20)
        call_command("seed_demo", "--force", merchants=20)
        # Removal needs no force: it never touches what is real.
        call_command("seed_demo", "--remove")
        assert not demo.demo_present()

    def test_the_private_server_under_another_name_is_no_other_place(self, settings, tmp_path):
        settings.DATABASE_IS_EXTERNAL = True
        settings.LOCAL_DIR = tmp_path
        connection.ensure_connection()
        info = connection.connection.info
        (tmp_path / "database_url").write_text(f"postgresql://somebody@:{info.port}/other?host={info.host}\n")
        assert not demo.external_database()

    @pytest.mark.parametrize("merchants", ["0", "-5", "1e3", "many", "99999999999"])
    def test_numbers_that_are_none(self, merchants):
        with pytest.raises(CommandError):
            call_command("seed_demo", "--merchants", merchants)

    def test_without_communes(self):
        Commune.objects.all().delete()
        with pytest.raises(CommandError, match="load_communes"):
            call_command("seed_demo", merchants=20)


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
                OpeningHours(text)

    def test_every_town_is_found(self):
        lands, words = read_lands(), demo.tables()
        for terroir in words.terroirs:
            assert len(named(terroir.towns, lands, terroir.departements)) == len(terroir.towns), terroir.name
            assert members_of(terroir, lands), terroir.name
        for promise in words.promises:
            assert near_town(promise, lands), promise.town

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
