"""A passage of a feed: what is written, when it is due, who sells there."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.db import OperationalError, connections
from django.utils import timezone

from directory.models import FeedRun, Merchant, PointOfSale, SearchEntry, SoldOn, Source
from directory.platforms.feeding import preview, run, run_due
from tests.directory.importing.conftest import siret, versions
from tests.directory.platforms.partner import MAPPING, entry, feed_of, place, platform_of

pytestmark = pytest.mark.django_db
Result = FeedRun.Outcome
Status = PointOfSale.Status


class TestPassages:
    def test_the_first(self, partner):
        partner.gives(entry(), {**entry(2), "trade": "xyzzy"}, {**entry(3), "shop": {"name": "Sans commune"}}, 7)
        made = run(feed_of(partner))
        assert (made.outcome, made.read, made.detail[:24]) == (Result.WRITTEN, 4, "Des lignes illisibles n'")
        assert made.totals == {
            "written": 1, "unchanged": 0, "held": 1, "skipped": 0, "refused": 2, "absent": 0,
        }  # fmt: skip
        assert [(row["line"], row["outcome"], row["code"]) for row in made.rows] == [
            (2, "held", "unknown_activity"), (3, "refused", "no_commune"), (4, "refused", "malformed_row"),
        ]  # fmt: skip
        assert (place().status, place(2).status) == (Status.PUBLISHED, Status.DRAFT)
        assert Source.objects.get().producer == "Ville de Vendôme"
        assert SearchEntry.objects.count() == 1

    def test_the_second_writes_nothing(self, feed, partner):
        before = versions()
        made = run(feed)
        assert (made.outcome, made.read, made.totals) == (Result.UNCHANGED, 0, {})
        assert versions() == before
        assert run(feed, fresh=True).totals["unchanged"] == 6
        assert versions() == before

    def test_an_unchanged_list_says_what_is_still_refused(self, partner):
        partner.gives(entry(), {**entry(2), "trade": "xyzzy"}, {**entry(3), "shop": {"name": "Sans commune"}})
        feed = feed_of(partner)
        run(feed)
        for _ in range(2):
            made = run(feed)
            assert (made.outcome, "2 lignes y sont toujours" in made.detail) == (Result.UNCHANGED, True)

    def test_nothing_is_raised_whatever_the_database_says(self, feed, monkeypatch, partner):
        def fails(*args, **more):
            raise OperationalError

        monkeypatch.setattr(type(feed), "refresh_from_db", fails)
        assert run(feed).outcome == Result.FAILED
        monkeypatch.setattr(FeedRun, "save", fails)
        assert run(feed).outcome == Result.FAILED

    def test_a_nul_in_what_the_server_says_is_not_kept(self, feed, partner):
        partner.headers["Content-Encoding"] = "a\0b"
        assert (made := run(feed)).outcome == Result.REFUSED
        assert "ab" in made.detail

    def test_what_the_server_says_has_not_changed(self, partner):
        partner.gives(entry())
        partner.headers["ETag"] = '"v1"'
        feed = feed_of(partner)
        run(feed)
        feed.refresh_from_db()
        partner.status, partner.body = 304, b""
        assert run(feed).outcome == Result.UNCHANGED
        assert partner.asked[-1][1]["If-None-Match"] == '"v1"'

    def test_a_change_is_written(self, feed, partner):
        partner.gives(entry(1, trade="fishmonger"), *map(entry, range(2, 7)))
        made = run(feed)
        assert (made.outcome, made.totals["written"], made.totals["unchanged"]) == (Result.WRITTEN, 1, 5)
        assert [each.code for each in place().activities.all()] == ["fishmonger"]

    def test_csv_in_the_encoding_of_a_spreadsheet(self, partner):
        partner.body = "id;shop.name;trade;shop.city\nm1;Le Pain du Loir;bakery;Vendôme\n".encode("cp1252")
        assert run(feed_of(partner, format="csv")).outcome == Result.WRITTEN
        assert place().commune_id == "41269"

    @pytest.mark.parametrize("form", ["json", "geojson"])
    def test_geojson_under_either_name(self, partner, form):
        properties = {"id": "m1", "shop.name": "Le Pain du Loir", "trade": "bakery", "shop.city": "Vendôme"}
        point = {"type": "Point", "coordinates": [1.0656, 47.7931]}
        features = [{"type": "Feature", "properties": properties, "geometry": point}]
        partner.body = json.dumps({"type": "FeatureCollection", "features": features}).encode()
        assert run(feed_of(partner, format=form)).outcome == Result.WRITTEN
        assert (place().pin.x, place().pin.y) == (1.0656, 47.7931)

    def test_a_list_within_an_object(self, partner):
        partner.body = json.dumps({"data": {"items": [entry()]}}).encode()
        feed = feed_of(partner, mapping=MAPPING + '\nrows = "data.items"')
        assert run(feed).outcome == Result.WRITTEN

    def test_one_that_is_here_already_is_joined(self, partner):
        """The importer's own rule: the same SIRET is the same place; blanks are filled, nothing else."""
        merchant = Merchant.objects.create(name="Chez Nous", siren=siret(1)[:9])
        mine = PointOfSale.objects.create(
            merchant=merchant, siret=siret(1), status=Status.PUBLISHED, commune_id="41269", street=""
        )
        partner.gives(entry())
        made = run(feed_of(partner))
        assert made.totals["written"] == 1
        assert (place().pk, place().street, place().display_name) == (mine.pk, "1 rue du Change", "Chez Nous")
        assert PointOfSale.objects.count() == 1


