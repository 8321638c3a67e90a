"""Columns of codes, events, appeals and applications for repair."""

from __future__ import annotations

from typing import Any

from huanzhi.ecocode.grades.models import Appeal, Code, Event, Repair
from huanzhi.ecocode.grades.schemes import schemes, tables
from huanzhi.ecocode.grades.settings import settings
from huanzhi.library.places.tables import REGION
from huanzhi.library.records.columns import Column, Kind, both, told, told_choice, told_moment, told_truth
from huanzhi.library.records.tables import Table

SORTS = {"code": both("环保码", "environmental code"), "credit": both("环境信用", "environmental credit")}


def levels() -> dict[str, dict[str, str]]:
    """Return the levels of all schemes in words; those that schemes share stand once."""
    found = {one.code: both(one.title.zh, one.title.en) for each in schemes().values() for one in each.levels}
    colours = {"green": "绿", "blue": "蓝", "yellow": "黄", "red": "红", "black": "黑"}
    found |= {code: both(zh, code) for code, zh in colours.items()}
    return {**found, "unknown": both("未知", "unknown")}


def plans() -> dict[str, dict[str, str]]:
    """Return the schemes by their names."""
    return {name: both(row["zh"], row["en"]) for name, row in tables()["scheme"].items()}


def _date(name: str, zh: str, en: str, path: str = "", **more: Any) -> Column:
    return told(name, zh, en, path, kind=Kind.DATE, **{"sort": True, **more})


_WHOSE = (
    told("enterprise", "企业编码", "enterprise", "enterprise__code", filter=True, sort=True, search=True),
    told("enterprise_name", "企业", "name of the enterprise", "enterprise__name", search=True),
    Column("region", Kind.CODE, "region_id", target="region", filter=True, sort=True, editable=False),
    REGION[1],
)
_END = (
    told_truth("simulated", "模拟", "simulated"),
    told("revision", "版本", "revision", kind=Kind.INTEGER),
)
_RELATED = ("region", "enterprise__organisation")

CODES = Table(
    Code.KIND,
    "codes",
    Code,
    (
        told("code", "编号", "code"),
        *_WHOSE,
        told_choice("which", "类别", "which", SORTS, "sort"),
        told_choice("level", "等级", "level", levels()),
        told("score", "分值", "points"),
        _date("since", "起始日", "since", filter=True),
        _date("changes", "自动变化日", "changes by itself", filter=True),
        told("reasons", "计入事件", "events that weigh", kind=Kind.INTEGER, sort=True),
        told_truth("by_hand", "人工调整", "by hand"),
        told("scheme", "方案", "scheme", filter=True, choice_titles=plans()),
        told("key_unit", "重点单位", "key unit", "enterprise__key_unit", kind=Kind.TRUTH, filter=True),
        *_END,
    ),
    _RELATED,
    titles=both("码与信用等级", "codes and credit levels"),
)

EVENTS = Table(
    Event.KIND,
    "code-events",
    Event,
    (
        told("code", "编号", "code", filter=True),
        told_choice("kind", "事件", "event", settings()["kind"]),
        told("title_zh", "内容", "words", search=True),
        told("title_en", "内容（英文）", "words in English", search=True),
        *_WHOSE,
        _date("day", "发生日", "day", filter=True),
        _date("until", "终结日", "until"),
        told_choice("state", "状态", "state", settings()["state"]),
        _date("released", "验收日", "mending accepted"),
        _date("repaired", "修复日", "repaired"),
        _date("published", "公示日", "published", filter=True),
        told_truth("corrected", "申诉更正", "corrected after an appeal"),
        told("facts", "事实", "facts", kind=Kind.JSON),
        told("address", "来源", "where it is read"),
        _date("recorded", "归集日", "recorded"),
        *_END,
    ),
    _RELATED,
    titles=both("赋码事件", "events of codes"),
)


def _decided(table: dict[str, Any]) -> tuple[Column, ...]:
    return (
        told_choice("state", "状态", "state", table),
        told("event", "事件编号", "event", "event__code", filter=True),
        told("event_kind", "事件", "kind of the event", "event__kind"),
        told("event_title", "事件内容", "words of the event", "event__title_zh", search=True),
        *_WHOSE,
        told_moment("filed", "提交时间", "filed"),
        told("filed_by", "提交人", "filed by"),
    )


_AFTER = (
    told_moment("decided", "审定时间", "decided"),
    told("decided_by", "审定人", "decided by"),
    told("decision", "审定意见", "decision"),
    *_END,
)

APPEALS = Table(
    Appeal.KIND,
    "code-appeals",
    Appeal,
    (
        told("number", "编号", "number", search=True, sort=True),
        *_decided(settings()["decision"]),
        told("words", "申诉理由", "words", search=True),
        told("proof", "证明", "proof"),
        _date("due", "审定期限", "due"),
        *_AFTER,
    ),
    (*_RELATED, "event"),
    "number",
    titles=both("码申诉", "appeals"),
)

REPAIRS = Table(
    Repair.KIND,
    "credit-repairs",
    Repair,
    (
        told("number", "编号", "number", search=True, sort=True),
        *_decided(settings()["decision"]),
        told_choice("grade", "失信分类", "class", settings()["grade"]),
        _date("duty_done", "履行完毕日", "duties done"),
        told("commitment", "信用承诺", "commitment", kind=Kind.TRUTH),
        told("proof", "证明", "proof"),
        told("checked", "条件核验", "conditions", kind=Kind.JSON),
        *_AFTER,
    ),
    (*_RELATED, "event"),
    "number",
    titles=both("信用修复申请", "applications for repair"),
)
