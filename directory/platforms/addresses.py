"""Which addresses the service may be sent to by what somebody typed: public ones, checked before each connection.

The name is resolved once and the connection made to the address that was checked, so that a name cannot mean something
else a moment later (DNS rebinding).
"""

from __future__ import annotations

import re
import socket
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.utils.encoding import iri_to_uri
from django.utils.translation import gettext as _

from directory.platforms.errors import NotAllowed, Unreachable

PORTS = {"http": 80, "https": 443}
# Below it, ports are other services': mail, databases, remote access.
FIRST_FREE_PORT = 1024
# An IPv4 address within IPv6, where a network has no other (RFC 6052); 6to4 and Teredo are simply refused.
NAT64 = IPv6Network("64:ff9b::/96")
# Relays of 6to4, long out of use (RFC 7526), which the standard library takes for public.
RELAYS = IPv4Network("192.88.99.0/24")
_HOST = re.compile(r"[A-Za-z0-9._-]{1,253}")


@dataclass(frozen=True, slots=True)
class Target:
    """Where a URL leads: `addresses` are those of its host, each checked; `path` is what is asked for."""

    scheme: str
    host: str
    port: int
    path: str
    addresses: tuple[str, ...]

    @property
    def host_header(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"


def look_up(url: str) -> Target:
    """The target of a URL. Raises NotAllowed, and Unreachable where the name is not known."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise NotAllowed(_("Cette adresse est mal formée : recopiez-la depuis un navigateur.")) from error
    if parts.scheme not in PORTS:
        raise NotAllowed(_("Seules les adresses en http:// et https:// sont lues."))
    if "@" in parts.netloc:
        raise NotAllowed(_("L'adresse contient un identifiant ou un mot de passe : demandez une adresse sans."))
    port = PORTS[parts.scheme] if port is None else port
    if port not in PORTS.values() and port < FIRST_FREE_PORT:
        raise NotAllowed(_("Le port %s n'est pas celui d'un site.") % port)
    host = _host(parts)
    path = iri_to_uri((parts.path or "/") + (f"?{parts.query}" if parts.query else ""))
    return Target(parts.scheme, host, port, path, _resolve(host, port))


def _host(parts: SplitResult) -> str:
    host = parts.hostname or ""
    try:
        return str(ip_address(host))
    except ValueError:
        pass
    try:
        host = host.encode("idna").decode("ascii")
    except UnicodeError:
        host = ""
    if not _HOST.fullmatch(host):
        raise NotAllowed(_("Cette adresse est mal formée : recopiez-la depuis un navigateur."))
    return host


def _resolve(host: str, port: int) -> tuple[str, ...]:
    """Every address of the host. Raises NotAllowed where one of them is not public."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    except OSError as error:
        raise Unreachable(_("Le nom %s est inconnu : vérifiez l'adresse.") % host) from error
    addresses = tuple(dict.fromkeys(str(entry[4][0]) for entry in found))
    if not addresses or not all(map(is_open, addresses)):
        raise NotAllowed(
            _("%s est une adresse privée ou locale, que le service ne lit pas : il faut un site public.") % host
        )
    return addresses


def is_open(text: str) -> bool:
    """Whether an address is a public one, or in a network that the settings open."""
    address = _plain(ip_address(text))
    if any(address in ip_network(network) for network in settings.FEEDS_ALLOWED_NETWORKS):
        return True
    if isinstance(address, IPv6Address) and (address.sixtofour or address.teredo or address.is_site_local):
        return False
    if address in RELAYS:
        return False
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)


def _plain(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """The IPv4 address that an IPv6 one stands for, else itself."""
    if isinstance(address, IPv4Address):
        return address
    if address in NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address
