"""Columns of audits and of their items."""

from __future__ import annotations

from typing import Any

from huanzhi.ecocode.audits.form import items, settings
from huanzhi.ecocode.audits.models import Audit, AuditItem
from huanzhi.library.places.tables import REGION
from huanzhi.library.records.columns import Column, Kind, both, told, told_choice
from huanzhi.library.records.tables import Table


def _choice(name: str, zh: str, en: str, table: str, path: str = "") -> Column:
    return told_choice(name, zh, en, settings()[table], path)


def _of(kind: Kind, name: str, zh: str, en: str, path: str = "", **more: Any) -> Column:
    return Column(name, kind, path=path, titles=both(zh, en), editable=False, **more)


def _region(path: str) -> tuple[Column, Column]:
    code = Column("region", Kind.CODE, path, target="region", filter=True, sort=True, editable=False)
    return code, REGION[1]


def _whose(path: str) -> tuple[Column, Column]:
    return (
        told("enterprise", "企业编码", "enterprise", f"{path}__code", filter=True, search=True),
        told("enterprise_name", "企业", "name of the enterprise", f"{path}__name", search=True),
    )


_END = (
    _of(Kind.TRUTH, "simulated", "模拟", "simulated", filter=True),
    _of(Kind.INTEGER, "revision", "版本", "revision"),
)
_WORDS = {one.code: {"zh": one.zh, "en": one.en} for one in items().values()}

AUDITS = Table(
    Audit.KIND,
    "audits",
    Audit,
    (
        told("number", "编号", "number", search=True, sort=True),
        *_whose("enterprise"),
        *_region("region_id"),
        _of(Kind.INTEGER, "year", "年份", "year", filter=True, sort=True),
        _of(Kind.DATE, "first", "自", "from"),
        _of(Kind.DATE, "last", "至", "to", sort=True),
        _choice("state", "状态", "state", "state"),
        _choice("grade", "等级", "grade", "grade"),
        _of(Kind.INTEGER, "failed", "不符合项", "failed items", sort=True),
        _of(Kind.MOMENT, "opened", "开始时间", "begun", sort=True),
        told("opened_name", "审计人", "auditor"),
        _of(Kind.MOMENT, "finished", "办结时间", "finished", sort=True, filter=True),
        told("finished_name", "复核人", "finished by"),
        *_END,
    ),
    ("enterprise", "region"),
    "number",
    titles=both("环境责任审计", "responsibility audits"),
)

ITEMS = Table(
    AuditItem.KIND,
    "audit-items",
    AuditItem,
    (
        told("code", "编号", "code", search=True, sort=True),
        told("audit", "审计编号", "audit", "audit__number", filter=True, sort=True),
        *_whose("audit__enterprise"),
        told("region", "区域编码", "region", "audit__region_id"),
        _choice("section", "类别", "section", "section"),
        told_choice("item", "审计事项", "item", _WORDS),
        _choice("suggested", "档案", "archive", "finding"),
        _choice("finding", "结论", "finding", "finding"),
        told("reason", "理由", "reason", search=True),
        told("demand", "整改要求", "to be put right", search=True),
        _of(Kind.DATE, "due", "整改期限", "due", sort=True, filter=True),
        told("issue", "问题编号", "issue", search=True),
        _choice("standing", "整改状态", "rectification", "standing"),
        _of(Kind.DATE, "verified", "核查日期", "verified", sort=True),
        told("judged_name", "审计人", "auditor"),
        *_END,
    ),
    ("audit__enterprise", "audit"),
    titles=both("审计事项", "items of audits"),
)
