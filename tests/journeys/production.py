"""The service as production serves it, on a server that counts the bytes it sends: headers, bodies, everything."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from socketserver import _SocketWriter  # what http.server writes through
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.core.management import call_command
from django.test.testcases import LiveServerThread, QuietWSGIRequestHandler
from django.test.utils import override_settings

NOT_OF_PAGES = ["admin/*", "gis/*", "drf_spectacular_sidecar/*", "rest_framework/*", "*.map", "leaflet/draw/*"]


class Production(LiveServerThread):
    """The whole chain of middleware, WhiteNoise included; `sent` has the bytes of each path."""

    def __init__(self) -> None:
        super().__init__("127.0.0.1", static_handler=lambda _: WSGIHandler())
        self.daemon = True
        self.sent: Counter[str] = Counter()

    @property
    def url(self) -> str:
        return f"http://{self.host}:{self.port}"

    def _create_server(self, connections_override=None):
        sent = self.sent

        class Counting(QuietWSGIRequestHandler):
            def handle_one_request(self):
                self.wfile = Tally(self.connection)
                super().handle_one_request()
                if self.wfile.total:
                    sent[urlsplit(self.path).path] += self.wfile.total

        return self.server_class((self.host, self.port), Counting, allow_reuse_address=False)


class Tally(_SocketWriter):
    total = 0

    def write(self, b):
        self.total += len(b)
        return super().write(b)


@pytest.fixture(scope="module")
def collected(tmp_path_factory) -> Iterator[Path]:
    """The static files of pages, collected by production's own storage."""
    folder = tmp_path_factory.mktemp("staticfiles")
    storages = settings.STORAGES | {"staticfiles": {"BACKEND": "config.static.Storage"}}
    with override_settings(STATIC_ROOT=folder, STORAGES=storages):
        call_command("collectstatic", verbosity=0, interactive=False, ignore_patterns=NOT_OF_PAGES)
        yield folder


@pytest.fixture
def production(collected, transactional_db) -> Iterator[Production]:
    server = Production()
    server.start()
    server.is_ready.wait()
    if server.error:
        raise server.error
    yield server
    server.terminate()
