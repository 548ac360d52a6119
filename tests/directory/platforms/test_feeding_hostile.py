"""Lists that break, lie or fail: told row by row, or refused whole, and the catalogue unchanged."""

from __future__ import annotations

import json

import pytest

from directory.models import FeedRun, PointOfSale, SourceRecord
from directory.platforms import feeding
from directory.platforms.feeding import run
from directory.platforms.fetching import fetch
from tests.directory.importing.conftest import versions
from tests.directory.platforms.partner import MAPPING, entry

pytestmark = pytest.mark.django_db
Result = FeedRun.Outcome
Status = PointOfSale.Status


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
