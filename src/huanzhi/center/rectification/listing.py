"""Columns of batches, ledger lines, tasks, returns, sweeps and talks, for lists and sheets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from huanzhi.center.issues.settings import settings as issue_settings
from huanzhi.center.rectification.models import Batch, Item, Return, Sweep, Talk, Task
from huanzhi.center.rectification.settings import settings, table, talk_table
from huanzhi.library.places.tables import REGION
from huanzhi.library.records.columns import Column, Kind, told_moment
from huanzhi.library.records.tables import DATED, Table, declare

END = (
    Column("simulated", Kind.TRUTH, filter=True, editable=False),
    Column("revision", Kind.INTEGER, editable=False),
)


def both(zh: str, en: str) -> dict[str, str]:
    """Return a heading in both languages."""
    return {"zh": zh, "en": en}


def words_of(rows: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """Return the words of a table of words, or of states."""
    return {code: both(_part(one, "zh"), _part(one, "en")) for code, one in rows.items()}


def text_column(name: str, zh: str, en: str, *, path: str = "", **more: Any) -> Column:
    """Return a column of text that is not given by hand."""
    return Column(name, path=path, titles=both(zh, en), **({"editable": False} | more))


def choice(name: str, zh: str, en: str, rows: Mapping[str, Any], **more: Any) -> Column:
    """Return a column of words."""
    told = words_of(rows)
    more = {"editable": False, "filter": True, "sort": True} | more
    return Column(name, Kind.CHOICE, choices=tuple(told), choice_titles=told, titles=both(zh, en), **more)


def batch_table() -> Table:
    """Return the table of batches."""
    columns = (
        Column("code", titles=both("批次编号", "code"), required=True, sort=True, search=True),
        Column("name", titles=both("批次名称", "name"), required=True, search=True),
        choice("origin", "来源", "inspected by", settings()["origin"], editable=True, required=True),
        Column("round", titles=both("轮次", "round")),
        Column("region", Kind.CODE, "region_id", target="region", required=True, filter=True, sort=True),
        REGION[1],
        Column("fed_back", Kind.DATE, titles=both("反馈日期", "fed back on"), filter=True, sort=True),
        Column("expected", Kind.INTEGER, titles=both("任务数（源文件）", "tasks, by the source"), least=0),
        Column("source", titles=both("源文件", "source")),
        Column("note", titles=both("说明", "note")),
        *DATED,
    )
    titles = both("督察批次", "batch of feedback")
    return Table(Batch.KIND, "rectification-batches", Batch, columns, ("region",), titles=titles)


def item_table() -> Table:
    """Return the table of ledger lines, which is also the sheet to fill in."""
    wide = {"editable": True}
    columns = (
        text_column("code", "条目编号", "code", sort=True, search=True, **wide),
        Column(
            "batch",
            Kind.CODE,
            "batch__code",
            target="rectification_batch",
            titles=both("督察批次", "batch"),
            required=True,
            filter=True,
        ),
        text_column("serial", "序号", "serial", sort=True, **wide),
        choice("nature", "类型", "nature", settings()["nature"], **wide),
        text_column("title", "整改任务", "task", search=True, most=200, **wide),
        text_column("problem", "问题原文", "problem", search=True, most=8000, **wide),
        text_column("target", "整改目标", "target", most=4000, **wide),
        text_column("measures", "整改措施（每行一条）", "measures (one a line)", most=8000, **wide),
        choice("category", "问题类别", "category", issue_settings()["category"], **wide),
        Column("region", Kind.CODE, "region_id", target="region", filter=True, sort=True),
        REGION[1],
        text_column("enterprise", "企业编码", "enterprise", **wide),
        Column(
            "organisation",
            Kind.CODE,
            "organisation__code",
            target="organisation",
            titles=both("牵头单位", "lead"),
            filter=True,
        ),
        text_column("lead_name", "牵头单位（原文）", "lead as written", **wide),
        text_column("cooperating", "配合单位", "cooperating units", **wide),
        text_column("in_charge", "责任人", "person in charge", **wide),
        Column(
            "supervisor",
            Kind.CODE,
            "supervisor__code",
            target="organisation",
            titles=both("督导单位", "supervising unit"),
        ),
        text_column("supervisor_name", "督导单位（原文）", "supervising unit as written", **wide),
        choice("term_class", "时限类别", "class of the term", settings()["term_class"], **wide),
        Column("term", Kind.DATE, titles=both("整改时限", "term"), filter=True, sort=True),
        text_column("term_words", "时限（原文）", "term as written", **wide),
        Column("standing", Kind.TRUTH, titles=both("长期坚持", "to be kept up")),
        text_column("source", "来源文件", "source", **wide),
        text_column("quote", "原文摘录", "quote", **wide),
        Column("offset", Kind.INTEGER, titles=both("原文位置", "offset"), least=0),
        Column("missing", Kind.JSON, titles=both("原文缺失", "missing in the source"), editable=False),
        choice("state", "状态", "state", ITEM_STATES),
        text_column("task", "任务编号", "number of the task", filter=True),
        *DATED,
    )
    related = ("batch", "region", "organisation", "supervisor")
    titles = both("整改台账条目", "line of a rectification ledger")
    return Table(Item.KIND, "rectification-items", Item, columns, related, titles=titles)


ITEM_STATES = {
    "open": both("待确认", "to be confirmed"),
    "confirmed": both("已确认", "confirmed"),
    "dropped": both("不采用", "dropped"),
}
RETURN_STATES = {
    "due": both("待报", "due"),
    "submitted": both("已报", "submitted"),
    "sent_back": both("退回补报", "sent back"),
}
SWEEP_STATES = {"open": both("进行中", "under way"), "closed": both("已结束", "closed")}


def task_table() -> Table:
    """Return the table of tasks."""
    columns = (
        text_column("number", "任务编号", "number", sort=True, search=True),
        text_column("serial", "序号", "serial"),
        text_column("title", "整改任务", "task", search=True),
        text_column("batch", "督察批次编号", "code of the batch", path="batch__code", filter=True),
        text_column("batch_name", "督察批次", "batch", path="batch__name"),
        choice("nature", "类型", "nature", settings()["nature"]),
        choice("category", "问题类别", "category", issue_settings()["category"]),
        choice("level", "验收层级", "accepted by", settings()["level"]),
        choice("state", "状态", "state", _states(table().states)),
        Column("region", Kind.CODE, "region_id", target="region", filter=True, sort=True, editable=False),
        REGION[1],
        text_column("enterprise", "企业编码", "enterprise", filter=True),
        text_column("enterprise_name", "企业", "enterprise name", search=True),
        text_column("organisation", "牵头单位编码", "lead", path="organisation__code", filter=True),
        text_column("lead_name", "牵头单位", "leading unit", search=True),
        text_column("cooperating", "配合单位", "cooperating units"),
        text_column("in_charge", "责任人", "person in charge", search=True),
        text_column("supervisor_name", "督导单位", "supervising unit", search=True),
        choice("term_class", "时限类别", "class of the term", settings()["term_class"]),
        Column("term", Kind.DATE, titles=both("整改时限", "term"), filter=True, sort=True, editable=False),
        text_column("term_words", "时限（原文）", "term as written"),
        Column("missing", Kind.JSON, titles=both("原文缺失", "missing in the source"), editable=False),
        Column("standing", Kind.TRUTH, titles=both("长期坚持", "to be kept up"), filter=True, editable=False),
        Column(
            "done_on", Kind.DATE, titles=both("完成日期", "done on"), filter=True, sort=True, editable=False
        ),
        told_moment("opened", "交办时间", "handed over"),
        told_moment("entered", "进入当前状态", "in this state since"),
        told_moment("due", "环节期限", "end of the state's term"),
        told_moment("closed", "销号时间", "written off"),
        Column(
            "reopened", Kind.INTEGER, titles=both("反弹次数", "times reopened"), filter=True, editable=False
        ),
        text_column("ladder", "督办阶梯", "letter of the ladder", filter=True),
        text_column("issue", "问题编号", "issue", filter=True, search=True),
        Column("lon", Kind.NUMBER, editable=False),
        Column("lat", Kind.NUMBER, editable=False),
        *END,
    )
    related = ("region", "organisation", "batch")
    titles = both("整改任务", "rectification task")
    return Table(Task.KIND, "rectification", Task, columns, related, "number", titles=titles)


def return_table() -> Table:
    """Return the table of monthly returns."""
    columns = (
        text_column("code", "调度编号", "code", sort=True, search=True),
        text_column("task", "任务编号", "task", path="task__number", filter=True, search=True),
        text_column("title", "整改任务", "title", path="task__title", search=True),
        text_column("lead_name", "牵头单位", "leading unit", path="task__lead_name", search=True),
        Column(
            "region",
            Kind.CODE,
            "task__region_id",
            target="region",
            titles=both("区域", "region"),
            filter=True,
            editable=False,
        ),
        text_column("month", "月份", "month", filter=True, sort=True),
        choice("state", "状态", "state", RETURN_STATES),
        told_moment("due", "报送期限", "due"),
        told_moment("submitted", "报送时间", "submitted"),
        Column("progress", Kind.INTEGER, titles=both("进度", "progress"), editable=False),
        *END,
    )
    titles = both("月调度", "monthly return")
    related = ("task", "task__region")
    return Table(Return.KIND, "rectification_returns", Return, columns, related, titles=titles)


def sweep_table() -> Table:
    """Return the table of sweeps."""
    columns = (
        text_column("code", "编号", "code", sort=True, search=True),
        text_column("title", "举一反三事项", "matter", search=True),
        text_column("task", "源任务", "task", path="task__number", filter=True),
        choice("category", "问题类别", "category", issue_settings()["category"]),
        Column("region", Kind.CODE, "region_id", target="region", filter=True, sort=True, editable=False),
        REGION[1],
        choice("state", "状态", "state", SWEEP_STATES),
        told_moment("begun", "开始时间", "begun"),
        Column("due", Kind.DATE, titles=both("期限", "due"), filter=True, sort=True, editable=False),
        *END,
    )
    titles = both("举一反三", "sweep")
    return Table(Sweep.KIND, "rectification_sweeps", Sweep, columns, ("region", "task"), titles=titles)


def talk_list() -> Table:
    """Return the table of talks."""
    columns = (
        text_column("number", "编号", "number", sort=True, search=True),
        text_column("organisation_name", "被约谈单位", "summoned", search=True),
        text_column("task", "整改任务", "task", path="task__number", filter=True),
        choice("trigger", "事由", "why", settings()["talk_trigger"]),
        choice("level", "级别", "level", settings()["talk_level"]),
        choice("state", "状态", "state", _states(talk_table().states)),
        text_column("matter", "约谈事项", "matter", search=True),
        Column("region", Kind.CODE, "region_id", target="region", filter=True, sort=True, editable=False),
        REGION[1],
        Column("day", Kind.DATE, titles=both("约谈日期", "day"), filter=True, sort=True, editable=False),
        told_moment("due", "整改方案报送期限", "plan due"),
        told_moment("opened", "提出时间", "proposed"),
        *END,
    )
    related = ("region", "task", "organisation")
    return Table(Talk.KIND, "talks", Talk, columns, related, "number", titles=both("约谈", "talk"))


def declare_tables() -> None:
    """Make the tables known that are filled from sheets."""
    declare(batch_table(), item_table())


def _states(states: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    return {code: both(one.zh, one.en) for code, one in states.items()}


def _part(one: Any, language: str) -> str:
    return str(one[language])
