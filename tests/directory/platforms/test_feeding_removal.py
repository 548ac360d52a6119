"""What goes when a list no longer has it, what comes back, and what waits for a person."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User

from directory.indexing import entries_out_of_step
from directory.models import FeedRun, Merchant, Offer, PointOfSale, SearchEntry, SourceRecord
from directory.platforms.feeding import run
from tests.directory.importing.conftest import siret, versions
from tests.directory.platforms.partner import MAPPING, entry, feed_of, place, statuses

pytestmark = pytest.mark.django_db
Result = FeedRun.Outcome
Status = PointOfSale.Status


class TestRemoval:
    def test_what_is_gone_is_hidden_and_comes_back(self, feed, partner):
        partner.gives(*map(entry, range(1, 6)))
        made = run(feed)
        assert (made.outcome, made.withdrawn, made.totals["absent"]) == (Result.WRITTEN, 1, 1)
        assert statuses(5, 6) == [Status.PUBLISHED, Status.HIDDEN]
        assert not SearchEntry.objects.filter(pk=place(6).pk).exists()
        version = place(6).history.first()
        assert (version.history_type, version.history_change_reason, version.status) == (
            "~",
            "retrait marche",
            "hidden",
        )
        assert run(feed, fresh=True).withdrawn == 0, "once is enough"

        partner.gives(*map(entry, range(1, 6)), entry(6, trade="fishmonger"))
        made = run(feed)
        assert (made.returned, made.withdrawn, statuses(6)) == (1, 0, [Status.PUBLISHED])
        assert [each.code for each in place(6).activities.all()] == ["fishmonger"]
        assert SearchEntry.objects.filter(pk=place(6).pk).exists()
        assert not SourceRecord.objects.exclude(absent_since=None).exists()
        assert entries_out_of_step() == 0

    def test_one_that_was_held_comes_back_as_a_draft(self, partner):
        feed = feed_of(partner)
        for entries in ([entry(), entry(2, trade="xyzzy")], [entry()], [entry(), entry(2, trade="xyzzy")]):
            partner.gives(*entries)
            run(feed)
        assert statuses(1, 2) == [Status.PUBLISHED, Status.DRAFT]
        assert place(2).history.first().history_change_reason == "retour marche"

    def test_what_people_have_to_do_with_stays(self, feed, partner):
        user = User.objects.create_user("camille")
        Merchant.objects.filter(pk=place(1).merchant_id).update(owner=user)
        PointOfSale.objects.filter(pk=place(2).pk).update(pin_precision="manual")
        for row in (place(3), place(4).merchant):
            row._history_user = user
            row.save()
        offer = Offer(point_of_sale=place(5), line="Pain d'épices")
        offer._history_user = user
        offer.save()
        partner.gives(entry(6), *map(entry, range(7, 16)))
        run(feed, confirmed=FeedRun(totals={"missing": [f"m{number}" for number in range(1, 6)]}))
        assert statuses(1, 2, 3, 4, 5) == [Status.PUBLISHED] * 5
        made = feed.runs.first()
        assert made.withdrawn == 0
        assert [(row["outcome"], row["code"]) for row in made.rows] == [("absent", "kept_here")] * 5

    def test_one_that_was_here_before_the_list_stays(self, partner):
        merchant = Merchant.objects.create(name="Chez Nous", siren=siret(1)[:9])
        PointOfSale.objects.create(merchant=merchant, siret=siret(1), status=Status.PUBLISHED, commune_id="41269")
        feed = feed_of(partner)
        partner.gives(entry(1), entry(2))
        run(feed)
        partner.gives(entry(2))
        assert (run(feed).withdrawn, statuses(1)) == (0, [Status.PUBLISHED])

    def test_what_another_list_has_stays_until_it_has_not(self, feed, partner):
        other = feed_of(partner, slug="autre", mapping=MAPPING.replace('"marche"', '"autre"'))
        run(other)
        partner.gives(*map(entry, range(1, 6)))
        assert (run(feed).withdrawn, statuses(6)) == (0, [Status.PUBLISHED])
        assert (run(other).withdrawn, statuses(6)) == (1, [Status.HIDDEN])
        partner.gives(*map(entry, range(1, 7)))
        assert (run(feed).returned, statuses(6)) == (1, [Status.PUBLISHED])

    def test_what_a_moderator_hid_does_not_come_back(self, feed, partner):
        """Nor what one hid after the list had: the last to hide it counts."""
        user = User.objects.create_user("camille")
        for number in (5, 6):
            hidden = place(number)
            hidden.status, hidden._history_user = Status.HIDDEN, user
            hidden.save()
        partner.gives(*map(entry, range(1, 5)))
        run(feed)
        partner.gives(*map(entry, range(1, 7)))
        assert (run(feed).returned, statuses(5, 6)) == (0, [Status.HIDDEN, Status.HIDDEN])

    def test_what_was_edited_while_hidden_comes_back(self, feed, partner):
        partner.gives(*map(entry, range(1, 6)))
        run(feed)
        edited = place(6)
        edited.street, edited._history_user = "Au bout du chemin", User.objects.create_user("camille")
        edited.save()
        partner.gives(*map(entry, range(1, 7)))
        assert (run(feed).returned, statuses(6)) == (1, [Status.PUBLISHED])

    def test_a_row_that_is_refused_is_not_gone(self, feed, partner):
        partner.gives(*map(entry, range(1, 6)), entry(6, shop={"name": "Loin", "city": "Marseille"}))
        assert (run(feed).withdrawn, statuses(6)) == (0, [Status.PUBLISHED])

    def test_nothing_goes_while_a_row_may_be_anybody_s(self, feed, partner):
        partner.gives(*map(entry, range(1, 6)), "text")
        made = run(feed)
        assert (made.withdrawn, statuses(6), "identifiant" in made.detail) == (0, [Status.PUBLISHED], True)
        partner.gives(*map(entry, range(1, 6)))
        assert run(feed).withdrawn == 1

    def test_a_list_that_renumbers_is_held(self, feed, partner):
        partner.gives(*({**entry(number), "id": f"new{number}"} for number in range(1, 7)))
        held = run(feed)
        assert held.outcome == Result.HELD
        assert run(feed, confirmed=held).withdrawn == 0, "the same places, by their SIRET"
        assert set(PointOfSale.objects.values_list("status", flat=True)) == {Status.PUBLISHED}


class TestHolding:
    @pytest.mark.parametrize("left", [[], [1]])
    def test_an_empty_list_or_most_of_it_gone(self, feed, partner, left):
        before = versions()
        partner.gives(*map(entry, left), *([entry(20)] if left else []))
        made = run(feed)
        missing = 6 - len(left)
        assert (made.outcome, made.totals["absent"], made.withdrawn) == (Result.HELD, missing, 0)
        assert f"{missing} des 6" in made.detail
        assert versions() == before, "what is new waits too"
        assert run(feed).outcome == Result.HELD, "it is not taken for unchanged"
        confirmed = run(feed, confirmed=made)
        assert (confirmed.outcome, confirmed.withdrawn) == (Result.WRITTEN, missing)

    def test_a_confirmation_is_for_what_was_seen(self, feed, partner):
        partner.gives(entry(1))
        held = run(feed)
        partner.gives()
        assert run(feed, confirmed=held).outcome == Result.HELD

    def test_as_many_others_are_not_what_was_seen(self, feed, partner):
        partner.gives(entry(1))
        held = run(feed)
        partner.gives(entry(2))
        again = run(feed, confirmed=held)
        assert (again.outcome, statuses(1, 3)) == (Result.HELD, [Status.PUBLISHED] * 2)
        partner.gives(entry(1), entry(2))
        assert (run(feed, confirmed=held).outcome, statuses(1, 2, 3)) == (
            Result.WRITTEN, [Status.PUBLISHED, Status.PUBLISHED, Status.HIDDEN],
        )  # fmt: skip

    def test_the_bounds(self, partner):
        """Up to four may always go; five of fifteen too; five of fourteen wait."""
        feed = feed_of(partner)
        partner.gives(*map(entry, range(1, 16)))
        run(feed)
        partner.gives(*map(entry, range(1, 11)))
        assert run(feed).withdrawn == 5
        partner.gives(*map(entry, range(1, 15)))
        assert run(feed).returned == 4
        partner.gives(*map(entry, range(1, 10)))
        assert run(feed).outcome == Result.HELD

    def test_an_empty_list_is_held_however_few_were_known(self, partner):
        feed = feed_of(partner)
        partner.gives(entry(1), entry(2))
        run(feed)
        partner.gives()
        assert (run(feed).outcome, statuses(1, 2)) == (Result.HELD, [Status.PUBLISHED] * 2)

    def test_four_of_five_may_go(self, partner):
        feed = feed_of(partner)
        partner.gives(*map(entry, range(1, 6)))
        run(feed)
        partner.gives(entry(1))
        assert run(feed).withdrawn == 4
