"""The client: sockets kept open and requests made beforehand, so that little of what is measured is its own.

`One` asks one question after the other; `crowd` keeps several questions in flight from one thread. What both reach
against a server that does nothing stands in the results.
"""

from __future__ import annotations

import selectors
import socket
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import brotli

HOST = "127.0.0.1"
CHUNK = 1 << 18
# A client of a crowd opens a new connection after so many answers: servers with several processes give each connection
# to one of them for good, and not evenly.
ANSWERS_PER_CONNECTION = 32


class BadAnswerError(RuntimeError):
    """An answer that is not 200, or no answer."""


def request(path: str, encoding: str = "identity") -> bytes:
    lines = (f"GET {path} HTTP/1.1", f"Host: {HOST}", "Accept: */*", f"Accept-Encoding: {encoding}")
    return "\r\n".join((*lines, "", "")).encode()


class Wire:
    """One connection, and the answer being read from it."""

    def __init__(self, port: int):
        self.socket = socket.create_connection((HOST, port), timeout=120)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._begin()

    def _begin(self) -> None:
        self._held = bytearray()
        self._head = -1
        self._length: int | None = None

    def send(self, message: bytes) -> None:
        self._begin()
        self.socket.sendall(message)

    def receive(self) -> bool:
        """Read what has come; whether the answer is complete."""
        piece = self.socket.recv(CHUNK)
        if not piece:
            raise BadAnswerError("the server closed the connection")
        self._held += piece
        if self._head < 0:
            self._head = self._held.find(b"\r\n\r\n")
            if self._head < 0:
                return False
            self._length = _length(bytes(self._held[: self._head]).lower())
        if self._length is None:
            return self._held.endswith(b"\r\n0\r\n\r\n")
        return len(self._held) >= self._head + 4 + self._length

    def check(self) -> None:
        """Raises BadAnswerError unless the answer is 200."""
        status = self._held[: self._held.find(b"\r\n")]
        if b" 200 " not in status + b" ":
            start = bytes(self._held[self._head + 4 :][:300])
            raise BadAnswerError(f"{status.decode()}: {start.decode(errors='replace')}")

    @property
    def size(self) -> int:
        """Bytes of the answer, headers included."""
        return len(self._held)

    def body(self) -> bytes:
        """The answer's body, decompressed. Raises BadAnswerError unless the answer is 200."""
        self.check()
        content = bytes(self._held[self._head + 4 :])
        if self._length is None:
            content = _unchunked(content)
        compressed = b"\r\ncontent-encoding: br" in bytes(self._held[: self._head]).lower()
        return brotli.decompress(content) if compressed else content

    def close(self) -> None:
        self.socket.close()


def _length(head: bytes) -> int | None:
    _, _, after = head.partition(b"\r\ncontent-length:")
    return int(after.split(b"\r\n", 1)[0]) if after else None


def _unchunked(content: bytes) -> bytes:
    parts = []
    while content:
        size, _, rest = content.partition(b"\r\n")
        length = int(size.split(b";")[0], 16)
        parts.append(rest[:length])
        content = rest[length + 2 :] if length else b""
    return b"".join(parts)


class One:
    """One client that waits for each answer before it asks again."""

    def __init__(self, port: int):
        self._wire = Wire(port)

    def get(self, message: bytes) -> bytes:
        self._wire.send(message)
        while not self._wire.receive():
            pass
        return self._wire.body()

    @property
    def size(self) -> int:
        """Bytes of the last answer, as they came, headers included."""
        return self._wire.size

    def timed(self, message: bytes) -> float:
        """Milliseconds from the request to the last byte of its answer, whose status is then looked at."""
        began = time.perf_counter()
        self._wire.send(message)
        while not self._wire.receive():
            pass
        taken = time.perf_counter() - began
        self._wire.check()
        return taken * 1000

    def close(self) -> None:
        self._wire.close()


@dataclass(slots=True)
class Crowd:
    """What several clients at once got: answers, the seconds that took, and each answer's milliseconds."""

    answers: int = 0
    seconds: float = 0.0
    milliseconds: list[float] = field(default_factory=list)

    @property
    def per_second(self) -> float:
        return self.answers / self.seconds


class _Clients:
    """Connections with a question in flight on each."""

    def __init__(self, port: int, messages: Sequence[bytes]):
        self._port, self._messages = port, messages
        self._loop = selectors.DefaultSelector()
        self._asked = 0
        self._sent: dict[Wire, tuple[float, int]] = {}

    def __len__(self) -> int:
        return len(self._sent)

    def join(self) -> None:
        """One client more."""
        wire = Wire(self._port)
        self._loop.register(wire.socket, selectors.EVENT_READ, wire)
        self.ask(wire, 0)

    def ask(self, wire: Wire, answered: int) -> None:
        wire.send(self._messages[self._asked % len(self._messages)])
        self._asked += 1
        self._sent[wire] = (time.perf_counter(), answered)

    def answers(self) -> Iterator[tuple[Wire, float, int]]:
        """Those that are complete: the connection, milliseconds, how many the connection had before."""
        for key, _ in self._loop.select(timeout=1.0):
            wire: Wire = key.data
            if wire.receive():
                wire.check()
                sent, answered = self._sent[wire]
                yield wire, (time.perf_counter() - sent) * 1000, answered

    def leave(self, wire: Wire) -> None:
        self._loop.unregister(wire.socket)
        self._sent.pop(wire)
        wire.close()


def crowd(port: int, messages: Sequence[bytes], clients: int, seconds: float) -> Crowd:
    """Ask for `seconds` from so many clients, going round the messages from the first.

    What is in flight at the end is waited for and not counted, so that the server is at rest afterwards.
    """
    result = Crowd()
    flying = _Clients(port, messages)
    began = time.perf_counter()
    for _ in range(clients):
        flying.join()
    while time.perf_counter() < began + seconds:
        for wire, milliseconds, answered in flying.answers():
            result.answers += 1
            result.milliseconds.append(milliseconds)
            if answered + 1 < ANSWERS_PER_CONNECTION:
                flying.ask(wire, answered + 1)
            else:
                flying.leave(wire)
                flying.join()
    result.seconds = time.perf_counter() - began
    while flying:
        for wire, _, _ in flying.answers():
            flying.leave(wire)
    return result
