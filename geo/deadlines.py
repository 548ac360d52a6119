"""A call over the network that ends in time whatever the server does.

Time-outs of sockets are for each read, so a server that sends a byte now and then is never cut off, and a resolver that
hangs is not bounded at all. Here the call runs in a thread of its own, and its socket is shut at the end.
"""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable
from concurrent.futures import Future, wait
from typing import TypeVar

T = TypeVar("T")


class Call:
    """One call: the socket that it uses, known to the thread that waits for it."""

    sock: socket.socket | None = None
    over = False

    def use(self, sock: socket.socket | None) -> None:
        """The socket that the call goes on with; shut at once if nobody waits any more."""
        self.sock = sock
        if self.over:
            self.shut()

    def shut(self) -> None:
        """Ends a read in the calling thread, which then ends too."""
        self.over = True
        if self.sock is not None:
            with contextlib.suppress(OSError):
                self.sock.shutdown(socket.SHUT_RDWR)


def within(seconds: float, work: Callable[[Call], T]) -> T:
    """What `work` returns or raises. Raises TimeoutError at the latest after `seconds`.

    `work` tells the call its socket, and does not touch the database.
    """
    call, future = Call(), Future[T]()

    def run() -> None:
        try:
            future.set_result(work(call))
        except BaseException as error:  # handed to the thread that waits
            future.set_exception(error)

    threading.Thread(target=run, daemon=True).start()
    if not wait([future], seconds).done:
        call.shut()
        raise TimeoutError(f"no complete answer within {seconds:g} s")
    return future.result()
