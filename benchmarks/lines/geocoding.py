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
from benchmarks.addok.measuring import Found
from benchmarks.addok.measuring import measure as look_up
from benchmarks.addok.serving import serving, why_not
from benchmarks.addok.writing import WAYS
from benchmarks.data import Bench
from benchmarks.lines.plan import FULL, Plan
from benchmarks.report import Part, Table, Target, figure
from geo.models import CachedAddress

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
    near = sum(each.kind == "near" for each in found) / len(found)
    wrong = sum(each.kind in ("far", "wrong commune") and each.sure for each in found)
    return Part(
        [_table(found, seconds)],
        [
            Target("town-hall addresses as people write them, within 100 m", 95, 96, 100 * near, " %", at_most=False),
            Target("of them, sure answers more than 2 km off", 0, 0, wrong, "", at_most=True),
        ],
    )


def _table(found: Sequence[Found], seconds: float) -> Table:
    rows = [(way, *_counts([each for each in found if each.way == way])) for way in WAYS]
    return Table(
        "Addresses as people write them",
        ("", "asked", "within 100 m", "the commune", "refused", "100 m to 2 km", "further", "wrong commune"),
        [*rows, ("all", *_counts(found))],
        f"Town halls of the région, looked up by addok 1.3.2 with their streets and {STREETS:,} invented ones, whose"
        f" names repeat (benchmarks/addok): {figure(len(found) / seconds)} a second, one at a time. Refused: several"
        " communes of the postcode have the address.",
    )


def _counts(found: Sequence[Found]) -> tuple[str, ...]:
    kinds = Counter(each.kind for each in found)
    near, *others = (kinds[kind] for kind in KINDS)
    return (f"{len(found):,}", f"{100 * near / len(found):.1f} %", *(f"{count:,}" for count in others))


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
