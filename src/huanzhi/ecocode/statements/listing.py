"""Columns of statements."""

from __future__ import annotations

from typing import Any

from huanzhi.ecocode.statements.models import Statement
from huanzhi.ecocode.statements.settings import settings
from huanzhi.library.places.tables import REGION
from huanzhi.library.records.columns import Column, Kind, both
from huanzhi.library.records.tables import Table


def _text(name: str, zh: str, en: str, path: str = "", **more: Any) -> Column:
    return Column(name, path=path, titles=both(zh, en), editable=False, **more)


def _choice(name: str, zh: str, en: str, table: str, path: str = "") -> Column:
    told = {code: both(row["zh"], row["en"]) for code, row in settings()[table].items()}
    return Column(
        name,
        Kind.CHOICE,
        path,
        choices=tuple(told),
        choice_titles=told,
        titles=both(zh, en),
        filter=True,
        sort=True,
        editable=False,
    )


def _of(kind: Kind, name: str, zh: str, en: str, **more: Any) -> Column:
    return Column(name, kind, titles=both(zh, en), editable=False, **more)


STATEMENTS = Table(
    Statement.KIND,
    "statements",
    Statement,
    (
        _text("number", "编号", "number", search=True, sort=True),
        _choice("kind", "类别", "kind", "sort", "sort"),
        _choice("state", "状态", "state", "state"),
        _text("enterprise", "企业编码", "enterprise", "enterprise__code", filter=True),
        _text("enterprise_name", "企业", "name of the enterprise", "enterprise__name", search=True),
        Column("region", Kind.CODE, "region_id", target="region", filter=True, sort=True, editable=False),
        REGION[1],
        _text("outlet", "排放口", "outlet", "outlet__code", filter=True),
        _text("outlet_name", "排放口名称", "name of the outlet", "outlet__name"),
        _text("parameter", "监测项目", "parameter", filter=True),
        _of(Kind.DATE, "day", "超标日期", "day of the exceedance", sort=True, filter=True),
        _text("value", "监测值", "value"),
        _text("limit", "限值", "limit"),
        _text("unit", "单位", "unit"),
        _choice("cause", "原因", "cause", "cause"),
        _choice("subject_kind", "纠错对象", "what is wrong", "subject"),
        _text("subject_key", "对象编码", "which one", search=True),
        _text("words", "说明", "words", search=True),
        _of(Kind.MOMENT, "filed", "提交时间", "filed", sort=True, filter=True),
        _of(Kind.MOMENT, "due", "答复期限", "answer due", sort=True),
        _of(Kind.MOMENT, "answered", "答复时间", "answered", sort=True),
        _text("answered_name", "答复人", "answered by"),
        _text("answer", "答复意见", "answer"),
        _of(Kind.TRUTH, "simulated", "模拟", "simulated", filter=True),
        _of(Kind.INTEGER, "revision", "版本", "revision"),
    ),
    ("region", "enterprise", "outlet"),
    "number",
    titles=both("企业说明", "statement"),
)
