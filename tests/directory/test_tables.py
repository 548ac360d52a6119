"""Files for spreadsheets: what they hold is what was given, and none of it is calculated."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime

import pytest
from openpyxl import load_workbook

from directory import tables

HEADER = ["nom", "locaux", "part", "le", "vu", "faible"]
ROW = ["Çéré", 1234, -0.5, date(2024, 12, 31), datetime(2026, 7, 1, 12, 0, tzinfo=UTC), True]
FORMULAS = ["=1+1", "+33 2 54", "-3", "@SUM(A1)", "\t=1", "\r=1", "\n=1"]


def csv_of(rows):
    return b"".join(tables.csv_stream(HEADER, rows))


def rows_of(content: bytes):
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))


def sheet_of(rows, title="Communes"):
    return load_workbook(io.BytesIO(tables.xlsx(HEADER, rows, title))).active


class TestCsv:
    def test_a_french_spreadsheet_reads_it_as_it_is(self):
        assert csv_of([]).startswith(b"\xef\xbb\xbfnom;locaux;")
        row = rows_of(csv_of([ROW]))[1]
        assert row == ["Çéré", "1234", "-0,5", "2024-12-31", "2026-07-01 14:00", "true"]

    @pytest.mark.parametrize("text", FORMULAS)
    def test_no_text_is_a_formula(self, text):
        assert rows_of(csv_of([[text, *ROW[1:]]]))[1][0] == f"'{text}"

    def test_a_header_is_no_formula_either(self):
        assert tables.csv_line(["=1+1", "nom"]) == b"'=1+1,nom\r\n"

    def test_separators_quotes_and_lines_stay_in_their_cell(self):
        text = 'Aux "Prés" ; ici\nou là'
        assert rows_of(csv_of([[text, *ROW[1:]]]))[1][0] == text

    def test_nothing_is_an_empty_cell_and_not_zero(self):
        assert rows_of(csv_of([["x", None, 0, None, None, None]]))[1] == ["x", "", "0", "", "", ""]

    def test_long_files_are_sent_in_pieces_while_rows_are_read(self):
        read = []

        def rows():
            for number in range(20_000):
                read.append(number)
                yield ["x" * 20, number, 0, None, None, None]

        pieces = tables.csv_stream(HEADER, rows())
        next(pieces)
        assert len(read) < 5_000
        rest = b"".join(pieces)
        assert len(read) == 20_000
        assert b"19999" in rest


class TestXlsx:
    def test_numbers_are_numbers_and_dates_are_dates(self):
        row = [cell.value for cell in list(sheet_of([ROW]))[1]]
        assert row == ["Çéré", 1234, -0.5, datetime(2024, 12, 31), datetime(2026, 7, 1, 14, 0), True]  # noqa: DTZ001

    @pytest.mark.parametrize("text", [one for one in FORMULAS if "\r" not in one])
    def test_no_text_is_a_formula(self, text):
        cell = sheet_of([[text, *ROW[1:]]])["A2"]
        assert (cell.value, cell.data_type) == (f"'{text}", "s")

    def test_the_header_stays_in_sight_above_columns_as_wide_as_what_they_hold(self):
        sheet = sheet_of([["x" * 30, *ROW[1:]], ["y" * 300, *ROW[1:]]])
        assert sheet.freeze_panes == "A2"
        assert sheet["A1"].font.bold
        assert sheet.column_dimensions["A"].width == 60
        assert sheet.column_dimensions["B"].width == 10

    def test_characters_that_no_workbook_may_hold_are_left_out(self):
        assert sheet_of([["a\x00b\x1fc", *ROW[1:]]])["A2"].value == "abc"
        assert sheet_of([], title="Cher\x07").title == "Cher"

    def test_rows_beyond_those_that_are_measured_are_there(self):
        assert sheet_of([[f"n{number}", *ROW[1:]] for number in range(501)]).max_row == 502
