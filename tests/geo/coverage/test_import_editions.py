"""What an import makes of the editions that stand: a diff, in one transaction, the same file twice nothing."""

from __future__ import annotations

from datetime import date

import psycopg
import pytest
from django.db import connection

from geo.coverage.changed import LOCK
from geo.coverage.demo import seed_coverage
from geo.coverage.figures import editions
from geo.coverage.importing import writing
from geo.coverage.importing.errors import Busy, ImportFailure
from geo.models import CommuneFigures, CopperClosure, CoverageFile, Edition, Zone
from tests.geo.coverage.files import (
    BLOIS,
    DAY,
    ITS_PART,
    OSMERY,
    SATELLITE,
    TECHNO,
    VENDOME,
    WIRED,
    line,
    load,
    snapshot,
    write,
)  # fmt: skip

pytestmark = pytest.mark.django_db


def test_the_same_file_twice_changes_nothing(tmp_path, announced):
    path = write(tmp_path, [line(TECHNO), line(TECHNO, VENDOME, nbr="?"), line(TECHNO, ITS_PART)])
    assert load(path).wrote
    before = snapshot()
    again = load(path)
    assert not again.wrote
    assert str(again.reports[0].diff) == "0 added, 0 changed, 0 removed, 2 unchanged"
    assert snapshot() == before
    assert announced == [2]
    file = CoverageFile.objects.get()
    assert (file.loaded, file.refused, file.edition.date) == (2, 1, date.fromisoformat(DAY))
    assert (file.source, file.licence) == ("ARCEP, Ma connexion internet", "Licence Ouverte 2.0")


def test_a_corrected_file_changes_what_differs(tmp_path, announced):
    load(write(tmp_path, [line(TECHNO), line(TECHNO, VENDOME), line(TECHNO, ITS_PART)]))
    kept = CommuneFigures.objects.get(code=BLOIS)
    corrected = write(tmp_path, [line(TECHNO), line(TECHNO, VENDOME, elig_ftth=11), line(TECHNO, OSMERY)])
    (report,) = load(corrected, replace=True).reports
    diff = report.diff
    assert (diff.added, diff.changed, diff.removed, diff.unchanged) == ([OSMERY], [VENDOME], [ITS_PART], 1)
    assert "1 communes lose figures" in report.warnings[0]
    stored = dict(CommuneFigures.objects.values_list("code", "eligible"))
    assert {code: eligible["ftth"] for code, eligible in stored.items()} == {BLOIS: 10, VENDOME: 11, OSMERY: 10}
    assert CommuneFigures.objects.get(code=BLOIS).pk == kept.pk
    assert announced == [3, 3]


def test_layouts_of_a_day_are_one_edition_and_days_stand_side_by_side(tmp_path):
    load(
        write(tmp_path, [line(TECHNO)], "commune_techno.csv"),
        write(tmp_path, [line(WIRED)], "commune_debit_filaire.csv"),
        write(tmp_path, [line(TECHNO, day="2025-09-30")], "techno-t3.csv"),
    )
    assert [(str(entry.date), set(entry.layouts)) for entry in editions().entries] == [
        (DAY, {TECHNO, WIRED}),
        ("2025-09-30", {TECHNO}),
    ]


def test_a_dry_run_says_the_same_and_writes_nothing(tmp_path, announced):
    seed_coverage(1)
    announced.clear()
    before = snapshot()
    path = write(tmp_path, [line(TECHNO), line(TECHNO, VENDOME, nbr="?")])
    planned = load(path, write=False)
    assert snapshot() == before
    assert announced == []
    done = load(path)
    assert planned.wrote
    assert (planned.demo, planned.reports) == (done.demo, done.reports)


def test_a_second_file_that_is_none_leaves_nothing_of_the_first(tmp_path):
    sound = write(tmp_path, [line(TECHNO)], "commune_techno.csv")
    other = tmp_path / "other.csv"
    other.write_text("a;b\n1;2\n")
    before = snapshot()
    with pytest.raises(ImportFailure) as failure:
        load(sound, other, tmp_path / "none.csv")
    assert "other.csv: no column" in str(failure.value)
    assert "none.csv: the file cannot be read" in str(failure.value)
    assert snapshot() == before


def test_a_failure_while_the_second_is_written_leaves_nothing_of_the_first(tmp_path, monkeypatch):
    files = [write(tmp_path, [line(layout)], f"{layout}.csv") for layout in (TECHNO, WIRED)]
    before, writes = snapshot(), writing.Standing.write

    def broken(self, *arguments):
        writes(self, *arguments)
        if self.layout == WIRED:
            raise RuntimeError("the disk is full")

    monkeypatch.setattr(writing.Standing, "write", broken)
    with pytest.raises(RuntimeError):
        load(*files)
    assert snapshot() == before


def test_a_file_without_a_line_of_the_region_takes_nothing_away(tmp_path):
    seed_coverage(1)
    load(write(tmp_path, [line(SATELLITE)], "commune_debit.csv"))
    before = snapshot()
    run = load(
        write(tmp_path, [line(SATELLITE, "75056")], "commune_debit.csv"), write(tmp_path, [line(TECHNO, "75056")])
    )
    assert not run.wrote
    assert [report.warnings[-1] for report in run.reports] == [
        "No line of it can be loaded: nothing is written for this file."
    ] * 2
    assert [report.absent for report in run.reports] == [[], []]
    assert snapshot() == before


class TestDemonstration:
    @pytest.fixture(autouse=True)
    def _seeded(self):
        seed_coverage(1)
        assert Edition.objects.filter(demo=True).count() == 2

    def test_the_first_real_figures_take_it_away(self, tmp_path):
        run = load(write(tmp_path, [line(TECHNO)]))
        assert run.demo
        assert not any(model.objects.filter(demo=True).exists() for model in (Edition, CopperClosure))
        assert not Zone.objects.filter(file__demo=True).exists()
        assert str(editions().default.date) == DAY
        assert load(write(tmp_path, [line(TECHNO)])).demo == 0

    @pytest.mark.parametrize("layout", [TECHNO, SATELLITE])
    def test_real_figures_of_its_own_day_are_real(self, tmp_path, layout):
        day = Edition.objects.first().date
        load(write(tmp_path, [line(layout, day=day)], f"{layout}.csv"))
        edition = Edition.objects.get(date=day)
        assert not edition.demo
        assert [file.layout for file in edition.files.all()] == [layout]

    def test_satellite_alone_leaves_it_and_is_not_the_default(self, tmp_path):
        run = load(write(tmp_path, [line(SATELLITE)], "commune_debit.csv"))
        assert run.demo == 0
        assert Edition.objects.filter(demo=True).count() == 2
        assert not editions().entries[0].is_judged
        assert editions().default.demo

    def test_a_file_of_its_day_without_a_line_of_the_region_leaves_it(self, tmp_path):
        day = Edition.objects.first().date
        assert not load(write(tmp_path, [line(SATELLITE, "75056", day=day)], "commune_debit.csv")).wrote
        assert Edition.objects.filter(demo=True).count() == 2


@pytest.mark.django_db(transaction=True)
def test_two_imports_at_once_are_not_mixed(tmp_path):
    path = write(tmp_path, [line(TECHNO)])
    with psycopg.connect(**_parameters()) as other:
        other.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        with pytest.raises(Busy, match="Another import of coverage is running"):
            load(path)
    assert load(path).wrote


def _parameters():
    found = connection.get_connection_params()
    return {name: found[name] for name in ("host", "port", "dbname", "user") if found.get(name)}
