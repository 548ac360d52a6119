"""A small server on loopback that plays the national address service, well or with one of `FAULTS`.

def test_something(address_service):          # a fixture of tests/conftest.py, for GEOCODER of the settings
    address_service.says(feature("1 Rue du Change 41100 Vendôme", lon=…, lat=…))
    FAULTS["503"].play(address_service)
    address_service.recovers()
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from django.utils import timezone

from geo.geocoding import Address, ProviderError, ProviderUnavailable
from geo.models import ProviderPace

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
        self.plays = None
        self.says(feature())

    def handle_error(self, request, client_address):
        """Our side hangs up on a server that is slow: nothing to print."""

    def recovers(self, answer=None):
        """Answers again, with `answer` where given; who was told to wait may ask at once."""
        self.plays = None
        if answer is None:
            self.says(feature())
        else:
            self.answer = answer
        ProviderPace.objects.update(next_call_at=timezone.now())

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
        if self.server.plays is not None:
            self.server.plays(self)
            return
        status, headers, body = self.server.answer(parameters)
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", "Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@contextmanager
def served(settings):
    """The played service, which the settings name as long as it runs."""
    with FakeService() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        settings.GEOCODER = {
            "provider": "ban",
            "domain": f"127.0.0.1:{server.server_port}/geocodage",
            "scheme": "http",
            "timeout_s": TIMEOUT_S,
            "calls_per_second": 1000.0,
            "cache_days": 90,
        }
        yield server
        server.closing.set()
        server.shutdown()


def hang(service):
    def answer(_):
        service.closing.wait(5)
        return 200, {}, collection(feature())

    service.answer = answer


def trickle_body(handler):
    handler.send_response(200)
    handler.send_header("Content-Length", "100")
    handler.end_headers()
    _trickle(handler, lambda i: b" ")


def trickle_headers(handler):
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
    _trickle(handler, lambda i: f"X-{i}: 1\r\n".encode())


def _trickle(handler, piece):
    """Each byte comes well within requests' own time-out, which therefore never ends the call."""
    try:
        for i in range(100):
            handler.wfile.write(piece(i))
            handler.wfile.flush()
            if handler.server.closing.wait(0.05):
                return
    except OSError:
        handler.server.cut_off = True


@dataclass(frozen=True, slots=True)
class Fault:
    """What the service does; what resolve() makes of it, with `wants_service`: an error, or a note at the commune."""

    play: Callable[[FakeService], None]
    error: type[Exception] | None = None
    note: str = ""


def _answering(status, body=b"", **headers):
    return lambda service: service.answers(status, body, **headers)


def _playing(handle):
    def play(service):
        service.plays = handle

    return play


_ELSEWHERE = feature("12 Rue du Change 41000 Blois", citycode=BLOIS, city="Blois", lon=1.33, lat=47.59)
# Each name tells what goes wrong. Only what raises an error is worth another try.
FAULTS = {
    "429 with Retry-After": Fault(_answering(429, Retry_After="7"), ProviderUnavailable),
    "503": Fault(_answering(503), ProviderUnavailable),
    "time-out": Fault(hang, ProviderUnavailable),
    "slow drip": Fault(_playing(trickle_body), ProviderUnavailable),
    "slow headers": Fault(_playing(trickle_headers), ProviderUnavailable),
    "breaks off": Fault(_answering(200, collection(feature())[:50], Content_Length="5000"), ProviderUnavailable),
    "redirects for ever": Fault(_answering(302, Location="/geocodage/search"), ProviderUnavailable),
    "truncated JSON": Fault(_answering(200, collection(feature())[:-40]), ProviderError),
    "missing geometry": Fault(_answering(200, collection(feature() | {"geometry": None})), ProviderError),
    "HTML": Fault(_answering(200, b"<html><h1>Maintenance</h1>", Content_Type="text/html"), ProviderError),
    "wrong commune": Fault(_answering(200, collection(_ELSEWHERE)), note="other_commune"),
    "empty": Fault(_answering(200, collection()), note="nothing_found"),
}


@contextmanager
def takes_less_than(seconds):
    began = time.monotonic()
    yield
    assert time.monotonic() - began < seconds


def is_centre_of(places, found, code):
    return (found.position, found.precision, found.source) == (places.commune(code).position, "commune", "gazetteer")
