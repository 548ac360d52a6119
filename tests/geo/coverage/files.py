"""Small files of figures, made by what a test is about, and what stands in the database after them."""

from __future__ import annotations

from collections.abc import Iterable
from io import StringIO
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import connection

from geo.coverage.importing.report import LineResult
from geo.coverage.importing.running import FiguresReport, Run, Source, import_figures
from geo.coverage.layouts import LAYOUTS

BLOIS, VENDOME, OSMERY, ITS_PART = "41018", "41269", "18173", "18131"
WIRED, TECHNO, SATELLITE = "commune_debit_filaire", "commune_techno", "commune_debit"
DAY = "2025-12-31"
TABLES = ("geo_edition", "geo_coveragefile", "geo_communefigures", "geo_copperclosure", "geo_zone")


def line(layout: str, code: str = BLOIS, nbr: Any = 100, day: str = DAY, **cells: Any) -> dict[str, str]:
    """A sound line, in the columns of the layout, with some cells changed."""
    counts = dict.fromkeys(LAYOUTS[layout].columns, 10) | (
        {"inel_hd": 0} if "inel_hd" in LAYOUTS[layout].columns else {}
    )
    sound = {
        "code_insee": code, "nom_com": "Xyzzy", "code_dep": code[:2], "code_reg": "24", "nbr": nbr, "type": "all",
        **counts, "date": day,
    }  # fmt: skip
    return {name: str(value) for name, value in (sound | cells).items()}


def text_of(rows: Iterable[dict[str, str]], delimiter: str = ";") -> str:
    rows = list(rows)
    return "".join(delimiter.join(values) + "\n" for values in [rows[0], *(row.values() for row in rows)])


def write(folder: Path, rows: Iterable[dict[str, str]], name: str = f"{TECHNO}.csv") -> Path:
    path = folder / name
    path.write_text(text_of(rows), encoding="utf-8")
    return path


def load(*paths: Path, write: bool = True, **options: Any) -> Run:
    return import_figures([Source(path) for path in paths], write=write, **options)


def load_lines(folder: Path, layout: str, *lines: dict[str, str]) -> FiguresReport:
    """The report of a file of these lines."""
    (report,) = load(write(folder, lines, f"{layout}.csv")).reports
    return report


def refusals(report: FiguresReport) -> list[tuple[int, str]]:
    return [(refused.line, refused.code) for refused in report.refused]


def refusal(report: FiguresReport) -> LineResult:
    (refused,) = report.refused
    return refused


def command(name: str, *arguments: object) -> str:
    """What a person reads."""
    out = StringIO()
    call_command(name, *map(str, arguments), stdout=out, no_color=True, skip_checks=True)
    return out.getvalue()


def snapshot() -> list[Any]:
    """A digest of every row that an import may write, and of the revision of the copies in memory."""
    rows = []
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"SELECT count(*), md5(string_agg(t::text, '|' ORDER BY t::text)) FROM {table} t")
            rows.append(cursor.fetchone())
        cursor.execute("SELECT number FROM geo_revision WHERE name = 'coverage'")
        rows.append(cursor.fetchone())
    return rows
