"""The service over HTTP against its contenders: one client and eight, the main question and the others."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence

from benchmarks.data import Bench
from benchmarks.lines.plan import QUESTIONS_SEED, Plan
from benchmarks.measure import CROWD, Throughput, Times, one_client, same_answers, several_clients, warm_up
from benchmarks.report import Part, Table, Target, figure
from benchmarks.servers import ALL, BROTLI, CAREFUL, FLOOR, HELLO, OURS, TEXTBOOK, TIPG, Contender, running
from benchmarks.stream import MAIN, SHAPES, Shape, stream

# Not timed on the other questions: what they are for shows on the main one.
MAIN_ONLY = (BROTLI, HELLO)


def measure(bench: Bench, plan: Plan) -> Part:
    with running([*ALL, *MAIN_ONLY], bench) as ports:
        part = _main(bench, plan, ports)
        for shape in SHAPES:
            if shape is not MAIN:
                part += _other(bench, plan, ports, shape)
    return part


def _main(bench: Bench, plan: Plan, ports: Mapping[str, int]) -> Part:
    questions = stream(MAIN, max(plan.questions, plan.compared), QUESTIONS_SEED)
    totals = same_answers([*ALL, BROTLI], ports, questions[: plan.compared])
    timed = questions[: plan.questions]
    warm_up([*ALL, *MAIN_ONLY], ports, timed, plan.warm_up_s)
    one = one_client([*ALL, *MAIN_ONLY], ports, timed, plan.rounds)
    eight = several_clients([*ALL, *MAIN_ONLY], ports, timed, plan.crowd_rounds, plan.crowd_s)
    table = _table(bench, MAIN, [*ALL, *MAIN_ONLY], one, eight)
    note = (
        f"{len(totals)} questions answered alike by all before timing (same total, same ids in the same order); "
        f"{_of(totals)}. {len(timed)} questions timed with one client."
    )
    return Part([Table(table.title, table.head, table.rows, note)], _targets(one, eight))


def _other(bench: Bench, plan: Plan, ports: Mapping[str, int], shape: Shape) -> Part:
    questions = stream(shape, plan.others, QUESTIONS_SEED)
    totals = same_answers(ALL, ports, questions)
    warm_up([FLOOR, OURS, TIPG], ports, questions, plan.warm_up_s / 3)
    one = one_client(ALL, ports, questions, min(plan.rounds, 4))
    table = _table(bench, shape, ALL, one, {})
    note = f"{len(totals)} questions, answered alike by all; {_of(totals)}. One client."
    return Part([Table(table.title, table.head, table.rows, note)])


def _of(totals: Sequence[int]) -> str:
    return f"matches: median {statistics.median(totals):,.0f}, most {max(totals):,}"


def _table(
    bench: Bench,
    shape: Shape,
    contenders: Sequence[Contender],
    one: Mapping[str, Times],
    eight: Mapping[str, Throughput],
) -> Table:
    head = ["", "p50 ms", "p95 ms", "p50 × floor"]
    if eight:
        head += [f"{CROWD} clients: requests/s", "÷ floor", "p50 ms", "p95 ms"]
    rows = []
    for contender in contenders:
        times = one[contender.key]
        row = [contender.title, figure(times.p50), figure(times.p95), figure(times.p50 / one[FLOOR.key].p50)]
        if eight:
            many = eight[contender.key]
            share = many.per_second / eight[FLOOR.key].per_second
            row += [figure(many.per_second), figure(share), figure(many.times.p50), figure(many.times.p95)]
        rows.append(row)
    return Table(f"{shape.title[0].upper()}{shape.title[1:]}", head, rows)


def _targets(one: Mapping[str, Times], eight: Mapping[str, Throughput]) -> list[Target]:
    def slower(contender: Contender) -> float:
        return one[contender.key].p50 / one[OURS.key].p50

    share = eight[OURS.key].per_second / eight[FLOOR.key].per_second
    return [
        Target("main question, p50 against the floor", 2.0, 1.4, 1 / slower(FLOOR), " ×", at_most=True),
        Target("… requests/s with 8 clients, of the floor's", 0.55, 0.70, share, "", at_most=False),
        Target("… faster than careful drf-gis", 5, 10, slower(CAREFUL), " ×", at_most=False),
        Target("… faster than textbook drf-gis", 12, 25, slower(TEXTBOOK), " ×", at_most=False),
        Target("… faster than tipg", 1.8, 2.5, slower(TIPG), " ×", at_most=False),
    ]
