"""What a merge, and a merge undone, take from nobody: an entry, a claim to one, a consent withdrawn, a deletion."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from directory.claims import claiming, letters, reporting
from directory.claims.claiming import NotPossible
from directory.models import Claim, Consent, LetterBatch, OwnerNotice, PointOfSale
from directory.moderating.merging import MergeError, merge, why_not
from directory.moderating.unmerging import unmerge
from directory.owners import consents, leaving
from tests.builders import owned_place, owner, point_of_sale
from tests.claims_data import SIRET, owner_of

pytestmark = pytest.mark.django_db
SHOWN = {("phone", "public")}


@pytest.fixture
def moderator() -> Any:
    return User.objects.create_user("anne", is_staff=True)


@pytest.fixture
def stranger() -> Any:
    return owner("etranger@example.org")


def nobodys(name: str = "GAEC des Prés", **fields: Any) -> PointOfSale:
    place = point_of_sale(name)
    for field, value in fields.items():
        setattr(place.merchant, field, value)
    place.merchant.save()
    return place


def asked(place: PointOfSale, by: Any, means: str = "moderator") -> Claim:
    return claiming.ask(place, by, means, SIRET, "c'est à moi")


def in_force(place: PointOfSale) -> set[consents.Pair]:
    return consents.in_force(PointOfSale.objects.get(pk=place.pk).merchant)


# --- Claims and letters ----------------------------------------------------------------------------------------------
class TestClaims:
    def test_an_owner_is_asked_before_a_claim_to_what_became_its_own_is_granted(self, moderator, stranger):
        kept, merged = owned_place(name="Ferme"), nobodys()
        claim = asked(merged, stranger)
        done = merge(kept, merged, {}, moderator)
        claim.refresh_from_db()
        assert (claim.state, claim.point_of_sale_id) == ("disputed", kept.pk)
        assert OwnerNotice.objects.get(what__code="claimed").what == {
            "code": "claimed", "place": kept.pk, "claim": claim.pk,
        }  # fmt: skip
        with pytest.raises(NotPossible, match="too_early"):
            claiming.decide(claim, moderator, granted=True)
        unmerge(done, moderator)
        claim.refresh_from_db()
        assert (claim.state, claim.point_of_sale_id, claim.disputed_at) == ("asked", merged.pk, None)

    def test_so_it_is_where_the_owner_came_with_the_merged_one(self, moderator, stranger):
        kept, merged = nobodys("Ferme"), owned_place(name="GAEC")
        claim = asked(kept, stranger)
        merge(kept, merged, {}, moderator)
        claim.refresh_from_db()
        assert claim.state == "disputed"

    def test_a_clock_that_runs_already_for_the_same_owner_runs_on(self, moderator, stranger):
        kept = owned_place(name="Ferme")
        claim = asked(kept, stranger)
        merge(kept, nobodys(), {}, moderator)
        assert Claim.objects.get().disputed_at == claim.disputed_at

    def test_one_that_waited_for_an_owner_of_before_waits_for_this_one(self, moderator, stranger):
        kept, merged = owned_place(name="Ferme"), owned_place("avant@example.org", name="GAEC")
        claim = asked(merged, stranger)
        Claim.objects.update(disputed_at=timezone.now() - claiming.ANSWER, answer="le bail")
        merged.merchant.owner.delete()
        merge(kept, PointOfSale.objects.get(pk=merged.pk), {}, moderator)
        claim.refresh_from_db()
        with pytest.raises(NotPossible, match="too_early"):
            claiming.decide(claim, moderator, granted=True)

    def test_the_own_one_of_the_owner_is_not_disputed(self, moderator):
        kept, merged = owned_place(name="Ferme"), nobodys()
        claim = asked(merged, kept.merchant.owner)
        merge(kept, merged, {}, moderator)
        claim.refresh_from_db()
        assert claim.state == "asked"
        assert not OwnerNotice.objects.filter(what__code="claimed").exists()

    def test_codes_of_what_was_merged_open_nothing(self, moderator, stranger):
        kept, merged = nobodys("Ferme"), nobodys(email="contact@gaec.example")
        claim = asked(merged, stranger, "contact")
        code = claiming.new_code(claim)
        [letter] = letters.make(moderator, PointOfSale.objects.filter(pk=merged.pk))
        done = merge(kept, merged, {}, moderator)
        with pytest.raises(NotPossible, match="merged"):
            claiming.try_code(claim, code)
        with pytest.raises(NotPossible, match="merged"):
            letters.use(letters.of_code(letter.code, "192.0.2.1"), stranger)
        assert (owner_of(kept), owner_of(merged)) == (None, None)
        unmerge(done, moderator)
        letters.use(letters.of_code(letter.code, "192.0.2.1"), stranger)
        assert (owner_of(kept), owner_of(merged)) == (None, stranger)
        assert LetterBatch.objects.get().letters.get().used_at is not None

    def test_an_owner_who_came_since_is_named(self, moderator, stranger):
        kept, merged = nobodys("Ferme"), nobodys()
        claim = asked(merged, stranger)
        done = merge(kept, merged, {}, moderator)
        claim.refresh_from_db()
        claiming.decide(claim, moderator, granted=True)
        [left] = [said for said in unmerge(done, moderator).left if "titulaire" in said]
        assert "« Ferme »" in left
        assert owner_of(kept) == stranger

    def test_no_owner_came_and_none_is_named(self, moderator):
        kept, merged = nobodys("Ferme"), owned_place(name="GAEC")
        assert unmerge(merge(kept, merged, {}, moderator), moderator).left == []


class TestReported:
    def test_it_stays_before_the_moderators(self, moderator):
        kept, merged = nobodys("Ferme"), nobodys()
        report = reporting.report(merged, reporting.Said("closed"))
        done = merge(kept, merged, {}, moderator)
        kept.refresh_from_db()
        assert kept.reviews == ["reported"]
        reporting.handle(report, "refused", moderator)
        unmerge(done, moderator)
        for place in (kept, merged):
            place.refresh_from_db()
            assert place.reviews == [], "it was decided"


# --- Owners ----------------------------------------------------------------------------------------------------------
def test_an_owner_loses_no_point_of_sale_to_a_nobody_s_entry():
    merged = owned_place(name="GAEC")
    assert why_not(nobodys("Ferme"), merged) == ""
    point_of_sale("Son étal", merchant=merged.merchant)
    assert "gardez l'autre" in why_not(nobodys("Ferme"), merged)


def test_what_its_owner_deletes_is_not_taken_apart(moderator):
    kept, merged = owned_place(name="Ferme"), nobodys()
    done = merge(kept, merged, {}, moderator)
    leaving.leave(kept.merchant, kept.merchant.owner)
    with pytest.raises(MergeError, match="suppression"):
        unmerge(done, moderator)
    merged.refresh_from_db()
    assert merged.status == "merged"


# --- Consents --------------------------------------------------------------------------------------------------------
class TestConsents:
    def test_one_that_was_withdrawn_stays_so(self, moderator):
        kept, merged = owned_place(name="Ferme"), nobodys(phone="0254000002")
        kept.merchant.phone = "0254000001"
        kept.merchant.save()
        consents.set_to(kept.merchant, SHOWN, "1")
        done = merge(kept, merged, {"phone": "merged"}, moderator)
        assert in_force(kept) == set()
        consents.withdraw(kept.merchant)
        assert unmerge(done, moderator).left == ["consentement : à redonner"]
        assert in_force(kept) == set()

    def test_none_stays_in_force_where_its_owner_does_not_reach(self, moderator):
        kept, merged = nobodys("Ferme", phone="0254000001"), owned_place(name="GAEC")
        merged.merchant.phone = "0254000001"
        merged.merchant.save()
        consents.set_to(merged.merchant, SHOWN, "1")
        merge(kept, merged, {}, moderator)
        assert not Consent.objects.filter(withdrawn_at=None).exists()

    def test_what_a_merchant_with_other_places_agreed_to_stays(self, moderator):
        merged = nobodys(phone="0254000001")
        point_of_sale("Son étal", merchant=merged.merchant)
        consents.set_to(merged.merchant, SHOWN, "1")
        merge(nobodys("Ferme"), merged, {}, moderator)
        assert in_force(merged) == SHOWN
