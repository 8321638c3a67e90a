"""Columns of duties, reports, samples, quantities, lists of key polluters and reductions."""

from __future__ import annotations

from typing import Any

from huanzhi.ecocode.permits.models import (
    Duty,
    KeyEntry,
    KeyList,
    KeyObjection,
    MonthAmount,
    ReductionProject,
    ReductionTarget,
    Report,
    Requirement,
    Sample,
)
from huanzhi.ecocode.permits.settings import settings
from huanzhi.library.records.columns import Column, Kind, both
from huanzhi.library.records.tables import Table


def _of(kind: Kind, name: str, zh: str, en: str, path: str = "", **more: Any) -> Column:
    return Column(name, kind, path, titles=both(zh, en), editable=more.pop("editable", False), **more)


def _text(name: str, zh: str, en: str, path: str = "", **more: Any) -> Column:
    return _of(Kind.TEXT, name, zh, en, path, **more)


def _choice(name: str, zh: str, en: str, table: str, path: str = "") -> Column:
    told = {code: {"zh": row["zh"], "en": row["en"]} for code, row in settings()[table].items()}
    more = {"choices": tuple(told), "choice_titles": told, "filter": True, "sort": True}
    return _of(Kind.CHOICE, name, zh, en, path, **more)


def _region(path: str) -> Column:
    return Column("region", Kind.CODE, path, target="region", filter=True, editable=False)


_ENTERPRISE = (
    _text("enterprise", "企业编码", "enterprise", "enterprise__code", filter=True, sort=True),
    _text("enterprise_name", "企业", "enterprise name", "enterprise__name", search=True),
    _region("enterprise__region_id"),
)
_END = (
    _of(Kind.TRUTH, "simulated", "模拟", "simulated", filter=True),
    _of(Kind.INTEGER, "revision", "版本", "revision"),
)
_RELATED = ("enterprise__region", "enterprise__organisation")

DUTIES = Table(
    Duty.KIND,
    "permit-duties",
    Duty,
    (
        _text("code", "编号", "code", search=True, filter=True, sort=True),
        *_ENTERPRISE,
        _choice("duty", "义务", "duty", "duty", "kind"),
        _text("period", "报告期", "period", filter=True, sort=True),
        _text("subject", "对象", "subject", search=True),
        _of(Kind.DATE, "opens", "可办起", "opens", sort=True),
        _of(Kind.DATE, "due", "期限", "due", filter=True, sort=True),
        _of(Kind.DATE, "done", "完成", "done", sort=True, filter=True),
        _text("confidence", "期限依据的可靠程度", "confidence of the day"),
        _text("source", "依据记录", "source"),
        _text("words", "说明", "words"),
        _of(Kind.DATE, "reminded", "提醒", "reminded"),
        *_END,
    ),
    _RELATED,
    titles=both("许可义务", "permit duties"),
)

REPORTS = Table(
    Report.KIND,
    "permit-reports",
    Report,
    (
        _text("code", "编号", "code", search=True, filter=True, sort=True),
        *_ENTERPRISE,
        _choice("duty", "报告", "report", "duty", "sort"),
        _text("period", "报告期", "period", filter=True, sort=True),
        _of(Kind.DATE, "due", "期限", "due", sort=True, filter=True),
        _choice("state", "状态", "state", "report_state"),
        _choice("agreement", "与在线比对", "against online data", "agreement"),
        _of(Kind.MOMENT, "submitted", "提交", "handed in", sort=True),
        _text("submitted_by", "提交人", "handed in by"),
        _of(Kind.MOMENT, "reviewed", "审核", "reviewed", sort=True),
        _text("reviewed_by", "审核人", "reviewed by"),
        _text("review", "审核意见", "review"),
        _text("receipt", "回执", "receipt"),
        *_END,
    ),
    (*_RELATED, "permit"),
    titles=both("执行报告", "execution reports"),
)

