"""Columns of pools, plans, draws and tasks, for lists, sheets and the API."""

from __future__ import annotations

from typing import Any

from huanzhi.center.inspections.models import Conflict, Draw, Inspector, Plan, Subject, Task
from huanzhi.center.inspections.settings import checklists, settings
from huanzhi.library.places.tables import REGION
from huanzhi.library.records.columns import Column, Kind, both, told, told_choice
from huanzhi.library.records.tables import Table, declare

_REGION = Column("region", Kind.CODE, "region_id", target="region", filter=True, sort=True, editable=False)


def _choice(name: str, zh: str, en: str, table: str, **more: Any) -> Column:
    words = checklists() if table == "checklist" else settings()[table]
    return told_choice(name, zh, en, words, **more)


def _of(kind: Kind, name: str, zh: str, en: str, **more: Any) -> Column:
    return Column(name, kind, titles=both(zh, en), **{"editable": False, **more})


_END = (
    _of(Kind.TRUTH, "simulated", "模拟", "simulated", filter=True),
    _of(Kind.INTEGER, "revision", "版本", "revision"),
)

INSPECTORS = Table(
    Inspector.KIND,
    "inspectors",
    Inspector,
    (
        told("code", "人员编码", "code", editable=True, required=True, most=40, search=True, sort=True),
        told("name", "姓名", "name", editable=True, required=True, most=100, search=True, sort=True),
        Column(
            "organisation",
            Kind.CODE,
            "organisation__code",
            target="organisation",
            required=True,
            filter=True,
            titles=both("所属单位编码", "body"),
        ),
        told("organisation_name", "所属单位", "name of the body", "organisation__name"),
        Column(
            "region",
            Kind.CODE,
            "region_id",
            target="region",
            filter=True,
            titles=both("回避区域", "home area"),
        ),
        Column("person", Kind.CODE, "person__code", target="person", titles=both("登录账号", "account")),
        told("certificate", "执法证号", "certificate", editable=True, most=60, search=True),
        _of(Kind.DATE, "certified_to", "证件有效期至", "certificate to", editable=True, sort=True),
        told("skills", "专业", "expertise", editable=True, most=200, filter=True),
        _of(Kind.INTEGER, "most", "每次最多任务", "most visits of a draw", editable=True, least=0, most=200),
        _of(Kind.TRUTH, "active", "在岗", "on duty", editable=True, filter=True),
        *_END,
    ),
    ("organisation", "region", "person"),
    titles={"zh": "执法检查人员", "en": "inspectors"},
)

CONFLICTS = Table(
    Conflict.KIND,
    "inspection-conflicts",
    Conflict,
    (
        told("code", "编号", "code", search=True, sort=True),
        Column(
            "inspector",
            Kind.CODE,
            "inspector__code",
            target="inspector",
            required=True,
            filter=True,
            titles=both("人员编码", "inspector"),
        ),
        told("inspector_name", "人员", "name", "inspector__name", search=True),
        Column(
            "enterprise",
            Kind.CODE,
            "enterprise__code",
            target="enterprise",
            required=True,
            filter=True,
            titles=both("企业编码", "enterprise"),
        ),
        told("enterprise_name", "企业", "name of the enterprise", "enterprise__name", search=True),
        _choice("kind", "回避事由", "reason", "conflict", path="sort", editable=True, required=True),
        told("words", "说明", "words", editable=True, most=500),
        _of(Kind.DATE, "valid_to", "终止日期", "ended on", editable=True),
        *_END,
    ),
    ("inspector__organisation", "enterprise"),
    titles={"zh": "回避关系", "en": "conflicts"},
)

OBJECTS = Table(
    Subject.KIND,
    "inspection-objects",
    Subject,
    (
        told("code", "企业编码", "code", search=True, sort=True),
        told("name", "企业", "enterprise", "enterprise__name", search=True),
        Column(
            "region",
            Kind.CODE,
            "enterprise__region_id",
            target="region",
            filter=True,
            editable=False,
            titles=both("区域编码", "region"),
        ),
        told("region_name", "区域", "name of the region", "enterprise__region__name"),
        told("industry", "行业", "industry", "enterprise__industry", search=True),
        _choice("kind", "类别", "class", "class", path="sort"),
        _choice("credit", "信用等级", "credit grade", "credit", editable=True),
        _choice("colour", "环保码", "environmental code", "colour", editable=True),
        _of(Kind.INTEGER, "penalties", "一年内处罚", "penalties", editable=True, least=0, most=999),
        _of(Kind.TRUTH, "high_risk", "环境风险高", "high risk", editable=True, filter=True),
        _of(
            Kind.TRUTH, "under_construction", "在建重点项目", "under construction", editable=True, filter=True
        ),
        _of(Kind.INTEGER, "exceedances", "一年内超标问题", "exceedances", sort=True),
        _of(Kind.INTEGER, "complaints", "一年内信访", "complaints", sort=True),
        _of(Kind.INTEGER, "open_issues", "在办问题", "open issues", sort=True),
        _of(Kind.INTEGER, "serious_issues", "较重问题", "serious issues"),
        _of(Kind.INTEGER, "months_since", "距上次检查（月）", "months since the last visit", sort=True),
        told("permit_state", "许可证状态", "permit"),
        _choice("risk", "风险", "risk", "risk"),
        _of(Kind.INTEGER, "score", "风险分", "score", sort=True),
        _of(Kind.INTEGER, "share_ppm", "季度比例（百万分之）", "share of a quarter [millionths]"),
        _of(Kind.INTEGER, "factor_milli", "权重倍数（千分之）", "factor [thousandths]"),
        _of(Kind.INTEGER, "most_a_year", "每年最多", "most a year"),
        told("needs", "所需专业", "expertise needed"),
        _of(Kind.MOMENT, "counted", "统计时间", "counted"),
        *_END,
    ),
    ("enterprise__region",),
    titles={"zh": "检查对象", "en": "objects"},
)

