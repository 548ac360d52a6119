"""The 821 establishments of the région that Alim'confiance published: every one is accounted for."""

from __future__ import annotations

import csv

import pytest
from django.db import connection

from directory.importing import Outcome, run_import
from directory.importing.people import public_name
from directory.indexing import entries_out_of_step
from directory.models import Merchant, PointOfSale, SearchEntry, SourceRecord

pytestmark = pytest.mark.django_db


@pytest.fixture
def real_file(sample_data):
    return sample_data / "merchants" / "alimconfiance-cvl.csv"


def test_every_row_is_accounted_for_and_the_second_run_writes_nothing(real_file, capsys):
    first = run_import(real_file, "alimconfiance", True)
    with capsys.disabled():
        reasons = ", ".join(f"{outcome} {code} {count}" for (outcome, code), count in first.reasons().items())
        print(f"\nalimconfiance-cvl.csv: {reasons}")  # noqa: T201
    assert first.read == len(first.rows) == 821
    assert [row.line for row in first.rows] == list(range(2, 823))
    assert first.reasons() == {
        (Outcome.WRITTEN, "added"): 488,
        (Outcome.HELD, "natural_person"): 67,
        (Outcome.HELD, "duplicate"): 2,
        (Outcome.HELD, "unknown_activity"): 1,
        (Outcome.REFUSED, "not_a_shop"): 259,
        (Outcome.REFUSED, "no_name"): 4,
    }
    assert SearchEntry.objects.count() == PointOfSale.objects.filter(status="published").count() == 488
    assert PointOfSale.objects.filter(status="draft").count() == 70
    assert SourceRecord.objects.count() == 558
    assert entries_out_of_step() == 0
    assert not SearchEntry.objects.filter(merchant__in=Merchant.objects.filter(natural_person=True)).exists()

    before = last_writes()
    second = run_import(real_file, "alimconfiance", True)
    assert last_writes() == before
    assert second.totals() == {
        Outcome.WRITTEN: 0, Outcome.UNCHANGED: 488, Outcome.HELD: 70, Outcome.SKIPPED: 0, Outcome.REFUSED: 263,
    }  # fmt: skip
    assert second.absent == []


def last_writes() -> list[tuple[int, int]]:
    """For each table that an import writes: how many rows, and a sum that moves with any write. But for records, which
    say when the list last named them."""
    tables = ("merchant", "pointofsale", "pointofsale_activities", "offer", "source", "search_entry")
    found = []
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"SELECT count(*), sum(hashtext(ctid::text || xmin::text)::bigint) FROM directory_{table}")
            found.append(cursor.fetchone())
    return found


def test_what_is_written_is_sound(real_file):
    run_import(real_file, "alimconfiance", True)
    for place in PointOfSale.objects.select_related("merchant"):
        place.full_clean(validate_unique=False)
        place.merchant.full_clean(validate_unique=False)
        assert place.pin is not None
        assert place.activities.exists() or "unknown_activity" in place.reviews


# Read by hand among the 558 rows that are not refused: who else is a natural person (or may be one).
MISSED = {"PIZZERIA LE RELAIS FLEURY IRRMANN JEAN-LUC", "CHUEN FONG"}
# … and which of the held ones are perhaps a company's or a trade name all the same.
UNSURE = {"YOUSFI ZERGUINE", "CHEA CHENG", "GULTEKIN ASKER", "STANISLAS RODOLPHE", "DAVID ET ALAIN MARTIGNON"}


def test_natural_persons_found_in_the_real_file(real_file):
    """Precision and recall of the detection, against the reading by hand (docs/importing.md has the figures)."""
    report = run_import(real_file, "alimconfiance", False)
    taken = {row.line for row in report.rows if row.outcome is not Outcome.REFUSED}
    with real_file.open(encoding="utf-8", newline="") as file:
        names = [row["nom"] for line, row in enumerate(csv.DictReader(file, delimiter=";"), 2) if line in taken]
    found = {name for name in names if public_name(name).natural_person}
    assert len(found) == 67
    assert found >= UNSURE
    assert not found & MISSED
    assert set(names) >= MISSED
