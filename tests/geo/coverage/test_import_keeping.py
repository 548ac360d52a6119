"""What a file leaves out or has wrong: a commune is whole or unknown, and keeps what it had of that day."""

from __future__ import annotations

from datetime import date

import pytest

from geo.coverage.figures import editions
from geo.coverage.importing.errors import ImportFailure
from geo.coverage.importing.report import Outcome
from geo.gazetteer import gazetteer
from geo.models import CommuneFigures, CoverageFile
from tests.geo.coverage.files import (
    BLOIS,
    DAY,
    ITS_PART,
    OSMERY,
    SATELLITE,
    TECHNO,
    VENDOME,
    command,
    line,
    load,
    load_lines,
    refusal,
    refusals,
    snapshot,
    text_of,
    write,
)  # fmt: skip

pytestmark = pytest.mark.django_db


def stored():
    """The premises that stand, by the code of the file."""
    return dict(CommuneFigures.objects.values_list("code", "premises"))


def shown():
    """The premises that readers of the default edition are given, by commune of today."""
    known = editions()
    return {code: counts["ftth"].premises for code, counts in known.figures(known.default).communes.items()}


def many(besides=(), **cells):
    """Sound lines of twenty communes that never merged, so that one of them is 5 %."""
    simple = [entry.code for entry in gazetteer().entries if not entry.former_codes and entry.code not in besides]
    return [line(TECHNO, code, **cells) for code in simple[:20]]


class TestMerged:
    @pytest.mark.parametrize("order", [1, -1])
    @pytest.mark.parametrize(("sound", "spoilt"), [(OSMERY, ITS_PART), (ITS_PART, OSMERY)])
    def test_without_one_part_it_is_unknown(self, tmp_path, order, sound, spoilt):
        parts = [line(TECHNO, sound, 10), line(TECHNO, spoilt, "?")][::order]
        report = load_lines(tmp_path, TECHNO, *parts, line(TECHNO))
        bad, other = (3, 2) if order == 1 else (2, 3)
        found = {result.line: result for result in report.refused}
        assert {number: result.code for number, result in found.items()} == {bad: "bad_number", other: "incomplete"}
        assert found[other].message == f"{OSMERY} would be incomplete without line {bad}"
        assert report.read == 3 == sum(report.totals().values())
        assert shown() == {BLOIS: 100}
        assert OSMERY in {entry.code for entry in report.absent}
        file = CoverageFile.objects.get()
        assert (file.loaded, file.refused) == (1, 2)

    @pytest.mark.parametrize(
        ("cells", "code"),
        [
            ({"code_dep": "41"}, "bad_departement"),
            ({"code": f"{ITS_PART[:2]} {ITS_PART[2:]}"}, "bad_code"),
            ({"code": f"{ITS_PART}.0"}, "bad_code"),
            ({"nom_com": 'one;too many'}, "bad_shape"),
            ({"nom_com": '"one" quote'}, "bad_shape"),
            ({"day": "2024-12-31"}, "other_date"),
        ],
    )  # fmt: skip
    def test_whatever_is_wrong_with_the_part(self, tmp_path, cells, code):
        part = line(TECHNO, **({"code": ITS_PART, "code_dep": ITS_PART[:2]} | cells))
        report = load_lines(tmp_path, TECHNO, line(TECHNO, OSMERY), part, line(TECHNO))
        assert refusals(report) == [(2, "incomplete"), (3, code)]
        assert shown() == {BLOIS: 100}

    def test_a_second_line_of_a_part_leaves_it_whole(self, tmp_path):
        parts = [line(TECHNO, OSMERY, 10), line(TECHNO, ITS_PART, 10), line(TECHNO, ITS_PART, 11)]
        assert refusals(load_lines(tmp_path, TECHNO, *parts)) == [(4, "twice")]
        assert shown() == {OSMERY: 20}

    def test_parts_of_two_files_are_not_mixed(self, tmp_path):
        """The former file has both parts; of the new one, whose lines are sound, one part is wrong."""
        load(write(tmp_path, [line(TECHNO, OSMERY, 30), line(TECHNO, ITS_PART, 40)]))
        report = load_lines(tmp_path, TECHNO, line(TECHNO, OSMERY, 35), line(TECHNO, ITS_PART, "?"), line(TECHNO))
        assert shown() == {OSMERY: 70, BLOIS: 100}
        kept = f"; the figures of {OSMERY} are kept from commune_techno.csv"
        assert all(result.message.endswith(kept) for result in report.refused)
        assert len(report.refused) == 2

    def test_a_part_that_is_not_in_the_file_any_more_is_missed(self, tmp_path):
        parts = [line(TECHNO, OSMERY, 30), line(TECHNO, ITS_PART, 40)]
        load(write(tmp_path, [*many(), *parts]))
        path = write(tmp_path, [*many(), line(TECHNO, OSMERY, 70)])
        (report,) = load(path).reports
        assert refusal(report).code == "incomplete"
        assert f"incomplete without {ITS_PART}, of which commune_techno.csv has figures" in refusal(report).message
        assert shown()[OSMERY] == 70
        assert {OSMERY, ITS_PART} <= stored().keys()
        load(path, replace=True)
        assert stored()[OSMERY] == shown()[OSMERY] == 70
        assert ITS_PART not in stored()


