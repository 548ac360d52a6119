"""How much is measured: all of it, or enough to see where one stands (`--quick`)."""

from __future__ import annotations

from dataclasses import dataclass

QUESTIONS_SEED = 1


@dataclass(frozen=True, slots=True)
class Plan:
    """Numbers of questions, rounds, seconds, and visits of a page.

    `others` is the number of questions of the other shapes; of both, contenders that take seconds for an answer get the
    first `slow` and `others_slow` only.
    """

    compared: int
    questions: int
    others: int
    slow: int
    others_slow: int
    rounds: int
    warm_up_s: float
    crowd_s: float
    crowd_rounds: int
    visits: int


FULL = Plan(
    compared=200,
    questions=300,
    others=24,
    slow=24,
    others_slow=4,
    rounds=10,
    warm_up_s=6.0,
    crowd_s=5.0,
    crowd_rounds=5,
    visits=5,
)
QUICK = Plan(
    compared=50,
    questions=60,
    others=6,
    slow=12,
    others_slow=2,
    rounds=4,
    warm_up_s=1.5,
    crowd_s=1.2,
    crowd_rounds=3,
    visits=3,
)
