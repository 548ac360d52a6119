"""What is not published blindly: persons' names and unknown activities wait."""

from __future__ import annotations

import pytest
from django.contrib.auth import get_user_model

from directory.importing import Outcome
from directory.importing.validating import read_name
from directory.models import Merchant, PointOfSale, SearchEntry
from tests.directory.importing.conftest import only, place, row, siret, versions

pytestmark = pytest.mark.django_db
Review = PointOfSale.Review
Status = PointOfSale.Status


class TestHolding:
    def test_a_person_s_name_is_not_published(self, import_rows):
        result = only(import_rows(row(nom="CHERY SERGE")))
        assert (result.outcome, result.code) == (Outcome.HELD, "natural_person")
        shop = place()
        assert (shop.status, shop.reviews, shop.merchant.natural_person) == (
            Status.DRAFT,
            [Review.NATURAL_PERSON],
            True,
        )
        assert not SearchEntry.objects.exists()

    def test_once_approved_it_follows_the_source(self, import_rows):
        import_rows(row(nom="CHERY SERGE"))
        PointOfSale.objects.update(status=Status.PUBLISHED, reviews=[])
        assert only(import_rows(row(nom="CHERY SERGE"))).outcome is Outcome.UNCHANGED
        assert only(import_rows(row(nom="CHERY SERGE", adresse="2 RUE POTERIE"))).outcome is Outcome.WRITTEN
        assert (place().status, place().street) == (Status.PUBLISHED, "2 Rue Poterie")

    def test_what_a_moderator_published_is_held_no_more(self, import_rows):
        import_rows(row(nom="CHERY SERGE"))
        PointOfSale.objects.update(status=Status.PUBLISHED)  # the review was left in place
        assert only(import_rows(row(nom="CHERY SERGE"))).outcome is Outcome.UNCHANGED

    def test_another_person_s_name_is_not_put_on_a_published_entry(self, import_rows):
        import_rows(row(nom="LE BISTROT D'ARIAN"))
        before = versions()
        result = only(import_rows(row(nom="CHERY SERGE")))
        assert (result.outcome, result.code) == (Outcome.HELD, "natural_person")
        assert versions() == before
        assert only(import_rows(row(nom="CHERY SERGE"))).outcome is Outcome.HELD

    def test_a_held_row_that_changes_stays_held(self, import_rows):
        import_rows(row(nom="CHERY SERGE"))
        result = only(import_rows(row(nom="CHERY SERGE", adresse="2 RUE POTERIE")))
        assert result.outcome is Outcome.HELD
        assert (place().status, place().street) == (Status.DRAFT, "2 Rue Poterie")

    def test_a_name_that_stops_being_a_person_s_is_published(self, import_rows):
        import_rows(row(nom="CHERY SERGE"))
        assert only(import_rows(row(nom="LE BISTROT D'ARIAN"))).outcome is Outcome.WRITTEN
        shop = place()
        assert (shop.status, shop.reviews, shop.merchant.natural_person) == (Status.PUBLISHED, [], False)

    def test_a_better_eye_for_persons_withdraws_what_it_missed(self, import_rows, monkeypatch):
        read_name.cache_clear()
        with monkeypatch.context() as patch:
            patch.setattr("directory.importing.people.designates_person", lambda name: False)
            import_rows(row(nom="CHERY SERGE"), row(2, nom="CHERY MARIE"))
        assert place().status == Status.PUBLISHED
        owner = get_user_model().objects.create(username="marie")
        Merchant.objects.filter(siren=siret(2)[:9]).update(owner=owner)
        read_name.cache_clear()
        report = import_rows(row(nom="CHERY SERGE"), row(2, nom="CHERY MARIE"))
        assert [result.outcome for result in report.rows] == [Outcome.HELD, Outcome.SKIPPED]
        assert (place(1).status, place(1).reviews) == (Status.DRAFT, [Review.NATURAL_PERSON])
        assert place(2).status == Status.PUBLISHED, "its owner publishes it"

    def test_an_unknown_activity_waits_until_the_mapping_knows_it(self, import_rows):
        result = only(import_rows(row(activites="Astrologue")))
        assert (result.outcome, result.code) == (Outcome.HELD, "unknown_activity")
        assert place().status == Status.DRAFT
        import_rows(row(activites="Restaurant"))
        assert (place().status, place().reviews) == (Status.PUBLISHED, [])
        assert list(place().activities.values_list("code", flat=True)) == ["restaurant"]

    def test_an_unknown_activity_does_not_empty_a_published_entry(self, import_rows):
        import_rows(row())
        import_rows(row(activites="Astrologue"))
        assert place().status == Status.PUBLISHED
        assert list(place().activities.values_list("code", flat=True)) == ["restaurant"]

    def test_a_merchant_is_named_by_its_sign_not_by_a_person(self, import_rows):
        import_rows(
            row(1, siret=siret(1, 1), nom="CHERY SERGE"), row(2, siret=siret(1, 2), nom="LE BISTROT", lat_lon="")
        )
        merchant = Merchant.objects.get()
        assert (merchant.name, merchant.natural_person) == ("Le Bistrot", False)
        assert "chery" not in SearchEntry.objects.get().card.lower()

    def test_a_sign_under_a_person_s_name_waits_with_it(self, import_rows):
        import_rows(row(1, siret=siret(1, 1), nom="CHERY SERGE"))
        report = import_rows(
            row(1, siret=siret(1, 1), nom="CHERY SERGE"), row(2, siret=siret(1, 2), nom="LE BISTROT", lat_lon="")
        )
        assert report.rows[1].code == "natural_person"
        assert not SearchEntry.objects.exists()
