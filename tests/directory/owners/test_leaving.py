"""An entry that leaves: hidden at once, back within thirty days, gone for good after them."""

from __future__ import annotations

import uuid
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.db import DatabaseError
from django.utils import timezone

from directory.chambers import handover
from directory.indexing import forget_words
from directory.models import (
    AssistedEntry,
    ChamberAgent,
    Claim,
    Consent,
    Deletion,
    GapCase,
    Merchant,
    PointOfSale,
    Report,
    Schedule,
    SearchEntry,
    Withdrawal,
)
from directory.owners import erasing
from directory.owners.leaving import DAYS, come_back, leave, purge
from directory.withdrawals import is_withdrawn
from tests.builders import VENDOME, owned_place, owner, point_of_sale
from tests.directory.owners.everything import EMAIL, everything, said

pytestmark = pytest.mark.django_db
Status = PointOfSale.Status


def later(days: float = DAYS + 0.1):  # type: ignore[no-untyped-def]
    return timezone.now() + timedelta(days=days)


def status(place: PointOfSale) -> str:
    return str(PointOfSale.objects.values_list("status", flat=True).get(pk=place.pk))


class TestLeaving:
    def test_all_of_it_is_hidden_at_once(self):
        place = everything()
        stall = point_of_sale("Étal", merchant=place.merchant)
        draft = point_of_sale("Distributeur", merchant=place.merchant, status=Status.DRAFT)
        asked = leave(place.merchant, place.merchant.owner)
        assert {status(each) for each in (place, stall, draft)} == {Status.HIDDEN}
        assert not SearchEntry.objects.filter(merchant=place.merchant).exists()
        assert not GapCase.objects.filter(point_of_sale=place, in_gap=True).exists()
        assert Consent.objects.filter(withdrawn_at=None).count() == 0
        assert Consent.history.filter(history_type="~").count() == 2
        assert timedelta(days=29.9) < asked.due_at - timezone.now() < timedelta(days=30.1)
        assert asked.by == place.merchant.owner

    def test_what_it_is_called_is_remembered(self):
        place = everything()
        leave(place.merchant)
        assert is_withdrawn("94120845100018", "", "")
        assert is_withdrawn("", "ferme quenouille", VENDOME)
        assert is_withdrawn("", "EARL Quenouille", VENDOME), "what was merged into it would come back"
        assert not is_withdrawn("", "Ferme Quenouille", "41018")

    def test_a_second_tap_changes_nothing(self):
        place = owned_place()
        first = leave(place.merchant)
        digests = Withdrawal.objects.count()
        second = leave(place.merchant)
        assert (first.pk, first.before) == (second.pk, second.before)
        assert Withdrawal.objects.count() == digests

    def test_a_list_s_return_does_not_show_it(self, django_assert_num_queries):
        from directory.models import Source, SourceRecord
        from directory.platforms import withdrawing

        place = point_of_sale()
        source = Source.objects.create(slug="liste", name="Liste", producer="Liste", licence="ODbL")
        SourceRecord.objects.create(
            source=source, external_id="1", point_of_sale=place, fields={}, row_hash="0", imported_at=timezone.now(),
            absent_since=timezone.now(),
        )  # fmt: skip
        place.status, place._change_reason = Status.HIDDEN, f"{withdrawing.WITHDRAWN} liste"
        place.save()
        leave(place.merchant)
        assert withdrawing.restore("liste", [], timezone.now()) == 0
        come_back(place.merchant)
        SourceRecord.objects.update(absent_since=timezone.now())
        assert withdrawing.restore("liste", [], timezone.now()) == 1


class TestComingBack:
    def test_everything_is_as_it_was_but_for_consents(self):
        place = everything()
        draft = point_of_sale("Distributeur", merchant=place.merchant, status=Status.DRAFT)
        closed = point_of_sale("Ancien étal", merchant=place.merchant, status=Status.CLOSED)
        leave(place.merchant)
        come_back(place.merchant)
        assert [status(each) for each in (place, draft, closed)] == [Status.PUBLISHED, Status.DRAFT, Status.CLOSED]
        assert SearchEntry.objects.filter(merchant=place.merchant).count() == 1
        assert not is_withdrawn("94120845100018", "Ferme Quenouille", VENDOME)
        assert not Deletion.objects.exists()
        assert not Consent.objects.filter(withdrawn_at=None).exists()
        come_back(place.merchant)

    def test_what_somebody_closed_meanwhile_stays_closed(self):
        place = owned_place()
        leave(place.merchant)
        PointOfSale.objects.filter(pk=place.pk).update(status=Status.CLOSED)
        come_back(place.merchant)
        assert status(place) == Status.CLOSED

    def test_digests_of_another_withdrawal_stay(self):
        """Two of one name in one commune: that the first comes back says nothing of the other."""
        first, second = point_of_sale("Ferme du Pré"), point_of_sale("Ferme du Pré")
        leave(first.merchant)
        leave(second.merchant)
        come_back(first.merchant)
        assert is_withdrawn("", "Ferme du Pré", VENDOME)
        come_back(second.merchant)
        assert not is_withdrawn("", "Ferme du Pré", VENDOME)


