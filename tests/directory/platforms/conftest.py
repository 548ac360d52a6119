"""A partner's server, and loopback open for it."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from directory.models import FeedRun
from directory.platforms.feeding import run
from tests.directory.platforms.partner import LOOPBACK, Partner, entry, feed_of, serving


@pytest.fixture
def partner(settings) -> Iterator[Partner]:
    settings.FEEDS_ALLOWED_NETWORKS = [LOOPBACK]
    with serving() as server:
        yield server


@pytest.fixture
def feed(partner):
    """A feed that has passed once, with a list of six."""
    partner.gives(*map(entry, range(1, 7)))
    made = feed_of(partner)
    assert run(made).outcome == FeedRun.Outcome.WRITTEN
    made.refresh_from_db()
    return made


@pytest.fixture
def names(monkeypatch):
    """Names that resolve as a test says: to a list of addresses, or to one list after the other."""
    real, known, asked = socket.getaddrinfo, {}, []

    def resolve(host, port, *args, **kwargs):
        if host not in known:
            return real(host, port, *args, **kwargs)
        asked.append(host)
        found = known[host]
        addresses = found.pop(0) if isinstance(found[0], list) else found
        kinds = [socket.AF_INET6 if ":" in address else socket.AF_INET for address in addresses]
        return [(kind, socket.SOCK_STREAM, 6, "", (each, port)) for kind, each in zip(kinds, addresses, strict=True)]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    known["asked"] = asked
    return known
