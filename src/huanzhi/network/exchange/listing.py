"""Columns of targets and of the log."""

from __future__ import annotations

from typing import Any

from huanzhi.library.places.tables import REGION
from huanzhi.library.records.columns import Column, Kind, both, told, told_choice
from huanzhi.library.records.tables import Table
from huanzhi.network.exchange.models import Exchange, Target
from huanzhi.network.exchange.settings import settings


def _of(kind: Kind, name: str, zh: str, en: str, path: str = "", **more: Any) -> Column:
    return Column(name, kind, path=path, titles=both(zh, en), editable=False, **more)


_END = (
    _of(Kind.TRUTH, "simulated", "模拟", "simulated", filter=True),
    _of(Kind.INTEGER, "revision", "版本", "revision"),
)

TARGETS = Table(
    Target.KIND,
    "exchange-targets",
    Target,
    (
        told("code", "编号", "code", search=True, sort=True),
        told("name", "交换对象", "target", search=True, sort=True),
        told_choice("way", "方式", "way", settings()["way"]),
        told("address", "接口地址", "address"),
        Column("region", Kind.CODE, "region_id", target="region", filter=True, editable=False),
        REGION[1],
        _of(Kind.JSON, "payloads", "交换内容", "payloads"),
        told("purpose", "用途", "purpose"),
        told("basis", "依据", "basis"),
        _of(Kind.TRUTH, "active", "启用", "active", filter=True),
        _of(Kind.INTEGER, "sent", "送出序号", "last number sent"),
        _of(Kind.INTEGER, "received", "接收序号", "last number received"),
        *_END,
    ),
    ("region",),
    titles={"zh": "交换对象", "en": "targets of exchange"},
)

EXCHANGES = Table(
    Exchange.KIND,
    "exchange-entries",
    Exchange,
    (
        told("number", "编号", "number", search=True, sort=True),
        told("target", "对象编号", "target", "target__code", filter=True),
        told("target_name", "交换对象", "name of the target", "target__name", search=True),
        told_choice("direction", "方向", "direction", settings()["direction"]),
        told("payload", "内容", "payload", filter=True, sort=True),
        told("purpose", "用途", "purpose"),
        told("basis", "依据", "basis"),
        _of(Kind.INTEGER, "sequence", "序号", "sequence", sort=True),
        _of(Kind.INTEGER, "rows", "行数", "rows", sort=True),
        told_choice("state", "状态", "state", settings()["state"]),
        _of(Kind.INTEGER, "attempts", "次数", "attempts"),
        told("actor", "办理人", "actor", filter=True),
        _of(Kind.MOMENT, "begun", "时间", "begun", sort=True, filter=True),
        _of(Kind.MOMENT, "ended", "完成时间", "ended", sort=True),
        _of(Kind.MOMENT, "acknowledged", "回执时间", "acknowledged"),
        told("name", "文件", "file"),
        _of(Kind.INTEGER, "size", "字节", "bytes"),
        told("sha256", "SHA-256", "SHA-256"),
        told("sm3", "SM3", "SM3"),
        *_END,
    ),
    ("target",),
    "number",
    titles={"zh": "交换日志", "en": "log of exchanges"},
)
