"""The current edition from where ARCEP publishes it: bounded in time and size, and never something else than a CSV."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import requests
from django.conf import settings
from urllib3.exceptions import HTTPError

from geo.coverage.importing.errors import DownloadFailed
from geo.coverage.importing.reading import MAX_BYTES
from geo.coverage.layouts import Name

DEFAULT_LAYOUTS = (Name.WIRED_SPEEDS.value, Name.TECHNOLOGIES.value)
CONNECT_S, READ_S, TOTAL_S = 10.0, 30.0, 300.0
BLOCK = 1 << 16
# What text that is no CSV begins with: a page of a portal or a proxy, an error in XML, JSON.
OTHER = (b"<", b"{")


def download(layout: str, folder: Path, tell: Callable[[int], None] = lambda size: None) -> tuple[Path, str]:
    """The file of that layout, put into `folder`, and its address. Raises DownloadFailed, with the remedy."""
    url = settings.COVERAGE_DOWNLOAD_URL.format(layout=layout)
    path = folder / f"{layout}.csv"
    try:
        path.write_bytes(_fetched(url, tell))
    except (requests.RequestException, HTTPError) as error:
        raise _failed(url, _in_words(error)) from error
    return path, url


def _fetched(url: str, tell: Callable[[int], None]) -> bytes:
    ends = time.monotonic() + TOTAL_S
    with requests.get(url, timeout=(CONNECT_S, READ_S), stream=True) as response:
        if not response.ok:
            raise _failed(url, f"the server answered {response.status_code} {response.reason}")
        body = bytearray()
        # One read of the socket at a time: requests would wait for a whole block however slowly it comes.
        while block := response.raw.read1(BLOCK, decode_content=True):
            body += block
            tell(len(body))
            if len(body) > MAX_BYTES:
                raise _failed(url, f"what came has more than {MAX_BYTES:,} bytes, so it is no file of communes")
            if time.monotonic() > ends:
                raise _failed(url, f"it had not all come after {TOTAL_S:.0f} s")
    kind = response.headers.get("Content-Type", "")
    if "html" in kind.lower() or body.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(OTHER):
        raise _failed(url, "what came is a page and no CSV file: a proxy's, or the file has moved")
    if not body:
        raise _failed(url, "what came is empty")
    return bytes(body)


def _in_words(error: Exception) -> str:
    if isinstance(error, requests.Timeout):
        return "the server did not answer in time"
    if isinstance(error, requests.ConnectionError):
        return "the server cannot be reached from this machine"
    return f"the answer broke off or is wrong ({type(error).__name__})"


def _failed(url: str, reason: str) -> DownloadFailed:
    return DownloadFailed(
        f"{url} cannot be downloaded: {reason}. Download it in a browser, keep its name, and give it to this command: "
        "`manage.py import_coverage FILE`. Nothing was written."
    )
