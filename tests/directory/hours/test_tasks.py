"""The refreshing as a job: deferred each hour, worked off by a real worker on the real queue."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connections
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.periodic import PeriodicDeferrer
from procrastinate.testing import InMemoryConnector

from directory import tasks
from directory.models import Schedule


@pytest.fixture
def stale(transactional_db) -> Schedule:
    made = Schedule.objects.create(text="Mo-Fr 09:00-12:00")
    Schedule.objects.filter(pk=made.pk).update(refreshed_at=timezone.now() - timedelta(days=3), known_during="{}")
    return made


def test_a_worker_refreshes(stale, monkeypatch):
    """With the database's settings of the service: prepared statements, parameters bound by the server."""
    monkeypatch.setitem(connections.settings["default"], "CONN_MAX_AGE", 0)  # the worker's thread keeps none
    tasks.refresh.defer(timestamp=0)
    with app.replace_connector(app.connector.get_worker_connector()):
        app.run_worker(wait=False, install_signal_handlers=False, listen_notify=False)
    found = Schedule.objects.get(pk=stale.pk)
    assert found.refreshed_at > timezone.now() - timedelta(minutes=1)
    assert len(found.known_during) == 1
    assert not ProcrastinateJob.objects.exists(), "what succeeded leaves nothing behind"


@pytest.mark.parametrize("minutes", [0, 1, 30, 59])
def test_a_worker_that_starts_at_any_minute_makes_up_for_what_it_missed(minutes):
    five_past = datetime(2026, 11, 27, 14, 5, tzinfo=UTC)
    deferrer = PeriodicDeferrer(app.periodic_registry, **app.periodic_defaults)
    due = deferrer.get_previous_tasks(at=(five_past + timedelta(minutes=minutes, seconds=1)).timestamp())
    assert (tasks.refresh, five_past.timestamp()) in [(each.task, moment) for each, moment in due]


def test_it_waits_in_the_queue_once_only():
    with app.replace_connector(InMemoryConnector()):
        tasks.refresh.defer(timestamp=0)
        with pytest.raises(AlreadyEnqueued):
            tasks.refresh.defer(timestamp=3600)
