"""Columns of firms, people, works, checks and the credit file."""

from __future__ import annotations

from typing import Any

from huanzhi.ecocode.services.models import Firm, Mark, Professional, Work
from huanzhi.ecocode.services.settings import settings
from huanzhi.library.places.tables import REGION
from huanzhi.library.records.columns import Column, Kind, both, told, told_choice
from huanzhi.library.records.tables import Table

_REGION = Column("region", Kind.CODE, "region_id", target="region", filter=True, sort=True, editable=False)


def _choice(name: str, zh: str, en: str, table: str, path: str = "") -> Column:
    return told_choice(name, zh, en, settings()[table], path)


def _of(kind: Kind, name: str, zh: str, en: str, path: str = "", **more: Any) -> Column:
    return Column(name, kind, path=path, titles=both(zh, en), editable=False, **more)


_END = (
    _of(Kind.TRUTH, "simulated", "模拟", "simulated", filter=True),
    _of(Kind.INTEGER, "revision", "版本", "revision"),
)
_FIRM = (
    told("firm", "机构编码", "firm", "firm__code", filter=True),
    told("firm_name", "机构", "name of the firm", "firm__name", search=True),
)

FIRMS = Table(
    Firm.KIND,
    "service-firms",
    Firm,
    (
        told("code", "统一社会信用代码", "credit code", search=True, sort=True, filter=True),
        told("name", "机构", "firm", search=True, sort=True),
        _choice("kind", "类别", "kind", "kind", "sort"),
        _REGION,
        REGION[1],
        _choice("grade", "等级", "grade", "grade"),
        told("score", "得分", "score"),
        _choice("standing", "状态", "standing", "standing"),
        _choice("advised", "建议", "advised", "advised"),
        _of(Kind.DATE, "standing_since", "状态自", "standing since", sort=True),
        told("standing_words", "状态说明", "why"),
        told("qualification", "资质", "qualification", search=True),
        _of(Kind.DATE, "qualified_until", "资质有效期", "qualified until", sort=True),
        told("address", "地址", "address"),
        told("contact", "联系人", "contact"),
        told("phone", "电话", "telephone"),
        _of(Kind.DATE, "graded", "评级日期", "graded", sort=True),
        *_END,
    ),
    ("region", "organisation"),
    titles={"zh": "环境服务机构", "en": "service firms"},
)

PEOPLE = Table(
    Professional.KIND,
    "service-people",
    Professional,
    (
        told("code", "编号", "code", search=True, sort=True),
        told("name", "姓名", "name", search=True, sort=True),
        _choice("kind", "类别", "kind", "person_kind", "sort"),
        *_FIRM,
        _REGION,
        REGION[1],
        told("field", "专业", "field", search=True),
        _choice("standing", "状态", "standing", "standing"),
        _of(Kind.DATE, "standing_since", "状态自", "standing since"),
        told("standing_words", "状态说明", "why"),
        *_END,
    ),
    ("firm", "region"),
    titles={"zh": "从业人员与专家", "en": "people and experts"},
)

WORKS = Table(
    Work.KIND,
    "service-works",
    Work,
    (
        told("number", "编号", "number", search=True, sort=True),
        told("title", "服务成果", "work", search=True),
        _choice("kind", "类别", "kind", "kind", "sort"),
        *_FIRM,
        told("enterprise", "企业编码", "enterprise", "enterprise__code", filter=True),
        told("enterprise_name", "企业", "name of the enterprise", "enterprise__name", search=True),
        _REGION,
        REGION[1],
        told("contract", "合同编号", "contract"),
        _of(Kind.DATE, "begun", "开始", "begun", sort=True, filter=True),
        _of(Kind.DATE, "ended", "完成", "ended", sort=True),
        told("score", "得分", "score"),
        _choice("verdict", "检查结论", "verdict", "verdict"),
        _choice("effect", "治理效果", "effect", "effect"),
        *_END,
    ),
    ("firm", "enterprise", "region"),
    "number",
    titles={"zh": "服务成果", "en": "works"},
)

MARKS = Table(
    Mark.KIND,
    "service-marks",
    Mark,
    (
        told("number", "编号", "number", sort=True),
        *_FIRM,
        told("person", "人员", "person", "person__name"),
        _choice("kind", "类别", "kind", "mark", "sort"),
        _of(Kind.DATE, "day", "日期", "day", sort=True, filter=True),
        _of(Kind.DATE, "until", "至", "until"),
        told("words", "内容", "words", search=True),
        *_END,
    ),
    ("firm", "person"),
    "number",
    titles={"zh": "诚信档案", "en": "credit file"},
)
