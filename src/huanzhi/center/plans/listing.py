"""Columns of documents, items and measures."""

from __future__ import annotations

from typing import Any

from huanzhi.center.plans.models import Document, Item, Measure
from huanzhi.center.plans.settings import settings
from huanzhi.library.places.tables import REGION
from huanzhi.library.records.columns import Column, Kind, both, told, told_choice
from huanzhi.library.records.tables import Table

_REGION = Column("region", Kind.CODE, "region_id", target="region", filter=True, sort=True, editable=False)


def _of(kind: Kind, name: str, zh: str, en: str, path: str = "", **more: Any) -> Column:
    return Column(name, kind, path, titles=both(zh, en), editable=False, **more)


def _choice(name: str, zh: str, en: str, table: str, path: str = "") -> Column:
    return told_choice(name, zh, en, settings()[table], path)


_END = (
    _of(Kind.TRUTH, "simulated", "模拟", "simulated", filter=True),
    _of(Kind.INTEGER, "revision", "版本", "revision"),
)

DOCUMENTS = Table(
    Document.KIND,
    "plans",
    Document,
    (
        told("number", "编号", "number", search=True, sort=True),
        told("title", "标题", "title", search=True),
        told("name", "文件", "file", search=True),
        told("file_format", "格式", "format", "format", filter=True),
        _REGION,
        REGION[1],
        _of(Kind.MOMENT, "taken_in", "导入时间", "taken in", sort=True),
        *_END,
    ),
    ("region",),
    "number",
    titles=both("政策文件", "policy documents"),
)

ITEMS = Table(
    Item.KIND,
    "plan-items",
    Item,
    (
        told("code", "编号", "code"),
        _of(Kind.INTEGER, "place", "顺序", "order", sort=True),
        _choice("category", "类别", "category", "sort", "sort"),
        told("words", "内容", "words", search=True),
        _choice("review", "审核", "review", "review"),
        told("damaged", "残缺", "damaged"),
        told("quote", "原文", "quote", search=True),
        _of(Kind.INTEGER, "start", "起", "start"),
        _of(Kind.INTEGER, "end", "止", "end"),
        told("reason", "理由", "reason"),
        told("reviewed_by", "审核人", "reviewed by"),
        _of(Kind.MOMENT, "reviewed", "审核时间", "reviewed"),
        *_END,
    ),
    ("document",),
    "code",
    titles=both("提取条目", "items"),
)

MEASURES = Table(
    Measure.KIND,
    "plan-measures",
    Measure,
    (
        told("number", "编号", "number", search=True, sort=True),
        told("title", "举措", "measure", search=True),
        told("task", "任务", "task", search=True, filter=True, sort=True),
        _choice("state", "状态", "state", "state"),
        told("lead", "牵头单位编码", "lead", "lead__code", filter=True),
        told("lead_organisation", "牵头单位", "lead organisation", "lead__name", search=True),
        told("lead_name", "文件所写牵头单位", "lead as written", search=True),
        _of(Kind.DATE, "begins", "起始", "begins", sort=True),
        _of(Kind.DATE, "due", "期限", "due", filter=True, sort=True),
        _of(Kind.INTEGER, "percent", "进度", "progress", sort=True),
        _of(Kind.MOMENT, "last_return", "最近报送", "last return", sort=True),
        _of(Kind.MOMENT, "supervised", "督办", "supervised", sort=True),
        _of(Kind.MOMENT, "finished", "销号", "written off", sort=True),
        told("document", "文件编号", "document", "document__number", filter=True),
        _REGION,
        REGION[1],
        *_END,
    ),
    ("region", "lead", "document"),
    "number",
    titles=both("举措台账", "ledger of measures"),
)
