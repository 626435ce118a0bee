"""Where a socket may connect to: pages of the public internet, and nothing else."""

import ipaddress

PORTS = {80, 443}
NAT64 = ipaddress.ip_network("64:ff9b::/96")
# Python calls these global, though nobody's page is there: relays, name servers'
# own networks, documentation.
SPECIAL = [
    ipaddress.ip_network(network)
    for network in (
        "192.0.0.0/24",
        "192.88.99.0/24",
        "2620:4f:8000::/48",
        "3fff::/20",
    )
]
# An IPv4 address behind this is reached through a tunnel (RFC 5214).
ISATAP = {0x0000_5EFE, 0x0200_5EFE}


class Refused(OSError):
    """The connection would lead to where nobody should be sent."""


def is_public(address: str, port: int) -> bool:
    """Return whether ``address`` is on the public internet and ``port`` is the web's.

    IPv6 addresses that carry an IPv4 address are judged by that one.
    """
    if port not in PORTS:
        return False
    ip = ipaddress.ip_address(address)
    if ip.version == 6:
        if ip in NAT64 or int(ip) >> 32 & 0xFFFF_FFFF in ISATAP:
            ip = ipaddress.IPv4Address(int(ip) & 0xFFFF_FFFF)
        else:
            ip = ip.ipv4_mapped or ip.sixtofour or ip
    # Python calls these global, too.
    return ip.is_global and not (
        ip.is_multicast
        or ip.is_reserved
        or getattr(ip, "is_site_local", False)
        or any(ip in network for network in SPECIAL)
    )
