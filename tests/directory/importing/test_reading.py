"""Files -> rows with their lines: encodings, delimiters, and every way in which a file is not what it should be."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest
from openpyxl import Workbook

from directory.importing import UnreadableFile, xlsx_files
from directory.importing.mapping import Mapping, parse
from directory.importing.reading import BadRow, Row, read

SOURCE = {"slug": "test", "name": "Test", "producer": "Test", "licence": "Test"}


@pytest.fixture(scope="module")
def mapping() -> Mapping:
    return parse(
        {
            "source": SOURCE,
            "columns": {"name": "nom", "activities": "activités", "commune": ["commune", "ville"]},
            "optional_columns": {
                "lat_lon": "lat_lon",
                "lat": "lat",
                "lon": "lon",
                "external_id": "id",
                "siret": "siret",
            },
            "cells": {"empty": ["_", "NC"]},
        }
    )


def rows(path: Path, mapping: Mapping) -> list[Row | BadRow]:
    return list(read(path, mapping).rows)


def put(tmp_path: Path, content: str | bytes, name: str = "file.csv") -> Path:
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


TEXT = "nom;commune;activités\nL’Œuf à la coque;Vendôme;Café\nÀ côté;Mézières;Épicerie\n"


class TestCsv:
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
    def test_encodings(self, tmp_path, mapping, encoding):
        first, second = rows(put(tmp_path, TEXT.encode(encoding)), mapping)
        assert first == Row(2, {"name": "L’Œuf à la coque", "activities": "Café", "commune": "Vendôme"})
        assert second.line == 3
        assert second.cells["commune"] == "Mézières"

    def test_latin_1_has_bytes_that_windows_has_not(self, tmp_path, mapping):
        text = "nom;commune;activités\nL'été\x85 à côté;Mézières;Épicerie\n"
        (first,) = rows(put(tmp_path, text.encode("latin-1").replace(b"\x85", b"\x81")), mapping)
        assert first.cells["commune"] == "Mézières"

    def test_accents_far_down_the_file_decide(self, tmp_path, mapping):
        head = "nom;commune;activites\n" + "A;Blois;B\n" * 300_000
        found = rows(put(tmp_path, head.encode() + "Crêperie;Vendôme;Crêperie\n".encode("cp1252")), mapping)
        assert found[-1] == Row(300_002, {"name": "Crêperie", "commune": "Vendôme", "activities": "Crêperie"})

    def test_a_damaged_utf_8_file_is_not_read_as_windows(self, tmp_path, mapping):
        with pytest.raises(UnreadableFile, match="most of it is UTF-8"):
            rows(put(tmp_path, TEXT.encode() + "Crêperie;Vendôme;Crêperie\n".encode()[:3] + b";Blois;X\n"), mapping)

    @pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
    def test_delimiters(self, tmp_path, mapping, delimiter):
        lines = [["nom", "commune", "activités"], ["A, B; C", "Blois", "x"], ["D", "Tours", "y"]]
        text = "\n".join(delimiter.join(f'"{cell}"' for cell in line) for line in lines)
        assert [row.cells["name"] for row in rows(put(tmp_path, text), mapping)] == ["A, B; C", "D"]

    def test_commas_in_points_do_not_make_a_delimiter(self, tmp_path, mapping):
        text = "nom;commune;lat_lon;activités\n" + "A;Blois;47.58, 1.33;x\n" * 5
        assert rows(put(tmp_path, text), mapping)[0].cells["lat_lon"] == "47.58, 1.33"

    def test_one_column_beside_the_needed_ones_is_enough_to_tell(self, tmp_path, mapping):
        text = "nom,commune,activités\nA; B; C,Blois,x\nD; E; F,Tours,y\n"
        assert rows(put(tmp_path, text), mapping)[1].cells["name"] == "D; E; F"

    def test_excel_says_its_delimiter(self, tmp_path, mapping):
        found = rows(put(tmp_path, "sep=|\nnom|commune|activités\nA|Blois|x\n"), mapping)
        assert found == [Row(3, {"name": "A", "commune": "Blois", "activities": "x"})]

    def test_lines_are_those_of_the_file(self, tmp_path, mapping):
        text = '\nnom;commune;activités\r\n"A\nB\nC";Blois;x\r\n\r\n;;\nD;Tours;y\n'
        assert [(row.line, row.cells["name"]) for row in rows(put(tmp_path, text), mapping)] == [
            (3, "A\nB\nC"),
            (8, "D"),
        ]

    def test_headers_are_found_whatever_their_case_and_accents(self, tmp_path, mapping):
        assert rows(put(tmp_path, "NOM;Ville;ACTIVITES\nA;Blois;x\n"), mapping)[0].cells["commune"] == "Blois"

    def test_cells_are_stripped_and_empty_words_are_empty(self, tmp_path, mapping):
        (row,) = rows(put(tmp_path, "nom;commune;activités\n A ; _ ;nc\n"), mapping)
        assert row.cells == {"name": "A", "commune": "", "activities": ""}

    def test_rows_of_another_width_are_refused_by_line(self, tmp_path, mapping):
        found = rows(put(tmp_path, "nom;commune;activités\nA;Blois\nB;Blois;x\nC;Blois;x;y\n"), mapping)
        assert [(row.line, getattr(row, "code", "")) for row in found] == [
            (2, "wrong_columns"),
            (3, ""),
            (4, "wrong_columns"),
        ]
        assert "2 columns where the header has 3" in found[0].message

    def test_wrong_quotes_refuse_one_row_only(self, tmp_path, mapping):
        found = rows(put(tmp_path, 'nom;commune;activités\n"A" B;Blois;x\nC;Tours;y\n'), mapping)
        assert (found[0].line, found[0].code) == (2, "malformed_row")
        assert (found[1].line, found[1].cells["name"]) == (3, "C")

    @pytest.mark.parametrize(
        ("content", "message"),
        [
            (b"", "is empty"),
            (b"\n\n  \n", "no header"),
            (b"nom;com\0mune;activites\nA;Blois;x\n", "line 1: a NUL byte"),
            (
                'nom;commune;activités\nA;Blois;x\n"B;Tours;y\nC;Tours;y\n',
                "line 3: a quote is opened there and never closed",
            ),
            ("nom;commune;activite\n", r"no column 'activités' \(for activities\); the nearest is 'activite'"),
            ("nom;activités\n", "no column 'commune' or 'ville'"),
            ("nom;nom;commune;activités\nA;B;C;D\n", r"'nom' \(for name\) stands 2 times"),
        ],
    )
    def test_files_that_cannot_be_read(self, tmp_path, mapping, content, message):
        with pytest.raises(UnreadableFile, match=message):
            rows(put(tmp_path, content), mapping)

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1252"])
    def test_a_nul_refuses_its_row_alone(self, tmp_path, mapping, encoding):
        text = "nom;commune;activités\nA;Bl\0ois;x\nÉ;Tours;y\n"
        bad, sound = rows(put(tmp_path, text.encode(encoding)), mapping)
        assert (bad.line, bad.code, "NUL" in bad.message) == (2, "malformed_row", True)
        assert (sound.line, sound.cells["name"]) == (3, "É")


@pytest.mark.parametrize(
    ("name", "message"),
    [("absent.csv", "no such file"), ("file.pdf", "CSV"), ("file.xls", r"Save it as \.xlsx")],
)
def test_files_of_no_known_sort(tmp_path, mapping, name, message):
    if name != "absent.csv":
        put(tmp_path, "x", name)
    with pytest.raises(UnreadableFile, match=message):
        read(tmp_path / name, mapping)


def feature(geometry: object = None, **properties: object) -> dict[str, object]:
    sound = {"nom": "A", "commune": "Blois", "activités": ["x", "y"]}
    return {"type": "Feature", "geometry": geometry, "properties": sound | properties}


class TestGeoJson:
    def put(self, tmp_path, features, **more):
        return put(tmp_path, json.dumps({"type": "FeatureCollection", "features": features, **more}), "file.geojson")

    def test_features(self, tmp_path, mapping):
        point = {"type": "Point", "coordinates": [1.33, 47.58, 80.0]}
        first, second = rows(
            self.put(tmp_path, [feature(point, siret=8678115000015), feature(nom="B") | {"id": 7}]), mapping
        )
        assert first.line == 1
        assert first.cells["siret"] == "8678115000015"
        assert first.cells["activities"] == "x|y"
        assert (float(first.cells["lon"]), float(first.cells["lat"])) == (1.33, 47.58)
        assert (second.line, second.cells["name"], second.cells["external_id"]) == (2, "B", "7")
        assert "lon" not in second.cells

    @pytest.mark.parametrize(
        "geometry",
        [
            {"type": "Polygon", "coordinates": []},
            {"type": "Point", "coordinates": ["1.33", 47.5]},
            {"type": "Point", "coordinates": [1]},
            {"type": "Point", "coordinates": [True, 1]},
            {"type": "Point"},
            "x",
        ],
    )
    def test_geometries_that_are_no_point_refuse_their_row(self, tmp_path, mapping, geometry):
        found = rows(self.put(tmp_path, [feature(), feature(geometry)]), mapping)
        assert (found[1].line, found[1].code) == (2, "bad_point")

    def test_a_feature_without_properties_refuses_itself_only(self, tmp_path, mapping):
        found = rows(self.put(tmp_path, [feature(), {"type": "Feature", "properties": None}, 3]), mapping)
        assert [getattr(row, "code", "") for row in found] == ["", "malformed_row", "malformed_row"]

    @pytest.mark.parametrize(
        ("content", "message"),
        [
            ('{"features": [\n{"a": 1,\n]}', "line 3, column 1: this is no JSON"),
            ("[]", "FeatureCollection"),
            ('{"features": [{}]}', "no feature has properties"),
            ('{"features": [{"properties": {"nom": 1}}]}', "no column 'activités'"),
            (
                '{"crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::2154"}}, "features": []}',
                r"EPSG::2154; export it again in WGS 84",
            ),
        ],
    )
    def test_files_that_cannot_be_read(self, tmp_path, mapping, content, message):
        with pytest.raises(UnreadableFile, match=message):
            rows(put(tmp_path, content, "file.geojson"), mapping)


class TestXlsx:
    def put(self, tmp_path, lines, sheet="Feuille"):
        book = Workbook()
        book.active.title = sheet
        for line in lines:
            book.active.append(line)
        path = tmp_path / "file.xlsx"
        book.save(path)
        return path

    def test_numbers_stay_whole(self, tmp_path, mapping):
        header = ["siret", "nom", "commune", "activités", "lat", "lon"]
        lines = [
            header,
            [80348479900025, "A", "Blois", "x", 47.58, 1],
            [80348479900025.0, 36, "Blois", "x", -0.00001, 1.5],
        ]
        first, second = rows(self.put(tmp_path, lines), mapping)
        assert first.cells["siret"] == second.cells["siret"] == "80348479900025"
        assert (first.cells["lat"], first.cells["lon"]) == ("47.58", "1")
        assert (second.cells["name"], second.cells["lat"]) == ("36", "-0.00001")

    def test_rows_keep_their_number(self, tmp_path, mapping):
        lines = [
            [],
            ["nom", "commune", "activités"],
            ["A", "Blois", "x"],
            [None, None],
            ["B", "Blois"],
            ["C", "D", "E", "F"],
        ]
        found = rows(self.put(tmp_path, lines), mapping)
        assert [(row.line, getattr(row, "code", "")) for row in found] == [(3, ""), (5, ""), (6, "wrong_columns")]
        assert found[1].cells == {"name": "B", "commune": "Blois", "activities": ""}

    @pytest.mark.parametrize(
        ("content", "message"), [(b"", "is empty"), (b"PK\x03\x04 no zip", "no XLSX"), (b"\xd0\xcf\x11\xe0", "no XLSX")]
    )
    def test_files_that_cannot_be_read(self, tmp_path, mapping, content, message):
        with pytest.raises(UnreadableFile, match=message):
            rows(put(tmp_path, content, "file.xlsx"), mapping)

    def test_cells_far_to_the_right_do_not_widen_the_rows(self, tmp_path, mapping, monkeypatch):
        book = Workbook()
        for line in (["nom", "commune", "activités"], *[["A", "Blois", "x"]] * 20):
            book.active.append(line)
        for line in range(1, 21):
            book.active.cell(line, 16_384, "loin")
        book.save(tmp_path / "file.xlsx")
        seen = []
        monkeypatch.setattr(xlsx_files, "_text", lambda value: seen.append(value) or (value or ""))
        found = rows(tmp_path / "file.xlsx", mapping)
        assert [(row.line, row.cells["name"]) for row in found] == [(line, "A") for line in range(2, 22)]
        assert len(seen) < 2_000

    def test_a_line_number_that_no_sheet_has(self, tmp_path, mapping):
        path = self.put(tmp_path, [["nom", "commune", "activités"], ["A", "Blois", "x"]])
        with zipfile.ZipFile(path) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
        sheet = "xl/worksheets/sheet1.xml"
        parts[sheet] = parts[sheet].replace(b'r="2"', b'r="99999999999"')
        with zipfile.ZipFile(path, "w") as archive:
            for name, content in parts.items():
                archive.writestr(name, content)
        assert rows(path, mapping) == []

    def test_a_sheet_without_a_header(self, tmp_path, mapping):
        with pytest.raises(UnreadableFile, match="no header"):
            rows(self.put(tmp_path, []), mapping)
