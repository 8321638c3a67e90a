"""Typed bodies of the commands 命令: what the data area of each command says.

Every command of the code table names the body that the host sends and the body that the device sends. Items
that a body does not know, vendors' own among them, are kept in ``extra`` as written.

References
----------
.. [1] HJ 212-2017, 6.3.3.2.3 表4, 附录C; HJ/T 212-2005, 附录C; HJ 212-2025 in public extracts.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import Field, dataclass, field, fields
from datetime import datetime
from decimal import Decimal
from functools import cache
from typing import Any, ClassVar

from huanzhi.network.hj212 import tables
from huanzhi.network.hj212.segment import Group, Item, Packet
from huanzhi.network.hj212.tables import Edition
from huanzhi.standards.periods import CHINA


def parse_time(text: str) -> datetime | None:
    """Return a time ``YYYYMMDDhhmmss`` or ``…zzz`` in China time; None where it is none."""
    if not (text.isascii() and text.isdigit() and len(text) in (14, 17)):
        return None
    month, day, hour, minute, second = (int(text[at : at + 2]) for at in range(4, 14, 2))
    milliseconds = int(text[14:] or 0)
    try:
        return datetime(int(text[:4]), month, day, hour, minute, second, milliseconds * 1000, CHINA)
    except ValueError:
        return None


def time_text(moment: datetime, *, milliseconds: bool = False) -> str:
    """Return a time as ``YYYYMMDDhhmmss`` of China, with ``zzz`` where asked."""
    local = moment.astimezone(CHINA)
    text = local.strftime("%Y%m%d%H%M%S")
    return f"{text}{local.microsecond // 1000:03d}" if milliseconds else text


def _whole(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _text(*names: str) -> dict[str, Any]:
    return {"names": names, "read": str}


def _count(*names: str) -> dict[str, Any]:
    return {"names": names, "read": _whole}


def _time(*names: str) -> dict[str, Any]:
    return {"names": names, "read": parse_time}


def _texts(*names: str) -> dict[str, Any]:
    return {"names": names, "read": str, "many": True}


def _counts(*names: str) -> dict[str, Any]:
    return {"names": names, "read": _whole, "many": True}


@dataclass(frozen=True, slots=True)
class Reading:
    """One measured or stated value of a factor.

    Attributes
    ----------
    code : str
        Factor 监测因子 as sent, e.g. ``w01018``; of equipment, ``SB1``.
    kind : str
        ``Rtd``, ``Min``, ``Avg``, ``Max``, ``Cou``, ``ZsRtd``, ``Flag``, ``RS``, ….
    text : str
        The value as written.
    number : Decimal or None
        The value, exactly; None where it is text.
    """

    code: str
    kind: str
    text: str
    number: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """A data area read by its meaning.

    Attributes
    ----------
    qn : str
        QN of the request that is answered, where it stands in the data area (2005).
    extra : tuple of Item
        Items that the body does not know, in order.
    """

    qn: str = field(default="", metadata=_text("QN"))
    extra: tuple[Item, ...] = ()
    takes_readings: ClassVar[bool] = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured(Body):
    """A body with values by factor 监测因子.

    Attributes
    ----------
    readings : tuple of Reading
        Every item whose name is ``factor-kind``, in order.
    """

    readings: tuple[Reading, ...] = ()
    takes_readings: ClassVar[bool] = True

    def value(self, code: str, kind: str) -> Reading | None:
        """Return the first reading of a factor and kind."""
        return next((found for found in self.readings if (found.code, found.kind) == (code, kind)), None)

    def flag(self, code: str) -> str:
        """Return the mark 数据标记 of a factor; empty where it has none."""
        found = self.value(code, "Flag")
        return found.text if found else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Empty(Body):
    """No items: stop commands, heartbeat 心跳包."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Vendor(Measured):
    """A command that no edition knows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeouts(Body):
    """Timeout [s] and number of retries 超时时间及重发次数 (1000)."""

    over_time: int | None = field(default=None, metadata=_count("OverTime"))
    re_count: int | None = field(default=None, metadata=_count("ReCount"))


@dataclass(frozen=True, slots=True, kw_only=True)
class WarningTime(Body):
    """Time over the limit before an alarm 超限报警时间 (1001 of 2005)."""

    warn_time: int | None = field(default=None, metadata=_count("WarnTime"))


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggerIdentity(Body):
    """Activation 激活: numbers of the logger up, its MN down (1001, 1002 of 2025)."""

    logger: str = field(default="", metadata=_text("i23005-Info"))
    cpu: str = field(default="", metadata=_text("i23006-Info"))
    mac1: str = field(default="", metadata=_text("i23007-Info"))
    mac2: str = field(default="", metadata=_text("i23008-Info"))
    mn: str = field(default="", metadata=_text("MN"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock(Body):
    """Time of the device or of one instrument (1011, 1012, 1013)."""

    pol_id: str = field(default="", metadata=_text("PolId", "PolID"))
    system_time: datetime | None = field(default=None, metadata=_time("SystemTime"))


@dataclass(frozen=True, slots=True, kw_only=True)
class SecretKey(Body):
    """Key rotation 密钥更新 (1014): without a key, the device asks for one."""

    created: datetime | None = field(default=None, metadata=_time("SKCreateTime"))
    new_key: str = field(default="", metadata=_text("NewSK"))


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmLimits(Measured):
    """Lower and upper alarm limits (1021, 1022 of 2005)."""

    pol_ids: tuple[str, ...] = field(default=(), metadata=_texts("PolId", "PolID"))


@dataclass(frozen=True, slots=True, kw_only=True)
class HostAddress(Body):
    """Address of the host (1031, 1032 of 2005)."""

    target: str = field(default="", metadata=_text("AlarmTarget", "ReportTarget"))


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportTime(Body):
    """Time of the daily report, hhmm (1041, 1042 of 2005)."""

    report_time: str = field(default="", metadata=_text("ReportTime"))


@dataclass(frozen=True, slots=True, kw_only=True)
class RealTimeInterval(Body):
    """Interval of real-time data [s] 实时数据间隔 (1061, 1062)."""

    seconds: int | None = field(default=None, metadata=_count("RtdInterval"))


@dataclass(frozen=True, slots=True, kw_only=True)
class MinuteInterval(Body):
    """Interval of minute data [min] 分钟数据间隔 (1063, 1064)."""

    minutes: int | None = field(default=None, metadata=_count("MinInterval"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Password(Body):
    """New password 新密码 (1072)."""

    new_password: str = field(default="", metadata=_text("NewPW", "PW"))


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodRequest(Body):
    """A request for the data of a period, both ends included; empty for real-time data."""

    begin: datetime | None = field(default=None, metadata=_time("BeginTime"))
    end: datetime | None = field(default=None, metadata=_time("EndTime"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Observations(Measured):
    """Values of factors at a time (2011, 2013, 2031, 2051, 2052, 2061, 2062, 2071, 2111).

    Attributes
    ----------
    data_time : datetime or None
        Start of the interval, of 2011 and 2021 the moment of sampling.
    """

    data_time: datetime | None = field(default=None, metadata=_time("DataTime"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Equipment(Measured):
    """States (``RS``) or hours (``RT``) of treatment equipment 污染治理设施 (2021, 2041)."""

    data_time: datetime | None = field(default=None, metadata=_time("DataTime"))


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmEvent(Measured):
    """An alarm raised (1) or over (0) (2072 of 2005)."""

    alarm_time: datetime | None = field(default=None, metadata=_time("AlarmTime"))
    alarm_type: int | None = field(default=None, metadata=_count("AlarmType"))


@dataclass(frozen=True, slots=True, kw_only=True)
class StartUp(Body):
    """The logger was started 数采仪开机时间 (2081)."""

    data_time: datetime | None = field(default=None, metadata=_time("DataTime"))
    restart_time: datetime | None = field(default=None, metadata=_time("RestartTime"))


@dataclass(frozen=True, slots=True, kw_only=True)
class FactorCommand(Body):
    """Something to do for one factor (3011, 3012, 3013, 3014, 3022, 3024)."""

    pol_id: str = field(default="", metadata=_text("PolId", "PolID"))
    calibration_type: int | None = field(default=None, metadata=_count("CalibrationType"))


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptSample(Body):
    """A sample kept on exceedance 超标留样 (3015)."""

    data_time: datetime | None = field(default=None, metadata=_time("DataTime"))
    vase_no: int | None = field(default=None, metadata=_count("VaseNo"))


@dataclass(frozen=True, slots=True, kw_only=True)
class SamplingPeriod(Body):
    """Start (hhmmss) and period [h] of sampling 采样时间周期; in 2005 hours of the day (3014, 3016, 3017)."""

    pol_id: str = field(default="", metadata=_text("PolId", "PolID"))
    start: str = field(default="", metadata=_text("CstartTime"))
    hours: tuple[int, ...] = field(default=(), metadata=_counts("Ctime", "CTime"))


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeToResult(Body):
    """Time from sample to result [min] 出样时间 (3018)."""

    pol_id: str = field(default="", metadata=_text("PolId", "PolID"))
    minutes: int | None = field(default=None, metadata=_count("Stime"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Instrument(Measured):
    """Number of an instrument 设备唯一标识, kind ``SN`` (3019)."""

    pol_id: str = field(default="", metadata=_text("PolId", "PolID"))
    data_time: datetime | None = field(default=None, metadata=_time("DataTime"))


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteInformation(Measured):
    """Log, state and parameters of the site 现场机信息, kind ``Info`` (3020, 3021)."""

    pol_id: str = field(default="", metadata=_text("PolId", "PolID"))
    info_id: str = field(default="", metadata=_text("InfoId"))
    data_time: datetime | None = field(default=None, metadata=_time("DataTime"))
    begin: datetime | None = field(default=None, metadata=_time("BeginTime"))
    end: datetime | None = field(default=None, metadata=_time("EndTime"))


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestAnswer(Body):
    """Whether a request is accepted 请求应答 (9011)."""

    result: int | None = field(default=None, metadata=_count("QnRtn"))


@dataclass(frozen=True, slots=True, kw_only=True)
class ExecutionResult(Body):
    """How a request ended 执行结果 (9012)."""

    result: int | None = field(default=None, metadata=_count("ExeRtn"))


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeAnswer(Body):
    """A notice has come 通知应答 (9013)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DataAnswer(Body):
    """Data have come 数据应答 (9014); in 2005 with CN and packet number of the data."""

    cn: str = field(default="", metadata=_text("CN"))
    pno: int | None = field(default=None, metadata=_count("PNO"))
    pnum: int | None = field(default=None, metadata=_count("PNUM"))


