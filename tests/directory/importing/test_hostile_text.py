"""Text that means something to COPY, to arrays or to spreadsheets goes in as it is, or not at all."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from django.db import DataError, transaction

from directory.importing import UnreadableFile, bulk, run_import
from directory.indexing import entries_out_of_step
from directory.models import Merchant, PointOfSale, SourceRecord
from tests.builders import VENDOME
from tests.directory.importing.conftest import only, row, siret

pytestmark = pytest.mark.django_db

HOSTILE = [
    r"\N", r"\.", "\\", r"\\N", r"\t", "\\\t", "tab\there", "line\nbreak", "carriage\rreturn", "both\r\n",
    '"quoted"', "'; DROP TABLE directory_merchant; --", "{a,b}", "NULL", "\x01\x02", "\x7f", "\x85", "\u2028", "🧀",
]  # fmt: skip
STAMPS = {"created_at": "2026-01-01", "updated_at": "2026-01-01"}
CHARACTERS = [chr(number) for number in range(1, 0x300)]


class TestCopy:
    def insert(self, names: list[str], **shared: Any) -> list[tuple[str, str, str | None]]:
        columns = {"name": names, "email": names[::-1], "siren": [None] * len(names)}
        bulk.insert(Merchant, columns, STAMPS | shared)
        return list(Merchant.objects.order_by("id").values_list("name", "email", "siren"))

    def test_any_text_comes_back_as_it_was(self):
        plain = ["Ferme du Gué"] * (bulk.BLOCK + 1)
        names = plain + HOSTILE + [f"a{character}b" for character in CHARACTERS]
        assert self.insert(names) == [(a, b, None) for a, b in zip(names, names[::-1], strict=True)]

    @pytest.mark.parametrize("text", HOSTILE)
    def test_what_all_rows_share_as_well(self, text):
        self.insert(["A", "B"], description_fr=text)
        assert set(Merchant.objects.values_list("description_fr", flat=True)) == {text}

    def test_nothing_is_not_the_text_for_nothing(self):
        bulk.insert(Merchant, {"name": ["None", r"\N"], "siren": [None, ""]}, STAMPS)
        assert list(Merchant.objects.order_by("id").values_list("name", "siren")) == [("None", None), (r"\N", "")]

    @pytest.mark.parametrize(("text", "error"), [("a\0b", DataError), ("a\ud800b", UnicodeEncodeError)])
    def test_what_is_no_text_writes_nothing(self, text, error):
        with pytest.raises(error), transaction.atomic():
            self.insert(["Ferme du Gué", text])
        assert not Merchant.objects.exists()


def features(path: Path, *properties: dict[str, str]) -> Path:
    made = [{"type": "Feature", "geometry": None, "properties": each} for each in properties]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": made}))
    return path


def entry(text: str, number: int = 1) -> dict[str, str]:
    return {
        "identifiant": f"{number}{text}.",
        "nom": f"Ferme {number}",
        "activites": "goat_farm",
        "code_insee": VENDOME,
        "siret": siret(number),
        "adresse": f"Le {text}.",
    }


class TestImport:
    @pytest.mark.parametrize("form", ["csv", "geojson"])
    @pytest.mark.parametrize("text", HOSTILE)
    def test_a_new_row(self, tmp_path, form, text):
        said = entry(text)
        path = tmp_path / f"x.{form}"
        if form == "geojson":
            features(path, said)
        else:
            with path.open("w", encoding="utf-8", newline="") as file:
                csv.writer(file, quoting=csv.QUOTE_ALL).writerows([said.keys(), said.values()])
        assert only(run_import(path, "generic", True)).code == "added"
        record, place = SourceRecord.objects.get(), PointOfSale.objects.get()
        street = " ".join(said["adresse"].split())
        assert (record.external_id, record.fields["street"], place.street) == (said["identifiant"], street, street)
        assert place.history.get().street == street
        assert entries_out_of_step() == 0
        assert only(run_import(path, "generic", True)).code == "unchanged"

    @pytest.mark.parametrize("text", HOSTILE)
    def test_a_changed_row(self, import_rows, text):
        import_rows(row(), row(2))
        import_rows(row(adresse=f"Le {text}."), row(2))
        street = " ".join(f"Le {text}.".split())
        places = dict(PointOfSale.objects.values_list("siret", "street"))
        assert places == {siret(1): street, siret(2): "2 Rue du Change"}
        assert SourceRecord.objects.get(external_id=siret(1)).fields["street"] == street

    def test_a_character_that_no_text_has_refuses_its_row_alone(self, tmp_path):
        report = run_import(features(tmp_path / "x.geojson", entry("\0"), entry("B", 2)), "generic", True)
        assert [(each.line, each.code) for each in report.rows] == [(1, "malformed_row"), (2, "added")]

    def test_half_a_character_is_no_file(self, tmp_path):
        with pytest.raises(UnreadableFile, match="no JSON"):
            run_import(features(tmp_path / "x.geojson", entry("\ud800")), "generic", True)
