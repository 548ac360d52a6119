"""`import_copper`: who closes when, line by line."""

from __future__ import annotations

from datetime import date

import pytest

from geo.coverage.demo import seed_coverage
from geo.coverage.importing.copper import import_copper
from geo.coverage.importing.errors import ImportFailure
from geo.coverage.importing.report import Outcome
from geo.models import CopperClosure, Edition
from tests.geo.coverage.files import BLOIS, ITS_PART, VENDOME, command, refusals, snapshot

pytestmark = pytest.mark.django_db
HEADER = "code_insee;lot;date_fermeture_commerciale;date_fermeture_technique"
TECHNICAL = date(2028, 1, 31)


@pytest.fixture
def write(tmp_path):
    def write_file(*lines: str, header: str = HEADER):
        path = tmp_path / "lots.csv"
        path.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
        return path

    return write_file


def load(path, **options):
    return import_copper(path, write=True, **options)


def stored():
    return {
        code: tuple(values)
        for code, *values in CopperClosure.objects.values_list("code", "lot", "commercial_on", "technical_on")
    }


@pytest.mark.parametrize(
    "header",
    [
        HEADER,
        "Code INSEE,N° lot,Fermeture commerciale,Fermeture technique",
        "\ufeffCODE_COMMUNE;Numéro de lot;Date de fermeture commerciale;Date de fermeture technique",
        "insee_com;LOT;Commercial;Technical",
    ],
)
@pytest.mark.parametrize("day", ["2028-01-31", "31/01/2028"])
def test_several_spellings_of_columns_and_days(write, header, day):
    delimiter = "," if "," in header else ";"
    report = load(write(delimiter.join([BLOIS, "Lot 3", "", day]), header=header))
    assert report.totals()[Outcome.LOADED] == 1
    assert stored() == {BLOIS: ("Lot 3", None, TECHNICAL)}


def test_columns_in_any_order_and_no_lot(write):
    load(write(f"31/01/2028;x;{BLOIS};30/01/2026", header="Fermeture technique;nom;INSEE;Fermeture commerciale"))
    assert stored() == {BLOIS: ("", date(2026, 1, 30), TECHNICAL)}


@pytest.mark.parametrize(
    ("header", "why"),
    [
        ("commune;fermeture technique", "no column of the INSEE code"),
        ("code_insee;fermeture commerciale", "no column of the technical closure among: code_insee, fermeture"),
    ],
)
def test_a_file_without_the_columns_is_refused(write, header, why):
    with pytest.raises(ImportFailure, match=why):
        load(write("41018;2028-01-31", header=header))


def test_lines_are_refused_one_by_one(write):
    report = load(
        write(
            f"{BLOIS};1;2026-01-31;2028-01-31",
            "41999;1;;2028-01-31",
            f"{VENDOME};1;31/02/2026;2028-01-31",
            f"{VENDOME};1;2026-01-31;2026-01-30",
            f"{VENDOME};1;;",
            f"{VENDOME};1;;2028-01",
            f"{VENDOME};{'x' * 41};;2028-01-31",
            f"{BLOIS};2;;2029-01-31",
            f"{VENDOME};1;;2028-01-31;",
            "4101;1;;2028-01-31",
            "75056;1;;2028-01-31",
            f"{VENDOME};1;2028-01-31;2028-01-31",
        )
    )
    assert refusals(report) == [
        (3, "unknown_commune"), (4, "bad_date"), (5, "technical_first"), (6, "no_date"), (7, "bad_date"),
        (8, "long_lot"), (9, "twice"), (10, "bad_shape"),
    ]  # fmt: skip
    assert [line.line for line in report.lines if line.outcome is Outcome.OUTSIDE] == [11, 12]
    assert report.read == 12 == sum(report.totals().values())
    assert stored() == {BLOIS: ("1", date(2026, 1, 31), TECHNICAL), VENDOME: ("1", TECHNICAL, TECHNICAL)}


def test_a_former_commune_keeps_its_code_and_is_noted(write):
    report = load(write(f"{ITS_PART};1;;2028-01-31"))
    assert [(line.code, "18173" in line.message) for line in report.lines] == [("former_commune", True)]
    assert stored().keys() == {ITS_PART}


def test_the_same_file_twice_changes_nothing(write, announced):
    path = write(f"{BLOIS};1;;2028-01-31", f"{VENDOME};1;;2028-01-31")
    load(path)
    before = snapshot()
    report = load(path)
    assert (report.wrote, report.diff.unchanged, report.kept) == (False, 2, 0)
    assert announced == [2]
    assert snapshot() == before


@pytest.mark.parametrize("replace", [False, True])
def test_what_the_next_file_lacks_is_kept_unless_it_replaces(write, replace):
    load(write(f"{BLOIS};1;;2028-01-31", f"{VENDOME};1;;2028-01-31"))
    report = load(write(f"{BLOIS};2;;2028-01-31"), replace=replace)
    assert (report.diff.changed, report.diff.removed) == ([BLOIS], [VENDOME] if replace else [])
    assert report.kept == (0 if replace else 1)
    assert {code: lot for code, (lot, *_) in stored().items()} == {BLOIS: "2"} | ({} if replace else {VENDOME: "1"})


def test_a_dry_run_writes_nothing(write):
    load(write(f"{VENDOME};1;;2028-01-31"))
    before = snapshot()
    report = import_copper(write(f"{BLOIS};1;;2028-01-31"), write=False, replace=True)
    assert (report.diff.added, report.diff.removed, report.wrote) == ([BLOIS], [VENDOME], True)
    assert snapshot() == before


def test_the_first_real_closures_take_invented_ones_away_and_leave_invented_figures(write):
    seed_coverage(1)
    invented = CopperClosure.objects.filter(demo=True).count()
    assert invented
    report = load(write(f"{BLOIS};1;;2028-01-31"))
    assert report.demo == invented
    assert (stored().keys(), report.kept) == ({BLOIS}, 0)
    assert not CopperClosure.objects.get().demo
    assert Edition.objects.filter(demo=True).exists()


def test_a_file_without_a_line_of_the_region_takes_nothing_away(write):
    seed_coverage(1)
    load(write(f"{BLOIS};1;;2028-01-31"))
    before = snapshot()
    report = load(write("75056;1;;2028-01-31"), replace=True)
    assert (report.wrote, len(report.warnings)) == (False, 1)
    assert snapshot() == before


def test_what_a_person_reads(write, tmp_path):
    lines = (f"{BLOIS};1;;2028-01-31", "=1+1;1;;2028-01-31")
    said = command("import_copper", write(*lines), "--dry-run", "--source", "XP Fibre")
    assert "lots.csv: 2 lines read = 1 loaded + 1 refused + 0 outside + 0 skipped" in said
    assert "line 3  =1+1  bad_code: '=1+1' is no INSEE code" in said
    assert "Changes: 1 added, 0 changed, 0 removed, 0 unchanged" in said
    assert "run the same command without --dry-run" in said.splitlines()[-1]
    said = command("import_copper", write(*lines), "--source", "XP Fibre", "--report", tmp_path / "report.csv")
    assert said.splitlines()[-1].startswith("Written, in one transaction")
    assert CopperClosure.objects.get().source == "XP Fibre"
    assert "lots.csv;3;refused;bad_code" in (tmp_path / "report.csv").read_text("utf-8-sig")
    assert ";'=1+1\n" in (tmp_path / "report.csv").read_text("utf-8-sig")
    said = command("import_copper", write(f"{VENDOME};1;;2028-01-31"))
    assert "1 communes are not in the file and were kept; --replace forgets them." in said
