"""A partner's list over the network: bounded in time and size, from public addresses only, and never a page.

No proxy is used: the connection goes to the very address that was checked.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPException
from ssl import SSLError
from urllib.parse import urljoin, urlsplit

from django.utils.translation import gettext as _
from requests.utils import DEFAULT_CA_BUNDLE_PATH
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError
from urllib3.exceptions import TimeoutError as ReadTimedOut
from urllib3.response import BaseHTTPResponse
from urllib3.util.ssl_match_hostname import CertificateError

from directory.platforms.addresses import Target, look_up
from directory.platforms.errors import NotAList, NotAllowed, TooLarge, TooSlow, Unreachable
from geo.deadlines import Call, within

MAX_BYTES = 20_000_000  # a hundred thousand merchants weigh about as much
CONNECT_S, READ_S, TOTAL_S = 5.0, 15.0, 60.0
MAX_REDIRECTS = 3
REDIRECTS = (301, 302, 303, 307, 308)
BLOCK = 1 << 16
LONGEST_ETAG = 300
GZIP = 31  # zlib's code for gzip with its head and its checksum
HEADERS = {
    "User-Agent": "LocalDAbord/1 (+liste d'un partenaire)",
    "Accept": "application/geo+json, application/json, text/csv, */*;q=0.1",
    "Accept-Encoding": "gzip",
    "Connection": "close",
}


@dataclass(frozen=True, slots=True)
class Fetched:
    """What came. `etag` is to be given back the next time."""

    content: bytes
    etag: str
    content_type: str


@dataclass(frozen=True, slots=True)
class NotModified:
    """The server says that the list is what it was."""


def fetch(url: str, etag: str = "", seconds: float = TOTAL_S) -> Fetched | NotModified:
    """The list at a URL, within so many seconds in all. Raises FetchFailure."""
    try:
        return within(seconds, lambda call: _fetched(call, url, etag))
    except TimeoutError as error:
        raise TooSlow(
            _("La liste n'était pas arrivée en entier après %s secondes : le serveur est trop lent.") % round(seconds)
        ) from error


def _fetched(call: Call, url: str, etag: str) -> Fetched | NotModified:
    for _hop in range(MAX_REDIRECTS + 1):
        with answer(call, look_up(url), {"If-None-Match": etag} if etag else {}) as response:
            there = response.headers.get("Location")
            if response.status not in REDIRECTS or there is None:
                return _taken(response, etag)
            url = _next(url, there)
    raise NotAllowed(_("Plus de %s redirections : demandez l'adresse finale.") % MAX_REDIRECTS)


def _next(url: str, there: str) -> str:
    try:
        target = urljoin(url, there)
        weaker = urlsplit(url).scheme == "https" and urlsplit(target).scheme == "http"
    except ValueError as error:
        raise NotAllowed(_("Le serveur redirige vers une adresse mal formée.")) from error
    if weaker:
        raise NotAllowed(_("Le serveur redirige de https vers http, où n'importe qui peut changer la liste."))
    return target


@contextmanager
def answer(call: Call, target: Target, headers: dict[str, str]) -> Iterator[BaseHTTPResponse]:
    """The answer of a checked target, its body not yet read. Raises Unreachable, also while it is read."""
    connection = None
    try:
        connection = _connected(call, target)
        connection.request(
            "GET",
            target.path,
            headers={"Host": target.host_header, **HEADERS, **headers},
            preload_content=False,
            decode_content=False,
        )
        response = connection.getresponse()
        yield response
    except (SSLError, CertificateError) as error:
        raise Unreachable(_("Le certificat de %s n'est pas valable : à renouveler là-bas.") % target.host) from error
    except (TimeoutError, ReadTimedOut) as error:
        raise TooSlow(_("%s ne répond pas à temps.") % target.host) from error
    except (OSError, HTTPError, HTTPException, ValueError) as error:
        raise Unreachable(
            _("%(host)s est injoignable, ou sa réponse est interrompue (%(error)s).")
            % {"host": target.host, "error": type(error).__name__}
        ) from error
    finally:
        if connection is not None:
            connection.close()


def _connected(call: Call, target: Target) -> HTTPConnection:
    """A connection to the first of the addresses that answers, under the host's own name and certificate."""
    last: Exception = OSError()
    for address in target.addresses:
        connection = _connection(address, target)
        try:
            connection.connect()
        except (OSError, HTTPError) as error:
            last = error
            continue
        connection.timeout = READ_S  # which the request gives to the socket
        call.use(connection.sock)
        return connection
    raise last


def _connection(address: str, target: Target) -> HTTPConnection:
    if target.scheme == "http":
        return HTTPConnection(address, target.port, timeout=CONNECT_S)
    return HTTPSConnection(
        address,
        target.port,
        timeout=CONNECT_S,
        cert_reqs="CERT_REQUIRED",
        ca_certs=DEFAULT_CA_BUNDLE_PATH,
        server_hostname=target.host,
        assert_hostname=target.host,
    )


def _taken(response: BaseHTTPResponse, etag: str) -> Fetched | NotModified:
    if response.status == 304 and etag:
        return NotModified()
    if response.status != 200:
        raise Unreachable(_("Le serveur répond par le code %s au lieu de la liste.") % response.status)
    kind = response.headers.get("Content-Type", "")
    body = _body(response)
    if "html" in kind.lower() or body.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        raise NotAList(_("C'est une page (HTML ou XML) qui est arrivée, et non une liste : l'adresse a changé ?"))
    if not body:
        raise NotAList(_("Le serveur répond, mais n'envoie rien."))
    given = response.headers.get("ETag", "")
    return Fetched(body, given if len(given) <= LONGEST_ETAG and given.isprintable() else "", kind)


def _body(response: BaseHTTPResponse) -> bytes:
    """The body, unpacked as it comes, so that neither form of it is ever larger than the limit."""
    encoding = response.headers.get("Content-Encoding", "").strip().lower()
    if encoding not in ("", "identity", "gzip", "x-gzip"):
        raise NotAList(_("La liste est comprimée en « %s » : seul gzip est lu.") % encoding)
    unpacker = zlib.decompressobj(GZIP) if encoding.endswith("gzip") else None
    body, came = bytearray(), 0
    # One read of the socket at a time: larger ones would wait for a whole block however slowly it comes.
    while block := response.read1(BLOCK, decode_content=False):
        came += len(block)
        try:
            body += block if unpacker is None else unpacker.decompress(block, MAX_BYTES + 1 - len(body))
        except zlib.error as error:
            raise NotAList(_("La liste comprimée est endommagée.")) from error
        if max(came, len(body)) > MAX_BYTES:
            raise TooLarge(
                _("La liste dépasse %s Mo : demandez-la plus courte, ou en plusieurs flux.") % (MAX_BYTES // 1_000_000)
            )
    if unpacker is not None and (not unpacker.eof or unpacker.unused_data):
        raise NotAList(_("La liste comprimée est endommagée."))
    return bytes(body)
