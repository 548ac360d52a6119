"""A partner's server, and loopback open for it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.directory.platforms.partner import LOOPBACK, Partner, serving


@pytest.fixture
def partner(settings) -> Iterator[Partner]:
    settings.FEEDS_ALLOWED_NETWORKS = [LOOPBACK]
    with serving() as server:
        yield server
