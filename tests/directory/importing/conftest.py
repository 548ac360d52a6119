"""Small files of merchants, made by what a test is about."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from django.db import connection
from stdnum import luhn

from directory.importing import Report, run_import
from directory.importing.report import RowResult
from directory.models import PointOfSale
from geo.points import Position

HEADER = ("siret", "nom", "adresse", "code_postal", "commune", "lat_lon", "activites")
TABLES = (
    "directory_merchant", "directory_pointofsale", "directory_pointofsale_activities", "directory_offer",
    "directory_source", "directory_sourcerecord", "directory_search_entry", "directory_schedule", "geo_revision",
    "directory_historicalmerchant", "directory_historicalpointofsale", "directory_historicaloffer",
    "directory_historicalpointofsale_activities",
)  # fmt: skip
PIN = Position(1.065556, 47.793056)
VENDOME_POINT = "47.793056,1.065556"

WriteFile = Callable[..., Path]
Import = Callable[..., Report]


def siret(number: int, place: int = 1) -> str:
    """A valid SIRET; the same number is the same company."""
    siren = f"{30_000_000 + number}"
    siren += luhn.calc_check_digit(siren)
    head = f"{siren}{place:04d}"
    return head + luhn.calc_check_digit(head)


def name_of(number: int) -> str:
    """A name unlike that of any other number: all stand on one point, where likeness would make them one place."""
    digest = hashlib.sha256(str(number).encode()).digest()
    return "LE " + "".join("BCDFGLMNPRSTVZJK"[byte % 16] + "AEIO"[byte >> 6] for byte in digest[:6])


def row(number: int = 1, **cells: str) -> dict[str, str]:
    """A sound row of the alimconfiance layout, in Vendôme."""
    sound = {
        "siret": siret(number),
        "nom": name_of(number),
        "adresse": f"{number} RUE DU CHANGE",
        "code_postal": "41100",
        "commune": "VENDOME",
        "lat_lon": VENDOME_POINT,
        "activites": "Restaurant",
    }
    return sound | cells


@pytest.fixture
def write_file(tmp_path: Path) -> WriteFile:
    """Writes rows of the alimconfiance layout as CSV."""

    def write(rows: Iterable[dict[str, str]], name: str = "merchants.csv") -> Path:
        path = tmp_path / name
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, HEADER, delimiter=";")
            writer.writeheader()
            writer.writerows(rows)
        return path

    return write


@pytest.fixture
def import_rows(write_file: WriteFile, db: None) -> Import:
    """Imports rows of the alimconfiance layout."""

    def run(*rows: dict[str, str], write: bool = True, mapping: str = "alimconfiance") -> Report:
        return run_import(write_file(rows), mapping, write)

    return run


def only(report: Report) -> RowResult:
    """The one row of a report."""
    (result,) = report.rows
    return result


def versions() -> dict[str, list[tuple[str, str]]]:
    """Where every row of every table stands: any write moves one, but that a list still names its records."""
    found = {}
    with connection.cursor() as cursor:
        for table in TABLES:
            columns = "id::text, row_hash" if table == "directory_sourcerecord" else "ctid::text, xmin::text"
            cursor.execute(f"SELECT {columns} FROM {table} ORDER BY 1")
            found[table] = cursor.fetchall()
    return found


def place(number: int = 1) -> PointOfSale:
    return PointOfSale.objects.get(siret=siret(number))


def lat_lon(position: Position) -> str:
    return f"{position.lat:.8f},{position.lon:.8f}"