PLANS = Table(
    Plan.KIND,
    "inspection-plans",
    Plan,
    (
        told("number", "编号", "number", search=True, sort=True),
        told("title", "名称", "title", search=True),
        _choice("kind", "方式", "sort", "sort", path="sort"),
        _of(Kind.INTEGER, "year", "年度", "year", filter=True, sort=True),
        _of(Kind.DATE, "begins", "开始", "begins", sort=True),
        _of(Kind.DATE, "ends", "结束", "ends", sort=True),
        _REGION,
        REGION[1],
        told("organisation", "组织单位编码", "body", "organisation__code", filter=True),
        told("organisation_name", "组织单位", "name of the body", "organisation__name"),
        _choice("checklist", "检查表", "check list", "checklist"),
        _of(Kind.TRUTH, "secret", "检查前保密", "secret before the visit"),
        _choice("state", "状态", "state", "plan_state"),
        *_END,
    ),
    ("region", "organisation"),
    "number",
    titles={"zh": "检查计划", "en": "plans"},
)

DRAWS = Table(
    Draw.KIND,
    "inspection-draws",
    Draw,
    (
        told("number", "编号", "number", search=True, sort=True),
        told("title", "名称", "title", search=True),
        told("plan", "计划", "plan", "plan__number", filter=True),
        _of(Kind.INTEGER, "quarter", "季度", "quarter", filter=True),
        _choice("state", "状态", "state", "draw_state"),
        _REGION,
        REGION[1],
        told("beacon_source", "公开随机值来源", "public value"),
        _of(Kind.MOMENT, "beacon_due", "公开值产生时间", "public value due", sort=True),
        told("beacon", "公开值", "value"),
        _of(Kind.MOMENT, "made", "承诺时间", "committed", sort=True),
        _of(Kind.MOMENT, "revealed", "揭晓时间", "revealed", sort=True),
        told("reason", "作废理由", "why given up"),
        told("commitment", "承诺（SM3）", "commitment (SM3)", search=True),
        *_END,
    ),
    ("region", "plan"),
    "number",
    titles={"zh": "随机抽取", "en": "draws"},
)

TASKS = Table(
    Task.KIND,
    "inspections",
    Task,
    (
        told("number", "编号", "number", search=True, sort=True),
        told("subject", "检查对象", "object", search=True),
        _choice("kind", "方式", "sort", "sort", path="sort"),
        _choice("state", "状态", "state", "state"),
        told("enterprise", "企业编码", "enterprise", "enterprise__code", filter=True),
        told("plan", "计划", "plan", "plan__number", filter=True),
        told("draw", "抽取", "draw", "draw__number", filter=True),
        told("looks_at", "回头看问题", "issue looked back at", filter=True),
        _REGION,
        REGION[1],
        told("organisation_name", "检查单位", "body", "organisation__name"),
        _of(Kind.MOMENT, "made", "派发时间", "assigned", sort=True, filter=True),
        _of(Kind.MOMENT, "due", "检查期限", "due", sort=True),
        _of(Kind.MOMENT, "visited", "检查时间", "visited", sort=True, filter=True),
        _of(Kind.MOMENT, "confirmed", "确认时间", "confirmed", sort=True),
        _of(Kind.MOMENT, "publish_due", "公开期限", "publish before", sort=True),
        _of(Kind.MOMENT, "published", "公开时间", "published", sort=True),
        _choice("result", "结果", "result", "result"),
        _of(Kind.INTEGER, "findings", "发现问题数", "findings", sort=True),
        *_END,
    ),
    ("region", "organisation", "enterprise", "plan", "draw"),
    "number",
    titles={"zh": "检查任务", "en": "inspections"},
)

RESULTS = (
    told("number", "编号", "number", search=True),
    told("subject", "检查对象", "object", search=True),
    _choice("kind", "检查方式", "sort", "sort", path="sort"),
    REGION[1],
    told("organisation_name", "检查单位", "body", "organisation__name"),
    _of(Kind.MOMENT, "visited", "检查时间", "visited", sort=True),
    _choice("result", "检查结果", "result", "result"),
    told("public_words", "结果说明", "words", search=True),
    _of(Kind.MOMENT, "published", "公开时间", "published", sort=True),
    told("draw", "抽取编号", "draw", "draw__number", filter=True),
    _of(Kind.TRUTH, "simulated", "模拟", "simulated", filter=True),
)
"""Columns of the public list of results: nothing else of a task is public."""

PUBLIC = Table(Task.KIND, "inspection-results", Task, RESULTS, TASKS.related, "number", titles=TASKS.titles)

declare(INSPECTORS, CONFLICTS, OBJECTS)
