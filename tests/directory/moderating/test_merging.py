"""Two entries merged by a person, and taken apart again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from directory.models import (
    Claim,
    Consent,
    Deletion,
    Duplicate,
    Label,
    Letter,
    LetterBatch,
    MerchantLabel,
    Merge,
    Offer,
    OwnerNotice,
    Photo,
    PointOfSale,
    Report,
    Schedule,
    SearchEntry,
    Service,
    Source,
    SourceRecord,
)
from directory.moderating.merging import MergeError, merge, why_not
from directory.moderating.unmerging import unmerge
from geo.models import Commune
from tests.builders import at, centre_of, owned_place, owner, point_of_sale
from tests.directory.moderating.dumping import dump

pytestmark = pytest.mark.django_db
SIRETS = ["73282932000074", "44306184100047", "55208131766522"]


@pytest.fixture
def moderator() -> Any:
    return User.objects.create_user("anne", is_staff=True)


@pytest.fixture
def kept() -> PointOfSale:
    return point_of_sale("Ferme des Prés", products=["cheese"], labels=["organic"], siret=SIRETS[0],
                         reviews=["duplicate", "natural_person"])  # fmt: skip


@pytest.fixture
def merged() -> PointOfSale:
    """One that has something of everything."""
    place = point_of_sale(
        "GAEC des Prés", pin=at(centre_of(), 90, 120), products=["cheese", "strawberries"], labels=["organic", "aop"],
        activities=["goat_farm"], services=["farm_visit"], siret=SIRETS[1], reviews=["duplicate", "reported"],
        schedule=Schedule.objects.create(text="Mo-Fr 09:00-12:00"), service_radius_km=12,
    )  # fmt: skip
    place.service_communes.add(Commune.objects.get(pk="41018"))
    merchant = place.merchant
    merchant.phone, merchant.website, merchant.siren = "0254000000", "https://pres.example/", "732829320"
    merchant.description_fr = "Soixante chèvres."
    merchant.save()
    Consent.objects.create(merchant=merchant, field="phone", audience="public", wording="1")
    source = Source.objects.create(slug="s", name="Liste S", producer="P", licence="L")
    now = timezone.now()
    SourceRecord.objects.create(
        source=source, external_id="7", point_of_sale=place, fields={}, row_hash="", imported_at=now
    )
    for rank in range(3):
        Photo.objects.create(
            point_of_sale=place, file=f"photos/{rank}.jpg", text="Une chèvre", width=4, height=3, size=9, rank=rank
        )
    Report.objects.create(point_of_sale=place, kind="closed", text="Fermé ?")
    Claim.objects.create(point_of_sale=place, by=owner("claim@example.org"), means="moderator", state="asked")
    Letter.objects.create(batch=LetterBatch.objects.create(), point_of_sale=place, code="x" * 64)
    return place


def fresh(place: PointOfSale) -> PointOfSale:
    return PointOfSale.objects.select_related("merchant").get(pk=place.pk)


def test_what_belongs_to_it_follows(kept, merged, moderator):
    done = merge(kept, merged, {}, moderator)
    now = fresh(kept)
    assert fresh(merged).status == "merged"
    assert fresh(merged).merged_into == kept
    for rows in (now.source_records, now.reports, now.claims):
        assert rows.count() == 1
    assert merged.letters.count() == 1, "its code says nothing of the other"
    assert now.reviews == ["natural_person", "reported"]
    assert [photo.rank for photo in now.photos.all()] == [0, 1, 2]
    assert sorted(offer.product.code for offer in now.offers.all()) == ["cheese", "strawberries"]
    assert sorted(now.merchant.labels.values_list("code", flat=True)) == ["aop", "organic"]
    assert (now.schedule.text, now.service_radius_km) == ("Mo-Fr 09:00-12:00", 12)
    assert sorted(now.activities.values_list("code", flat=True)) == ["farm", "goat_farm"]
    assert (now.siret, now.merchant.siren, now.merchant.phone) == (SIRETS[0], "732829320", "0254000000")
    assert now.merchant.public_contact() == {"phone": "0254000000"}
    assert done.by == moderator
    assert done.undone_at is None
    record = now.history.first()
    assert record.history_user == moderator
    assert "GAEC des Prés" in record.history_change_reason
    moved = Offer.objects.get(point_of_sale=kept, product__code="strawberries")
    assert [record.point_of_sale_id for record in moved.history.all()] == [kept.pk, merged.pk], (
        "written in bulk at first"
    )
    assert not SearchEntry.objects.filter(pk=merged.pk).exists()
    assert Client().get(f"/api/v1/merchants/{merged.pk}/").headers["Location"].endswith(f"/{kept.pk}/")


def test_undone_all_is_as_it_was(kept, merged, moderator):
    Duplicate.objects.create(first=kept, second=merged, reasons=[], score=1)
    before = dump()
    done = merge(
        kept, merged, {"name": "merged", "siret": "merged", "pin": "merged", "activities": "merged"}, moderator
    )
    assert fresh(kept).name == "GAEC des Prés"
    assert fresh(kept).siret == SIRETS[1]
    assert dump() != before
    assert unmerge(done, moderator).left == []
    after = dump()
    for table, rows in before.items():
        assert after[table] == rows, table
    done.refresh_from_db()
    assert done.undone_by == moderator
    assert unmerge(done, moderator).left == [], "a second tap"
    assert dump() == after


def test_a_second_tap_is_the_same_merge(kept, merged, moderator):
    assert merge(kept, merged, {}, moderator) == merge(kept, merged, {}, moderator)
    assert Merge.objects.count() == 1


def test_an_edit_since_stays(kept, merged, moderator):
    PointOfSale.objects.filter(pk=kept.pk).update(pin_score=0.5)
    done = merge(kept, merged, {"address": "merged", "pin": "merged"}, moderator)
    now = fresh(kept)
    hours = Schedule.objects.create(text="Sa 08:00-12:00")
    now.schedule, now.pin, now.pin_precision = hours, at(centre_of(), 0, 50).to_geos(), "manual"
    now.save()
    there = now.pin
    left = unmerge(done, moderator).left
    assert sorted(left) == ["horaires", "épingle"]
    now = fresh(kept)
    assert (now.schedule, now.pin, now.pin_precision) == (hours, there, "manual")
    assert now.pin_score == 0.9, "what was said of the pin stays with it"
    assert fresh(merged).schedule.text == "Mo-Fr 09:00-12:00"


def test_an_offer_that_was_taken_away_since_is_named(kept, merged, moderator):
    done = merge(kept, merged, {}, moderator)
    Offer.objects.get(point_of_sale=kept, product__code="strawberries").delete()
    assert unmerge(done, moderator).left == ["offre : supprimé depuis"]


def test_a_siret_taken_since_stands_in_the_way(kept, merged, moderator):
    done = merge(kept, merged, {}, moderator)
    point_of_sale("Une autre", siret=SIRETS[1])
    with pytest.raises(MergeError, match="devenu celui de « Une autre »"):
        unmerge(done, moderator)
    done.refresh_from_db()
    assert done.undone_at is None
    assert fresh(merged).status == "merged"


def test_chains_are_undone_from_the_end(kept, merged, moderator):
    third = point_of_sale("La Ferme", siret=SIRETS[2])
    before = dump()
    first = merge(kept, merged, {}, moderator)
    second = merge(third, kept, {}, moderator)
    assert fresh(third).source_records.count() == 1
    api = Client().get(f"/api/v1/merchants/{merged.pk}/", follow=True)
    assert api.json()["id"] == third.pk
    with pytest.raises(MergeError, match="défaites d'abord"):
        unmerge(first, moderator)
    unmerge(second, moderator)
    unmerge(first, moderator)
    after = dump()
    for table, rows in before.items():
        assert after[table] == rows, table


class TestOwners:
    def test_the_only_owner_becomes_the_kept_ones(self, kept, moderator):
        theirs = owned_place(name="GAEC des Prés")
        done = merge(kept, theirs, {}, moderator)
        assert fresh(kept).merchant.owner == theirs.merchant.owner
        assert fresh(theirs).merchant.owner is None
        assert OwnerNotice.objects.get(merchant=kept.merchant, what__code="merged").what["name"] == "GAEC des Prés"
        unmerge(done, moderator)
        assert fresh(kept).merchant.owner is None
        assert fresh(theirs).merchant.owner == theirs.merchant.owner

    def test_two_owners_are_a_dispute(self, moderator):
        one, other = owned_place(name="Un"), owned_place("autre@example.org", name="Deux")
        with pytest.raises(MergeError, match="litige"):
            merge(one, other, {}, moderator)
        assert fresh(other).status == "published"
        assert not Merge.objects.exists()

    def test_nobody_gets_what_they_have_not_proven(self, kept):
        point_of_sale("Son étal", merchant=kept.merchant)
        assert "autres points de vente" in why_not(kept, owned_place(name="Deux"))

    def test_a_merchant_with_other_places_keeps_what_is_its_own(self, kept, merged, moderator):
        stall = point_of_sale("Son étal", merchant=merged.merchant)
        merge(kept, merged, {}, moderator)
        assert fresh(stall).merchant.phone == "0254000000"
        assert fresh(stall).merchant.label_links.count() == 2
        assert fresh(kept).merchant.phone == ""
        assert fresh(kept).merchant.siren is None


def test_a_consent_shows_no_number_it_was_not_given_for(kept, merged, moderator):
    ours = kept.merchant
    ours.phone = "0254111111"
    ours.save()
    merge(kept, merged, {}, moderator)
    assert fresh(kept).merchant.phone == "0254111111"
    assert fresh(kept).merchant.public_contact() == {}


def test_a_hidden_pin_stays_hidden(kept, merged, moderator):
    PointOfSale.objects.filter(pk=merged.pk).update(pin_hidden=True)
    merge(kept, fresh(merged), {}, moderator)
    assert fresh(kept).pin_hidden


@pytest.mark.parametrize(
    ("ours", "theirs", "why"),
    [
        ({"status": "closed"}, {}, "fermé"),
        ({"status": "draft"}, {}, "brouillon"),
        ({}, {"demo": True}, "démonstration"),
    ],
)
def test_the_wrong_way_round(ours, theirs, why):
    assert why in why_not(point_of_sale("Un", **ours), point_of_sale("Deux", **theirs))


def test_neither_with_itself_nor_with_one_that_leaves(kept, merged):
    assert "même" in why_not(kept, kept)
    assert why_not(kept, merged) == ""
    Deletion.objects.create(merchant=merged.merchant, due_at=timezone.now() + timedelta(days=30))
    assert "suppression" in why_not(kept, merged)


def test_a_label_that_both_have_stays_once(kept, merged, moderator):
    merge(kept, merged, {}, moderator)
    organic = Label.objects.get(code="organic")
    assert MerchantLabel.objects.filter(label=organic).count() == 2
    assert fresh(kept).merchant.label_links.filter(label=organic).count() == 1
    assert Service.objects.get(code="farm_visit") in fresh(kept).services.all()
