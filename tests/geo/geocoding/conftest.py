"""The played address service, and the gazetteer of the real communes."""

from __future__ import annotations

import threading

import pytest

from geo.gazetteer import Gazetteer, gazetteer
from geo.geocoding import policy
from tests.geo.geocoding.service import TIMEOUT_S, FakeService

_built: list[Gazetteer] = []


@pytest.fixture
def service(settings):
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


@pytest.fixture
def places(communes, monkeypatch) -> Gazetteer:
    """Built once for all: nothing here changes the communes."""
    if not _built:
        _built.append(gazetteer())
    monkeypatch.setattr(policy, "gazetteer", lambda: _built[0])
    return _built[0]
