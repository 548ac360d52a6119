"""A row that changed: what the source may change here, and what people did stays."""

from __future__ import annotations

import pytest

from directory.importing import Outcome
from directory.importing.casing import in_french_case
from directory.indexing import entries_out_of_step
from directory.models import Activity, Merchant, Offer, PointOfSale, SearchEntry
from geo.points import Position
from tests.builders import at, centre_of
from tests.directory.importing.conftest import PIN, lat_lon, name_of, only, place, row, siret, versions

pytestmark = pytest.mark.django_db
Status = PointOfSale.Status


class TestUpdates:
    def test_a_changed_row_changes_its_fields(self, import_rows):
        import_rows(row(), row(2))
        before = place(2).updated_at
        changed = row(nom="LE NOUVEAU NOM", adresse="9 RUE POTERIE", activites="Poissonnerie", lat_lon="47.7925,1.0653")
        report = import_rows(changed, row(2))
        first, second = report.rows
        assert (first.outcome, first.code, second.outcome) == (Outcome.WRITTEN, "changed", Outcome.UNCHANGED)
        assert {change.field for change in first.changes} == {"name", "kind", "street", "activities", "products", "pin"}
        assert ("street", "1 Rue du Change", "9 Rue Poterie") in first.changes
        shop = place()
        assert (shop.street, shop.kind, shop.name, shop.merchant.name) == (
            "9 Rue Poterie",
            "shop",
            "",
            "Le Nouveau Nom",
        )
        assert list(shop.activities.values_list("code", flat=True)) == ["fishmonger"]
        assert list(shop.offers.values_list("product__code", flat=True)) == ["fish"]
        assert (shop.pin.y, shop.pin.x) == (47.7925, 1.0653)
        assert place(2).updated_at == before
        assert shop.history.first().history_type == "~"
        assert list(shop.history.first().activities.values_list("activity__code", flat=True)) == ["fishmonger"]
        assert SearchEntry.objects.get(pk=shop.pk).name == "Le Nouveau Nom"
        assert entries_out_of_step() == 0
        assert not import_rows(changed, row(2)).wrote

    def test_a_field_edited_by_a_person_is_kept(self, import_rows):
        import_rows(row())
        PointOfSale.objects.update(street="Le Bout du Chemin")
        Merchant.objects.update(name="Chez Nous")
        report = import_rows(row(nom="AUTRE NOM", adresse="2 RUE POTERIE", code_postal="", activites="Traiteur"))
        result = only(report)
        assert set(result.kept) == {"name", "street"}
        assert {change.field for change in result.changes} == {"kind", "activities", "products"}
        shop = place()
        assert (shop.street, shop.merchant.name, shop.name) == ("Le Bout du Chemin", "Chez Nous", "")
        assert import_rows(row(nom="ENCORE UN NOM", adresse="2 RUE POTERIE", activites="Traiteur")).rows[0].kept == (
            "name",
        )

    def test_only_kept_fields_are_a_skipped_row(self, import_rows):
        import_rows(row())
        PointOfSale.objects.update(street="Le Bout du Chemin")
        result = only(import_rows(row(adresse="2 RUE POTERIE")))
        assert (result.outcome, result.code) == (Outcome.SKIPPED, "kept")
        assert "street" in result.message
        assert only(import_rows(row(adresse="2 RUE POTERIE"))).outcome is Outcome.UNCHANGED

    def test_activities_chosen_by_a_person_are_kept(self, import_rows):
        import_rows(row())
        place().activities.set(Activity.objects.filter(code="creperie"))
        result = only(import_rows(row(activites="Poissonnerie")))
        assert "activities" in result.kept
        assert list(place().activities.values_list("code", flat=True)) == ["creperie"]

    def test_offers_in_a_merchant_s_words_stay(self, import_rows):
        import_rows(row(activites="Poissonnerie"))
        Offer.objects.create(point_of_sale=place(), line="Huîtres de mon cousin")
        import_rows(row(activites="Boulangerie-Pâtisserie"))
        offers = set(place().offers.values_list("product__code", "line"))
        assert offers == {("bread", ""), ("pastries", ""), (None, "Huîtres de mon cousin")}

    def test_a_pin_placed_by_hand_is_never_touched(self, import_rows):
        import_rows(row())
        mine = at(PIN, 90, 40)
        PointOfSale.objects.update(pin=mine.to_geos(), pin_precision="manual", pin_source="manual")
        result = only(import_rows(row(lat_lon=lat_lon(at(PIN, 0, 300)))))
        assert result.kept == ("pin",)
        assert Position.from_geos(place().pin) == mine
        assert place().pin_precision == "manual"

    def test_a_manual_pin_on_the_very_point_of_the_source_is_manual_too(self, import_rows):
        import_rows(row())
        PointOfSale.objects.update(pin_precision="manual")
        import_rows(row(lat_lon=lat_lon(at(PIN, 0, 300))))
        assert Position.from_geos(place().pin) == PIN

    def test_a_pin_found_by_a_geocoder_stays_while_the_source_has_none(self, import_rows):
        import_rows(row(lat_lon=""))
        found = at(PIN, 90, 40)
        PointOfSale.objects.update(pin=found.to_geos(), pin_precision="housenumber", pin_source="ban")
        import_rows(row(lat_lon="", adresse="2 RUE POTERIE"))
        assert Position.from_geos(place().pin) == found
        assert place().street == "2 Rue Poterie"

    def test_the_centre_moves_with_the_commune(self, import_rows):
        import_rows(row(lat_lon=""))
        import_rows(row(lat_lon="", commune="BLOIS", code_postal="41000"))
        assert Position.from_geos(place().pin) == centre_of("41018")
        assert place().commune_id == "41018"

    def test_a_point_that_the_source_puts_right_clears_the_doubt(self, import_rows):
        import_rows(row(lat_lon=lat_lon(at(PIN, 0, 30_000))))
        import_rows(row())
        assert place().reviews == []
        assert (place().pin_precision, Position.from_geos(place().pin)) == ("street", PIN)

    def test_rows_that_are_gone_are_listed_and_left(self, import_rows):
        import_rows(row(), row(2))
        before = versions()
        report = import_rows(row())
        assert [(absent.external_id, absent.name) for absent in report.absent] == [
            (siret(2), in_french_case(name_of(2)))
        ]
        assert report.read == 1
        assert versions() == before

    def test_a_row_that_is_now_refused_is_not_gone(self, import_rows):
        import_rows(row())
        before = versions()
        report = import_rows(row(activites="Restauration collective"))
        assert report.absent == []
        assert f"in the directory as {place().pk}" in only(report).message
        assert versions() == before

    @pytest.mark.parametrize("status", [Status.CLOSED, Status.MERGED])
    def test_what_people_closed_is_left_alone(self, import_rows, status):
        import_rows(row(), row(2))
        PointOfSale.objects.filter(siret=siret(1)).update(
            status=status, merged_into=place(2) if status == Status.MERGED else None
        )
        report = import_rows(row(adresse="2 RUE POTERIE"), row(2))
        assert (report.rows[0].outcome, report.rows[0].code) == (Outcome.SKIPPED, "closed_here")
        assert place(1).street == "1 Rue du Change"
        assert import_rows(row(), row(2)).rows[0].outcome is Outcome.UNCHANGED
