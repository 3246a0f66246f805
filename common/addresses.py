"""Where a request comes from. Whatever counts by address asks here."""

from ipaddress import IPv6Address, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest

HOUSEHOLD = 64  # bits of an IPv6 address that one subscriber cannot change


def client_address(request: HttpRequest) -> str:
    """The caller's address (of IPv6 its network); empty when it cannot be known.

    `X-Forwarded-For` counts only as far as `NUM_PROXIES` of our own proxies wrote it: what a caller puts before that
    is theirs to forge. With fewer entries than proxies the request came another way, and the connection counts."""
    address = request.META.get("REMOTE_ADDR", "")
    proxies = settings.NUM_PROXIES
    written = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
    if proxies and len(written) >= proxies:
        address = written[-proxies]
    try:
        known = ip_address(_without_port(address))
    except ValueError:
        return ""
    if isinstance(known, IPv6Address):
        if known.ipv4_mapped:  # how a socket for both families shows IPv4: not one network of everybody
            return str(known.ipv4_mapped)
        return str(ip_network((int(known) >> HOUSEHOLD << HOUSEHOLD, HOUSEHOLD)).network_address)
    return str(known)


def _without_port(address: str) -> str:
    """Some proxies write `203.0.113.9:4711` and `[2001:db8::1]:4711`: another port is not another caller."""
    if address.startswith("["):
        return address[1:].partition("]")[0]
    return address.partition(":")[0] if address.count(":") == 1 else address
