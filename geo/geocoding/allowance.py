"""How often the address service is called on one person's account: who serves a page says when it is enough.

Only calls count. What was answered before costs nothing, and is given however much somebody asked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from geo.geocoding.errors import ProviderUnavailable

Wait = Callable[[], float]  # takes one call: 0.0, or the seconds to wait where there is none left

_wait: ContextVar[Wait | None] = ContextVar("wait", default=None)


@contextmanager
def on_account_of(wait: Wait) -> Iterator[None]:
    """What is asked inside is asked for one person; beyond what that may ask, the service is away for it."""
    token = _wait.set(wait)
    try:
        yield
    finally:
        _wait.reset(token)


def spend() -> None:
    """Before a call. Raises ProviderUnavailable."""
    wait = _wait.get()
    if wait is not None and (seconds := wait()):
        raise ProviderUnavailable("somebody asked for too many addresses", retry_after=seconds)
