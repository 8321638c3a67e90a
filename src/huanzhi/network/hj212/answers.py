"""Answers 应答 in the edition of the sender.

In 2005 the QN of what is answered stands in the data area, with command and packet number of data; from 2017
on it stands in the header. Nothing is answered that did not ask for it, and a wrong CRC is never answered.

References
----------
.. [1] HJ/T 212-2005, 附录C.
.. [2] HJ 212-2017, 6.5, 附录C.
"""

from __future__ import annotations

from huanzhi.network.hj212 import tables
from huanzhi.network.hj212.decode import Decoded
from huanzhi.network.hj212.segment import Group, Item, Packet
from huanzhi.network.hj212.tables import Edition, editions

SYSTEM = "91"
"""System code of every answer 系统交互."""
DATA, NOTICE, REQUEST, RESULT = "9014", "9013", "9011", "9012"


def acknowledgement(done: Decoded) -> Packet | None:
    """Return the host's answer to what a device sent: 9014 to data, 9013 to a notice; None where none is due.

    A device of 2005 is also answered when it reports the result of a request (9012), as that edition asks.
    """
    packet = done.packet
    if packet is None or not done.ok or not packet.wants_answer:
        return None
    command = tables.command(done.edition, packet.cn)
    if packet.cn in (DATA, NOTICE, REQUEST) or (
        packet.cn == RESULT and done.edition is not Edition.HJT212_2005
    ):
        return None
    notice = command is not None and command.kind in ("notice", "answer")
    return _answer(packet, done.edition, NOTICE if notice else DATA)


def request_accepted(packet: Packet, edition: Edition, result: int = 1) -> Packet:
    """Return a device's answer to a request (9011); `result` is of the table ``request_result``."""
    return _answer(packet, edition, REQUEST, Item("QnRtn", str(result)))


def request_done(packet: Packet, edition: Edition, result: int = 1) -> Packet:
    """Return a device's report of how a request ended (9012); `result` is of ``execution_result``."""
    return _answer(packet, edition, RESULT, Item("ExeRtn", str(result)))


def _answer(packet: Packet, edition: Edition, cn: str, *items: Item) -> Packet:
    given = (Item("ST", SYSTEM), Item("CN", cn), Item("PW", packet.pw), Item("MN", packet.mn))
    if edition is Edition.HJT212_2005:
        area = (*_named(packet, cn), *((item,) for item in items))
        return Packet((*given, Item("Flag", "0")), area)
    version = editions()[edition].version
    flag = (editions()[Edition.HJ212_2025].version if version is None else version) or 0
    header = (Item("QN", packet.qn), *given, Item("Flag", str(flag << 2)))
    return Packet(header, tuple((item,) for item in items))


def _named(packet: Packet, cn: str) -> tuple[Group, ...]:
    """Return what an answer of 2005 says of the packet that it answers."""
    named = [Item("QN", packet.qn)] if packet.qn else []
    if cn == DATA:
        named += [Item("CN", packet.cn)]
        named += [Item(name, packet.get(name)) for name in ("PNO", "PNUM") if packet.get(name)]
    return tuple((item,) for item in named)