class TestKept:
    @pytest.mark.parametrize("replace", [False, True])
    def test_a_refused_line_keeps_what_its_commune_had(self, tmp_path, replace):
        load(write(tmp_path, [line(TECHNO), line(TECHNO, VENDOME)], "first.csv"))
        path = write(tmp_path, [line(TECHNO, nbr=90), line(TECHNO, VENDOME, "?")], "second.csv")
        (report,) = load(path, replace=replace).reports
        assert stored() == {BLOIS: 90, VENDOME: 100}
        assert refusal(report).message.endswith(f"; the figures of {VENDOME} are kept from first.csv")
        assert (report.diff.changed, report.diff.removed, report.diff.unchanged) == ([BLOIS], [], 1)
        assert VENDOME not in {entry.code for entry in report.absent}
        assert report.kept == []
        before = snapshot()
        assert not load(path, replace=replace).wrote
        assert snapshot() == before

    def test_a_twentieth_that_is_absent_is_kept_and_listed(self, tmp_path):
        load(write(tmp_path, many(), "first.csv"))
        path = write(tmp_path, many(nbr=90)[1:], "second.csv")
        gone = gazetteer().commune(many()[0]["code_insee"])
        said = command("import_coverage", path)
        assert f"1 communes are not in this file, and kept from first.csv: {gone.name} ({gone.code})." in said
        assert stored()[gone.code] == 100
        assert sorted(stored().values()) == [90] * 19 + [100]
        assert "1,734 communes are unknown in this edition" in said
        assert "1 communes lose figures" in command("import_coverage", path, "--replace")
        assert gone.code not in stored()

    def test_a_file_that_lacks_more_is_refused_as_a_whole(self, tmp_path):
        load(write(tmp_path, many(), "first.csv"))
        before = snapshot()
        path = write(tmp_path, many(nbr=90)[2:], "second.csv")
        other = write(tmp_path, [line(SATELLITE)], "commune_debit.csv")
        for sure in (True, False):
            with pytest.raises(ImportFailure, match=r"second\.csv: it lacks 2 of the 20 .* first\.csv .*say --replace"):
                load(other, path, write=sure)
        assert snapshot() == before
        load(path, replace=True)
        assert list(stored().values()) == [90] * 18

    def test_what_is_wrong_is_not_what_is_absent(self, tmp_path):
        load(write(tmp_path, many()))
        load(write(tmp_path, [*many(nbr=90)[:10], *many(nbr="?")[10:]]))
        assert sorted(stored().values()) == [90] * 10 + [100] * 10


