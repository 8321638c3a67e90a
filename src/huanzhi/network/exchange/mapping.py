"""Mapping 字段对照: our fields and theirs, by a table; nothing leaves that it does not name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from types import MappingProxyType
from typing import Any

from huanzhi.errors import InputError
from huanzhi.standards.periods import CHINA

KINDS = ("text", "integer", "decimal", "day", "moment", "truth")


@dataclass(frozen=True, slots=True)
class Pair:
    """One field on both sides.

    Attributes
    ----------
    ours, theirs : str
        Its name here and there.
    words : mapping
        What stands there for each of our words; a word without one is refused, not passed on.
    own : bool
        Whether it is the enterprise's own and leaves by the named basis only.
    most : int
        Longest text.
    """

    ours: str
    theirs: str
    kind: str = "text"
    required: bool = False
    words: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    own: bool = False
    most: int = 2000


@dataclass(frozen=True, slots=True)
class Payload:
    """What is exchanged: its name, which way, and the table of its fields."""

    name: str
    zh: str
    en: str
    direction: str
    purpose: str
    basis: str
    pairs: tuple[Pair, ...]

    @property
    def columns(self) -> list[str]:
        """Return the fields as the other side names them."""
        return [one.theirs for one in self.pairs]


def of_table(name: str, raw: Mapping[str, Any]) -> Payload:
    """Return a payload as a TOML table declares it.

    Raises
    ------
    InputError
        ``exchange.mapping`` with the field that is wrong.
    """
    pairs = tuple(Pair(**{**row, "words": MappingProxyType(row.get("words", {}))}) for row in raw["field"])
    for one in pairs:
        if one.kind not in KINDS:
            raise InputError("exchange.mapping", column=one.ours, value=one.kind, expected=", ".join(KINDS))
    if len({one.theirs for one in pairs}) != len(pairs) or len({one.ours for one in pairs}) != len(pairs):
        raise InputError("exchange.mapping", column="field", value=name)
    told = (raw["zh"], raw["en"], raw["direction"], raw["purpose"], raw.get("basis", ""))
    return Payload(name, *told, pairs)


def outward(payload: Payload, rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return our rows as the other side takes them.

    Raises
    ------
    InputError
        With row and column where a value is missing or has no word there.
    """
    return [
        {one.theirs: _out(one, row.get(one.ours), number) for one in payload.pairs}
        for number, row in enumerate(rows, 1)
    ]


def _out(pair: Pair, value: Any, row: int) -> Any:
    if value is None or value == "":
        if pair.required:
            raise InputError("exchange.missing", row=row, column=pair.theirs)
        return None
    if pair.words:
        if str(value) not in pair.words:
            raise InputError("exchange.no_word", row=row, column=pair.theirs, value=str(value)[:60])
        return pair.words[str(value)]
    return _plain(pair, value)


def _plain(pair: Pair, value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(CHINA).isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bool) or pair.kind == "integer":
        return value
    return str(value)


def inward(payload: Payload, rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the rows of the other side in our fields.

    Raises
    ------
    InputError
        With row, column, value and expectation; one bad row refuses all.
    """
    return [
        {one.ours: _in(one, row.get(one.theirs), number) for one in payload.pairs}
        for number, row in enumerate(rows, 1)
    ]


def _in(pair: Pair, value: Any, row: int) -> Any:
    if value is None or value == "":
        if pair.required:
            raise InputError("exchange.missing", row=row, column=pair.theirs)
        return None
    if pair.words:
        back = {theirs: ours for ours, theirs in pair.words.items()}
        if str(value) not in back:
            told = {"value": str(value)[:60], "expected": ", ".join(back)}
            raise InputError("exchange.no_word", row=row, column=pair.theirs, **told)
        return back[str(value)]
    try:
        return _READERS[pair.kind](pair, value)
    except (ValueError, TypeError, InvalidOperation, OverflowError):
        told = {"value": str(value)[:60], "expected": _expected(pair)}
        raise InputError("exchange.value", row=row, column=pair.theirs, **told) from None


def _expected(pair: Pair) -> str:
    shapes = {"day": "YYYY-MM-DD", "moment": "ISO 8601", "text": f"≤ {pair.most}"}
    return shapes.get(pair.kind, pair.kind)


def _text(pair: Pair, value: Any) -> str:
    if not isinstance(value, str) or len(value) > pair.most or "\x00" in value:
        raise ValueError
    value.encode()
    return value


def _integer(pair: Pair, value: Any) -> int:
    if type(value) is not int or abs(value) >= 2**63:
        raise ValueError
    return value


def _decimal(pair: Pair, value: Any) -> Decimal:
    made = Decimal(str(value))
    if isinstance(value, bool) or not made.is_finite():
        raise ValueError
    return made


def _moment(pair: Pair, value: Any) -> datetime:
    made = datetime.fromisoformat(value)
    return made if made.tzinfo else made.replace(tzinfo=CHINA)


def _truth(pair: Pair, value: Any) -> bool:
    if type(value) is not bool:
        raise ValueError
    return value


_READERS = {
    "text": _text,
    "integer": _integer,
    "decimal": _decimal,
    "day": lambda pair, value: date.fromisoformat(value),
    "moment": _moment,
    "truth": _truth,
}
