"""Lines that cannot be taken: refused one by one, while the rest is loaded."""

from __future__ import annotations

import pytest

from geo.coverage.importing import communes
from geo.coverage.importing.errors import ImportFailure
from geo.coverage.importing.report import Outcome
from geo.gazetteer import Gazetteer, gazetteer
from geo.models import CommuneFigures
from tests.geo.coverage.files import (
    BLOIS,
    OSMERY,
    TECHNO,
    VENDOME,
    WIRED,
    line,
    load,
    load_lines,
    refusal,
    refusals,
    write,
)  # fmt: skip

pytestmark = pytest.mark.django_db


def refusal_messages(report):
    return [refused.message for refused in report.refused]


def spoilt(folder, layout, **cells):
    """Why a line with these cells is refused; the sound line below it is loaded."""
    report = load_lines(folder, layout, line(layout, **cells), line(layout, VENDOME))
    assert CommuneFigures.objects.filter(code=VENDOME).count() == 1
    assert report.totals()[Outcome.LOADED] == 1
    refused = refusal(report)
    assert refused.line == 2
    return refused.code, refused.message


NO_NUMBERS = ("", "-1", "1.5", "10.0", "1e2", "ten", "NaN", "inf", "１２", "1 000", "9999999999")


@pytest.mark.parametrize("column", ["nbr", "elig_ftth"])
def test_what_is_no_whole_number_from_nought(tmp_path, column):
    codes = [entry.code for entry in gazetteer().entries]
    lines = [line(TECHNO, code, **{column: value}) for code, value in zip(codes, NO_NUMBERS, strict=False)]
    report = load_lines(tmp_path, TECHNO, *lines, line(TECHNO, codes[-1]))
    assert report.totals()[Outcome.LOADED] == 1
    assert refusals(report) == [(2 + number, "bad_number") for number in range(len(NO_NUMBERS))]
    for value, message in zip(NO_NUMBERS, refusal_messages(report), strict=True):
        assert message.startswith(f"{column} is '{value}': a whole number")


@pytest.mark.parametrize(
    ("layout", "cells", "code", "said"),
    [
        (TECHNO, {"elig_sat": 101}, "above_whole", "elig_sat (101) is above nbr (100)"),
        (WIRED, {"elig_hd05": 101}, "above_whole", "elig_hd05 (101) is above nbr (100)"),
        (WIRED, {"inel_hd": 91}, "above_whole", "inel_hd (91) and elig_hd05 (10) exceed nbr (100)"),
        (WIRED, {"elig_hd05": 9}, "not_cumulative", "elig_hd3 (10) is above elig_hd05 (9), which counts it too"),
        (WIRED, {"elig_thd1g": 11}, "not_cumulative", "elig_thd1g (11) is above elig_thd100 (10)"),
        (TECHNO, {"day": "2024-12-31"}, "other_date", "'2024-12-31', the file of 2025-12-31"),
        (TECHNO, {"day": ""}, "other_date", "''"),
        (TECHNO, {"code": "41999"}, "unknown_commune", "no commune of the région has, or had, the code 41999"),
        (TECHNO, {"code": "41999", "nom_com": "Vendome"}, "unknown_commune", "41999; Vendôme is 41269"),
        (TECHNO, {"code": "41 018"}, "bad_code", "'41 018' is no INSEE code"),
        (TECHNO, {"code": "41018.0"}, "bad_code", "'41018.0'"),
        (TECHNO, {"code": "2C004"}, "bad_code", "'2C004'"),
        (TECHNO, {"code": "018"}, "bad_code", "'018'"),
        (TECHNO, {"code": ""}, "bad_code", "''"),
        (TECHNO, {"code": "\x1b[31m41018"}, "bad_code", "'[31m41018'"),
        (TECHNO, {"code": "75056", "code_dep": "41"}, "bad_departement", "75056 is no code of the département '41'"),
        (TECHNO, {"code_dep": "37"}, "bad_departement", "41018 is no code of the département '37'"),
    ],
)  # fmt: skip
def test_what_cannot_be(tmp_path, layout, cells, code, said):
    if layout == TECHNO and "day" in cells:  # so that the file's day is that of most
        path = write(tmp_path, [line(TECHNO, **cells), line(TECHNO, VENDOME), line(TECHNO, OSMERY)])
        refused = refusal(load(path).reports[0])
        assert (refused.code, refused.line) == (code, 2)
        assert said in refused.message
        return
    found, message = spoilt(tmp_path, layout, **cells)
    assert found == code
    assert said in message


