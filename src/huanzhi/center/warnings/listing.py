"""Columns of warnings, for lists, sheets and the map."""

from __future__ import annotations

from huanzhi.center.warnings.models import REPLY_STATES, STATES, Warning
from huanzhi.center.warnings.settings import levels, settings
from huanzhi.library.places.tables import REGION
from huanzhi.library.records.columns import Column, Kind, both, told, told_choice, told_moment, told_truth
from huanzhi.library.records.tables import Table
from huanzhi.messages import catalogue

COLOURS = tuple(settings()["colours"])


def warning_table() -> Table:
    """Return the table of warnings."""
    return Table(
        Warning.KIND,
        "warnings",
        Warning,
        columns(),
        ("region", "storm"),
        titles={"zh": "预警", "en": "warning"},
    )


def columns() -> tuple[Column, ...]:
    """Return the columns of the list of warnings."""
    return (
        Column("code", sort=True, search=True, editable=False, titles=both("预警编号", "code")),
        told("rule", "预警规则", "rule", filter=True, sort=True),
        told("title", "规则名称", "name of the rule"),
        _choice("level", "级别", "level", levels(), "level"),
        _choice("colour", "颜色", "colour", COLOURS, "colour"),
        _choice("state", "状态", "state", STATES, "state"),
        Column("region", Kind.CODE, "region_id", target="region", filter=True, sort=True, editable=False),
        REGION[1],
        told("place", "点位编码", "place", filter=True, search=True),
        told("place_name", "点位", "place name", search=True),
        told("enterprise", "企业编码", "enterprise", filter=True),
        told("parameter", "监测项目", "parameter", filter=True),
        _number("value", "监测值", "value"),
        _number("limit", "限值", "limit"),
        told_moment("since", "开始时间", "since"),
        told_moment("last", "最近一次", "last sign"),
        told_moment("released", "解除时间", "released"),
        told_truth("muted", "已屏蔽", "muted"),
        told("storm", "归并于", "folded into", path="storm__code", filter=True),
        told("issue", "问题编号", "issue", filter=True),
        _choice("reply_state", "回复状态", "reply", REPLY_STATES, "reply"),
        told_moment("reply_due", "回复期限", "reply due"),
        told_moment("replied", "回复时间", "replied"),
        told("ladder", "升级", "ladder", filter=True),
        told_moment("handled", "处置时间", "disposed of"),
        Column("lon", Kind.NUMBER, editable=False),
        Column("lat", Kind.NUMBER, editable=False),
        Column("simulated", Kind.TRUTH, filter=True, editable=False),
        Column("revision", Kind.INTEGER, editable=False),
    )


def _number(name: str, zh: str, en: str) -> Column:
    return Column(name, Kind.NUMBER, editable=False, titles=both(zh, en))


def _choice(name: str, zh: str, en: str, choices: tuple[str, ...], words: str) -> Column:
    known = {one: dict(catalogue()[f"warnings.{words}_{one}"]) for one in choices}
    return told_choice(name, zh, en, known)
