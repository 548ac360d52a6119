"""All workers together call no more often than allowed."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from geo.geocoding import (
    ProviderUnavailable,
    pace,
)
from geo.models import ProviderPace
from tests.geocoder import (
    takes_less_than,
)


def in_threads(work, count):
    """Runs `work(i)` at once in threads with connections of their own, outside the test's transaction."""
    results, barrier = [None] * count, threading.Barrier(count)

    def run(i):
        try:
            barrier.wait()
            results[i] = work(i)
        except Exception as error:
            results[i] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(i,)) for i in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


@pytest.fixture
def shared_pace(db):
    """A pace that other connections see; removed again, as it is outside the test's transaction."""
    yield "pace-test"
    in_threads(lambda _: ProviderPace.objects.filter(pk="pace-test").delete(), 1)


def test_workers_share_the_pace(shared_pace):
    """Sixteen workers at once at 40 calls a second take sixteen different turns, 25 ms apart: none is given twice."""
    began = timezone.now()

    def call(_):
        pace.wait_for_turn(shared_pace, 40, 3.0)
        return timezone.now(), ProviderPace.objects.get(pk=shared_pace).next_call_at

    called, next_calls = zip(*in_threads(call, 16), strict=True)
    assert max(next_calls) - began >= 16 * timedelta(milliseconds=25)
    assert max(called) - began >= 15 * timedelta(milliseconds=25)


def test_who_would_wait_too_long_is_told_at_once_and_reserves_nothing(shared_pace):
    """Ten workers at 2 calls a second who give it 0.8 s: two or three get a turn, the others know how long to wait."""

    def call(_):
        with takes_less_than(1.2):
            pace.wait_for_turn(shared_pace, 2, 0.8)

    results = in_threads(call, 10)
    refused = [result for result in results if isinstance(result, ProviderUnavailable)]
    assert len(refused) in (7, 8)
    assert len(refused) + results.count(None) == 10
    assert all(0 < failure.retry_after <= 1.6 for failure in refused)


def test_a_transaction_left_open_hangs_nobody(shared_pace):
    held, done = threading.Event(), threading.Event()

    def work(i):
        if i == 0:
            with transaction.atomic():
                ProviderPace.objects.select_for_update().get(pk=shared_pace)
                held.set()
                done.wait(5)
            return
        held.wait(5)
        try:
            with takes_less_than(0.6):
                pace.pause(shared_pace, 60)
                pace.wait_for_turn(shared_pace, 100, 0.2)
        finally:
            done.set()

    in_threads(lambda _: pace.wait_for_turn(shared_pace, 100, 1.0), 1)
    assert isinstance(in_threads(work, 2)[1], ProviderUnavailable)


def test_a_pause_is_never_shortened_nor_endless(db):
    pace.wait_for_turn("ban", 100, 1.0)
    pace.pause("ban", 86_400)
    pace.pause("ban", 1)
    left = (ProviderPace.objects.get(pk="ban").next_call_at - timezone.now()).total_seconds()
    assert pace.MAX_PAUSE_S - 5 < left <= pace.MAX_PAUSE_S


def test_a_pace_of_zero_is_no_limit(db):
    with takes_less_than(1):
        for _ in range(50):
            pace.wait_for_turn("ban", 0, 0.1)