def test_counts_that_just_hold_are_taken(tmp_path):
    report = load_lines(
        tmp_path, WIRED,
        line(WIRED, inel_hd=90),
        line(WIRED, VENDOME, elig_hd05=100, elig_hd3=100),
        line(WIRED, OSMERY, 0, **dict.fromkeys(line(WIRED).keys() & {"elig_hd05", "elig_hd3", "elig_bhd8", "elig_thd30",
                                                                    "elig_thd100", "elig_thd1g"}, 0)),
    )  # fmt: skip
    assert report.totals()[Outcome.LOADED] == 3


def test_a_line_of_another_shape_is_refused_and_blank_lines_are_none(tmp_path):
    path = write(tmp_path, [line(TECHNO), line(TECHNO, VENDOME), line(TECHNO, OSMERY)])
    head, first, second, third = path.read_text().splitlines()
    path.write_text("\n".join([head, first + ";", "", second.rpartition(";")[0], ";" * 13, third]))
    (report,) = load(path).reports
    assert refusals(report) == [(2, "bad_shape"), (4, "bad_shape")]
    assert report.read == 3
    assert refusal_messages(report) == ["15 columns where the header has 14", "13 columns where the header has 14"]


def test_the_second_line_of_a_commune_is_refused(tmp_path):
    report = load_lines(tmp_path, TECHNO, line(TECHNO, nbr=50), line(TECHNO, nbr=60))
    assert refusals(report) == [(3, "twice")]
    assert "stands on line 2" in refusal(report).message
    assert CommuneFigures.objects.get().premises == 50


def test_after_a_refused_line_a_sound_one_of_the_commune_is_taken(tmp_path):
    report = load_lines(tmp_path, TECHNO, line(TECHNO, nbr="?"), line(TECHNO, nbr=60))
    assert refusals(report) == [(2, "bad_number")]
    assert CommuneFigures.objects.get().premises == 60


def test_a_code_that_lost_its_zero_is_of_another_region_or_refused(tmp_path, settings):
    report = load_lines(tmp_path, TECHNO, line(TECHNO, "1001", code_dep="1"), line(TECHNO))
    assert [result.outcome for result in report.lines] == [Outcome.OUTSIDE, Outcome.LOADED]
    settings.REGION = settings.REGION | {"departements": ["01", "41"]}
    report = load_lines(tmp_path, TECHNO, line(TECHNO, "1001", code_dep="1"), line(TECHNO))
    assert refusals(report) == [(2, "lost_zero")]


def test_every_line_is_accounted_for(tmp_path):
    report = load_lines(
        tmp_path, TECHNO,
        line(TECHNO), line(TECHNO, "75056"), line(TECHNO, "69123", code_dep="69M"),
        line(TECHNO, "97611", code_dep="976"),
        line(TECHNO, VENDOME, type="logement"), line(TECHNO, "41999"), line(TECHNO, "75057", nbr="?"),
    )  # fmt: skip
    assert list(report.totals().values()) == [1, 1, 4, 1]
    assert report.read == 7 == sum(report.totals().values())
    assert [result.line for result in report.lines] == [2, 3, 4, 5, 6, 7, 8]
    assert report.departements == {"41": (1, 100)}
    assert len(report.absent) == 1753
    assert BLOIS not in {entry.code for entry in report.absent}


def test_without_communes_the_remedy_is_said(tmp_path, monkeypatch):
    monkeypatch.setattr(communes, "gazetteer", lambda: Gazetteer([], {}))
    with pytest.raises(ImportFailure, match=r"run `manage\.py load_communes` first"):
        load(write(tmp_path, [line(TECHNO)]))
