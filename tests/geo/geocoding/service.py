"""A small server on loopback that plays the national address service, and what the tests ask of it."""

from __future__ import annotations

import json
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from geo.geocoding import Address

VENDOME, BLOIS, VINEUIL_41, VINEUIL_36, CLOYES, DOUY = "41269", "41018", "41295", "36247", "28103", "28133"
CHANGE = Address("12 rue du Change", "41100", commune_name="Vendôme")
TIMEOUT_S = 1.2


def feature(label="12 Rue du Change 41100 Vendôme", *, lon=1.0654, lat=47.7931, **properties):
    """A feature as the service gives it; the test says only what matters."""
    given = {
        "label": label,
        "score": 0.95,
        "housenumber": "12",
        "id": "41269_0230_00012",
        "type": "housenumber",
        "name": "12 Rue du Change",
        "postcode": "41100",
        "citycode": VENDOME,
        "city": "Vendôme",
        "context": "41, Loir-et-Cher, Centre-Val de Loire",
        "importance": 0.5,
    } | properties
    point = {"type": "Point", "coordinates": [lon, lat]}
    return {"type": "Feature", "geometry": point, "properties": {k: v for k, v in given.items() if v is not None}}


def collection(*features):
    return json.dumps({"type": "FeatureCollection", "version": "draft", "features": list(features)}).encode()


class FakeService(ThreadingHTTPServer):
    """Answers with `self.answer(parameters) -> (status, headers, body)` and keeps what it was asked."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked: list[dict[str, str]] = []
        self.headers: list[dict[str, str]] = []
        self.closing = threading.Event()
        self.says(feature())

    def handle_error(self, request, client_address):
        """Our side hangs up on a server that is slow: nothing to print."""

    def says(self, *features):
        self.answers(200, collection(*features))

    def answers(self, status, body=b"", **headers):
        self.answer = lambda _: (status, {name.replace("_", "-"): value for name, value in headers.items()}, body)


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        parts = urlsplit(self.path)
        parameters = {name: values[0] for name, values in parse_qs(parts.query).items()}
        self.server.asked.append({"path": parts.path, **parameters})
        self.server.headers.append(dict(self.headers))
        status, headers, body = self.server.answer(parameters)
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", "Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def hang(service):
    def answer(_):
        service.closing.wait(5)
        return 200, {}, collection(feature())

    service.answer = answer


@contextmanager
def takes_less_than(seconds):
    began = time.monotonic()
    yield
    assert time.monotonic() - began < seconds


def is_centre_of(places, found, code):
    return (found.position, found.precision, found.source) == (places.commune(code).position, "commune", "gazetteer")
