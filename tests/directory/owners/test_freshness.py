"""Who vouches for an entry; where nobody does it is asked, said to be unconfirmed, hidden, and back by one tap."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from directory.models import Feed, FeedRun, PointOfSale, SearchEntry, Source, SourceRecord
from directory.owners import freshness, leaving
from directory.owners.freshness import Step
from tests.builders import owned_place, point_of_sale

pytestmark = pytest.mark.django_db
NOW = timezone.now()


class Told:
    """Takes down who was told what; or is a mail server that is away."""

    def __init__(self, away: bool = False) -> None:
        self.away = away
        self.said: list[tuple[str, Step, list[str]]] = []

    def __call__(self, owner: User, step: Step, places: list[PointOfSale]) -> bool:
        if not self.away:
            self.said.append((owner.email, step, sorted(place.display_name for place in places)))
        return not self.away


def aged(place: PointOfSale, days: float, **fields: Any) -> PointOfSale:
    """As if somebody had vouched for it so many days ago, and it were due to be looked at."""
    then = NOW - timedelta(days=days)
    PointOfSale.objects.filter(pk=place.pk).update(created_at=then, look_at=NOW - timedelta(hours=1), **fields)
    place.refresh_from_db()
    return place


def run(at: datetime = NOW, away: bool = False) -> list[tuple[str, Step, list[str]]]:
    told = Told(away)
    freshness.run(told, at)
    return told.said


def days(number: float) -> timedelta:
    return timedelta(days=number)


class TestWhoVouches:
    def when(self, place: PointOfSale) -> float:
        """How many days ago."""
        place.refresh_from_db()
        return round((NOW - freshness.vouched([place])[place.pk]) / timedelta(days=1))

    def record(self, place: PointOfSale, days_ago: int, slug: str = "liste", **fields: Any) -> SourceRecord:
        source = Source.objects.get_or_create(slug=slug, defaults={"name": slug})[0]
        return SourceRecord.objects.create(
            source=source, external_id=str(place.pk), point_of_sale=place, fields={}, row_hash="",
            imported_at=NOW - days(days_ago), **fields,
        )  # fmt: skip

    def test_who_made_it_then_who_confirms_it(self):
        place = aged(point_of_sale(), 800)
        assert self.when(place) == 800
        aged(place, 800, confirmed_at=NOW - days(20))
        assert self.when(place) == 20

    def test_a_list_that_names_it_anew(self):
        place = aged(point_of_sale(), 800)
        self.record(place, 30)
        assert self.when(place) == 30

    def test_not_one_that_names_it_no_more(self):
        place = aged(point_of_sale(), 800)
        self.record(place, 30, absent_since=NOW)
        assert self.when(place) == 800

    @pytest.mark.parametrize(("outcome", "expected"), [("unchanged", 2), ("written", 2), ("refused", 700)])
    def test_a_partner_s_list_each_time_that_it_is_read(self, outcome, expected):
        place = aged(point_of_sale(), 800)
        self.record(place, 700, slug="bienvenue")
        feed = Feed.objects.create(slug="bienvenue", url="https://example.org/", format="csv", mapping="", active=True)
        FeedRun.objects.create(feed=feed, started_at=NOW - days(2), outcome=outcome, seconds=1)
        assert self.when(place) == expected

    def test_in_two_queries(self, django_assert_num_queries):
        places = [point_of_sale() for _ in range(4)]
        with django_assert_num_queries(2):
            freshness.vouched(places)


class TestTheYear:
    def test_an_owner_is_asked_once(self):
        place = aged(owned_place(name="Chèvrerie"), 366)
        assert run() == [("chevrier@example.org", Step.REMIND, ["Chèvrerie"])]
        place.refresh_from_db()
        assert place.reminded_at == NOW
        assert place.look_at == NOW - days(366) + days(730)
        assert run() == run(NOW + days(300)) == []

    def test_in_one_e_mail_for_all_of_its_entries(self):
        for name in ("Chèvrerie", "Étal"):
            aged(owned_place(name=name), 400)
        aged(owned_place("boulanger@example.org", name="Fournil"), 400)
        assert sorted(run()) == [
            ("boulanger@example.org", Step.REMIND, ["Fournil"]),
            ("chevrier@example.org", Step.REMIND, ["Chèvrerie", "Étal"]),
        ]

    def test_not_before_it_is_over(self):
        place = aged(owned_place(), 364)
        assert run() == []
        place.refresh_from_db()
        assert place.look_at == NOW - days(364) + days(365)

    def test_nobody_is_asked_of_what_nobody_owns(self):
        place = aged(point_of_sale(), 400)
        assert run() == []
        place.refresh_from_db()
        assert place.look_at > NOW
        assert place.reminded_at is None

    def test_a_closed_account_is_not_written_to(self):
        place = aged(owned_place(), 400)
        User.objects.update(is_active=False)
        assert run() == []
        place.refresh_from_db()
        assert place.look_at > NOW

    def test_a_mail_server_that_is_away_is_tried_again(self):
        place = aged(owned_place(), 400)
        assert run(away=True) == []
        place.refresh_from_db()
        assert place.reminded_at is None
        assert len(run()) == 1


class TestTwoYears:
    def test_it_says_so_and_its_owner_is_told(self):
        place = aged(owned_place(name="Chèvrerie"), 731)
        assert run() == [("chevrier@example.org", Step.STALE, ["Chèvrerie"])]
        place.refresh_from_db()
        assert place.stale_since == NOW - days(731)
        assert place.status == "published"

    def test_three_months_later_it_is_hidden(self):
        place = aged(owned_place(), 731)
        run()
        assert run(NOW + days(90)) == []
        place.refresh_from_db()
        assert place.status == "published"
        assert [step for _, step, _ in run(NOW + days(98))] == [Step.HIDE]
        place.refresh_from_db()
        assert (place.status, place.look_at) == ("hidden", None)
        assert not SearchEntry.objects.filter(pk=place.pk).exists()
        assert place.history.latest().history_change_reason == freshness.REASON
        assert place.history.latest().status == "hidden"
        assert run(NOW + days(999)) == []

    def test_never_unless_its_owner_was_told_three_months_before(self):
        place = aged(owned_place(), 2000)
        run(away=True)
        run(NOW + days(200), away=True)
        place.refresh_from_db()
        assert (place.status, place.stale_since) == ("published", None)
        run(NOW + days(200))
        run(NOW + days(280))
        place.refresh_from_db()
        assert place.status == "published"
        run(NOW + days(298))
        place.refresh_from_db()
        assert place.status == "hidden"

    def test_that_of_nobody_too(self):
        place = aged(point_of_sale(), 900)
        run()
        place.refresh_from_db()
        assert place.stale_since is not None
        run(NOW + days(8))
        place.refresh_from_db()
        assert place.status == "hidden"

    def test_a_list_that_names_it_again_ends_it(self):
        place = aged(point_of_sale(), 740)
        run()
        source = Source.objects.create(slug="liste", name="Liste")
        SourceRecord.objects.create(
            source=source, external_id="1", point_of_sale=place, fields={}, row_hash="", imported_at=NOW
        )
        run(NOW + days(8))
        place.refresh_from_db()
        assert (place.stale_since, place.status) == (None, "published")
        assert place.look_at == NOW + days(365)

    def test_invented_ones_stay(self):
        place = aged(point_of_sale(demo=True), 3000)
        run()
        run(NOW + days(400))
        place.refresh_from_db()
        assert (place.status, place.stale_since) == ("published", None)


class TestConfirming:
    def hidden(self, **fields: Any) -> PointOfSale:
        return aged(point_of_sale(), 900, status="hidden", stale_since=NOW - days(900), **fields)

    def test_starts_the_year_anew(self):
        place = aged(owned_place(), 740)
        run()
        place.refresh_from_db()
        freshness.confirm(place)
        place.save()
        assert run(NOW + days(360)) == []
        assert [step for _, step, _ in run(NOW + days(367))] == [Step.REMIND]

    def test_brings_back_what_was_hidden_for_it(self):
        place = self.hidden()
        PointOfSale.objects.update(look_at=None)
        place.refresh_from_db()
        freshness.confirm(place)
        assert (place.status, place.stale_since) == ("published", None)

    def test_but_not_what_its_owner_deletes(self):
        place = self.hidden()
        PointOfSale.objects.update(look_at=None)
        leaving.leave(place.merchant)
        place.refresh_from_db()
        freshness.confirm(place)
        assert place.status == "hidden"

    def test_but_not_what_a_moderator_hid(self):
        place = self.hidden()
        freshness.confirm(place)
        assert place.status == "hidden"


class TestTheRun:
    def test_looks_at_so_many_and_goes_on_the_next_day(self, monkeypatch):
        monkeypatch.setattr(freshness, "MOST", 2)
        monkeypatch.setattr(freshness, "BATCH", 2)
        for number in range(3):
            aged(owned_place(f"{number}@example.org"), 400)
        assert len(run()) == 2
        assert len(run()) == 1

    @pytest.mark.parametrize("days_ago", [366, 731, 1000])
    def test_what_its_owner_confirms_meanwhile_is_left_alone(self, days_ago):
        """Others are told first, which takes a while."""
        place = aged(owned_place(), days_ago, stale_since=NOW - days(1000) if days_ago == 1000 else None)
        told: list[str] = []

        def tell(owner: User, step: Step, places: list[PointOfSale]) -> bool:
            told.append(owner.email)
            row = PointOfSale.objects.get(pk=place.pk)
            freshness.confirm(row)
            row.save()
            return True

        freshness.run(tell, NOW)
        place.refresh_from_db()
        assert told == ["chevrier@example.org"]
        assert (place.status, place.stale_since, place.reminded_at) == ("published", None, None)
        assert place.look_at > NOW + days(364)
        assert not place.history.filter(history_change_reason=freshness.REASON).exists()

    @pytest.mark.parametrize("status", ["closed", "hidden"])
    def test_nor_is_what_somebody_took_away_meanwhile_written_over_or_told(self, status):
        """Read together, the first one's owner is told before the second's."""
        first, second = owned_place("a@example.org"), owned_place("b@example.org")
        for place in (first, second):
            aged(place, 1000, stale_since=NOW - days(1000))
        told: list[str] = []

        def tell(owner: User, step: Step, places: list[PointOfSale]) -> bool:
            told.append(owner.email)
            PointOfSale.objects.filter(pk=second.pk).update(status=status)
            return True

        freshness.run(tell, NOW)
        for place in (first, second):
            place.refresh_from_db()
        assert told == ["a@example.org"]
        assert (first.status, second.status) == ("hidden", status)
        assert not second.history.filter(history_change_reason=freshness.REASON).exists()

    def test_goes_past_those_that_cannot_be_told(self, monkeypatch):
        monkeypatch.setattr(freshness, "BATCH", 2)
        for number in range(5):
            aged(owned_place(f"{number}@example.org"), 400)
        assert run(away=True) == []
        assert PointOfSale.objects.filter(reminded_at=None).count() == 5
