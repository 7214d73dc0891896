"""Where a link may lead: to the public internet, and nowhere else.

The check sits where the socket is opened and sees the very address that is connected to, so
that no spelling of a host, no redirect and no second answer of the name service gets around it.
"""

from __future__ import annotations

import re
import socket
from collections.abc import Collection
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import TYPE_CHECKING

from ingest.parsed import RefusedError

if TYPE_CHECKING:
    from aiohttp.abc import AbstractResolver
    from yarl import URL

PORTS = frozenset({80, 443, 8080, 8443})
"""The ports of web servers. Others are mostly something else, or somebody's inner workings."""

Endpoint = tuple[str, int]
"""A numeric address and a port."""

_NOT_PUBLIC = (
    "The link leads to a private or reserved network address, not to the public web; Tumen opens "
    "only pages that everybody can reach."
)
_UNUSUAL = "The link names its site by a number in an unusual spelling; use the site's name."
# The IANA special-purpose registries, as far as the standard library does not know them or,
# in Python before 3.11.10, takes them for global; and Azure's metadata service.
_SPECIAL_V4 = tuple(map(IPv4Network, ("192.0.0.0/24", "192.88.99.0/24", "168.63.129.16/32")))
# All that is assigned to the public; what lies elsewhere embeds or stands for something else.
_PUBLIC_V6 = IPv6Network("2000::/3")
# Protocol assignments with Teredo, documentation, 6to4 (which embeds an IPv4 address).
_SPECIAL_V6 = tuple(map(IPv6Network, ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")))
_NAT64 = IPv6Network("64:ff9b::/96")
_LOCAL_NAMES = re.compile(
    r"(?:.*\.)?(?:localhost|localdomain|local|internal|intranet|private|corp|home|lan|onion"
    r"|test|invalid|home\.arpa)"
)
# What the name service takes for a number: 2130706433, 0x7f.1, 0177.0.0.1.
_NUMBER = re.compile(r"(?:.*\.)?(?:0x[0-9a-f]*|[0-9]+)")


def is_public(address: str) -> bool:
    """Whether a numeric address belongs to a machine on the public internet.

    On networks without IPv4, NAT64 (RFC 6052) writes public IPv4 addresses as IPv6 ones.
    """
    try:
        found = ip_address(address)
    except ValueError:  # also one with a zone, which is link-local by definition
        return False
    if isinstance(found, IPv6Address):
        if getattr(found, "scope_id", None):
            return False
        if found in _NAT64:
            return _is_public_v4(IPv4Address(found.packed[-4:]))
        return found in _PUBLIC_V6 and not any(found in network for network in _SPECIAL_V6)
    return _is_public_v4(found)


def _is_public_v4(address: IPv4Address) -> bool:
    special = any(address in network for network in _SPECIAL_V4)
    return address.is_global and not address.is_multicast and not special


class Guard:
    """Refuses what is not the public web.

    ``resolver`` answers for host names instead of the system's, and ``trusted`` endpoints may
    be reached although they are not public. Both are for tests, which have no other way to
    try links on this machine; nothing sets them from the outside.
    """

    def __init__(
        self,
        *,
        resolver: AbstractResolver | None = None,
        trusted: Collection[Endpoint] = (),
    ) -> None:
        self.resolver = resolver
        self._trusted = frozenset(trusted)

    def check(self, url: URL) -> None:
        """Look at an address before any name is resolved.

        Raises :class:`RefusedError` for a port that is not the web's and a host that can't be
        public. Behind a proxy, which resolves names itself, this is all that can be checked.
        """
        host, port = (url.raw_host or "").lower().rstrip("."), url.port or 0
        if port not in PORTS and port not in {trusted for _, trusted in self._trusted}:
            raise RefusedError(
                f"The link names port {port}, where no web page belongs; Tumen opens those on the "
                "ordinary ports (80, 443, 8080, 8443)."
            )
        try:
            ip_address(host)
        except ValueError:
            if ":" in host or "%" in host:
                raise RefusedError(_NOT_PUBLIC) from None
            if _NUMBER.fullmatch(host):
                raise RefusedError(_UNUSUAL) from None
            if "." not in host or _LOCAL_NAMES.fullmatch(host):
                raise RefusedError(_NOT_PUBLIC) from None
        else:
            self._check_endpoint(host, port)

    def open_socket(self, info: tuple[int, int, int, str, tuple[str | int, ...]]) -> socket.socket:
        """A socket for an address as ``getaddrinfo`` gives it, not yet connected.

        Raises :class:`RefusedError` if the address is not public.
        """
        family, kind, protocol, _, address = info
        self._check_endpoint(str(address[0]), int(address[1]))
        return socket.socket(family, kind, protocol)

    def _check_endpoint(self, address: str, port: int) -> None:
        if (address, port) not in self._trusted and not is_public(address):
            raise RefusedError(_NOT_PUBLIC)
