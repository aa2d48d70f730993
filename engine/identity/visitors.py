"""Where somebody comes from, as coarse as is enough to know one's own sessions apart."""

from __future__ import annotations

import ipaddress

_LONGEST_AGENT = 200
_BITS = {4: 24, 6: 48}


def network(address: str) -> str:
    """The network an address lies in (`192.0.2.0/24`), empty when it is none: the machine is nobody's business."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return ""
    return str(ipaddress.ip_network((found, _BITS[found.version]), strict=False))


def short_agent(agent: str) -> str:
    """What a browser calls itself, cut, without what no text holds."""
    return "".join(each for each in agent[:_LONGEST_AGENT] if each.isprintable())
