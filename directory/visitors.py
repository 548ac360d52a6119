"""Whose request it is, as far as the service needs to know: to count it once, or to slow it down. Nothing is kept."""

from __future__ import annotations

import hashlib
import ipaddress
import mmap
import os
import struct
from datetime import date

from django.conf import settings
from django.http import HttpRequest

ROBOTS = ("bot", "crawl", "spider", "preview", "fetch")


def client_address(request: HttpRequest) -> str:
    """The peer's address, or what the outermost trusted proxy says of it."""
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    if settings.TRUSTED_PROXIES and len(forwarded) >= settings.TRUSTED_PROXIES and forwarded[-1]:
        return forwarded[-settings.TRUSTED_PROXIES].strip()
    return str(request.META.get("REMOTE_ADDR", ""))


def network_of(address: str) -> str:
    """An IPv4 address as it is, the /64 of an IPv6 one (a household has a whole /64)."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    return str(ipaddress.ip_network(f"{address}/64", strict=False)) if parsed.version == 6 else address


def is_robot(request: HttpRequest) -> bool:
    """Whether it says so itself, or does not say what it is."""
    agent = request.headers.get("User-Agent", "").strip().lower()
    return not agent or any(word in agent for word in ROBOTS)


class WeeklyTally:
    """How often something came from an address in a week, in memory shared by all workers of this machine.

    As with the rate limiter, the table is made before gunicorn forks. It holds fingerprints under a random key, which
    the first count of a week replaces and nothing writes down, so that nothing joins what an address did in two weeks.
    It never grows: where two want one place, the later one begins to count anew; so does everyone after a restart.
    """

    SLOTS = 1 << 18
    HEAD = struct.Struct("Q16s")  # the week's ordinal, its key
    ENTRY = struct.Struct("QQ")  # fingerprint, times

    def __init__(self) -> None:
        self._table = mmap.mmap(-1, self.HEAD.size + self.SLOTS * self.ENTRY.size)

    def count(self, week: date, address: str, *what: object) -> int:
        """Count it; the number of times, this one included."""
        offset, fingerprint, times = self._entry(week, address, what)
        self.ENTRY.pack_into(self._table, offset, fingerprint, times + 1)
        return times + 1

    def times(self, week: date, address: str, *what: object) -> int:
        """The number of times so far."""
        return self._entry(week, address, what)[2]

    def _entry(self, week: date, address: str, what: tuple[object, ...]) -> tuple[int, int, int]:
        """Where it is counted, under which fingerprint, how often."""
        said = repr((week.toordinal(), network_of(address), what))
        digest = hashlib.blake2b(said.encode(), key=self._key(week.toordinal()), digest_size=8).digest()
        fingerprint = int.from_bytes(digest, "big")
        offset = self.HEAD.size + fingerprint % self.SLOTS * self.ENTRY.size
        held, times = self.ENTRY.unpack_from(self._table, offset)
        return offset, fingerprint, int(times) if held == fingerprint else 0

    def _key(self, week: int) -> bytes:
        """A request that was late for its week has the next one's. Two workers may race for a new one: no harm."""
        held, key = self.HEAD.unpack_from(self._table)
        if week > held:
            key = os.urandom(16)
            self.HEAD.pack_into(self._table, 0, week, key)
        return bytes(key)


# Made when the middleware is, before workers part.
tally = WeeklyTally()
