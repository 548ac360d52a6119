"""The played address service, and the gazetteer of the real communes."""

from __future__ import annotations

import pytest

from geo.gazetteer import Gazetteer, gazetteer
from geo.geocoding import policy

_built: list[Gazetteer] = []


@pytest.fixture
def service(address_service):
    return address_service


@pytest.fixture
def places(communes, monkeypatch) -> Gazetteer:
    """Built once for all: nothing here changes the communes."""
    if not _built:
        _built.append(gazetteer())
    monkeypatch.setattr(policy, "gazetteer", lambda: _built[0])
    return _built[0]
