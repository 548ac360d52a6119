"""Whose request it is, as far as the service needs to know: to count it once, or to slow it down. Nothing is kept."""

from __future__ import annotations

import hashlib
import ipaddress
import mmap
import os
import struct
import time

from django.conf import settings
from django.http import HttpRequest


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


class HourlyTally:
    """How often something came from an address in this hour, in memory shared by all workers of this machine.

    As with the rate limiter, the table is made before gunicorn forks and holds fingerprints under a key made at start,
    never written; each hour's are others, so that nothing joins what an address did in two hours. Where two want one
    place, the later one begins to count anew.
    """

    SLOTS = 1 << 16
    ENTRY = struct.Struct("QQ")  # fingerprint, times

    def __init__(self) -> None:
        self._table = mmap.mmap(-1, self.SLOTS * self.ENTRY.size)
        self._key = os.urandom(16)

    def count(self, address: str, *what: object) -> int:
        """Count it; the number of times, this one included."""
        said = repr((int(time.time() // 3600), network_of(address), what))
        digest = hashlib.blake2b(said.encode(), key=self._key, digest_size=8).digest()
        fingerprint = int.from_bytes(digest, "big")
        offset = fingerprint % self.SLOTS * self.ENTRY.size
        held, times = self.ENTRY.unpack_from(self._table, offset)
        times = times + 1 if held == fingerprint else 1
        self.ENTRY.pack_into(self._table, offset, fingerprint, times)
        return int(times)


# Made when the middleware is, before workers part.
tally = HourlyTally()
