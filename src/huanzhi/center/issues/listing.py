"""Columns of issues, for lists, sheets and the map."""

from __future__ import annotations

from huanzhi.center.issues.models import Issue
from huanzhi.center.issues.settings import settings
from huanzhi.center.issues.table import table
from huanzhi.library.places.tables import REGION
from huanzhi.library.records.columns import Column, Kind, both, told, told_choice, told_moment, told_truth
from huanzhi.library.records.tables import Table


def columns() -> tuple[Column, ...]:
    """Return the columns of the list of issues."""
    return (
        told("number", "编号", "number", sort=True, search=True),
        told("title", "标题", "title", search=True),
        told_choice("category", "问题类别", "category", settings()["category"]),
        told_choice("channel", "来源渠道", "channel", settings()["channel"]),
        told_choice("level", "严重程度", "level", table().choices["level"]),
        told_choice("state", "状态", "state", {code: _two(one) for code, one in table().states.items()}),
        Column("region", Kind.CODE, "region_id", target="region", filter=True, sort=True, editable=False),
        REGION[1],
        told("place", "点位编码", "place", filter=True, search=True),
        told("place_name", "点位", "place name", search=True),
        told("parameter", "监测项目", "parameter", filter=True),
        told("enterprise", "企业编码", "enterprise", filter=True),
        told("enterprise_name", "企业", "enterprise name", search=True),
        told("organisation", "牵头单位编码", "lead", path="organisation__code", filter=True),
        told("organisation_name", "牵头单位", "leading organisation", path="organisation__name"),
        told("person", "经办人", "handler", path="person__code", filter=True),
        told_moment("opened", "立项时间", "opened"),
        told_moment("since", "发现时间", "found"),
        told_moment("due", "办理期限", "due"),
        told("due_note", "期限说明", "note on the term"),
        told_moment("entered", "进入当前状态", "in this state since"),
        told_moment("closed", "办结时间", "closed"),
        told_truth("supervised", "督办", "supervised"),
        told_truth("suspended", "中止计时", "clock stopped"),
        told_truth("sensor", "监测发现", "raised by a sensor"),
        told("ladder", "督办阶梯", "step of the ladder", filter=True),
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
