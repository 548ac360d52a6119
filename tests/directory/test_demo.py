"""Demonstration merchants in the database: plausible, refused beside real ones, gone without a trace."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from django.contrib.gis.measure import D
from django.core.management import CommandError, call_command
from django.db import connection
from opening_hours import OpeningHours

from directory import demo
from directory.indexing import entries_out_of_step
from directory.models import Consent, Merchant, MerchantLabel, Offer, PointOfSale, Schedule, SearchEntry, Term
from geo.models import Commune
from tests.builders import centre_of, point_of_sale

# Set aside for fiction by ARCEP (décision n° 2018-0881, annexe): 0X XX XX then four digits.
FICTION = re.compile(r"^(01 99 00|02 61 91|03 53 01|04 65 71|05 36 49|06 39 98) \d\d \d\d$")


def rows_by_table() -> dict[str, int]:
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        counts = {}
        for table in tables:
            cursor.execute(f'SELECT count(*) FROM "{table}"')
            counts[table] = cursor.fetchone()[0]
    return counts


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
        assert list(merchants.exclude(owner=None).values_list("owner__email", flat=True)) == ["commercant@example.org"]
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
        with pytest.raises(CommandError, match="--processes is not for such a database"):
            call_command("seed_demo", "--force", merchants=20, processes=2)
        assert not demo.demo_present()
        call_command("seed_demo", "--force", merchants=20)
        assert demo.demo_present()

    def test_a_draft_is_no_obstacle(self):
        point_of_sale("Brouillon", status=PointOfSale.Status.DRAFT)
        call_command("seed_demo", merchants=20)
        assert PointOfSale.objects.filter(demo=True).count() >= 20

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