REQUIREMENTS = Table(
    Requirement.KIND,
    "permit-monitoring",
    Requirement,
    (
        _text("code", "编号", "code", search=True),
        *_ENTERPRISE,
        _text("outlet", "排放口", "outlet", "outlet__code", filter=True),
        _text("outlet_name", "排放口名称", "outlet name", "outlet__name"),
        _text("parameter", "污染物", "pollutant", filter=True, sort=True),
        _choice("frequency", "频次", "frequency", "frequency"),
        _text("method", "方法", "method"),
        _of(Kind.DATE, "valid_from", "起", "from"),
        _of(Kind.DATE, "valid_to", "止", "to"),
        *_END,
    ),
    (*_RELATED, "outlet"),
    titles=both("自行监测方案", "self-monitoring plan"),
)

SAMPLES = Table(
    Sample.KIND,
    "permit-samples",
    Sample,
    (
        _text("code", "编号", "code", search=True),
        *_ENTERPRISE,
        _text("outlet", "排放口", "outlet", "requirement__outlet__code", filter=True),
        _text("parameter", "污染物", "pollutant", "requirement__parameter", filter=True),
        _of(Kind.DATE, "day", "采样日", "day", filter=True, sort=True),
        _text("written", "结果", "result"),
        _text("value_state", "结果状态", "state of the result", filter=True),
        _text("unit", "单位", "unit"),
        _text("limit", "限值", "limit"),
        _text("limit_basis", "限值依据", "basis of the limit"),
        _choice("judged", "判定", "judged", "judged"),
        _text("laboratory", "检测机构", "laboratory", search=True),
        _text("report_number", "检测报告", "report of the laboratory"),
        _text("words", "说明", "words"),
        *_END,
    ),
    (*_RELATED, "requirement__outlet"),
    titles=both("自行监测结果", "results of self-monitoring"),
)

AMOUNTS = Table(
    MonthAmount.KIND,
    "permit-emissions",
    MonthAmount,
    (
        _text("enterprise", "企业编码", "enterprise", "outlet__enterprise__code", filter=True, sort=True),
        _text("enterprise_name", "企业", "enterprise name", "outlet__enterprise__name", search=True),
        _region("outlet__region_id"),
        _text("outlet", "排放口", "outlet", "outlet__code", filter=True, sort=True),
        _text("parameter", "污染物", "pollutant", filter=True, sort=True),
        _of(Kind.INTEGER, "year", "年", "year", filter=True, sort=True),
        _of(Kind.INTEGER, "month", "月", "month", filter=True, sort=True),
        _text("tonnes", "排放量(t)", "tonnes", "amount__total"),
        _of(Kind.INTEGER, "measured_hours", "实测小时", "hours measured"),
        _of(Kind.INTEGER, "substituted_hours", "替代小时", "hours put in"),
        _of(Kind.INTEGER, "missing_hours", "缺失小时", "hours missing", sort=True),
        _of(Kind.INTEGER, "stopped_hours", "停运小时", "hours stopped"),
        _text("rules", "替代规则", "rules of substitution"),
        _of(Kind.TRUTH, "simulated", "模拟", "simulated", filter=True),
    ),
    ("outlet__enterprise__organisation", "outlet__region"),
    "outlet",
    titles=both("月排放量", "quantities by month"),
)

SHEET = Table(
    Report.KIND,
    "permit-report-rows",
    Report,
    (
        _text("outlet", "排放口编码", "outlet", required=True, editable=True),
        _text("outlet_name", "排放口", "outlet name", editable=True),
        _text("parameter", "污染物编码", "pollutant", required=True, editable=True),
        _text("tonnes", "实际排放量(t)", "tonnes", editable=True),
        _text("words", "说明", "words", editable=True),
    ),
    titles=both("执行报告排放量", "quantities of an execution report"),
)
"""Rows of a report as a sheet, to fill in and take back."""