class TestPreview:
    def test_it_says_what_would_come_and_go(self, feed, partner):
        before = versions()
        partner.gives(*map(entry, range(1, 6)), entry(7))
        seen = preview(feed)
        assert [(row.code, row.external_id) for row in seen.report.rows if row.changes] == [("added", "m7")]
        assert (seen.leaving, seen.staying, seen.doubtful) == ([place(6).display_name], [], False)
        assert versions() == before
        assert feed.runs.count() == 1
        partner.gives()
        assert preview(feed).doubtful


class TestSchedule:
    def test_the_next_turn(self, feed, partner):
        now = timezone.now()
        assert timedelta(hours=23) < feed.next_at - now < timedelta(hours=25)
        waits = []
        partner.status = 500
        for _ in range(7):
            run(feed)
            feed.refresh_from_db()
            waits.append(round((feed.next_at - timezone.now()) / timedelta(hours=1)))
        assert waits == [1, 2, 4, 8, 16, 24, 24]
        partner.status = 200
        run(feed)
        feed.refresh_from_db()
        assert round((feed.next_at - timezone.now()) / timedelta(hours=1)) == 24

    def test_those_whose_hour_has_come(self, partner):
        partner.gives()
        now = timezone.now()
        for slug, values in {
            "never": {},
            "past": {"next_at": now - timedelta(minutes=1)},
            "future": {"next_at": now + timedelta(minutes=1)},
            "off": {"active": False},
        }.items():
            feed_of(partner, slug=slug, mapping=MAPPING.replace('"marche"', f'"{slug}"'), **values)
        assert {made.feed.slug for made in run_due(now)} == {"never", "past"}
        assert run_due(now) == []

    def test_one_at_a_time(self, partner):
        feed = feed_of(partner)
        partner.gives(entry())
        other = connections.create_connection("default")
        try:
            with other.cursor() as cursor:
                cursor.execute("SELECT pg_try_advisory_lock(hashtextextended('feed marche', 0))")
            made = run(feed)
        finally:
            other.close()
        assert (made.outcome, "en cours" in made.detail) == (Result.FAILED, True)


class TestSellers:
    def test_merchants_of_the_list_sell_on_its_platform(self, partner):
        platform = platform_of()
        feed = feed_of(partner, platform=platform)
        partner.gives(entry(1), entry(2))
        run(feed)
        assert set(platform.sellers.values_list("merchant", flat=True)) == {place(1).merchant_id, place(2).merchant_id}
        assert run(feed, fresh=True).outcome == Result.UNCHANGED
        partner.gives(entry(1))
        run(feed)
        assert [each.merchant_id for each in platform.sellers.all()] == [place(1).merchant_id]
        assert SoldOn.history.filter(history_type="-").get().history_change_reason == "flux marche"

    def test_what_a_person_said_stays(self, partner):
        platform = platform_of()
        feed = feed_of(partner, platform=platform)
        partner.gives(entry(1), entry(2), entry(3))
        run(feed)
        said = platform.sellers.get(merchant=place(2).merchant_id)
        said.url, said._history_user = "https://marche.example/2", User.objects.create_user("camille")
        said.save()
        SoldOn.objects.create(merchant=Merchant.objects.create(name="Ailleurs"), platform=platform)
        partner.gives(entry(1))
        run(feed)
        assert set(platform.sellers.values_list("merchant__name", flat=True)) == {
            place(1).display_name, place(2).display_name, "Ailleurs",
        }  # fmt: skip
