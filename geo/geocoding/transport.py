"""geopy's HTTP adapter with a bound that holds: a call ends within its time-out whatever the server does."""

from __future__ import annotations

import json
import threading
from typing import Any
from urllib.request import proxy_bypass

from geopy.adapters import RequestsAdapter
from geopy.exc import GeocoderParseError, GeocoderServiceError, GeocoderTimedOut
from requests import RequestException
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection

from geo.deadlines import Call, within

MAX_REDIRECTS = 3
MAX_BYTES = 2_000_000  # ten candidates weigh about 5 kB

_thread = threading.local()


class _WatchedConnection:
    """Tells the running call which socket it got, new or kept alive."""

    def connect(self) -> None:
        super().connect()  # type: ignore[misc]
        self._tell()

    def request(self, *args: Any, **kwargs: Any) -> None:
        self._tell()
        super().request(*args, **kwargs)  # type: ignore[misc]

    def _tell(self) -> None:
        call = getattr(_thread, "call", None)
        if call is not None:
            call.use(getattr(self, "sock", None))


class _WatchedHTTPConnection(_WatchedConnection, HTTPConnection):
    pass


class _WatchedHTTPSConnection(_WatchedConnection, HTTPSConnection):
    pass


class _HTTPPool(HTTPConnectionPool):
    ConnectionCls = _WatchedHTTPConnection


class _HTTPSPool(HTTPSConnectionPool):
    ConnectionCls = _WatchedHTTPSConnection


class BoundedAdapter(RequestsAdapter):
    """geopy's RequestsAdapter without retries of its own (it would wait twice as long as a 429 asks)."""

    def __init__(self, *, proxies: dict[str, str] | None, ssl_context: Any):
        super().__init__(proxies=proxies, ssl_context=ssl_context, max_retries=0)
        self.session.max_redirects = MAX_REDIRECTS
        self.session.stream = True
        for adapter in self.session.adapters.values():
            adapter.poolmanager.pool_classes_by_scheme = {"http": _HTTPPool, "https": _HTTPSPool}

    def get_json(self, url: str, *, timeout: float, headers: dict[str, str]) -> Any:
        """The parsed answer. Raises geopy's errors, GeocoderTimedOut at the latest after `timeout` seconds."""

        def read(call: Call) -> Any:
            _thread.call = call
            return self._read(url, timeout, headers)

        try:
            return within(timeout, read)
        except TimeoutError as error:
            raise GeocoderTimedOut("no complete answer in time") from error

    def _read(self, url: str, timeout: float, headers: dict[str, str]) -> Any:
        response = self._request(url, timeout=timeout, headers=headers)
        body = bytearray()
        with response:
            try:
                for chunk in response.iter_content(65536):
                    body += chunk
                    if len(body) > MAX_BYTES:
                        raise GeocoderParseError("the answer is too long")
            except RequestException as error:
                raise GeocoderServiceError("the answer broke off") from error
        try:
            return json.loads(body)
        except (ValueError, RecursionError) as error:
            raise GeocoderParseError("the answer is not JSON") from error


def proxies_for(domain: str) -> dict[str, str] | None:
    """For geopy: {} is no proxy, None those of the environment. geopy alone would ignore `no_proxy`."""
    host = domain.split("/")[0].rsplit(":", 1)[0].strip("[]")
    return {} if host in ("127.0.0.1", "localhost", "::1") or proxy_bypass(host) else None
