"""What a file of new merchants with their pins costs, and the same file again; nothing of it stays."""

from __future__ import annotations

import csv
import random
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from django.db import connection, transaction

from benchmarks import data
from benchmarks.data import Bench
from benchmarks.lines.plan import QUESTIONS_SEED, Plan
from benchmarks.report import Part, Table, Target, figure
from directory.importing import Outcome, Report, run_import
from directory.models import SearchEntry

ROWS = 50_000
HEAD = ("identifiant", "nom", "activites", "produits", "adresse", "code_postal", "code_insee", "lat", "lon", "horaires")
TRADES = (
    ("goat_farm", "goat_cheese|yogurt"), ("bakery", "bread|croissants"), ("beekeeper", "honey"), ("potter", "pottery"),
    ("winery", "red_wine|white_wine"), ("market_garden", "vegetables|strawberries"), ("restaurant", ""),
    ("florist", ""),
)  # fmt: skip
HOURS = ("", "Mo-Sa 09:00-12:30,14:00-19:00; PH off", "Tu-Sa 07:00-13:00,15:30-19:00; Su 07:00-13:00")
SCATTER_DEGREES = 0.01


def measure(benches: Sequence[Bench], plan: Plan) -> Part:
    """Two runs of one file in one transaction, which is then rolled back, and what it left behind vacuumed."""
    bench = benches[len(benches) // 2]
    data.prepare(bench.rows, bench.seed)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "merchants.csv"
        _write_file(path, ROWS)
        with transaction.atomic():
            new, first = _timed(path)
            again, second = _timed(path)
            transaction.set_rollback(True)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")
    written, unchanged = new.totals()[Outcome.WRITTEN], again.totals()[Outcome.UNCHANGED]
    if written < 0.95 * ROWS or unchanged < written:
        raise RuntimeError(f"the file was not imported as it should: {written} written, {unchanged} unchanged")
    table = Table(
        "Importing merchants with their pins",
        ("", "rows", "seconds", "rows/s"),
        [
            ("new rows, history and search entries included", f"{written:,}", figure(first), figure(written / first)),
            ("the same file again", f"{unchanged:,}", figure(second), figure(unchanged / second)),
        ],
        f"A CSV file into {bench.points:,} points of sale, checks of foreign keys included; rolled back. "
        "What bounds it stands in docs/decisions.md.",
    )
    what = f"importing new merchants with pins into {bench.points:,}, rows/s"
    target = Target(what, 5_000, 20_000, written / first, "", at_most=False)
    return Part([table], [target])


def _timed(path: Path) -> tuple[Report, float]:
    began = time.perf_counter()
    report = run_import(path, "generic", write=True)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    return report, time.perf_counter() - began


def _write_file(path: Path, rows: int) -> None:
    """Merchants of new names, scattered about those that are there."""
    draw = random.Random(QUESTIONS_SEED)
    places = list(
        SearchEntry.objects.order_by("pk").values_list("id__commune_id", "id__postcode", "public_point")[:rows]
    )
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEAD)
        for number in range(rows):
            commune, postcode, point = places[number % len(places)]
            activity, products = TRADES[number % len(TRADES)]
            lon = point.x + draw.uniform(-SCATTER_DEGREES, SCATTER_DEGREES)
            lat = point.y + draw.uniform(-SCATTER_DEGREES, SCATTER_DEGREES)
            name = f"Maison {invented(draw)} {invented(draw)}"
            hours = HOURS[number % len(HOURS)]
            street = f"{number % 90 + 1} rue {invented(draw)}"
            writer.writerow((number, name, activity, products, street, postcode, commune, lat, lon, hours))


def invented(draw: random.Random) -> str:
    """A name that nobody bears."""
    return "".join(draw.choice("bcdfglmnprstv") + draw.choice("aeiou") for _ in range(4)).capitalize()
