"""The real files of ARCEP, to the unit."""

from __future__ import annotations

import csv
from collections import Counter
from datetime import date
from itertools import permutations

import pytest

from geo.coverage.figures import editions
from geo.coverage.importing.report import Outcome
from geo.gazetteer import gazetteer
from geo.models import CommuneFigures, CoverageFile, Edition
from tests.geo.coverage.files import SATELLITE, TECHNO, command, load, snapshot

pytestmark = pytest.mark.django_db
DEBIT, TECHNOLOGIES, REPUBLISHED = "commune_debit-2022T4-cvl.csv", "commune_techno-2024-cvl.csv", "techno-2024-cvl.csv"
D2022, D2024 = date(2022, 12, 31), date(2024, 12, 31)
MERGED = {"18131": "18173", "28025": "28319", "28276": "28319"}


def rows_of(path):
    text = path.read_text("utf-8-sig")
    return list(csv.DictReader(text.splitlines(), delimiter=";" if text.startswith("code_insee;") else ","))


def sums(path, column):
    """The file's own sums by the first two digits of its codes, by another reader than ours."""
    found = Counter()
    for row in rows_of(path):
        found[row["code_insee"][:2]] += int(float(row[column] or 0))
    return dict(found)


@pytest.fixture
def arcep(sample_data):
    return sample_data / "arcep"


@pytest.mark.parametrize(
    ("name", "layout", "day", "premises", "columns"),
    [
        (DEBIT, SATELLITE, D2022, "nbr", {"elig_thd100": "satellite_100", "elig_bhd8": "satellite_8"}),
        (TECHNOLOGIES, TECHNO, D2024, "nbr", {"elig_ftth": "ftth", "elig_cu": "copper", "elig_sat": "satellite"}),
        (REPUBLISHED, TECHNO, D2024, "nb_locaux", {"nb_locaux_fibre": "ftth", "nb_locaux_dsl": "copper"}),
    ],
)
def test_every_line_and_every_total_is_the_files_own(arcep, name, layout, day, premises, columns):
    (report,) = load(arcep / name, day=D2024).reports
    assert (report.layout, report.day, report.read) == (layout, day, 1757)
    assert report.totals() == {Outcome.LOADED: 1757, Outcome.REFUSED: 0, Outcome.OUTSIDE: 0, Outcome.SKIPPED: 0}
    assert {code: total for code, (_, total) in report.departements.items()} == sums(arcep / name, premises)
    assert sum(lines for lines, _ in report.departements.values()) == 1757
    assert report.absent == []
    known = editions()
    rolled = known.figures(known.find(day)).by("departement")
    for column, indicator in columns.items():
        assert {code: counts[indicator].eligible for code, counts in rolled.items()} == sums(arcep / name, column)
        assert {code: counts[indicator].premises for code, counts in rolled.items()} == sums(arcep / name, premises)


def test_former_communes_land_in_their_successors(arcep):
    (report,) = load(arcep / TECHNOLOGIES).reports
    notes = {line.commune: line.message for line in report.lines if line.code == "former_commune"}
    assert notes == {
        former: f"part of {heir} ({gazetteer().commune(heir).name}), and counted there"
        for former, heir in MERGED.items()
    }
    assert set(CommuneFigures.objects.filter(code__in=MERGED).values_list("code", flat=True)) == set(MERGED)
    known = editions()
    communes = known.figures(known.default).communes
    own = {row["code_insee"]: (int(row["elig_ftth"]), int(row["nbr"])) for row in rows_of(arcep / TECHNOLOGIES)}
    for heir in set(MERGED.values()):
        parts = [heir, *(former for former, into in MERGED.items() if into == heir)]
        ftth = communes[heir]["ftth"]
        assert (ftth.eligible, ftth.premises) == tuple(map(sum, zip(*(own[code] for code in parts), strict=True)))
    assert len(communes) == 1754
    assert not MERGED.keys() & communes.keys()


@pytest.mark.parametrize("order", list(permutations([DEBIT, TECHNOLOGIES, REPUBLISHED])), ids=str)
@pytest.mark.parametrize("at_once", [True, False])
def test_all_three_load_in_any_order_and_the_official_file_is_cited(arcep, order, at_once):
    paths = [arcep / name for name in order]
    for given in [paths] if at_once else [[path] for path in paths]:
        command("import_coverage", *given, "--date", D2024)
    cited = {file.name: (str(file.edition), file.source, file.loaded) for file in CoverageFile.objects.all()}
    assert cited == {
        DEBIT: ("2022-12-31", "ARCEP, Ma connexion internet", 1757),
        TECHNOLOGIES: ("2024-12-31", "ARCEP, Ma connexion internet", 1757),
    }
    assert CommuneFigures.objects.count() == 2 * 1757
    before = snapshot()
    assert "Nothing to write" in command("import_coverage", *reversed(paths), "--date", D2024)
    assert snapshot() == before


def test_a_folder_of_all_three_loads(arcep):
    said = command("import_coverage", arcep, "--date", D2024)
    assert said.count("1,757 lines read = 1,757 loaded + 0 refused") == 3
    assert f"Same figures as {TECHNOLOGIES}" in said


def test_a_merged_commune_is_never_shown_as_whole_from_a_part(arcep, tmp_path):
    text = (arcep / TECHNOLOGIES).read_text("utf-8-sig")
    lines = text.splitlines()
    bad = next(number for number, line in enumerate(lines) if line.startswith("28276;"))
    cells = lines[bad].split(";")
    lines[bad] = ";".join([*cells[:4], "?", *cells[5:]])
    path = tmp_path / TECHNOLOGIES
    path.write_text("\n".join(lines))
    (report,) = load(path).reports
    assert {line.commune: line.code for line in report.refused} == {
        "28276": "bad_number", "28025": "incomplete", "28319": "incomplete",
    }  # fmt: skip
    assert f"28319 would be incomplete without line {bad + 1}" in {line.message for line in report.refused}
    known = editions()
    communes = known.figures(known.default).communes
    assert len(communes) == 1753
    assert "28319" not in communes


def test_files_of_two_editions_stand_side_by_side_and_satellite_is_not_the_default(arcep):
    load(arcep / DEBIT, arcep / TECHNOLOGIES)
    assert [(entry.date, entry.layouts) for entry in editions().entries] == [(D2024, (TECHNO,)), (D2022, (SATELLITE,))]
    assert editions().default.date == D2024


def test_samples_of_other_regions_are_read_and_left_out(arcep):
    reports = load(arcep / "samples").reports
    assert [(report.layout, str(report.day), report.read) for report in reports] == [
        ("commune_debit_filaire", "2026-03-31", 6),
        ("commune_techno", "2026-03-31", 6),
    ]
    for report in reports:
        assert report.totals()[Outcome.OUTSIDE] == 6
        assert [line.commune for line in report.lines] == ["75056", "2A004", "97611", "83042", "29019", "40101"]
    assert not Edition.objects.exists()
