"""What an edition of ARCEP's figures costs to import, for the région and for 35,000 communes; none of it stays."""

from __future__ import annotations

import random
import tempfile
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

from django.conf import settings
from django.contrib.gis.geos import MultiPolygon, Point, Polygon
from django.db import connection, transaction
from django.test.utils import override_settings

from benchmarks import data
from benchmarks.data import Bench
from benchmarks.lines.importing import invented
from benchmarks.lines.plan import QUESTIONS_SEED, Plan
from benchmarks.report import Part, Table, Target, figure
from geo import revisions
from geo.coverage.importing.report import Outcome
from geo.coverage.importing.running import Source, import_figures
from geo.coverage.layouts import LAYOUTS, Name
from geo.gazetteer import gazetteer
from geo.models import Commune, Departement
from geo.points import SRID

DAY = "2025-12-31"
LAYOUTS_LOADED = (Name.WIRED_SPEEDS, Name.TECHNOLOGIES)
COUNTRY = 35_000
DEPARTEMENTS = [f"{number:02}" for number in range(1, 96)]
# Roughly the country, degrees: west, south, east, north; a commune is a square of this side.
BOX, SIDE = (-4.0, 43.0, 7.0, 50.0), 0.03


def measure(benches: Sequence[Bench], plan: Plan) -> Part:
    """Each import in a transaction of its own, rolled back; what it left behind is vacuumed."""
    bench = benches[len(benches) // 2]
    data.prepare(bench.rows, bench.seed)
    region = _imported(len(gazetteer().entries))
    with transaction.atomic():
        _invent_country()
        with override_settings(REGION=settings.REGION | {"departements": DEPARTEMENTS}):
            country = _imported(COUNTRY)
        transaction.set_rollback(True)
    revisions.forget()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")
    rows = [
        (what, f"{lines:,}", figure(first), figure(lines / first), figure(again))
        for what, (lines, first, again) in (("the région", region), (f"{COUNTRY:,} communes", country))
    ]
    table = Table(
        "Importing an edition of broadband figures",
        ("", "lines", "seconds", "lines/s", "the same files again, seconds"),
        rows,
        f"Two files, {' and '.join(LAYOUTS_LOADED)}, checked line by line and written; then the cases of "
        f"{bench.points:,} points of sale brought in step, which is most of it for the région. Reading the communes is "
        "counted in.",
    )
    targets = [
        Target("importing an edition for the région, s", 5, 2, region[1], "", at_most=True),
        Target(f"importing an edition of {COUNTRY:,} communes, s", 60, 20, country[1], "", at_most=True),
    ]
    return Part([table], targets)


def _imported(communes: int) -> tuple[int, float, float]:
    """How many lines were loaded, the seconds that took, and those of the same files once more."""
    revisions.forget()
    codes = [entry.code for entry in gazetteer().entries]
    with tempfile.TemporaryDirectory() as folder, transaction.atomic():
        for layout in LAYOUTS_LOADED:
            _write_file(Path(folder) / f"{layout}.csv", layout, codes)
        lines = communes * len(LAYOUTS_LOADED)
        first, again = _timed(Path(folder), lines), _timed(Path(folder), lines)
        transaction.set_rollback(True)
    revisions.forget()
    return lines, first, again


def _timed(folder: Path, lines: int) -> float:
    revisions.forget()
    began = time.perf_counter()
    run = import_figures([Source(folder)], write=True)
    seconds = time.perf_counter() - began
    loaded = sum(report.totals()[Outcome.LOADED] for report in run.reports)
    if loaded != lines:
        raise RuntimeError(f"the files were not imported as they should: {loaded} lines of {lines}")
    return seconds


def _write_file(path: Path, layout: str, codes: Iterable[str]) -> None:
    """A file of that layout whose numbers hold."""
    draw, columns = random.Random(QUESTIONS_SEED), LAYOUTS[layout].columns
    falling = set(LAYOUTS[layout].cumulative)
    lines = [";".join(LAYOUTS[layout].header)]
    for code in codes:
        premises = left = draw.randint(20, 5_000)
        counts = []
        for column in columns:
            left = _most(draw, left) if column in falling else left
            counts.append(0 if column == "inel_hd" else left if column in falling else _most(draw, premises))
        lines.append(";".join(map(str, (code, "Xyzzy", code[:2], "24", premises, "all", *counts, DAY))))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _most(draw: random.Random, whole: int) -> int:
    """Nearly all, but for some: a third of the communes are then low-bandwidth."""
    return round(whole * (1 - draw.random() ** 20))


def _invent_country() -> None:
    """Communes beside those of the région, until there are COUNTRY of them in the départements of the mainland."""
    draw = random.Random(QUESTIONS_SEED)
    here = {code for code in DEPARTEMENTS if code in gazetteer().departements}
    others = [code for code in DEPARTEMENTS if code not in here]
    nowhere = _square(*BOX[:2])
    Departement.objects.bulk_create(
        Departement(code=code, name=invented(draw), contour=nowhere, centre=nowhere.centroid) for code in others
    )
    missing = COUNTRY - len(gazetteer().entries)
    Commune.objects.bulk_create((_commune(draw, others, number) for number in range(missing)), batch_size=2_000)


def _commune(draw: random.Random, departements: Sequence[str], number: int) -> Commune:
    row, column = divmod(number, len(departements))
    west, south = draw.uniform(BOX[0], BOX[2]), draw.uniform(BOX[1], BOX[3])
    return Commune(
        code=f"{departements[column]}{row + 1:03}",
        name=f"{invented(draw)}-sur-{invented(draw)}",
        departement_id=departements[column],
        postcodes=[f"{departements[column]}{row % 100:02}0"],
        population=draw.randint(50, 9_000),
        centre=Point(west + SIDE / 2, south + SIDE / 2, srid=SRID),
        contour=_square(west, south),
    )


def _square(west: float, south: float) -> MultiPolygon:
    return MultiPolygon(Polygon.from_bbox((west, south, west + SIDE, south + SIDE)), srid=SRID)
