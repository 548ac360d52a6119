"""A token bucket for each client address, in memory shared by all workers of this machine.

The table is made before gunicorn forks (`preload_app`), so every worker sees the same buckets without a broker and
without a query. Addresses are hashed with a key made at start: nothing that identifies a person is kept.
"""

from __future__ import annotations

import hashlib
import mmap
import os
import struct
import time

from directory.visitors import network_of

SLOTS = 1 << 16
BUCKET = struct.Struct("dd")  # tokens spent, when


class RateLimiter:
    """At most `rate` requests a second for one address, `burst` at once."""

    def __init__(self, rate: float, burst: float):
        self.rate, self.burst = rate, burst
        self._table = mmap.mmap(-1, SLOTS * BUCKET.size)
        self._key = os.urandom(16)

    def wait_for(self, address: str) -> float:
        """Take one token: 0.0, or the seconds to wait when there is none. Two workers may race for one: no harm."""
        offset = self._slot(address) * BUCKET.size
        spent, when = BUCKET.unpack_from(self._table, offset)
        now = time.monotonic()
        spent = max(0.0, spent - (now - when) * self.rate)
        if spent + 1 > self.burst:
            return (spent + 1 - self.burst) / self.rate
        BUCKET.pack_into(self._table, offset, spent + 1, now)
        return 0.0

    def clear(self) -> None:
        """Forget everybody."""
        self._table[:] = bytes(len(self._table))

    def _slot(self, address: str) -> int:
        digest = hashlib.blake2b(network_of(address).encode(), key=self._key, digest_size=4).digest()
        return int.from_bytes(digest, "big") % SLOTS


def parse_limit(text: str) -> RateLimiter | None:
    """`"50/500"` is 50 a second with bursts of 500; `"off"` is no limit."""
    if text == "off":
        return None
    rate, _, burst = text.partition("/")
    return RateLimiter(float(rate), float(burst or rate))