LISTS = Table(
    KeyList.KIND,
    "key-lists",
    KeyList,
    (
        _text("code", "编号", "code", search=True, sort=True),
        _of(Kind.INTEGER, "year", "年度", "year", filter=True, sort=True),
        _region("region_id"),
        _text("region_name", "地区", "region name", "region__name"),
        _choice("state", "状态", "state", "list_state"),
        _of(Kind.DATE, "notice_from", "征求意见起", "objections from"),
        _of(Kind.DATE, "notice_to", "征求意见止", "objections to"),
        _of(Kind.DATE, "published", "公布", "published", sort=True),
        *_END,
    ),
    ("region",),
    titles=both("环境监管重点单位名录", "lists of key polluters"),
)

ENTRIES = Table(
    KeyEntry.KIND,
    "key-entries",
    KeyEntry,
    (
        _text("code", "编号", "code", search=True),
        _text("key_list", "名录", "list", "key_list__code", filter=True),
        *_ENTERPRISE,
        _text("industry", "行业类别", "industry", "enterprise__industry"),
        _text("region_name", "行政区域", "region name", "enterprise__region__name"),
        _choice("category", "类别", "class", "category"),
        _of(Kind.TRUTH, "inside", "列入", "listed", filter=True),
        _of(Kind.TRUTH, "by_hand", "人工", "by hand", filter=True),
        _text("words", "说明", "words"),
        *_END,
    ),
    ("key_list", *_RELATED),
    titles=both("重点单位", "key polluters"),
)

OBJECTIONS = Table(
    KeyObjection.KIND,
    "key-objections",
    KeyObjection,
    (
        _text("code", "编号", "code", search=True),
        _text("key_list", "名录", "list", "key_list__code", filter=True),
        _text("entry", "条目", "entry", "entry__code"),
        _text("enterprise_name", "企业", "enterprise name", "entry__enterprise__name"),
        _text("name", "异议人", "by"),
        _text("words", "异议", "objection"),
        _of(Kind.MOMENT, "made", "提出", "made", sort=True),
        _of(Kind.TRUTH, "upheld", "采纳", "upheld", filter=True),
        _text("answer", "答复", "answer"),
        _of(Kind.MOMENT, "answered", "答复时间", "answered", sort=True),
        *_END,
    ),
    ("key_list__region", "entry__enterprise"),
    titles=both("名录异议", "objections"),
)

_PLACE = (
    Column("region", Kind.CODE, "region_id", target="region", filter=True, required=True),
    _text("region_name", "地区", "region name", "region__name"),
    _text("parameter", "污染物", "pollutant", filter=True, sort=True),
)
TARGETS = Table(
    ReductionTarget.KIND,
    "reduction-targets",
    ReductionTarget,
    (
        _text("code", "编号", "code", search=True),
        *_PLACE,
        _of(Kind.INTEGER, "base_year", "基准年", "base year"),
        _text("base", "基准年排放量(t)", "base [t]"),
        _of(Kind.INTEGER, "year", "目标年", "year", filter=True, sort=True),
        _text("target", "减排目标(t)", "target [t]"),
        _text("source", "来源", "source"),
        *_END,
    ),
    ("region",),
    titles=both("减排目标", "reduction targets"),
)
PROJECTS = Table(
    ReductionProject.KIND,
    "reduction-projects",
    ReductionProject,
    (
        _text("code", "编号", "code", search=True),
        *_PLACE,
        _text("enterprise", "企业编码", "enterprise", "enterprise__code", filter=True),
        _text("enterprise_name", "企业", "enterprise name", "enterprise__name"),
        _text("title", "项目", "project", search=True),
        _text("quantity", "减排量(t)", "reduction [t]"),
        _of(Kind.INTEGER, "year", "年度", "year", filter=True, sort=True),
        _of(Kind.TRUTH, "accepted", "已核定", "accepted", filter=True),
        _text("words", "说明", "words"),
        *_END,
    ),
    ("region", "enterprise"),
    titles=both("减排项目", "reduction projects"),
)