class TestLittle:
    WARNING = "THIS WILL NOT BE THE DEFAULT EDITION"

    def half(self, more=0):
        entries = gazetteer().entries
        return [line(TECHNO, entry.code) for entry in entries[: len(entries) // 2 + more]]

    def test_less_than_half_the_region_is_said_loudly(self, tmp_path):
        said = command("import_coverage", write(tmp_path, self.half(-1)))
        assert f"Warning: {self.WARNING}: that of 2025-12-31 covers less than half of the région's 1,754" in said

    def test_half_is_enough_and_the_editions_other_files_count(self, tmp_path):
        assert self.WARNING not in command("import_coverage", write(tmp_path, self.half()))
        wired = write(tmp_path, [line("commune_debit_filaire")], "commune_debit_filaire.csv")
        assert self.WARNING not in command("import_coverage", wired)

    def test_what_is_kept_counts(self, tmp_path):
        load(write(tmp_path, self.half()))
        faulty = [line(TECHNO, row["code_insee"], "?") for row in self.half()[1:]]
        said = command("import_coverage", write(tmp_path, [self.half()[0] | {"nbr": "90"}, *faulty]))
        assert "0 added, 1 changed, 0 removed" in said
        assert self.WARNING not in said
        assert editions().default.is_whole

    def test_radio_alone_is_not_the_default_however_whole(self, tmp_path):
        rows = [line("commune_debit_terrestre", entry.code) for entry in gazetteer().entries]
        said = command("import_coverage", write(tmp_path, rows, "commune_debit_terrestre.csv"))
        assert f"{self.WARNING}: that of 2025-12-31 has neither commune_debit_filaire nor commune_techno." in said


class TestCredit:
    HEADER = ("nb_locaux_fibre", "nb_locaux_cable", "nb_locaux_dsl", "nb_locaux_thd_radio", "nb_locaux_4g_fixe",
              "nb_locaux_hd_radio", "nb_locaux_satellite")  # fmt: skip

    @pytest.fixture
    def official(self, tmp_path):
        return write(tmp_path, [line(TECHNO), line(TECHNO, VENDOME)], "official.csv")

    def again(self, folder, nbr="100.0"):
        rows = [
            {"code_insee": code, "commune": "Xyzzy", "nb_locaux": nbr} | dict.fromkeys(self.HEADER, "10.0")
            for code in (BLOIS, VENDOME)
        ]
        path = folder / "again.csv"
        path.write_text(text_of(rows, ","))
        return path

    def load(self, *paths):
        return command("import_coverage", *paths, "--date", DAY)

    def credit(self):
        file = CoverageFile.objects.get()
        return file.name, "republié" in file.source

    def test_the_official_file_stays_cited(self, tmp_path, official):
        self.load(official)
        before = snapshot()
        said = self.load(self.again(tmp_path))
        assert "Same figures as official.csv, which is still cited: nothing is written for it." in said
        assert snapshot() == before
        assert "Nothing to write" in self.load(official)
        assert snapshot() == before

    def test_the_official_file_takes_the_credit(self, tmp_path, official):
        self.load(self.again(tmp_path))
        assert self.credit() == ("again.csv", True)
        rows = set(CommuneFigures.objects.values_list("pk", flat=True))
        assert "Written" in self.load(official)
        assert self.credit() == ("official.csv", False)
        assert set(CommuneFigures.objects.values_list("pk", flat=True)) == rows

    def test_equals_do_not_take_it_from_each_other(self, tmp_path, official):
        self.load(official)
        before = snapshot()
        self.load(write(tmp_path, [line(TECHNO, VENDOME), line(TECHNO)], "sorted.csv"))
        assert snapshot() == before

    def test_the_file_without_a_fault_takes_it_back(self, tmp_path, official):
        self.load(official)
        self.load(write(tmp_path, [line(TECHNO, nbr=90), line(TECHNO, VENDOME, "?")], "faulty.csv"))
        self.load(write(tmp_path, [line(TECHNO, nbr=90), line(TECHNO, VENDOME)], "sound.csv"))
        file = CoverageFile.objects.get()
        assert (file.name, file.loaded, file.refused) == ("sound.csv", 2, 0)

    def test_other_figures_published_anew_are_said_to_displace_the_official(self, tmp_path, official):
        self.load(official)
        said = self.load(self.again(tmp_path, "110.0"))
        assert "It was published anew, yet takes the place of the official official.csv." in said

    def test_two_files_with_the_same_figures_are_one(self, tmp_path, official):
        again = self.again(tmp_path)
        run = load(again, official, official, day=date.fromisoformat(DAY))
        assert [report.wrote for report in run.reports] == [True, False, False]
        assert [report.totals()[Outcome.LOADED] for report in run.reports] == [2, 2, 2]
        assert self.credit() == ("official.csv", False)

    def test_two_files_with_other_figures_are_refused_naming_both(self, tmp_path, official):
        again = self.again(tmp_path, "110.0")
        for files in ((official, again), (again, official)):
            with pytest.raises(ImportFailure) as failure:
                load(*files, day=date.fromisoformat(DAY))
            assert "official.csv and again.csv are both commune_techno of 2025-12-31" in str(failure.value)
            assert f"differ in 2 communes (the first is {BLOIS})" in str(failure.value)
        assert not CoverageFile.objects.exists()
