"""Liveness and readiness, for whoever watches the service."""

from __future__ import annotations

from typing import Any

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.utils import timezone

from directory.clusters import pyramid
from directory.hours.refreshing import LATE, not_refreshed_since
from geo.models import Commune

START_WORKER = "start the worker (`manage.py procrastinate worker`)"
MANY_CHANGES = 20_000  # of entries, which the worker folds in each minute


def health(request: HttpRequest) -> JsonResponse:
    """The process answers."""
    return JsonResponse({"status": "ok"}, headers={"Cache-Control": "no-store"})


def ready(request: HttpRequest) -> JsonResponse:
    """The service can answer questions: database, migrations, communes. 503 names what is missing, and the remedy.

    `degraded` names what is there but out of date: the service answers, and says less than it could.
    """
    degraded: dict[str, str] = {}
    try:
        missing = _missing()
        degraded = {} if missing else _degraded()
    except DatabaseError:
        connection.close()
        missing = {"database": "does not answer: start it (`make run`, or see DATABASE_URL)"}
    status: dict[str, Any] = {"status": "not ready" if missing else "ready"} | ({"missing": missing} if missing else {})
    status |= {"degraded": degraded} if degraded else {}
    headers = {"Cache-Control": "no-store"} | ({"Retry-After": "5"} if missing else {})
    return JsonResponse(status, status=503 if missing else 200, headers=headers)


def _missing() -> dict[str, str]:
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return {"migrations": "some are not applied: run `manage.py migrate`"}
    if not Commune.objects.exists():
        return {"communes": "none loaded: run `manage.py load_communes`"}
    return {}


def _degraded() -> dict[str, str]:
    found = {}
    if not_refreshed_since(timezone.now() - LATE).exists():
        found["opening_hours"] = f"not refreshed for two days: {START_WORKER}"
    if pyramid.is_stale():
        found["clusters"] = f"a load was not finished, counts may be wrong: {START_WORKER}"
    elif (changes := pyramid.behind()[0]) > MANY_CHANGES:
        found["clusters"] = f"{changes} changes wait, views are slower: {START_WORKER}"
    return found
