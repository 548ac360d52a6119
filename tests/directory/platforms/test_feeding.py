"""A passage of a feed: what is written, what is not, and what goes when the list no longer has it."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.db import OperationalError, connections
from django.utils import timezone

from directory.indexing import entries_out_of_step
from directory.models import FeedRun, Merchant, Offer, Platform, PointOfSale, SearchEntry, SoldOn, Source, SourceRecord
from directory.platforms import feeding
from directory.platforms.feeding import preview, run, run_due
from directory.platforms.fetching import fetch
from tests.directory.importing.conftest import siret, versions
from tests.directory.platforms.partner import MAPPING, entry, feed_of

pytestmark = pytest.mark.django_db
Result = FeedRun.Outcome
Status = PointOfSale.Status


def place(number: int = 1) -> PointOfSale:
    return PointOfSale.objects.get(source_records__external_id=f"m{number}", source_records__source__slug="marche")


def statuses(*numbers: int) -> list[str]:
    return [place(number).status for number in numbers]


def platform_of() -> Platform:
    return Platform.objects.create(
        slug="p", name="Le marché en ligne", operator="Ville", kind="e_market", url="https://marche.example"
    )


@pytest.fixture
def feed(partner):
    """A feed that has passed once, with a list of six."""
    partner.gives(*map(entry, range(1, 7)))
    made = feed_of(partner)
    assert run(made).outcome == Result.WRITTEN
    made.refresh_from_db()
    return made


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


class TestHostileLists:
    @pytest.fixture
    def unharmed(self, feed):
        """The catalogue stands as it was when the test ends, and the feed's last words of its list too."""
        before, records = versions(), list(SourceRecord.objects.values_list("external_id", "absent_since"))
        yield feed
        assert versions() == before
        assert list(SourceRecord.objects.values_list("external_id", "absent_since")) == records
        assert set(PointOfSale.objects.values_list("status", flat=True)) == {Status.PUBLISHED}

    @pytest.mark.parametrize(
        ("body", "why"),
        [
            (b"[" * 10_000 + b"]" * 10_000, "no JSON"),
            (b'{"a":' * 10_000 + b"1" + b"}" * 10_000, "no JSON"),
            (json.dumps([entry()], ensure_ascii=False).encode("latin-1"), "no UTF-8"),
            (json.dumps([entry()]).encode()[:-10], "no JSON"),
            (b'{"data": [], "more": {}}', "Lists are in: 'data'"),
            (b"null", "list of objects"),
            (b'"text"', "list of objects"),
            (b"[1, 2, 3]", "no column 'id'"),
            (json.dumps([{f"k{n}": 1 for n in range(1001)}]).encode(), "different keys"),
            (b"[" + b"1," * 500_001 + b"1]", "500,000 rows"),
            (b"<!doctype html><title>Connexion</title>", "page"),
            (b"", "n'envoie rien"),
        ],
    )
    def test_lists_that_are_refused(self, unharmed, partner, body, why):
        partner.body = body
        made = run(unharmed)
        assert (made.outcome, made.read) == (Result.REFUSED, 0)
        assert why in made.detail

    def test_too_large(self, unharmed, partner):
        partner.answer = lambda handler: handler.streams(b" " * 1_000_000, 50)
        made = run(unharmed)
        assert (made.outcome, "20 Mo" in made.detail) == (Result.REFUSED, True)

    def test_a_redirect_inwards(self, unharmed, partner):
        partner.answer = lambda handler: handler.says(302, Location="http://127.0.0.2/")
        made = run(unharmed)
        assert (made.outcome, "privée ou locale" in made.detail) == (Result.REFUSED, True)

    @pytest.mark.parametrize("status", [404, 500])
    def test_an_outage(self, unharmed, partner, status):
        partner.status = status
        assert run(unharmed).outcome == Result.UNREACHABLE

    def test_a_slow_server(self, unharmed, partner, monkeypatch):
        monkeypatch.setattr(feeding, "fetch", lambda url, etag: fetch(url, etag, seconds=0.3))
        partner.answer = lambda handler: handler.streams(b"[", 100, pause=0.05)
        made = run(unharmed)
        assert (made.outcome, "trop lent" in made.detail) == (Result.UNREACHABLE, True)

    def test_what_nobody_thought_of(self, unharmed, partner, monkeypatch):
        """Even after everything was written: it is one transaction."""
        partner.gives(entry(1, trade="fishmonger"), *map(entry, range(2, 8)))

        def breaks(*_):
            raise RuntimeError("secret")

        monkeypatch.setattr(feeding.withdrawing, "restore", breaks)
        made = run(unharmed)
        assert (made.outcome, made.detail) == (Result.FAILED, "Erreur imprévue : RuntimeError.")
        unharmed.refresh_from_db()
        monkeypatch.undo()

    @pytest.mark.parametrize(
        ("mapping", "why"),
        [
            ("[source", "at end of document"),
            (MAPPING.replace('"marche"', '"autre"'), "slug must be 'marche'"),
            (
                MAPPING + '\n[activities]\n"Pain" = { activities = ["bakeri"], kind = "shop" }',
                "the nearest is 'bakery'",
            ),
        ],
    )
    def test_a_wrong_mapping(self, unharmed, partner, mapping, why):
        unharmed.mapping = mapping
        partner.gives(*map(entry, range(1, 8)))
        made = run(unharmed)
        assert (made.outcome, why in made.detail) == (Result.REFUSED, True)

    def test_rows_that_break_are_told_one_by_one(self, feed, partner):
        deep = {"id": "m9", "trade": "bakery", "shop": {"name": json.loads("[" * 900 + "]" * 900), "city": "Vendôme"}}
        partner.gives(
            *map(entry, range(1, 6)),
            entry(6, trade=["bakery"] * 3),
            deep,
            "text",
            entry(10, shop={"name": "A" * 500, "city": "Vendôme"}),
            entry(11, shop={"name": "Le Four\0", "city": "Vendôme"}),
            entry(12, siret="123"),
            entry(13, shop={"name": "Loin", "city": "Marseille"}),
        )
        made = run(feed)
        assert [(row["line"], row["code"]) for row in made.rows] == [
            (7, "malformed_row"), (8, "malformed_row"), (9, "too_long"), (10, "malformed_row"),
            (11, "invalid_siret"), (12, "unknown_commune"),
        ]  # fmt: skip
        assert (made.read, made.totals["refused"], PointOfSale.objects.count()) == (12, 6, 6)


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
