"""The service over HTTP against its contenders: one client and eight, the main question and the others."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence

from benchmarks.data import Bench
from benchmarks.lines.plan import QUESTIONS_SEED, Plan
from benchmarks.load import BadAnswerError
from benchmarks.measure import CROWD, Throughput, Times, one_client, same_answers, several_clients, warm_up
from benchmarks.report import Part, Table, Target, figure
from benchmarks.servers import ALL, BROTLI, CAREFUL, FLOOR, HELLO, OURS, TEXTBOOK, TIPG, Contender, ask, running
from benchmarks.stream import MAIN, SHAPES, Asked, Shape, stream

# Not timed on the other questions: what they are for shows on the main one.
MAIN_ONLY = (BROTLI, HELLO)


def measure(bench: Bench, plan: Plan) -> Part:
    contenders = [one for one in ALL if bench.has_location or not one.slow]
    with running([*contenders, *MAIN_ONLY], bench) as ports:
        part = _main(plan, ports, contenders)
        for shape in SHAPES:
            if shape is not MAIN:
                part += _other(plan, ports, shape, contenders)
    return part


def _main(plan: Plan, ports: Mapping[str, int], contenders: Sequence[Contender]) -> Part:
    questions = stream(MAIN, max(plan.questions, plan.compared), QUESTIONS_SEED)
    totals = same_answers([*contenders, BROTLI], ports, questions[: plan.compared], plan.slow)
    timed = questions[: plan.questions]
    measured = [*contenders, *MAIN_ONLY]
    warm_up(measured, ports, timed, plan.warm_up_s)
    one = one_client(measured, ports, timed, plan.rounds, plan.slow)
    eight = several_clients(measured, ports, timed, plan.crowd_rounds, plan.crowd_s)
    table = _table(MAIN, measured, one, eight)
    note = (
        f"{len(totals)} questions answered alike before timing (same total, same ids in the same order), by drf-gis "
        f"the first {plan.slow}; {_of(totals)}. {len(timed)} timed with one client, by drf-gis the first {plan.slow}: "
        "what it takes against the floor, and against the service, is over the questions that both answered."
    )
    return Part([Table(table.title, table.head, table.rows, note)], _targets(one, eight))


def _other(plan: Plan, ports: Mapping[str, int], shape: Shape, contenders: Sequence[Contender]) -> Part:
    questions = stream(shape, plan.others, QUESTIONS_SEED)
    if (refusal := _refusal(ports[OURS.key], questions)) is not None:
        return Part([Table(shape.title, ("", ""), [(OURS.title, f"refuses: {refusal}")])])
    totals = same_answers(contenders, ports, questions, plan.others_slow)
    # Few at once: answers that take a quarter of a second would queue up to the service's time limit.
    warm_up([FLOOR, OURS, TIPG], ports, questions, plan.warm_up_s / 3, clients=CROWD // 2)
    one = one_client(contenders, ports, questions, min(plan.rounds, 4), plan.others_slow)
    table = _table(shape, contenders, one, {})
    note = (
        f"{len(totals)} questions, {plan.others_slow} of them for drf-gis, answered alike; {_of(totals)}. One client."
    )
    return Part([Table(table.title, table.head, table.rows, note)])


def _refusal(port: int, questions: Sequence[Asked]) -> str | None:
    """What the service says instead of an answer: one that takes longer than its time limit is refused."""
    try:
        for asked in questions:
            ask(port, OURS, asked)
    except BadAnswerError as error:
        return str(error)[:300]
    return None


def _of(totals: Sequence[int]) -> str:
    return f"matches: median {statistics.median(totals):,.0f}, most {max(totals):,}"


def _table(
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
        row = [contender.title, figure(times.p50), figure(times.p95), figure(times.against(one[FLOOR.key]))]
        if eight:
            many = eight[contender.key]
            share = many.per_second / eight[FLOOR.key].per_second
            row += [figure(many.per_second), figure(share), figure(many.times.p50), figure(many.times.p95)]
        rows.append(row)
    return Table(f"{shape.title[0].upper()}{shape.title[1:]}", head, rows)


def _targets(one: Mapping[str, Times], eight: Mapping[str, Throughput]) -> list[Target]:
    def slower(contender: Contender) -> float:
        return one[contender.key].against(one[OURS.key])

    share = eight[OURS.key].per_second / eight[FLOOR.key].per_second
    ahead_of = ((CAREFUL, 5, 10), (TEXTBOOK, 12, 25), (TIPG, 1.8, 2.5))
    return [
        Target("main question, p50 against the floor", 2.0, 1.4, 1 / slower(FLOOR), " ×", at_most=True),
        Target("… requests/s with 8 clients, of the floor's", 0.55, 0.70, share, "", at_most=False),
        *(
            Target(f"… faster than {peer.title.split(', functions')[0]}", must, aim, slower(peer), " ×", at_most=False)
            for peer, must, aim in ahead_of
            if peer.key in one
        ),
    ]