def body_of(packet: Packet, edition: Edition) -> Body:
    """Return the data area of a packet by its meaning.

    A command that both sides send is read as the device's, unless the data area is empty or holds only what
    the host sends.
    """
    command = tables.command(edition, packet.cn)
    if command is None:
        return _read(Vendor, packet.area)
    down, up = (BODIES.get(name) for name in (command.down, command.up))
    names = {item.name for item in packet.items()}
    if down and (up is None or names <= set(_fields(command.down))):
        return _read(down, packet.area)
    return _read(up or Vendor, packet.area)


def area_of(body: Body) -> tuple[Group, ...]:
    """Return the data area that says what `body` says: known fields first, then readings, then the rest.

    Readings of one factor that stand together form one group.
    """
    groups: list[Group] = [(Item(name, shown),) for name, shown in _shown(body)]
    readings = body.readings if isinstance(body, Measured) else ()
    last = None
    for reading in readings:
        item = Item(f"{reading.code}-{reading.kind}", reading.text)
        if reading.code == last:
            groups[-1] = (*groups[-1], item)
        else:
            groups.append((item,))
        last = reading.code
    return (*groups, *((item,) for item in body.extra))


def _read(shape: type[Body], area: tuple[Group, ...]) -> Body:
    known = _fields(shape.__name__)
    values: dict[str, Any] = {}
    readings: list[Reading] = []
    extra: list[Item] = []
    for item in (item for group in area for item in group):
        if _take(known.get(item.name), item, values):
            continue
        if shape.takes_readings and item.kind:
            readings.append(Reading(item.code, item.kind, item.value, item.number))
        else:
            extra.append(item)
    if shape.takes_readings:
        values["readings"] = tuple(readings)
    return shape(**values, extra=tuple(extra))


