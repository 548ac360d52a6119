"""The search page in Chromium on a slow line: when its list can be read, and when its map answers."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence
from urllib.parse import urlencode

from django.core.management import call_command

from benchmarks.chromium import KBIT_S, ROUND_TRIP_MS, NoBrowserError, Situation, Visit, browser, visit
from benchmarks.data import Bench
from benchmarks.lines.plan import Plan
from benchmarks.load import HOST, crowd, request
from benchmarks.measure import CROWD
from benchmarks.report import NONE, Part, Table, Target, figure
from benchmarks.servers import OURS, running

TITLE = f"The search page in Chromium, {KBIT_S} kbit/s and {ROUND_TRIP_MS} ms"
PATH = f"/?{urlencode({'q': 'fermes à moins de 30 km de Vendôme qui vendent du fromage'})}"
WIDE, PHONE = (1440, 900), (375, 760)
SITUATIONS = (
    Situation("wide screen, the map by itself", *WIDE),
    Situation("wide screen, light mode, the map from the tap", *WIDE, tap="[data-load]", light=True),
    Situation("phone, the map from the tap", *PHONE, tap="[data-toggle]"),
    Situation("phone, light mode, the map from the tap", *PHONE, tap="[data-toggle]", light=True),
)
HEAD = ("", "list readable s, median", "most", "map interactive s, median", "most", "kB before the map", "with the map")


def measure(benches: Sequence[Bench], plan: Plan) -> Part:
    """Of the largest size: it takes the server longest."""
    bench = benches[-1]
    call_command("prepare", files_only=True)
    try:
        with running([OURS], bench) as ports, browser() as started:
            crowd(ports[OURS.key], [request(PATH, "br")], CROWD, plan.warm_up_s)
            url = f"http://{HOST}:{ports[OURS.key]}{PATH}"
            version = started.version
            visits: dict[str, list[Visit]] = {one.title: [] for one in SITUATIONS}
            for _ in range(plan.visits):
                for one in SITUATIONS:
                    visits[one.title].append(visit(started, url, one))
    except NoBrowserError as missing:
        return Part([Table(TITLE, ("", ""), [("Chromium", f"not measured: {missing}")])])
    note = (
        f"Chromium {version}, {plan.visits} first visits each, in turns, among {bench.points:,} points of sale; "
        "production's middleware, static files and Brotli. The list is readable when its first result is painted, the "
        "map interactive when its first clusters are drawn and a key has moved it. Each request waits for a round "
        "trip; what a connection and its encryption add, two or three once, Chromium does not emulate."
    )
    table = Table(TITLE, HEAD, [_row(title, those) for title, those in visits.items()], note)
    return Part([table], _targets(visits))


def _row(title: str, visits: Sequence[Visit]) -> tuple[str, ...]:
    lists, maps = [one.list_s for one in visits], [one.map_s for one in visits]
    before = [one.before_map for one in visits if one.before_map is not None]
    return (
        title,
        *map(figure, (statistics.median(lists), max(lists), statistics.median(maps), max(maps))),
        figure(statistics.median(before) / 1000) if before else NONE,
        figure(statistics.median(one.with_map for one in visits) / 1000),
    )


def _targets(visits: dict[str, list[Visit]]) -> list[Target]:
    def slowest(part: Callable[[Visit], float]) -> float:
        return max(statistics.median(map(part, those)) for those in visits.values())

    line = f"{KBIT_S} kbit/s, {ROUND_TRIP_MS} ms"
    return [
        Target(
            f"{line}: list readable, the slowest of {len(visits)}",
            2,
            2,
            slowest(lambda one: one.list_s),
            " s",
            at_most=True,
        ),
        Target("… map interactive", 4.5, 4.5, slowest(lambda one: one.map_s), " s", at_most=True),
    ]
