"""The data segment 数据段 as text: header fields, then the data area 数据区 ``CP=&&…&&`` in groups of items.

Between groups stands ``;``, between the items of one group ``,``, between name and value ``=``. Text between
``//`` and ``//`` may hold any of them.

References
----------
.. [1] HJ 212-2017, 6.3.2 表3, 6.3.3.1.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import NamedTuple

AREA = "CP=&&"
CLOSE = "&&"
_BLANK = re.compile(r"\s")
_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?\Z")
_HEADER_COMMA = re.compile(r",(?=(?:QN|ST|CN|PW|MN|Flag|PNUM|PNO|RF)=)")


class Item(NamedTuple):
    """A name and its value as written, without the blanks around them."""

    name: str
    value: str

    @property
    def code(self) -> str:
        """The part of the name before the first hyphen: the factor 监测因子, or the whole name."""
        return self.name.partition("-")[0]

    @property
    def kind(self) -> str:
        """The part after the hyphen: ``Rtd``, ``Avg``, ``Flag``, …; empty where there is none."""
        return self.name.partition("-")[2]

    @property
    def number(self) -> Decimal | None:
        """The value as an exact number; None where it is text, or missing."""
        return number(self.value)


Group = tuple[Item, ...]


class Oddity(NamedTuple):
    """Something in the text that the standard does not allow, with the place in characters."""

    key: str
    at: int
    shown: str


@dataclass(frozen=True, slots=True)
class Packet:
    """One packet 数据包: the header fields and the data area.

    Attributes
    ----------
    header : tuple of Item
        Header fields in the order as sent, vendor fields too.
    area : tuple of groups
        Data area: items by group. A tuple of no groups is ``CP=&&&&``.
    has_area : bool
        Whether there is a CP at all.
    """

    header: tuple[Item, ...]
    area: tuple[Group, ...] = ()
    has_area: bool = True

    def get(self, name: str) -> str:
        """Return the header field `name`; empty where there is none."""
        for own, value in self.header:
            if own == name:
                return value
        return ""

    def area_value(self, name: str) -> str:
        """Return the first item `name` of the data area; empty where there is none."""
        return next((item.value for item in self.items() if item.name == name), "")

    def items(self) -> Iterator[Item]:
        """Go through the items of the data area."""
        for group in self.area:
            yield from group

    @property
    def qn(self) -> str:
        """Request number 请求编码; in answers of 2005 it stands in the data area."""
        return self.get("QN") or self.area_value("QN")

    @property
    def st(self) -> str:
        """System code 系统编码."""
        return self.get("ST")

    @property
    def cn(self) -> str:
        """Command code 命令编码."""
        return self.get("CN")

    @property
    def pw(self) -> str:
        """Password 访问密码."""
        return self.get("PW")

    @property
    def mn(self) -> str:
        """Device number 设备唯一标识; some vendors put it into the data area."""
        return self.get("MN") or self.area_value("MN")

    @property
    def flag(self) -> int | None:
        """Flag 标志位; None where it is missing or no number."""
        return _whole(self.get("Flag"))

    @property
    def pnum(self) -> int | None:
        """Number of packets 总包数."""
        return _whole(self.get("PNUM"))

    @property
    def pno(self) -> int | None:
        """Number of this packet 包号, from 1."""
        return _whole(self.get("PNO"))

    @property
    def resent(self) -> bool:
        """Marked as sent again, ``RF=1`` 补传 (HJ 212-2025)."""
        return self.get("RF") == "1"

    @property
    def wants_answer(self) -> bool:
        """Whether bit 0 of Flag asks for an answer."""
        return bool((self.flag or 0) & 1)

    def with_header(self, **fields: str) -> Packet:
        """Return the packet with header fields set; those it lacks are put after the others."""
        header = [Item(item.name, fields.pop(item.name, item.value)) for item in self.header]
        return replace(self, header=(*header, *(Item(name, value) for name, value in fields.items())))

    def text(self) -> str:
        """Return the data segment."""
        head = ";".join(f"{item.name}={item.value}" for item in self.header)
        return f"{head};{AREA}{area_text(self.area)}{CLOSE}" if self.has_area else head


def area_text(area: Iterable[Group]) -> str:
    """Return the data area without its ``&&``."""
    return ";".join(",".join(f"{item.name}={item.value}" for item in group) for group in area)


def number(text: str) -> Decimal | None:
    """Return the exact number that a value is, None where it is text.

    >>> number("40.10"), number("N"), number("5.530E012")
    (Decimal('40.10'), None, Decimal('5.530E+12'))
    """
    return Decimal(text) if _NUMBER.match(text) else None


def parse(text: str) -> tuple[Packet, list[Oddity]]:
    """Read a data segment; everything odd is noted and read as it was most likely meant."""
    oddities: list[Oddity] = []
    start = text.find(AREA)
    if start < 0:
        header = tuple(_header(text, oddities))
        oddities.append(Oddity("area_missing", len(text), ""))
        return Packet(header, (), False), oddities
    head = text[:start]
    if head and not head.rstrip().endswith(";"):
        oddities.append(Oddity("no_separator", start, head[-8:]))
    header = tuple(_header(head, oddities))
    first = start + len(AREA)
    end = text.rfind(CLOSE, first)
    if end < 0:
        oddities.append(Oddity("area_open", len(text), text[-8:]))
        end = len(text)
    after = text[end + len(CLOSE) :]
    if after.strip():
        oddities.append(Oddity("after_area", end + len(CLOSE), after[:16]))
        header = (*header, *_header(after, oddities))
    area = text[first:end]
    return Packet(header, _tidy(area) or tuple(_groups(area, first, oddities))), oddities


def parse_area(text: str) -> tuple[tuple[Group, ...], list[Oddity]]:
    """Read a data area without its ``&&``."""
    oddities: list[Oddity] = []
    return _tidy(text) or tuple(_groups(text, 0, oddities)), oddities


def _header(text: str, oddities: list[Oddity]) -> Iterator[Item]:
    at = 0
    for part in text.split(";"):
        for count, piece in enumerate(_HEADER_COMMA.split(part)):
            if count:
                oddities.append(Oddity("comma_in_header", at, piece[:16]))
            if piece.strip():
                yield _item(piece, at, oddities)
        at += len(part) + 1


def _tidy(text: str) -> tuple[Group, ...]:
    """Return the groups of an area without anything odd, quickly; none of any other."""
    if "//" in text or _BLANK.search(text):
        return ()
    groups = []
    for part in text.split(";"):
        pairs = [piece.split("=", 1) for piece in part.split(",")]
        if any(len(pair) == 1 for pair in pairs):
            return ()
        groups.append(tuple([Item(name, value) for name, value in pairs]))
    return tuple(groups)


def _groups(text: str, base: int, oddities: list[Oddity]) -> Iterator[Group]:
    if not text.strip():
        if text:
            oddities.append(Oddity("blank", base, ""))
        return
    for at, part in _split(text, ";"):
        if not part.strip():
            oddities.append(Oddity("empty_group", base + at, ""))
            continue
        yield tuple(_item(piece, base + at + inner, oddities) for inner, piece in _split(part, ","))


def _split(text: str, mark: str) -> Iterator[tuple[int, str]]:
    if "//" not in text:
        at = 0
        for part in text.split(mark):
            yield at, part
            at += len(part) + 1
        return
    yield from _split_around_text(text, mark)


def _split_around_text(text: str, mark: str) -> Iterator[tuple[int, str]]:
    start, at, quoted = 0, 0, False
    while at < len(text):
        if text.startswith("//", at):
            quoted = not quoted and "//" in text[at + 2 :]
            at += 2
            continue
        if text[at] == mark and not quoted:
            yield start, text[start:at]
            start = at + 1
        at += 1
    yield start, text[start:]


def _item(piece: str, at: int, oddities: list[Oddity]) -> Item:
    name, equals, value = piece.partition("=")
    if not equals:
        oddities.append(Oddity("no_value", at, piece[:16]))
    if name != name.strip() or value != value.strip():
        oddities.append(Oddity("blank", at, piece.strip()[:16]))
    return Item(name.strip(), value.strip())


def _whole(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else None
