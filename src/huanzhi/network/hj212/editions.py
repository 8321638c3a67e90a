"""Edition of a packet: decided for each, because one port hears all.

The version bits of Flag decide (V5…V0, Flag >> 2). A packet without Flag is of 2005, which allows that.
The surface-water network (HJ 1404-2024) has long sent the bits of 2025 with device numbers of its own.

References
----------
.. [1] HJ 212-2017, 6.3.2 表3: version 000000 is 2005, 000001 is 2017.
"""

from __future__ import annotations

import re

from huanzhi.network.hj212.segment import Packet
from huanzhi.network.hj212.tables import Edition, editions

_EPC = re.compile(r"[0-9A-F]{24}\Z")
_SURFACE_WATER = "21"


def edition_of(packet: Packet) -> tuple[Edition, bool]:
    """Return the edition of a packet, and whether its version bits are known."""
    if packet.flag is None:
        return Edition.HJT212_2005, True
    version = packet.flag >> 2
    found = next((edition for edition, facts in editions().items() if facts.version == version), None)
    if found is Edition.HJ212_2025 and packet.st == _SURFACE_WATER and not _EPC.match(packet.mn):
        return Edition.HJ1404_2024, True
    return found or Edition.HJ212_2025, found is not None
