"""HJ 212 codec 污染源自动监控数据传输协议: HJ/T 212-2005, HJ 212-2017, HJ 212-2025, HJ 1404-2024.

Usable alone: `Decoder` turns a stream into packets, `decode_line` one frame; `build` and `Packet` make them.
"""

from __future__ import annotations

from huanzhi.network.hj212.bodies import Body, Measured, Reading, area_of, body_of
from huanzhi.network.hj212.crc import Cause, CrcReport, Verdict
from huanzhi.network.hj212.decode import Decoded, Decoder, decode, decode_line
from huanzhi.network.hj212.dialect import STANDARD, STRICT, Dialect, Mode
from huanzhi.network.hj212.faults import Fault
from huanzhi.network.hj212.framing import Frame, Framer, Shape, build, frame_of_line
from huanzhi.network.hj212.packets import Joined, Joiner, split
from huanzhi.network.hj212.segment import Group, Item, Packet
from huanzhi.network.hj212.tables import Edition

__all__ = [
    "STANDARD",
    "STRICT",
    "Body",
    "Cause",
    "CrcReport",
    "Decoded",
    "Decoder",
    "Dialect",
    "Edition",
    "Fault",
    "Frame",
    "Framer",
    "Group",
    "Item",
    "Joined",
    "Joiner",
    "Measured",
    "Mode",
    "Packet",
    "Reading",
    "Shape",
    "Verdict",
    "area_of",
    "body_of",
    "build",
    "decode",
    "decode_line",
    "frame_of_line",
    "split",
]
