"""The service stays well ahead of a careful drf-gis view over the same rows.

Some twenty times as fast here, where ten is the aim; the test fails under half of that, so that the noise of a shared
machine does not trip it. Both run in this process, one after the other, on the same questions; `make bench` measures
properly.
"""

from __future__ import annotations

import io
import statistics
import time
from collections.abc import Callable, Iterable
from typing import Any

import orjson
import pytest
from django.core import signals
from django.core.handlers.wsgi import WSGIHandler
from django.db import close_old_connections
from django.test import RequestFactory, override_settings

from benchmarks.data import add_location
from benchmarks.peers.careful import CarefulView
from benchmarks.stream import MAIN, Asked, stream
from directory.demo import seed_demo

MERCHANTS = 18_000  # 20,000 points of sale
SEED = 3
QUESTIONS = 24
ROUNDS = 3
LEAST_RATIO = 5.0
TRIES = 3  # a neighbour's burst of work may spoil one

pytestmark = pytest.mark.slow
Answer = Callable[[Asked], bytes]


@pytest.fixture
def questions(db: None) -> list[Asked]:
    seed_demo(MERCHANTS, SEED)
    add_location()
    return stream(MAIN, QUESTIONS, SEED)


@pytest.fixture
def service() -> Iterable[Answer]:
    """The whole service with its production middleware, as the WSGI server calls it."""
    with override_settings(RATE_LIMIT="off"):
        handler = WSGIHandler()
    make = RequestFactory(HTTP_HOST="127.0.0.1")

    def answer(asked: Asked) -> bytes:
        environ: dict[str, Any] = make.get(f"/api/v1/merchants/?{asked.query}").environ | {"wsgi.errors": io.StringIO()}
        response = handler(environ, lambda *started: io.BytesIO().write)
        body = b"".join(response)
        response.close()
        return body

    # The test's transaction is on this connection.
    signals.request_started.disconnect(close_old_connections)
    signals.request_finished.disconnect(close_old_connections)
    yield answer
    signals.request_started.connect(close_old_connections)
    signals.request_finished.connect(close_old_connections)


def careful(asked: Asked) -> bytes:
    """The drf-gis view alone, without any middleware."""
    response = CarefulView.as_view()(RequestFactory().get(f"/careful/?{asked.query}"))
    return bytes(response.render().content)


def milliseconds(answer: Answer, asked: Asked) -> float:
    began = time.perf_counter()
    answer(asked)
    return (time.perf_counter() - began) * 1000


def ratio(service: Answer, questions: list[Asked]) -> float:
    """How many times as long the drf-gis view takes: the median over the questions, each by its quickest runs."""
    ratios = []
    for asked in questions:
        runs = [(milliseconds(service, asked), milliseconds(careful, asked)) for _ in range(ROUNDS)]
        ours, theirs = (min(taken) for taken in zip(*runs, strict=True))
        ratios.append(theirs / ours)
    return statistics.median(ratios)


def test_both_answer_alike_and_the_service_is_faster(questions: list[Asked], service: Answer) -> None:
    for asked in questions:
        ours, theirs = orjson.loads(service(asked)), orjson.loads(careful(asked))
        assert ours["numberMatched"] == theirs["count"]
        assert [feature["id"] for feature in ours["features"]] == [feature["id"] for feature in theirs["features"]]
    reached: list[float] = []
    while len(reached) < TRIES and max(reached, default=0) < LEAST_RATIO:
        reached.append(ratio(service, questions))
    assert max(reached) >= LEAST_RATIO, f"the service is only {reached} times as fast as a careful drf-gis view"
