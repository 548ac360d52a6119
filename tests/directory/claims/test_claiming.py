"""Claims: by a code to the contact on file, or to a moderator; an entry that has an owner is not lost to a code."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from directory.claims import claiming
from directory.claims.claiming import NotPossible, Tried
from directory.models import Claim, Merchant, OwnerNotice, PointOfSale, Registration
from directory.moderating.notices import tell
from directory.owners import consents, leaving
from tests.builders import owned_place, point_of_sale
from tests.claims_data import OTHER_SIRET, SIRET, asked, owner_of

CONTACT, MODERATOR = Claim.Means.CONTACT, Claim.Means.MODERATOR


@pytest.fixture
def held(farm, anne):
    """The farm, owned by Anne."""
    farm.merchant.owner = anne
    farm.merchant.save()
    return farm


def late(claim, **changes):
    Claim.objects.filter(pk=claim.pk).update(**changes)
    claim.refresh_from_db()


# --- A code to the contact on file -----------------------------------------------------------------------------------
def test_the_right_code_gives_what_is_nobodys(farm, anne):
    claim = asked(farm, anne, CONTACT)
    assert claiming.try_code(claim, f" {claiming.new_code(claim)} ") is Tried.RIGHT
    claim.refresh_from_db()
    assert (claim.state, claim.code, owner_of(farm)) == ("granted", "", anne)
    assert Merchant.history.filter(id=farm.merchant_id).first().history_change_reason.startswith("revendication")


def test_wrong_codes_are_counted_and_then_the_right_one_is_refused_too(farm, anne):
    claim = asked(farm, anne, CONTACT)
    code = claiming.new_code(claim)
    wrong = f"{(int(code) + 1) % 10**6:06}"
    for _ in range(claiming.MOST_TRIES):
        assert claiming.try_code(claim, wrong) is Tried.WRONG
    assert claiming.try_code(claim, code) is Tried.SPENT
    assert owner_of(farm) is None
    assert claiming.try_code(claim, claiming.new_code(claim)) is Tried.RIGHT, "another code, with tries of its own"
    assert claiming.new_code(claim) == "", "it waits for none"


def test_a_code_is_good_for_a_while(farm, anne):
    claim = asked(farm, anne, CONTACT)
    code = claiming.new_code(claim)
    late(claim, code_at=timezone.now() - claiming.CODE_FOR - timedelta(seconds=1))
    assert claiming.try_code(claim, code) is Tried.LATE
    assert owner_of(farm) is None


def test_a_code_opens_no_other_claim(farm, anne, bruno):
    one, other = asked(farm, anne, CONTACT), asked(farm, bruno, CONTACT)
    code = claiming.new_code(one)
    claiming.new_code(other)
    late(other, code=Claim.objects.get(pk=one.pk).code)  # even with the digest of the other's
    assert claiming.try_code(other, code) is Tried.WRONG


def test_the_contact_is_not_flooded_whoever_asks(farm, anne, bruno):
    claims = [asked(farm, anne, CONTACT), asked(farm, bruno, CONTACT)]
    sent = [claiming.new_code(claims[number % 2]) for number in range(claiming.MOST_CODES + 1)]
    assert [bool(code) for code in sent] == [True] * claiming.MOST_CODES + [False]


def test_who_claims_gives_its_siret(farm, anne):
    with pytest.raises(NotPossible) as refused:
        claiming.ask(farm, anne, CONTACT, OTHER_SIRET)
    assert refused.value.code == "other_siret"
    without = point_of_sale("Sans SIRET")
    claim = claiming.ask(without, anne, MODERATOR, OTHER_SIRET, "c'est moi")
    assert claim.siret == OTHER_SIRET
    without.merchant.siren = SIRET[:9]
    without.merchant.save()
    with pytest.raises(NotPossible):
        claiming.ask(without, anne, MODERATOR, OTHER_SIRET, "c'est moi")


def test_an_entry_without_a_contact_and_ones_own(held, anne, bruno):
    with pytest.raises(NotPossible) as refused:
        claiming.ask(held, anne, CONTACT, SIRET)
    assert refused.value.code == "already_yours"
    Merchant.objects.update(email="")
    with pytest.raises(NotPossible) as refused:
        claiming.ask(held, bruno, CONTACT, SIRET)
    assert refused.value.code == "no_contact"


def test_nothing_leaves_for_a_claim_that_is_decided(farm, anne):
    claim = asked(farm, anne, CONTACT)
    claiming.decide(asked(farm, anne), anne, granted=False)
    assert claiming.new_code(claim) == ""


# --- Disputes --------------------------------------------------------------------------------------------------------
def test_a_code_takes_nothing_from_an_owner(held, anne, bruno):
    claim = asked(held, bruno, CONTACT)
    assert claiming.try_code(claim, claiming.new_code(claim)) is Tried.RIGHT
    claim.refresh_from_db()
    assert (claim.state, owner_of(held)) == ("disputed", anne)
    assert OwnerNotice.objects.get().what == {"code": "claimed", "place": held.pk, "claim": claim.pk}
    assert PointOfSale.objects.get(pk=held.pk).reviews == ["reported"]


def test_the_owner_has_time_to_answer(held, anne, bruno):
    claim, moderator = asked(held, bruno), owned_place("moderatrice@example.org").merchant.owner
    with pytest.raises(NotPossible) as refused:
        claiming.decide(claim, moderator, granted=True)
    assert (refused.value.code, owner_of(held)) == ("too_early", anne)
    late(claim, disputed_at=timezone.now() - claiming.ANSWER)
    claiming.decide(claim, moderator, granted=True, why="registre")
    claim.refresh_from_db()
    assert (claim.state, claim.decided_by, claim.why, owner_of(held)) == ("granted", moderator, "registre", bruno)
    assert PointOfSale.objects.get(pk=held.pk).reviews == []


def test_once_it_answered_there_is_nothing_to_wait_for(held, anne, bruno):
    claim = asked(held, bruno)
    claiming.answer(claim, "le bail est à mon nom")
    claiming.decide(claim, anne, granted=False, why="le bail")
    assert owner_of(held) == anne
    with pytest.raises(NotPossible):
        claiming.decide(claim, anne, granted=True)


def test_the_owner_may_let_go_at_once(held, anne, bruno):
    claiming.decide(asked(held, bruno), anne, granted=True)
    assert owner_of(held) == bruno


def test_once_one_is_granted_the_others_are_disputed_or_refused(farm, anne, bruno):
    by_code, waits = asked(farm, anne, CONTACT), asked(farm, bruno)
    claiming.try_code(by_code, claiming.new_code(by_code))
    waits.refresh_from_db()
    assert waits.state == "disputed"
    third = owned_place("chloe@example.org").merchant.owner
    other = asked(farm, third)
    late(waits, disputed_at=timezone.now() - claiming.ANSWER)
    claiming.decide(waits, third, granted=True)
    other.refresh_from_db()
    assert (other.state, owner_of(farm)) == ("refused", bruno)


def test_one_owner_for_all_points_of_sale(farm, anne, bruno):
    stall = point_of_sale("Étal", merchant=farm.merchant, commune="41018")
    waits = claiming.ask(stall, bruno, MODERATOR, SIRET, "mon étal")
    claim = asked(farm, anne, CONTACT)
    claiming.try_code(claim, claiming.new_code(claim))
    waits.refresh_from_db()
    assert (owner_of(stall), waits.state) == (anne, "disputed")


def test_the_code_is_in_no_history(farm, anne):
    claiming.new_code(asked(farm, anne, CONTACT))
    assert "code" not in {field.name for field in Claim.history.model._meta.fields}


# --- What goes with an entry, and what does not ----------------------------------------------------------------------
@pytest.fixture
def personal(held, anne):
    """What Anne left with the farm."""
    held.merchant.phone, held.merchant.email = "0254000001", "anne@perso.example"
    held.merchant.save()
    consents.set_to(held.merchant, {("phone", "public")}, "1")
    Registration.objects.create(owner=anne, merchant=held.merchant, email="anne@example.org", data={"who": "Anne"})
    tell(held.merchant, "reported", place=held.pk, kind="other", text="un mot pour Anne")
    return held


def test_what_is_personal_stays_with_the_owner_before(personal, anne, bruno):
    claim = asked(personal, bruno)
    claiming.decide(claim, anne, granted=True)
    merchant = Merchant.objects.get(pk=personal.merchant_id)
    assert (merchant.owner, merchant.phone, merchant.email, merchant.public_contact()) == (bruno, "", "", {})
    assert not consents.in_force(merchant)
    assert not Registration.objects.exists()
    assert not OwnerNotice.objects.filter(told_at=None).exists()


def test_what_was_nobodys_goes_whole(farm, anne):
    claim = asked(farm, anne, CONTACT)
    claiming.try_code(claim, claiming.new_code(claim))
    assert PointOfSale.objects.get(pk=farm.pk).merchant.email == farm.merchant.email


def test_what_leaves_changes_no_hands(farm, held, anne, bruno):
    claim = asked(held, bruno)
    leaving.leave(held.merchant, anne)
    late(claim, disputed_at=timezone.now() - claiming.ANSWER)
    for by in (anne, owned_place("moderatrice@example.org").merchant.owner):
        with pytest.raises(NotPossible, match="leaving"):
            claiming.decide(claim, by, granted=True)
    other = point_of_sale("Autre ferme", siret=OTHER_SIRET)
    other.merchant.email = "autre@example.org"
    other.merchant.save()
    by_code = claiming.ask(other, bruno, CONTACT, OTHER_SIRET)
    code = claiming.new_code(by_code)
    leaving.leave(other.merchant)
    with pytest.raises(NotPossible, match="leaving"):
        claiming.try_code(by_code, code)
    assert (owner_of(held), owner_of(other)) == (anne, None)
    claiming.decide(claim, anne, granted=False)


def test_an_owner_who_came_after_the_claim_is_asked_first(farm, anne, bruno):
    claim = asked(farm, bruno)
    Merchant.objects.filter(pk=farm.merchant_id).update(owner=anne)
    moderator = owned_place("moderatrice@example.org").merchant.owner
    with pytest.raises(NotPossible, match="too_early"):
        claiming.decide(claim, moderator, granted=True)
    claim.refresh_from_db()
    assert (claim.state, owner_of(farm)) == ("disputed", anne)
    assert OwnerNotice.objects.filter(what__code="claimed").exists()
