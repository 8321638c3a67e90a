"""Columns of warnings, for lists, sheets and the map."""

from __future__ import annotations

from typing import Any

from huanzhi.center.warnings.cut_models import LEVELS, STANDINGS, CutMeasure, CutTask
from huanzhi.center.warnings.models import REPLY_STATES, STATES, Warning
from huanzhi.center.warnings.settings import levels, settings
from huanzhi.library.places.tables import ORGANISATION, REGION
from huanzhi.library.records.columns import Column, Kind, both, told, told_choice, told_moment, told_truth
from huanzhi.library.records.tables import STANDING, Table, declare
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


def _colour(**more: Any) -> Column:
    words = {one: dict(catalogue()[f"warnings.colour_{one}"]) for one in LEVELS}
    return told_choice("level", "预警级别", "level", words, **more)


declare(
    Table(
        CutMeasure.KIND,
        "cut-measures",
        CutMeasure,
        (
            Column("code", editable=False, sheet=False, sort=True, titles=both("编号", "code")),
            Column(
                "enterprise",
                Kind.CODE,
                "enterprise__code",
                target="enterprise",
                required=True,
                filter=True,
                sort=True,
                titles=both("企业编码", "enterprise"),
            ),
            told("enterprise_name", "企业", "name", "enterprise__name", search=True),
            _colour(editable=True, required=True),
            Column("words", required=True, most=2000, search=True, titles=both("减排措施", "measure")),
            Column(
                "share", Kind.INTEGER, least=0, most=100, titles=both("减排比例（%）", "share to be cut [%]")
            ),
            Column("performance", most=12, filter=True, titles=both("绩效分级", "performance grade")),
            Column("exempt", Kind.TRUTH, filter=True, titles=both("保障类", "may go on")),
            Column("region", Kind.CODE, "region_id", target="region", filter=True, sort=True),
            REGION[1],
            *ORGANISATION,
            *STANDING,
        ),
        ("region", "organisation", "enterprise"),
        titles=both("应急减排清单", "cuts in heavy-pollution weather"),
    )
)
TASKS = Table(
    CutTask.KIND,
    "cut-tasks",
    CutTask,
    (
        told("code", "编号", "code", sort=True),
        told("episode", "重污染过程", "episode", "episode__code", filter=True),
        told("enterprise", "企业编码", "enterprise", "enterprise__code", filter=True, sort=True),
        told("enterprise_name", "企业", "name", "enterprise__name", search=True),
        _colour(),
        told("words", "减排措施", "measure", search=True),
        told("share", "减排比例（%）", "share to be cut [%]", kind=Kind.INTEGER),
        told_truth("exempt", "保障类", "may go on"),
        _choice("state", "状态", "state", STANDINGS, "cut"),
        told_moment("told_at", "告知时间", "told"),
        told_moment("acknowledged_at", "确认时间", "noted"),
        told("acknowledged_by", "确认人", "noted by"),
        told_moment("checked_at", "核查时间", "checked"),
        told("checked_by", "核查人", "checked by"),
        told("found", "核查情况", "what was found"),
        told_truth("simulated", "模拟", "simulated"),
        told("revision", "版本", "revision", kind=Kind.INTEGER),
    ),
    ("episode", "enterprise"),
    titles=both("应急减排任务", "cuts told to enterprises"),
)
