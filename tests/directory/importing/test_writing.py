"""What a new row writes: merchant, point of sale, record, history, search entry; and that nothing is written twice."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.utils import timezone
from openpyxl import Workbook

from directory.importing import Outcome, run_import
from directory.importing.casing import in_french_case
from directory.indexing import entries_out_of_step
from directory.models import Merchant, Offer, PointOfSale, SearchEntry, Source, SourceRecord
from directory.owners import freshness
from directory.pinning import hides_pin_by_default
from geo.models import Revision
from geo.points import Position
from tests.builders import VENDOME, at, centre_of
from tests.directory.importing.conftest import PIN, VENDOME_POINT, lat_lon, name_of, only, place, row, siret, versions

pytestmark = pytest.mark.django_db
Review = PointOfSale.Review
Status = PointOfSale.Status


class TestWriting:
    def test_a_new_row(self, import_rows):
        report = import_rows(row(activites="Boucherie-Charcuterie"))
        assert (only(report).outcome, only(report).code) == (Outcome.WRITTEN, "added")
        shop = place()
        assert (shop.status, shop.kind, shop.reviews, shop.demo) == (Status.PUBLISHED, "shop", [], False)
        assert (shop.name, shop.merchant.name, shop.merchant.siren) == ("", in_french_case(name_of(1)), siret(1)[:9])
        assert (shop.street, shop.postcode, shop.commune_id) == ("1 Rue du Change", "41100", VENDOME)
        assert (shop.pin.x, shop.pin.y) == (PIN.lon, PIN.lat)
        assert (shop.pin_precision, shop.pin_source, shop.pin_score) == ("street", "alimconfiance", None)
        assert shop.pin_at is not None
        assert set(shop.activities.values_list("code", flat=True)) == {"butcher", "delicatessen"}
        assert set(shop.offers.values_list("product__code", "line")) == {("meat", ""), ("charcuterie", "")}
        shop.full_clean()
        shop.merchant.full_clean()

    def test_its_record(self, import_rows):
        import_rows(row())
        record = place().source_records.get()
        assert (record.source.slug, record.external_id) == ("alimconfiance", siret(1))
        assert record.fields["street"] == "1 Rue du Change"
        assert record.fields["pin"] == [PIN.lon, PIN.lat]
        assert (record.point.x, record.point.y) == (PIN.lon, PIN.lat)
        assert len(record.row_hash) == 64

    def test_its_history(self, import_rows):
        import_rows(row(activites="Boucherie-Charcuterie"))
        shop = place()
        version = shop.history.get()
        assert (version.history_type, version.history_change_reason) == ("+", "import alimconfiance")
        assert version.pin.coords == shop.pin.coords
        assert version.history_user is None
        assert set(version.activities.values_list("activity__code", flat=True)) == {"butcher", "delicatessen"}
        assert shop.merchant.history.get().history_change_reason == "import alimconfiance"
        assert Offer.history.filter(point_of_sale=shop, history_type="+").count() == 2

    def test_its_search_entry(self, import_rows):
        import_rows(row(), row(2, nom="CHERY SERGE"))
        assert SearchEntry.objects.get().name == in_french_case(name_of(1))
        assert entries_out_of_step() == 0

    def test_its_source(self, import_rows):
        import_rows(row())
        source = Source.objects.get()
        assert (source.slug, source.licence) == ("alimconfiance", "Licence Ouverte 2.0")
        assert source.last_import_at is not None
        revision = Revision.objects.get(name="sources").number
        import_rows(row(), row(2))
        assert Revision.objects.get(name="sources").number == revision, "its identity is the same"
        Source.objects.update(producer="Quelqu'un d'autre")
        import_rows(row(), row(2), row(3))
        assert Revision.objects.get(name="sources").number == revision + 1
        assert Source.objects.get().producer.startswith("Ministère")

    def test_a_dry_run_writes_nothing_and_says_the_same(self, import_rows):
        rows = [row(), row(2, nom="CHERY SERGE"), row(3, activites="Restauration collective")]
        before = versions()
        dry = import_rows(*rows, write=False)
        assert versions() == before
        assert not dry.applied
        assert import_rows(*rows).totals() == dry.totals()

    def test_the_second_run_writes_nothing(self, import_rows):
        rows = [
            row(),
            row(2, lat_lon=""),
            row(3, nom="CHERY SERGE"),
            row(4, activites="Astrologue"),
            row(5, activites="Transport de denrées alimentaires"),
            row(6, lat_lon=lat_lon(at(PIN, 0, 30_000))),
            row(7, siret=""),
            row(7, siret=""),
        ]
        first = import_rows(*rows)
        assert first.wrote
        before = versions()
        second = import_rows(*rows)
        assert versions() == before
        assert not second.wrote
        assert [result.code for result in second.rows] == [
            "unchanged", "unchanged", "natural_person", "unknown_activity", "not_a_shop", "unchanged", "unchanged",
            "duplicate_row",
        ]  # fmt: skip
        assert [result.outcome for result in second.rows].count(Outcome.HELD) == 2

    def test_the_second_run_vouches_for_what_it_still_names(self, import_rows):
        import_rows(row(1), row(2), row(3))
        long_ago = timezone.now() - timedelta(days=800)
        SourceRecord.objects.update(imported_at=long_ago)
        PointOfSale.objects.update(created_at=long_ago)
        import_rows(row(1), row(2, adresse="2 RUE POTERIE"), write=False)
        assert set(SourceRecord.objects.values_list("imported_at", flat=True)) == {long_ago}
        import_rows(row(1), row(2, adresse="2 RUE POTERIE"))
        import_rows(row(1), row(2, adresse="2 RUE POTERIE"))
        said = freshness.vouched([place(1), place(2)])
        assert all(timezone.now() - when < timedelta(minutes=5) for when in said.values())
        assert freshness.vouched([place(3)]) == {place(3).pk: long_ago}

    def test_one_merchant_for_each_siren(self, import_rows):
        import_rows(row(1, siret=siret(1, 1)), row(2, siret=siret(1, 2), nom="LE MOULIN D'EN BAS", lat_lon=""))
        merchant = Merchant.objects.get()
        assert merchant.name == in_french_case(name_of(1))
        assert sorted(merchant.points_of_sale.values_list("name", flat=True)) == ["", "Le Moulin d'En Bas"]
        import_rows(row(3, siret=siret(1, 3), nom="LE MOULIN DU MILIEU", lat_lon=""))
        assert Merchant.objects.get().points_of_sale.count() == 3

    def test_trades_without_a_public_door_hide_their_pin(self, import_rows):
        import_rows(row(activites="Traiteur"), row(2, activites="Traiteur|Boucherie-Charcuterie"))
        assert place(1).pin_hidden
        assert not place(2).pin_hidden
        centre = centre_of(VENDOME)
        shown = SearchEntry.objects.get(pk=place(1).pk).public_point
        assert (shown.x, shown.y) == (centre.lon, centre.lat)

    def test_pinning_rule(self):
        assert hides_pin_by_default(["plumber"])
        assert hides_pin_by_default(["plumber", "electrician"])
        assert not hides_pin_by_default(["plumber", "hardware_store"])
        assert not hides_pin_by_default([])

    def test_a_doubtful_point_is_published_at_the_commune(self, import_rows):
        far = at(PIN, 0, 30_000)
        import_rows(row(lat_lon=lat_lon(far)))
        shop = place()
        assert (shop.status, shop.reviews) == (Status.PUBLISHED, [Review.DOUBTFUL_PIN])
        assert (shop.pin_precision, shop.pin_source) == ("commune", "gazetteer")
        assert Position.from_geos(shop.pin) == centre_of(VENDOME)
        given = Position.from_geos(shop.source_records.get().point)
        assert given.distance_to(far) < 0.1

    def test_contact_goes_to_the_merchant_and_nowhere_public(self, tmp_path, db):
        path = tmp_path / "x.csv"
        path.write_text(
            "nom,activites,insee,siret,telephone,courriel,site,horaires,produits\n"
            f"A B,bakery,{VENDOME},{siret(1)},02 54 00 00 00,a@exemple.fr,exemple.fr,Mo-Fr 08:00-12:00,bread\n"
        )
        run_import(path, "generic", True)
        shop = place()
        assert (shop.merchant.phone, shop.merchant.email) == ("02 54 00 00 00", "a@exemple.fr")
        assert shop.merchant.website == "https://exemple.fr"
        assert shop.schedule.text == "Mo-Fr 08:00-12:00"
        assert shop.merchant.public_contact() == {}
        card = SearchEntry.objects.get().card
        assert "exemple" not in card
        assert "02 54" not in card


def test_vendome_point_lies_in_vendome():
    lat, lon = map(float, VENDOME_POINT.split(","))
    assert Position(lon, lat) == PIN


def test_the_three_formats_say_the_same(tmp_path, db):
    header = ["identifiant", "nom", "activites", "code_insee", "siret", "lat", "lon", "adresse"]
    values = ["7", "Ferme du Gué", "goat_farm", VENDOME, siret(1), PIN.lat, PIN.lon, "Le Gué"]
    sheet = Workbook()
    sheet.active.append(header)
    sheet.active.append([*values[:4], int(siret(1)), *values[5:]])
    sheet.save(tmp_path / "x.xlsx")
    (tmp_path / "x.csv").write_text(";".join(header) + "\n" + ";".join(map(str, values)) + "\n", "cp1252")
    feature = {"type": "Feature", "properties": dict(zip(header, values, strict=True))}
    feature["geometry"] = {"type": "Point", "coordinates": [PIN.lon, PIN.lat]}
    (tmp_path / "x.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    outcomes = [only(run_import(tmp_path / f"x.{form}", "generic", True)).code for form in ("csv", "xlsx", "geojson")]
    assert outcomes == ["added", "unchanged", "unchanged"]