class TestPurging:
    def test_nothing_in_the_database_nor_on_disk_says_who_it_was(self, photos: Path):
        place = everything()
        before = said()
        assert len(before) > 40, "the marks are in the tables, or their absence says nothing"
        assert len(list(photos.iterdir())) == 2
        leave(place.merchant, place.merchant.owner)
        assert purge(later()) == 1
        forget_words()  # the daily job of the search's words
        assert said() == {}
        assert list(photos.iterdir()) == []
        assert not Session.objects.exists()
        assert not Schedule.objects.exists()

    def test_what_stays_is_digests_and_what_others_are(self):
        place = everything()
        leave(place.merchant)
        purge(later())
        assert is_withdrawn("94120845100018", "", "")
        assert [each.name for each in Merchant.objects.all()] == ["Boulangerie Denis"]
        assert Merchant.history.filter(name="Boulangerie Denis").exists()

    def test_what_is_not_due_stays(self):
        place = everything()
        leave(place.merchant)
        assert purge(later(DAYS - 0.1)) == 0
        assert Merchant.objects.filter(pk=place.merchant_id).exists()

    def test_who_comes_back_while_it_runs_stays(self):
        place = owned_place()
        due = leave(place.merchant).due_at
        come_back(place.merchant)
        assert erasing.erase(place.merchant_id, due) is False
        assert Merchant.objects.filter(pk=place.merchant_id).exists()

    def test_one_that_fails_stops_no_other(self, monkeypatch):
        first, second = owned_place("a@example.org"), owned_place("b@example.org")
        leave(first.merchant)
        leave(second.merchant)
        erase = erasing._forget_history

        def fails(merchants, places):  # type: ignore[no-untyped-def]
            if first.merchant_id in merchants:
                raise DatabaseError
            erase(merchants, places)

        monkeypatch.setattr(erasing, "_forget_history", fails)
        assert purge(later()) == 1
        assert Merchant.objects.get() == first.merchant
        monkeypatch.undo()
        assert purge(later()) == 1

    def test_somebody_else_s_place_merged_into_it_stays_with_its_owner(self):
        place, other = owned_place("a@example.org"), owned_place("b@example.org", siret="94120845100018")
        third = point_of_sale("Liste")
        for row, target in ((other, place), (third, other)):
            row.status, row.merged_into = Status.MERGED, target
            row.save()
        leave(place.merchant)
        purge(later())
        other.refresh_from_db()
        assert (other.status, other.merged_into) == (Status.CLOSED, None)
        assert PointOfSale.history.filter(id=other.pk).exists()
        assert PointOfSale.objects.filter(pk=third.pk).exists()
        assert not is_withdrawn("94120845100018", "", "")

    def test_a_merchant_with_more_loses_only_what_was_merged(self):
        place, twin = owned_place(), point_of_sale("Jumeau")
        shop = point_of_sale("Boutique", merchant=twin.merchant)
        twin.status, twin.merged_into = Status.MERGED, place
        twin.save()
        leave(place.merchant)
        purge(later())
        assert list(PointOfSale.objects.all()) == [shop]
        assert not PointOfSale.history.filter(id=twin.pk).exists()


class TestTheAccount:
    @pytest.mark.parametrize("more", ["merchant", "chamber", "staff", "nothing"])
    def test_it_goes_unless_it_is_there_for_more(self, more):
        place, user = owned_place(EMAIL), User.objects.get(username=EMAIL)
        if more == "merchant":
            owned_place(EMAIL)
        elif more == "chamber":
            ChamberAgent.objects.create(user=user, chamber="trades")
        elif more == "staff":
            User.objects.filter(pk=user.pk).update(is_staff=True)
        leave(place.merchant)
        purge(later())
        assert User.objects.filter(username=EMAIL).exists() == (more != "nothing")

    def test_what_it_once_claimed_of_others_goes_with_it(self):
        place, user = owned_place(EMAIL), User.objects.get(username=EMAIL)
        other = owned_place("autre@example.org")
        Claim.objects.create(point_of_sale=other, by=user, means="letter", state="refused", text="je suis Zephirine")
        leave(place.merchant)
        purge(later())
        assert said() == {}

    def test_another_s_session_stays(self, client):
        place = owned_place(EMAIL)
        client.force_login(owner("autre@example.org"), backend="django.contrib.auth.backends.ModelBackend")
        leave(place.merchant)
        purge(later())
        assert Session.objects.count() == 1


def test_an_assisted_entry_withdrawn_by_its_letter_keeps_nothing_of_what_others_said():
    place = point_of_sale("Ferme Quenouille")
    entry = AssistedEntry.objects.create(merchant=place.merchant, chamber="trades", form=uuid.uuid4())
    Report.objects.create(point_of_sale=place, kind="other", text="Zephirine est partie")
    Claim.objects.create(point_of_sale=place, by=owner(), means="letter", text="je suis Zephirine")
    handover.withdraw(entry, None)
    forget_words()
    assert said() == {}


class TestFiles:
    def test_one_that_cannot_be_deleted_is_tried_again(self, photos: Path, monkeypatch):
        from django.core.files.storage import FileSystemStorage

        from directory.owners import files

        place = everything()
        leave(place.merchant)
        with monkeypatch.context() as patch:
            patch.setattr(FileSystemStorage, "delete", lambda self, name: (_ for _ in ()).throw(OSError))
            assert purge(later()) == 1
        assert len(list(photos.iterdir())) == 2
        assert files.sweep() == 0, "a file that was written just now may have its row soon"
        assert files.sweep(later(1)) == 2
        assert list(photos.iterdir()) == []

    def test_the_sweep_leaves_what_a_photo_or_its_history_names(self, photos: Path):
        from directory.owners import files

        everything()
        assert files.sweep(later(1)) == 0
        assert len(list(photos.iterdir())) == 2
