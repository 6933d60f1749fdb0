"""Where a request comes from, and who may send what from there."""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

Address = IPv4Address | IPv6Address


def parse_address(text: str | None) -> Address | None:
    """Read what the server or a proxy says; None for what is no address.

    >>> parse_address("::ffff:10.1.2.3"), parse_address("unix"), parse_address(None)
    (IPv4Address('10.1.2.3'), None, None)
    """
    try:
        # A zone ("%eth0") would make addresses of one machine many.
        address = ip_address((text or "").partition("%")[0])
    except ValueError:
        return None
    return (isinstance(address, IPv6Address) and address.ipv4_mapped) or address


class Networks:
    """A list of networks, as in ("10.0.0.0/8", "::1/128")."""

    def __init__(self, networks: Iterable[str]) -> None:
        self._networks = tuple(map(ip_network, networks))

    def __bool__(self) -> bool:
        return bool(self._networks)

    def __contains__(self, address: Address | None) -> bool:
        return address is not None and any(address in network for network in self._networks)
