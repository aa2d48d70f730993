"""Connecting to a host outside, never to a private address: looked at where the connection really goes.

The name is resolved here and the socket opened to that very address, so that a name which answers differently the
second time (DNS rebinding) gains nothing.
"""

from __future__ import annotations

import socket
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from engine.outside_settings import Network

_NAT64 = ip_network("64:ff9b::/96")


class NotAllowed(Exception):
    """The host leads to an address that may not be connected to."""


def is_allowed(address: str, private: Sequence[Network]) -> bool:
    """Whether an address is public, or in one of the private networks the administrator allows."""
    found = _meant(ip_address(address.partition("%")[0]))
    if any(found.version == network.version and found in network for network in private):
        return True
    return found.is_global and not found.is_multicast


def is_private(address: str) -> bool:
    """Whether an address is of the house (this machine included)."""
    return not is_allowed(address, ())


def addresses(host: str, port: int, private: Sequence[Network]) -> list[str]:
    """The addresses of a host. Raises NotAllowed when one of them may not be connected to, OSError for an unknown."""
    found = [str(each[4][0]) for each in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    for each in found:
        if not is_allowed(each, private):
            raise NotAllowed(f"{host} has the private address {each}")
    return list(dict.fromkeys(found))


def connect(host: str, port: int, seconds: float, private: Sequence[Network]) -> socket.socket:
    """A connection to a host. Raises NotAllowed, or OSError when nobody answers."""
    fault: OSError | None = None
    for address in addresses(host, port, private):
        try:
            return socket.create_connection((address, port), seconds)
        except OSError as error:
            fault = error
    raise fault or OSError(f"{host} has no address")


def _meant(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """The IPv4 address that an IPv6 one stands for, if it does."""
    if isinstance(address, IPv4Address):
        return address
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    teredo = address.teredo[1] if address.teredo else None
    return address.ipv4_mapped or address.sixtofour or teredo or address
