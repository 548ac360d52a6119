"""What a file may look like, and which layout it has."""

from __future__ import annotations

import pytest

from geo.coverage.importing.errors import ImportFailure
from geo.coverage.importing.reading import MAX_BYTES, parse_day
from geo.coverage.layouts import LAYOUTS
from geo.models import CommuneFigures, CoverageFile
from tests.geo.coverage.files import BLOIS, DAY, SATELLITE, TECHNO, VENDOME, WIRED, line, load, text_of, write

pytestmark = pytest.mark.django_db


def stored():
    return {
        code: (premises, eligible)
        for code, premises, eligible in CommuneFigures.objects.values_list("code", "premises", "eligible")
    }


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_layout_is_known_by_its_header_and_name(tmp_path, layout):
    (report,) = load(write(tmp_path, [line(layout)], f"{layout}-2025T4 (1).csv")).reports
    assert report.layout == layout
    assert stored()[BLOIS][1].keys() == set(LAYOUTS[layout].columns.values())


@pytest.mark.parametrize("name", [f"{TECHNO}.csv", "anything.csv", "commune_debit_filaire.csv"])
def test_a_header_that_is_of_one_layout_needs_no_name(tmp_path, name):
    (report,) = load(write(tmp_path, [line(TECHNO)], name)).reports
    assert report.layout == TECHNO


@pytest.mark.parametrize("name", ["speeds.csv", "filaire_et_terrestre.csv", "debit.csv"])
def test_a_mute_name_of_a_shared_header_is_refused_with_the_remedy(tmp_path, name):
    path = write(tmp_path, [line(WIRED)], name)
    with pytest.raises(ImportFailure, match="--layout NAME"):
        load(path)
    (report,) = load(path, layout=WIRED).reports
    assert report.layout == WIRED


@pytest.mark.parametrize(
    ("layout", "name", "said", "why"),
    [
        (WIRED, "commune_debit.csv", WIRED, "its name says commune_debit, --layout says commune_debit_filaire"),
        (TECHNO, "any.csv", WIRED, "its header is that of commune_techno, not of commune_debit_filaire"),
    ],
)
def test_an_option_that_the_file_contradicts_is_refused(tmp_path, layout, name, said, why):
    with pytest.raises(ImportFailure, match=why):
        load(write(tmp_path, [line(layout)], name), layout=said)


def test_columns_in_any_order_quoted_with_a_bom_and_other_columns(tmp_path):
    row = {**dict(reversed(line(TECHNO, nom_com='"Xyz;zy"', elig_ftth=7).items())), "extra": "x"}
    path = tmp_path / "any.csv"
    path.write_bytes(b"\xef\xbb\xbf" + text_of([row]).replace("\n", "\r\n\r\n").encode())
    load(path)
    assert stored()[BLOIS] == (100, dict.fromkeys(LAYOUTS[TECHNO].columns.values(), 10) | {"ftth": 7})


def test_names_are_not_read(tmp_path):
    load(write(tmp_path, [line(TECHNO, nom_com="Les Aix-d\\'Angillon"), line(TECHNO, VENDOME, nom_com="Vendôme")]))
    assert stored().keys() == {BLOIS, VENDOME}


REPUBLISHED = (
    "code_insee,commune,pct_fibre,nb_locaux,nb_locaux_fibre,nb_locaux_cable,nb_locaux_dsl,nb_locaux_thd_radio,"
    "nb_locaux_4g_fixe,nb_locaux_hd_radio,nb_locaux_satellite\n"
)


def test_the_republished_file_needs_a_day_and_reads_blanks_as_nought(tmp_path):
    path = tmp_path / "techno.csv"
    path.write_text(REPUBLISHED + f"{BLOIS},Blois,85.4,246,210.0,,246.0,,246.0,242.0,246.0\n", "utf-8")
    with pytest.raises(ImportFailure, match=r"there is no date in this file.*--date YYYY-MM-DD"):
        load(path)
    (report,) = load(path, day=parse_day(DAY)).reports
    assert report.layout == TECHNO
    counts = {"ftth": 210, "coax": 0, "copper": 246, "thd_radio": 0, "fixed_4g": 246, "hd_radio": 242, "satellite": 246}
    assert stored() == {BLOIS: (246, counts)}


@pytest.mark.parametrize("premises", ["", "246.5", "1e3"])
def test_the_republished_file_does_not_make_up_premises(tmp_path, premises):
    path = tmp_path / "techno.csv"
    path.write_text(REPUBLISHED + f"{BLOIS},Blois,85.4,{premises},,,,,,,\n", "utf-8")
    (report,) = load(path, day=parse_day(DAY)).reports
    assert [refused.code for refused in report.refused] == ["bad_number"]


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (text_of([line(TECHNO, nom_com="Vendôme")]).encode("latin-1"), "line 2: the file is not in UTF-8 .byte 0xf4"),
        (text_of([line(TECHNO)]).encode("utf-16"), "not in UTF-8"),
        (text_of([line(TECHNO, nom_com="\0")]).encode(), "NUL"),
        (b"", "the file is empty"),
        (b"\n \n", "the file is empty"),
        (b"<!DOCTYPE html>\n<p>no</p>\n", "no column of ARCEP's files"),
        (text_of([line(TECHNO)]).replace("elig_sat", "elig_moon").encode(), "commune_techno, .* elig_sat lack"),
        (text_of([line(TECHNO)]).replace("elig_sat", "elig_ftth").encode(), "a column stands there twice"),
        (text_of([line(TECHNO, nom_com='"Blois')]).encode(), "line 2: a quote is opened there and never closed"),
        (text_of([line(TECHNO, day="soon")]).encode(), "no line has a date"),
        (text_of([line(TECHNO, day="2999-12-31")]).encode(), "is to come"),
    ],
)  # fmt: skip
def test_what_is_no_file_of_figures_is_refused_whole(tmp_path, data, why):
    path = tmp_path / "figures.csv"
    path.write_bytes(data)
    with pytest.raises(ImportFailure, match=why):
        load(path)
    assert not CoverageFile.objects.exists()


def test_what_is_not_there_or_too_long_is_refused(tmp_path):
    with pytest.raises(ImportFailure, match="cannot be read"):
        load(tmp_path / "none.csv")
    with pytest.raises(ImportFailure, match=r"no \.csv file"):
        load(tmp_path)
    with (tmp_path / "long.csv").open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    with pytest.raises(ImportFailure, match="more than 50,000,000 bytes"):
        load(tmp_path / "long.csv")


def test_the_name_says_satellite_unless_it_says_otherwise(tmp_path):
    (report,) = load(write(tmp_path, [line(SATELLITE)], "commune_debit-2022T4-cvl.csv")).reports
    assert report.layout == SATELLITE
    assert any("counts satellite" in warning for warning in report.warnings)
    (report,) = load(write(tmp_path, [line(WIRED)], "commune_debit_filaire-2022T4-cvl.csv")).reports
    assert not any("counts satellite" in warning for warning in report.warnings)
