"""`manage.py import_coverage`: what a person reads."""

from __future__ import annotations

import csv

import pytest
from django.core.management import CommandError

from geo.coverage.demo import seed_coverage
from geo.gazetteer import gazetteer
from geo.models import CoverageFile
from tests.geo.coverage.files import ITS_PART, OSMERY, SATELLITE, TECHNO, VENDOME, command, line, write

pytestmark = pytest.mark.django_db


def test_a_dry_run_then_the_import_then_nothing(tmp_path):
    path = write(tmp_path, [line(TECHNO), line(TECHNO, VENDOME, elig_ftth=101), line(TECHNO, "75056")])
    said = command("import_coverage", path, "--dry-run")
    assert "(commune_techno of 2025-12-31): 3 lines read = 1 loaded + 1 refused + 1 outside + 0 skipped" in said
    assert f"line 3  {VENDOME}  above_whole: elig_ftth (101) is above nbr (100)" in said
    assert "41 Loir-et-Cher      1       100" in said
    assert "1,753 communes are unknown in this edition: " in said
    assert " and 1,743 more." in said
    assert "Nothing was written: this was a dry run" in said.splitlines()[-1]
    assert not CoverageFile.objects.exists()
    assert command("import_coverage", path).splitlines()[-1].startswith("Written, in one transaction")
    assert command("import_coverage", path).splitlines()[-1].startswith("Nothing to write")


def test_a_former_commune_the_demonstration_and_satellite_are_said(tmp_path):
    seed_coverage(1)
    folder = tmp_path / "edition"
    folder.mkdir()
    write(folder, [line(TECHNO, OSMERY), line(TECHNO, ITS_PART)])
    write(folder, [line(SATELLITE, OSMERY)], "commune_debit.csv")
    said = command("import_coverage", folder)
    assert f"line 3  {ITS_PART} is part of {OSMERY} ({gazetteer().commune(OSMERY).name})" in said
    assert "Warning: commune_debit counts satellite" in said
    assert "load commune_debit_filaire or commune_techno" in said
    assert "What was invented goes" in said


def test_only_the_first_refused_are_shown_and_the_report_has_every_line(tmp_path):
    codes = [entry.code for entry in gazetteer().entries[:30]]
    rows = [line(TECHNO, code, nbr="?") for code in codes]
    path = write(tmp_path, [*rows, line(TECHNO, "=1+1"), line(TECHNO)])
    said = command("import_coverage", path, "--report", tmp_path / "report.csv")
    assert said.count("bad_number: ") == 20
    assert "… and 11 more; --report FILE.csv lists every line." in said
    with (tmp_path / "report.csv").open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.DictReader(file, delimiter=";"))
    assert [int(row["line"]) for row in lines] == list(range(2, 34))
    assert {row["file"] for row in lines} == {"commune_techno.csv"}
    assert (lines[30]["commune"], lines[31]["outcome"]) == ("'=1+1", "loaded")


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        ([], "Give a FILE, or --download"),
        (["none.csv"], "cannot be read"),
        (["none.csv", "--report", "/nowhere/report.csv"], "there is no such folder"),
        (["none.csv", "--date", "soon"], "'soon' is no day such as"),
        (["none.csv", "--layout", "commune_x"], "invalid choice"),
        (["--download", "commune_x"], "invalid choice"),
    ],
)
def test_an_order_that_cannot_be_followed(arguments, why):
    with pytest.raises(CommandError, match=why):
        command("import_coverage", *arguments)
