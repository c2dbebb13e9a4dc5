"""Say which addresses a visit may reach: public ones, on the ports of the web, and no others."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from urllib.parse import urlsplit

PORTS = frozenset((80, 443))
LONGEST = 2_000

# What the standard library calls global and is not a page's address: translations of other addresses
# (NAT64, 6to4, Teredo, mapped and compatible IPv4), whose inner address may be anything, old ranges, and
# one public address that a cloud (Azure) answers inside each of its machines, with what is the machine's own.
_NOT_PUBLIC = tuple(
    ipaddress.ip_network(each)
    for each in (
        "0.0.0.0/8", "100.64.0.0/10", "168.63.129.16/32", "169.254.0.0/16", "192.0.0.0/24",
        "192.88.99.0/24", "198.18.0.0/15", "240.0.0.0/4", "::/96", "::ffff:0:0/96", "::ffff:0:0:0/96",
        "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20",
        "5f00::/16", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8",
    )
)  # fmt: skip


class NotReachable(Exception):
    """An address must not be asked; the message says why, in words for a curator."""


@dataclass(frozen=True, slots=True)
class Reach:
    """Where a visit may go. ``also`` are pairs of an address and a port besides; only tests give any."""

    also: frozenset[tuple[str, int]] = frozenset()

    def check_url(self, url: str) -> None:
        """Raise NotReachable unless an address of a page may be asked at all."""
        if len(url) > LONGEST:
            raise NotReachable("the address is longer than 2,000 characters")
        try:
            parts = urlsplit(url)
            port, host = parts.port, parts.hostname
        except ValueError:
            raise NotReachable("the address cannot be read") from None
        if parts.scheme not in ("http", "https") or not host:
            raise NotReachable("the address does not begin with http:// or https://")
        if parts.username is not None or parts.password is not None:
            raise NotReachable("the address carries a user name")
        if any(ord(character) <= 32 or ord(character) == 127 for character in url) or "\\" in url:
            raise NotReachable("the address holds a character that no address has")
        if port is not None and port not in PORTS and port not in {each for _, each in self.also}:
            raise NotReachable(f"port {port} is not one of the web's, 80 and 443")

    def permits(self, address: str, port: int) -> bool:
        """Say whether a numeric address may be connected to at a port."""
        if (address, port) in self.also:
            return True
        return port in PORTS and is_public(address)


PUBLIC = Reach()


def is_public(address: str) -> bool:
    """Say whether a numeric address belongs to the public internet."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if (
        "%" in address
        or parsed.is_multicast
        or parsed.is_reserved
        or parsed.is_private
        or not parsed.is_global
    ):
        return False
    return not any(parsed in network for network in _NOT_PUBLIC if network.version == parsed.version)
