"""Columns of warnings, for lists, sheets and the map."""

from __future__ import annotations

from huanzhi.center.warnings.models import REPLY_STATES, STATES, Warning
from huanzhi.center.warnings.settings import levels, settings
from huanzhi.library.places.tables import REGION
from huanzhi.library.records.columns import Column, Kind, both
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
        _text("rule", "预警规则", "rule", filter=True, sort=True),
        _text("title", "规则名称", "name of the rule"),
        _choice("level", "级别", "level", levels(), "level"),
        _choice("colour", "颜色", "colour", COLOURS, "colour"),
        _choice("state", "状态", "state", STATES, "state"),
        Column("region", Kind.CODE, "region_id", target="region", filter=True, sort=True, editable=False),
        REGION[1],
        _text("place", "点位编码", "place", filter=True, search=True),
        _text("place_name", "点位", "place name", search=True),
        _text("enterprise", "企业编码", "enterprise", filter=True),
        _text("parameter", "监测项目", "parameter", filter=True),
        _number("value", "监测值", "value"),
        _number("limit", "限值", "limit"),
        _moment("since", "开始时间", "since"),
        _moment("last", "最近一次", "last sign"),
        _moment("released", "解除时间", "released"),
        _truth("muted", "已屏蔽", "muted"),
        _text("storm", "归并于", "folded into", path="storm__code", filter=True),
        _text("issue", "问题编号", "issue", filter=True),
        _choice("reply_state", "回复状态", "reply", REPLY_STATES, "reply"),
        _moment("reply_due", "回复期限", "reply due"),
        _moment("replied", "回复时间", "replied"),
        _text("ladder", "升级", "ladder", filter=True),
        _moment("handled", "处置时间", "disposed of"),
        Column("lon", Kind.NUMBER, editable=False),
        Column("lat", Kind.NUMBER, editable=False),
        Column("simulated", Kind.TRUTH, filter=True, editable=False),
        Column("revision", Kind.INTEGER, editable=False),
    )


def _text(
    name: str,
    zh: str,
    en: str,
    path: str = "",
    filter: bool = False,
    search: bool = False,
    sort: bool = False,
) -> Column:
    return Column(
        name,
        path=path or name,
        filter=filter,
        search=search,
        sort=sort,
        editable=False,
        titles=both(zh, en),
    )


def _number(name: str, zh: str, en: str) -> Column:
    return Column(name, Kind.NUMBER, editable=False, titles=both(zh, en))


def _moment(name: str, zh: str, en: str) -> Column:
    return Column(name, Kind.MOMENT, filter=True, sort=True, editable=False, titles=both(zh, en))


def _truth(name: str, zh: str, en: str) -> Column:
    return Column(name, Kind.TRUTH, filter=True, editable=False, titles=both(zh, en))


def _choice(name: str, zh: str, en: str, choices: tuple[str, ...], words: str) -> Column:
    known = {one: dict(catalogue()[f"warnings.{words}_{one}"]) for one in choices}
    return Column(
        name,
        Kind.CHOICE,
        choices=choices,
        filter=True,
        sort=True,
        editable=False,
        titles=both(zh, en),
        choice_titles=known,
    )
