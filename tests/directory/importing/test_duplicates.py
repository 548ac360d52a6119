"""Whether two rows, or a row and an entry, are the same place."""

from __future__ import annotations

import pytest

from directory.importing import Outcome, run_import
from directory.importing.casing import in_french_case
from directory.models import PointOfSale, Source, SourceRecord
from geo.points import Position
from tests.builders import VENDOME, at, point_of_sale
from tests.directory.importing.conftest import PIN, lat_lon, name_of, only, place, row, siret, versions

pytestmark = pytest.mark.django_db
Review = PointOfSale.Review
Status = PointOfSale.Status


class TestSameOrNot:
    def test_the_same_row_twice(self, import_rows):
        report = import_rows(row(), row(2), row(nom="AUTRE NOM"))
        assert (report.rows[2].outcome, report.rows[2].code) == (Outcome.SKIPPED, "duplicate_row")
        assert report.rows[2].message == "the same as line 2"
        assert place().merchant.name == in_french_case(name_of(1))

    def test_a_siret_that_is_here_already_gets_its_blanks_filled(self, import_rows):
        mine = point_of_sale("Ferme du Test", siret=siret(1), street="", postcode="41100", kind="farm_gate", pin=PIN)
        result = only(import_rows(row(activites="Poissonnerie")))
        assert (result.outcome, result.code, result.point_of_sale) == (Outcome.WRITTEN, "attached", mine.pk)
        mine.refresh_from_db()
        assert (mine.street, mine.kind, mine.merchant.name) == ("1 Rue du Change", "farm_gate", "Ferme du Test")
        assert list(mine.activities.values_list("code", flat=True)) == ["farm"]
        assert list(mine.offers.values_list("product__code", flat=True)) == ["fish"]
        assert Position.from_geos(mine.pin) == PIN
        assert mine.source_records.get().source.slug == "alimconfiance"
        before = versions()
        assert only(import_rows(row(activites="Poissonnerie"))).outcome is Outcome.UNCHANGED
        assert versions() == before

    def test_a_siret_closed_here_is_not_opened_again(self, import_rows):
        point_of_sale("Ferme du Test", siret=siret(1), status=Status.CLOSED)
        result = only(import_rows(row()))
        assert (result.outcome, result.code) == (Outcome.SKIPPED, "closed_here")

    @pytest.mark.parametrize(("metres", "outcome"), [(140, Outcome.HELD), (160, Outcome.WRITTEN)])
    def test_a_registered_namesake_nearby_leaves_a_doubt(self, import_rows, metres, outcome):
        point_of_sale(in_french_case(name_of(1)), pin=at(PIN, 90, metres))
        result = only(import_rows(row()))
        assert result.outcome is outcome
        assert place().status == (Status.DRAFT if outcome is Outcome.HELD else Status.PUBLISHED)
        assert (Review.DUPLICATE in place().reviews) is (outcome is Outcome.HELD)

    @pytest.mark.parametrize(("metres", "code"), [(140, "attached"), (160, "added")])
    def test_an_imported_namesake_nearby_is_the_same(self, import_rows, metres, code):
        other = point_of_sale(in_french_case(name_of(1)), pin=at(PIN, 90, metres), siret=None)
        source = Source.objects.create(slug="autre", name="Autre", producer="X", licence="Y")
        SourceRecord.objects.create(
            source=source, external_id="7", point_of_sale=other, fields={}, row_hash="x", imported_at=other.created_at
        )
        assert only(import_rows(row())).code == code
        other.refresh_from_db()
        assert other.siret == (siret(1) if code == "attached" else None)
        assert other.merchant.siren == (siret(1)[:9] if code == "attached" else None)

    def test_another_name_nearby_is_another(self, import_rows):
        point_of_sale("La Grange du Haut", pin=PIN)
        assert only(import_rows(row())).code == "added"

    def test_two_sirets_of_one_name_at_one_place_leave_a_doubt(self, import_rows):
        near, far = at(PIN, 90, 140), at(PIN, 90, 160)
        rows = [row(1, nom="LA ROTONDE"), row(2, nom="LA ROTONDE", lat_lon=lat_lon(near))]
        report = import_rows(*rows, row(3, nom="LA ROTONDE", lat_lon=lat_lon(at(far, 90, 200))))
        assert [result.code for result in report.rows] == ["added", "duplicate", "added"]
        assert "line 2" in report.rows[1].message
        assert place(2).status == Status.DRAFT

    def test_rows_without_siret_are_told_by_name_and_place(self, import_rows):
        near, far = at(PIN, 90, 140), at(PIN, 0, 300)
        rows = [row(1, siret="", nom="LE LAVOIR"), row(2, siret="", nom="LE LAVOIR.", lat_lon=lat_lon(near))]
        report = import_rows(*rows, row(3, siret="", nom="LE LAVOIR", lat_lon=lat_lon(far)))
        assert [result.code for result in report.rows] == ["added", "duplicate_row", "added"]

    def test_at_commune_precision_the_name_in_the_commune_decides(self, import_rows):
        point_of_sale(in_french_case(name_of(1)), pin=at(PIN, 90, 900), siret=None)
        assert only(import_rows(row(lat_lon=""))).code == "duplicate"
        elsewhere = row(2, nom=name_of(1), lat_lon="", commune="BLOIS", code_postal="41000")
        assert only(import_rows(elsewhere)).code == "added"

    def test_a_siret_taken_meanwhile_by_another_is_kept_out(self, tmp_path, db):
        def run(siret_given: str):
            path = tmp_path / "x.csv"
            path.write_text(f"identifiant,nom,activites,insee,siret\n7,A B,bakery,{VENDOME},{siret_given}\n")
            return run_import(path, "generic", True)

        run(siret(1))
        point_of_sale("Ailleurs", siret=siret(2), commune="41018")
        result = only(run(siret(2)))
        assert "siret" in result.kept
        assert PointOfSale.objects.get(siret=siret(1)).source_records.count() == 1
