"""A WSGI application that does nothing: what it reaches is what the client and the server can do at most."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

BODY = b'{"type": "FeatureCollection", "features": []}'


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    start_response("200 OK", [("Content-Type", "application/geo+json"), ("Content-Length", str(len(BODY)))])
    return [BODY]
