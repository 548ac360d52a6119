"""How many addresses that people write are found, and how fast, by a real addok on this machine."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.db import transaction

from benchmarks.addok.indexing import STREETS, town_halls
from benchmarks.addok.measuring import SEED, Found
from benchmarks.addok.measuring import measure as look_up
from benchmarks.addok.serving import serving, why_not
from benchmarks.addok.writing import WAYS
from benchmarks.data import Bench
from benchmarks.lines.plan import FULL, Plan
from benchmarks.report import Part, Table, Target, figure
from geo.models import CachedAddress

NO_COMMUNE = "postcode, no commune"
KINDS = ("near", "commune", "refused", "off", "far", "wrong commune")


def measure(benches: Sequence[Bench], plan: Plan) -> Part:
    """Every town hall in every way, or each in one; the answers kept meanwhile are rolled back."""
    if reason := why_not():
        print(f"Geocoding is left out: {reason}.")
        return Part()
    with serving() as domain, _asking(domain), transaction.atomic():
        CachedAddress.objects.all().delete()
        began = time.perf_counter()
        found = list(look_up(town_halls(), each=plan is FULL))
        seconds = time.perf_counter() - began
        transaction.set_rollback(True)
    of_way = {way: [each for each in found if each.way == way] for way in WAYS}
    worst = min(of_way, key=lambda way: _near(of_way[way]))
    ways = f'{len(WAYS)} ways together; the worst, "{worst}": {_near(of_way[worst]):.1f} %'
    wrong = sum(each.kind in ("far", "wrong commune") and each.sure for each in found)
    return Part(
        [_table(found, seconds)],
        [
            Target(f"town-hall addresses within 100 m ({ways})", 95, 96, _near(found), " %", at_most=False),
            Target("of them, sure answers more than 2 km off", 0, 0, wrong, "", at_most=True),
        ],
    )


def _near(found: Sequence[Found]) -> float:
    """How many of a hundred are within 100 m."""
    return 100 * sum(each.kind == "near" for each in found) / len(found)


def _table(found: Sequence[Found], seconds: float) -> Table:
    rows = [(way, *_counts([each for each in found if each.way == way])) for way in WAYS]
    named = [each for each in found if each.way != NO_COMMUNE]
    return Table(
        "Addresses as people write them",
        (
            "",
            "asked",
            "within 100 m",
            "of them unsure",
            "the commune",
            "refused",
            "100 m to 2 km",
            "further",
            "wrong commune",
        ),
        [*rows, ("all that name the commune", *_counts(named)), ("all", *_counts(found))],
        f"Town halls of the région, looked up by addok 1.3.2 with their streets and {STREETS:,} invented ones, whose"
        f" names repeat (benchmarks/addok): {figure(len(found) / seconds)} a second, one at a time. Refused: several"
        " communes of the postcode have the address. addok folds capitals, accents and abbreviations: those ways are"
        f" easy and lift the average. Slips are drawn with seed {SEED}; SURE_SCORE was chosen with others: below it an"
        " answer is unsure, and a moderator looks.",
    )


def _counts(found: Sequence[Found]) -> tuple[str, ...]:
    kinds = Counter(each.kind for each in found)
    others = (f"{kinds[kind]:,}" for kind in KINDS[1:])
    unsure = sum(each.kind == "near" and not each.sure for each in found)
    return (f"{len(found):,}", f"{_near(found):.1f} %", f"{unsure:,}", *others)


@contextmanager
def _asking(domain: str) -> Iterator[None]:
    held: dict[str, Any] = settings.GEOCODER
    settings.GEOCODER = held | {
        "provider": "addok", "domain": domain, "scheme": "http", "timeout_s": 20.0, "calls_per_second": 0.0,
    }  # fmt: skip
    try:
        yield
    finally:
        settings.GEOCODER = held
