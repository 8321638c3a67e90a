"""Columns of hidden dangers and of the register of checks."""

from __future__ import annotations

from typing import Any

from huanzhi.center.hazards.models import Check, Hazard
from huanzhi.center.hazards.settings import settings
from huanzhi.library.places.tables import REGION
from huanzhi.library.records.columns import Column, Kind, both, told, told_choice
from huanzhi.library.records.tables import Table

_REGION = Column("region", Kind.CODE, "region_id", target="region", filter=True, sort=True, editable=False)


def _choice(name: str, zh: str, en: str, table: str, path: str = "") -> Column:
    return told_choice(name, zh, en, settings()[table], path)


def _of(kind: Kind, name: str, zh: str, en: str, **more: Any) -> Column:
    return Column(name, kind, titles=both(zh, en), editable=False, **more)


_END = (
    _of(Kind.TRUTH, "simulated", "模拟", "simulated", filter=True),
    _of(Kind.INTEGER, "revision", "版本", "revision"),
)
_WHOSE = (
    told("enterprise", "企业编码", "enterprise", "enterprise__code", filter=True),
    told("enterprise_name", "企业", "name of the enterprise", "enterprise__name", search=True),
    _REGION,
    REGION[1],
)

HAZARDS = Table(
    Hazard.KIND,
    "hazards",
    Hazard,
    (
        told("number", "编号", "number", search=True, sort=True),
        told("title", "隐患", "danger", search=True),
        _choice("grade", "等级", "grade", "grade"),
        _choice("state", "状态", "state", "state"),
        _choice("kind", "类别", "kind", "kind"),
        _choice("source", "来源", "source", "source"),
        *_WHOSE,
        _of(Kind.MOMENT, "reported", "上报时间", "reported", sort=True, filter=True),
        _of(Kind.MOMENT, "due", "治理期限", "due", sort=True),
        _of(Kind.MOMENT, "rectified", "治理完成", "mended", sort=True),
        _of(Kind.MOMENT, "closed", "销案时间", "closed", sort=True),
        told("responsible", "责任人", "responsible"),
        told("issue", "问题编号", "issue", filter=True),
        _of(Kind.NUMBER, "lon", "经度", "longitude"),
        _of(Kind.NUMBER, "lat", "纬度", "latitude"),
        *_END,
    ),
    ("region", "enterprise"),
    "number",
    titles={"zh": "环境安全隐患", "en": "hidden dangers"},
)

CHECKS = Table(
    Check.KIND,
    "hazard-checks",
    Check,
    (
        told("number", "编号", "number", search=True, sort=True),
        _of(Kind.DATE, "day", "排查日期", "day", sort=True, filter=True),
        _choice("kind", "方式", "kind", "check", "sort"),
        _choice("source", "来源", "source", "source"),
        *_WHOSE,
        told("areas", "排查范围", "areas", search=True),
        told("people", "排查人员", "people"),
        told("words", "情况", "words"),
        *_END,
    ),
    ("region", "enterprise"),
    "number",
    titles={"zh": "隐患排查记录", "en": "checks"},
)