def _take(target: Field[Any] | None, item: Item, values: dict[str, Any]) -> bool:
    """Put an item into the field that is made for it; False where none is, or it does not fit."""
    if target is None or (target.name in values and "many" not in target.metadata):
        return False
    value = target.metadata["read"](item.value)
    if value is None:
        return False
    values[target.name] = (*values.get(target.name, ()), value) if "many" in target.metadata else value
    return True


def _shown(body: Body) -> Iterator[tuple[str, str]]:
    for target in fields(body):
        names = target.metadata.get("names", ())
        value = getattr(body, target.name)
        for single in value if names and isinstance(value, tuple) else (value,):
            if names and single not in (None, ""):
                yield names[0], _text_of(single, milliseconds=names[0] == "SKCreateTime")


def _text_of(value: Any, *, milliseconds: bool) -> str:
    return time_text(value, milliseconds=milliseconds) if isinstance(value, datetime) else str(value)


@cache
def _fields(shape: str) -> dict[str, Field[Any]]:
    known = fields(BODIES[shape])
    return {name: target for target in known for name in target.metadata.get("names", ())}


def _all(shape: type[Body]) -> list[type[Body]]:
    return [shape, *(found for child in shape.__subclasses__() for found in _all(child))]


BODIES: dict[str, type[Body]] = {shape.__name__: shape for shape in _all(Body)}
"""Every body by its name, as the code table names it."""
