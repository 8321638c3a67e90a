"""Answers 应答 in the edition of the sender: 9013 to a notice, 9014 to data.

In 2005 the number of the packet stands in the data area, with the command that is answered; from 2017 on it
stands in the header. An answer is given only where bit 0 of Flag asks for one.

References
----------
.. [1] HJ/T 212-2005 附录C; HJ 212-2017 6.6.5.2 表9, 附录C; HJ 212-2025 as in public extracts.
"""

from __future__ import annotations

from functools import cache

from huanzhi.network import hj212
from huanzhi.network.hj212 import Edition, tables

_ANSWER_FLAG = {Edition.HJ212_2017: "4", Edition.HJ212_2025: "8", Edition.HJ1404_2024: "8"}
_RESULT = "9012"


@cache
def answer_to(edition: Edition, cn: str) -> str:
    """Return the CN of the answer to a command: ``9013``, ``9014``, or empty where none is given."""
    if edition is Edition.HJT212_2005 and cn == _RESULT:
        return "9014"
    found = tables.command(edition, cn)
    if found is None:
        return "9014" if cn.startswith("2") else ""
    if found.kind == "answer":
        return ""
    return "9013" if found.kind == "notice" else "9014"


def answer_segment(edition: Edition, packet: hj212.Packet) -> bytes:
    """Return the data segment that answers a packet; empty where none is due."""
    wanted = answer_to(edition, packet.cn)
    if not wanted or not packet.wants_answer:
        return b""
    if edition is Edition.HJT212_2005:
        return _answer_of_2005(wanted, packet)
    flag = _ANSWER_FLAG[edition]
    text = f"QN={packet.qn};ST=91;CN={wanted};PW={packet.pw};MN={packet.mn};Flag={flag};CP=&&&&"
    return text.encode("utf-8")


def answer_frame(edition: Edition, packet: hj212.Packet, kind: hj212.Verdict = hj212.Verdict.HJ212) -> bytes:
    """Return the frame that answers a packet, in its CRC dialect; empty where none is due."""
    segment = answer_segment(edition, packet)
    return hj212.build(segment, kind) if segment else b""


def _answer_of_2005(wanted: str, packet: hj212.Packet) -> bytes:
    if wanted == "9013":
        text = f"ST=91;CN=9013;PW={packet.pw};MN={packet.mn};Flag=0;CP=&&QN={packet.qn}&&"
    else:
        numbers = f";PNO={packet.pno};PNUM={packet.pnum}" if packet.pno and packet.pnum else ""
        named = f"QN={packet.qn};" if packet.qn else ""
        text = f"ST=91;CN=9014;CP=&&{named}CN={packet.cn}{numbers}&&"
    return text.encode("utf-8")
