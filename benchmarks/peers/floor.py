"""The floor: bare WSGI around the service's own SQL, total included. No framework touches a request.

Each thread keeps one connection; statements are prepared. Django is set up once at start, because `search.statement`
makes the SQL and the vocabulary gives the ids of codes; what it does per request is what the floor does per request.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

import django

django.setup()

import psycopg  # noqa: E402
from django.conf import settings  # noqa: E402
from django.contrib.gis.measure import D  # noqa: E402

from directory import search  # noqa: E402
from directory.questions import Question  # noqa: E402
from directory.vocabulary import vocabulary  # noqa: E402
from geo.points import Position  # noqa: E402

vocabulary()  # read once, before the first request
_thread = threading.local()


def connection() -> psycopg.Connection[Any]:
    held = getattr(_thread, "connection", None)
    if held is None:
        options = settings.DATABASES["default"]["OPTIONS"]["options"]
        held = psycopg.connect(os.environ["DATABASE_URL"], autocommit=True, options=options, prepare_threshold=0)
        _thread.connection = held
    return held


def question(query: str) -> Question:
    asked = {name: values[0] for name, values in parse_qs(query).items()}
    around: dict[str, Any] = {}
    if "lat" in asked:
        centre = Position(float(asked["lon"]), float(asked["lat"]))
        around = {"centre": centre, "radius": D(m=float(asked.get("radius_km", "10")) * 1000)}
    return Question(
        activities=(asked["activity"],) if "activity" in asked else (),
        products=(asked["product"],) if "product" in asked else (),
        limit=int(asked.get("limit", "20")),
        **around,
    )


def feature(row: tuple[Any, ...]) -> str:
    _, id_, distance, lon, lat, card, open_now, changes_at, _ = row
    state = "null" if open_now is None else str(open_now).lower()
    changes = (
        "null" if changes_at is None else f'"{datetime.fromtimestamp(changes_at, UTC).isoformat(timespec="minutes")}"'
    )
    metres = "" if distance is None else f'"distance_m":{round(distance)},'
    return (
        f'{{"type":"Feature","id":{id_},"geometry":{{"type":"Point","coordinates":[{round(lon, 6)},{round(lat, 6)}]}},'
        f'"properties":{{{metres}"open_now":{state},"open_changes_at":{changes},{card[1:]}}}'
    )


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    built = search.statement(question(environ["QUERY_STRING"]))
    rows = connection().execute(built.sql, built.parameters, binary=True).fetchall()
    features = [feature(row) for row in rows if row[1] is not None]
    head = f'{{"type":"FeatureCollection","numberMatched":{rows[0][0]},"numberReturned":{len(features)},"features":['
    body = f"{head}{','.join(features)}]}}".encode()
    start_response("200 OK", [("Content-Type", "application/geo+json"), ("Content-Length", str(len(body)))])
    return [body]
