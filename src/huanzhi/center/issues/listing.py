"""Columns of issues, for lists, sheets and the map."""

from __future__ import annotations

from huanzhi.center.issues.models import Issue
from huanzhi.center.issues.settings import settings
from huanzhi.center.issues.table import table
from huanzhi.library.places.tables import REGION
from huanzhi.library.records.columns import Column, Kind, both
from huanzhi.library.records.tables import Table


def columns() -> tuple[Column, ...]:
    """Return the columns of the list of issues."""
    return (
        _text("number", "编号", "number", sort=True, search=True),
        _text("title", "标题", "title", search=True),
        _choice("category", "问题类别", "category", settings()["category"]),
        _choice("channel", "来源渠道", "channel", settings()["channel"]),
        _choice("level", "严重程度", "level", table().choices["level"]),
        _choice("state", "状态", "state", {code: _two(one) for code, one in table().states.items()}),
        Column("region", Kind.CODE, "region_id", target="region", filter=True, sort=True, editable=False),
        REGION[1],
        _text("place", "点位编码", "place", filter=True, search=True),
        _text("place_name", "点位", "place name", search=True),
        _text("parameter", "监测项目", "parameter", filter=True),
        _text("enterprise", "企业编码", "enterprise", filter=True),
        _text("enterprise_name", "企业", "enterprise name", search=True),
        _text("organisation", "牵头单位编码", "lead", path="organisation__code", filter=True),
        _text("organisation_name", "牵头单位", "leading organisation", path="organisation__name"),
        _text("person", "经办人", "handler", path="person__code", filter=True),
        _moment("opened", "立项时间", "opened"),
        _moment("since", "发现时间", "found"),
        _moment("due", "办理期限", "due"),
        _text("due_note", "期限说明", "note on the term"),
        _moment("entered", "进入当前状态", "in this state since"),
        _moment("closed", "办结时间", "closed"),
        _truth("supervised", "督办", "supervised"),
        _truth("suspended", "中止计时", "clock stopped"),
        _truth("sensor", "监测发现", "raised by a sensor"),
        _text("ladder", "督办阶梯", "step of the ladder", filter=True),
        Column("reopened", Kind.INTEGER, editable=False, titles=both("重新立案次数", "times reopened")),
        Column("lon", Kind.NUMBER, editable=False),
        Column("lat", Kind.NUMBER, editable=False),
        Column("simulated", Kind.TRUTH, filter=True, editable=False),
        Column("revision", Kind.INTEGER, editable=False),
    )


def issue_table() -> Table:
    """Return the table of issues."""
    return Table(
        Issue.KIND,
        "issues",
        Issue,
        columns(),
        ("region", "organisation", "person"),
        "number",
        titles={"zh": "问题", "en": "issue"},
    )


def _two(state: object) -> dict[str, str]:
    return {"zh": state.zh, "en": state.en}  # type: ignore[attr-defined]


def _text(
    name: str,
    zh: str,
    en: str,
    *,
    path: str = "",
    sort: bool = False,
    search: bool = False,
    filter: bool = False,
) -> Column:
    return Column(
        name, path=path, titles=both(zh, en), editable=False, sort=sort, search=search, filter=filter
    )


def _choice(name: str, zh: str, en: str, words: object) -> Column:
    told = {code: {"zh": one["zh"], "en": one["en"]} for code, one in dict(words).items()}  # type: ignore[call-overload]
    return Column(
        name,
        Kind.CHOICE,
        choices=tuple(told),
        choice_titles=told,
        titles=both(zh, en),
        editable=False,
        filter=True,
        sort=True,
    )


def _moment(name: str, zh: str, en: str) -> Column:
    return Column(name, Kind.MOMENT, titles=both(zh, en), editable=False, filter=True, sort=True)


def _truth(name: str, zh: str, en: str) -> Column:
    return Column(name, Kind.TRUTH, titles=both(zh, en), editable=False, filter=True)
