"""Liveness and readiness, for whoever watches the service."""

from __future__ import annotations

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse

from geo.models import Commune


def health(request: HttpRequest) -> JsonResponse:
    """The process answers."""
    return JsonResponse({"status": "ok"}, headers={"Cache-Control": "no-store"})


def ready(request: HttpRequest) -> JsonResponse:
    """The service can answer questions: database, migrations, communes. 503 names what is missing, and the remedy."""
    try:
        missing = _missing()
    except DatabaseError:
        connection.close()
        missing = {"database": "does not answer: start it (`make run`, or see DATABASE_URL)"}
    status = {"status": "not ready" if missing else "ready"} | ({"missing": missing} if missing else {})
    headers = {"Cache-Control": "no-store"} | ({"Retry-After": "5"} if missing else {})
    return JsonResponse(status, status=503 if missing else 200, headers=headers)


def _missing() -> dict[str, str]:
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return {"migrations": "some are not applied: run `manage.py migrate`"}
    if not Commune.objects.exists():
        return {"communes": "none loaded: run `manage.py load_communes`"}
    return {}
