"""Liveness and readiness, for whoever watches the service."""

from __future__ import annotations

from typing import Any

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.utils import timezone

from directory.hours.refreshing import LATE, not_refreshed_since
from geo.models import Commune


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
    if not_refreshed_since(timezone.now() - LATE).exists():
        return {"opening_hours": "not refreshed for two days: start the worker (`manage.py procrastinate worker`)"}
    return {}
