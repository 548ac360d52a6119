"""A partner's server on loopback, that behaves and misbehaves, and the list that it gives."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from directory.models import Feed, Platform, PointOfSale
from tests.directory.importing.conftest import name_of, siret

LOOPBACK = "127.0.0.1/32"
MAPPING = """[source]
slug = "marche"
name = "Le marché en ligne"
producer = "Ville de Vendôme"
licence = "Licence Ouverte 2.0"

[columns]
external_id = "id"
name = "shop.name"
activities = "trade"
commune = "shop.city"

[optional_columns]
siret = "siret"
street = "shop.street"
lat = "shop.lat"
lon = "shop.lon"

[cells]
vocabulary_words = true"""


def entry(number: int = 1, **values: Any) -> dict[str, Any]:
    """A sound object of the list, in Vendôme."""
    shop = {"name": name_of(number).title(), "city": "Vendôme", "street": f"{number} rue du Change"}
    return {"id": f"m{number}", "siret": siret(number), "trade": "bakery", "shop": shop, **values}


class Partner(ThreadingHTTPServer):
    """Gives `body` with `headers`, or does what `answer(handler)` does where a test sets it."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.body, self.headers, self.status = b"[]", {"Content-Type": "application/json"}, 200
        self.answer: Callable[[Handler], None] | None = None
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.closing = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/list"

    def gives(self, *entries: Any) -> None:
        """This list, from now on."""
        self.body = json.dumps(list(entries)).encode()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Our side hangs up: nothing to print."""


class Handler(BaseHTTPRequestHandler):
    server: Partner

    def do_GET(self) -> None:
        self.server.asked.append((self.path, dict(self.headers)))
        if self.server.answer is not None:
            self.server.answer(self)
        else:
            self.says(self.server.status, self.server.body, **self.server.headers)

    def says(self, status: int, body: bytes = b"", length: int | None = None, **headers: str) -> None:
        self.send_response(status)
        for name, value in ({"Content-Length": str(len(body) if length is None else length)} | headers).items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def streams(self, block: bytes, times: int, pause: float = 0, **headers: str) -> None:
        """A body of which nobody says how long it is."""
        self.send_response(200)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        for _ in range(times):
            self.wfile.write(block)
            if pause and self.server.closing.wait(pause):
                return

    def log_message(self, *_: Any) -> None:
        pass


@contextmanager
def serving() -> Iterator[Partner]:
    with Partner() as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield server
        server.closing.set()
        server.shutdown()


def feed_of(partner: Partner, **values: Any) -> Feed:
    return Feed.objects.create(
        **{"slug": "marche", "url": partner.url, "format": "json", "mapping": MAPPING, "active": True, **values}
    )


def place(number: int = 1) -> PointOfSale:
    return PointOfSale.objects.get(source_records__external_id=f"m{number}", source_records__source__slug="marche")


def statuses(*numbers: int) -> list[str]:
    return [place(number).status for number in numbers]


def platform_of() -> Platform:
    return Platform.objects.create(
        slug="p", name="Le marché en ligne", operator="Ville", kind="e_market", url="https://marche.example"
    )
