"""Splitting and joining 拆分包: data areas that are too long for one frame, both ways.

Each part is a packet of its own with PNUM, PNO, a new QN and the DataTime again, split between groups; so
each can be read alone and the order does not matter.

References
----------
.. [1] HJ 212-2017, 附录C 表 C.49, C.50.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import NamedTuple

from huanzhi.errors import InputError
from huanzhi.network.hj212.editions import edition_of
from huanzhi.network.hj212.segment import Group, Item, Packet, area_text
from huanzhi.network.hj212.tables import editions

_NUMBERED = 2
_REPEATED = ("DataTime",)
PARTS_MAX = 9999


def split(packet: Packet, new_qn: Callable[[], str] | None = None, limit: int | None = None) -> list[Packet]:
    """Return a packet in parts whose data areas are at most `limit` bytes; itself where it is short enough.

    Parameters
    ----------
    packet : Packet
        With the QN of the first part.
    new_qn : callable, optional
        Gives the QN of each further part; without it all keep the first one.
    limit : int, optional
        Greatest data area [bytes]; that of the packet's edition where it is not given.

    Raises
    ------
    InputError
        If one group alone is longer than `limit`: groups are not torn.
    """
    limit = limit or editions()[edition_of(packet)[0]].area_max
    if _size(packet.area) <= limit:
        return [packet]
    repeated = tuple(group for group in packet.area[:1] if group[0].name in _REPEATED)
    parts = _pack(packet.area[len(repeated) :], limit, repeated)
    return [_part(packet, part, number, len(parts), new_qn) for number, part in enumerate(parts, 1)]


def _pack(groups: tuple[Group, ...], limit: int, repeated: tuple[Group, ...]) -> list[tuple[Group, ...]]:
    parts = [repeated]
    for group in groups:
        if _size((*repeated, group)) > limit:
            raise InputError("hj212.group_too_long", value=group[0].name, size=_size((group,)), limit=limit)
        if _size((*parts[-1], group)) > limit:
            parts.append(repeated)
        parts[-1] = (*parts[-1], group)
    return parts


def _part(
    packet: Packet, area: tuple[Group, ...], number: int, count: int, new_qn: Callable[[], str] | None
) -> Packet:
    flag = str((packet.flag or 0) | _NUMBERED)
    fields = {"Flag": flag, "PNUM": str(count), "PNO": str(number)}
    if number > 1 and new_qn:
        fields["QN"] = new_qn()
    return replace(packet, area=area).with_header(**fields)


def _size(area: tuple[Group, ...]) -> int:
    return len(area_text(area).encode("utf-8"))


class Key(NamedTuple):
    """What the parts of one message have in common; the QN is not: each part has its own."""

    mn: str
    st: str
    cn: str
    pnum: int
    data_time: str


@dataclass(frozen=True, slots=True)
class Joined:
    """A message put together from its parts.

    Attributes
    ----------
    packet : Packet
        The whole, with the header of the first part that is there and without PNUM and PNO.
    missing : tuple of int
        Numbers of the parts that never came; empty of a complete one.
    """

    packet: Packet
    missing: tuple[int, ...] = ()


class Joiner:
    """Puts parts together in whatever order they come; duplicates are harmless.

    Parameters
    ----------
    patience : float
        How long the first part waits for the last [s]. DEFAULT, NOT FROM THE DOCUMENTS.
    most : int
        How many unfinished messages are kept; beyond that the oldest is given up. Bounds the memory.
    """

    def __init__(self, patience: float = 60.0, most: int = 1024) -> None:
        self.patience = patience
        self.most = most
        self._open: dict[Key, tuple[float, dict[int, Packet]]] = {}

    def add(self, packet: Packet, now: float) -> list[Joined]:
        """Take a packet at time `now` [s]; return what is complete, or given up, because of it.

        A packet without numbers is complete in itself.
        """
        if not (packet.pnum and packet.pno) or packet.pno > packet.pnum or packet.pnum > PARTS_MAX:
            return [*self.expire(now), Joined(packet)]
        given_up = self.expire(now)
        key = Key(packet.mn, packet.st, packet.cn, packet.pnum, packet.area_value("DataTime"))
        if key not in self._open and len(self._open) >= self.most:
            given_up.append(self._close(next(iter(self._open))))
        _, parts = self._open.setdefault(key, (now, {}))
        parts.setdefault(packet.pno, packet)
        return [*given_up, self._close(key)] if len(parts) == packet.pnum else given_up

    def expire(self, now: float) -> list[Joined]:
        """Return what has waited too long, incomplete."""
        late = [key for key, (since, _) in self._open.items() if now - since > self.patience]
        return [self._close(key) for key in late]

    @property
    def waiting(self) -> int:
        """How many messages wait for parts."""
        return len(self._open)

    def _close(self, key: Key) -> Joined:
        _, parts = self._open.pop(key)
        numbers = sorted(parts)
        area = [group for number in numbers for group in parts[number].area]
        first = parts[numbers[0]]
        header = tuple(_unnumbered(item) for item in first.header if item.name not in ("PNUM", "PNO"))
        kept = tuple(group for place, group in enumerate(area) if not place or not _repeats(group, area[0]))
        missing = tuple(number for number in range(1, key.pnum + 1) if number not in parts)
        return Joined(replace(first, header=header, area=kept), missing)


def _unnumbered(item: Item) -> Item:
    if item.name != "Flag" or not item.value.isdigit():
        return item
    return Item("Flag", str(int(item.value) & ~_NUMBERED))


def _repeats(group: Group, first: Group) -> bool:
    return group == first and group[0].name in _REPEATED
