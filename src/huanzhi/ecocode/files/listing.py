"""Columns of officers, projects and verdicts of quarters."""

from __future__ import annotations

from typing import Any

from huanzhi.ecocode.files.models import STATES, Officer, Project
from huanzhi.library.places.tables import CODE, NAME, ORGANISATION, REGION
from huanzhi.library.records.columns import Column, Kind, both
from huanzhi.library.records.tables import STANDING, Table, declare

EIA_CLASSES = {
    "report": both("报告书", "report"),
    "form": both("报告表", "form"),
    "registration": both("登记表", "registration"),
}
STATE_WORDS = {
    "compliant": both("达标", "compliant"),
    "exceeding": both("超标", "not compliant"),
    "unknown": both("未知", "unknown"),
    "not_applicable": both("不适用", "not applicable"),
}


_OWNER = (
    Column(
        "enterprise",
        Kind.CODE,
        "enterprise__code",
        target="enterprise",
        required=True,
        filter=True,
        sort=True,
    ),
    Column("enterprise_name", path="enterprise__name", editable=False, search=True),
)
_INHERITED = (
    Column("region", Kind.CODE, "region_id", target="region", filter=True, sort=True),
    REGION[1],
    *ORGANISATION,
)
_RELATED = ("region", "organisation", "enterprise")


def _of(kind: Kind, name: str, zh: str, en: str, **more: Any) -> Column:
    return Column(name, kind, titles=both(zh, en), **more)


def _chosen(name: str, zh: str, en: str, told: Any, **more: Any) -> Column:
    return _of(
        Kind.CHOICE, name, zh, en, choices=tuple(told), choice_titles=told, filter=True, sort=True, **more
    )


OFFICERS = Table(
    Officer.KIND,
    "enterprise-officers",
    Officer,
    (
        CODE,
        NAME,
        *_OWNER,
        _of(Kind.TEXT, "post", "职务", "post", most=100),
        _of(Kind.TEXT, "phone", "电话", "telephone", most=40),
        _of(Kind.TEXT, "email", "邮箱", "e-mail", most=100),
        _of(Kind.TRUTH, "main", "主要负责", "in charge", filter=True),
        _of(Kind.TRUTH, "alarms", "接收告警与通知", "receives alarms and notices", filter=True),
        _of(Kind.TEXT, "tasks", "职责", "duties", most=1000),
        _of(Kind.DATE, "trained", "最近培训", "last training", sort=True, filter=True),
        _of(Kind.INTEGER, "trained_hours", "培训学时", "hours of training", least=0, most=1000),
        _of(Kind.TEXT, "training", "培训内容", "training", most=300),
        _of(Kind.CODE, "person", "账号", "account", path="person__code", target="person", filter=True),
        *_INHERITED,
        *STANDING,
    ),
    (*_RELATED, "person"),
    titles=both("企业环保员", "enterprise officer"),
)

PROJECTS = Table(
    Project.KIND,
    "construction-projects",
    Project,
    (
        CODE,
        NAME,
        *_OWNER,
        _chosen("eia_class", "环评类别", "class of assessment", EIA_CLASSES),
        _of(Kind.TEXT, "number", "批复或备案号", "number of the approval", most=100, search=True),
        _of(Kind.TEXT, "authority", "审批部门", "authority", most=200),
        _of(Kind.DATE, "applied", "环评受理", "application taken in", sort=True),
        _of(Kind.DATE, "approved", "环评批复", "approved", sort=True),
        _of(Kind.DATE, "begun", "开工", "building began", sort=True),
        _of(Kind.DATE, "completed", "竣工", "completed", sort=True),
        _of(Kind.DATE, "accepted", "公开验收报告", "acceptance made public", sort=True),
        _of(Kind.DATE, "filed", "验收平台填报", "entered into the platform", sort=True),
        _of(Kind.DATE, "given_up", "终止", "given up", sort=True),
        *_INHERITED,
        *STANDING,
    ),
    _RELATED,
    titles=both("建设项目", "construction project"),
)

declare(OFFICERS, PROJECTS)


def _text(name: str, zh: str, en: str, path: str = "", **more: Any) -> Column:
    return Column(name, path=path, titles=both(zh, en), editable=False, **more)


def _number(name: str, zh: str, en: str, **more: Any) -> Column:
    return _of(Kind.INTEGER, name, zh, en, editable=False, **more)


VERDICTS = (
    _text("enterprise", "企业编码", "enterprise", "enterprise__code", filter=True),
    _text("enterprise_name", "企业", "name of the enterprise", "enterprise__name", search=True),
    _text("outlet", "排放口", "outlet", "outlet__code", filter=True),
    _text("outlet_name", "排放口名称", "name of the outlet", "outlet__name"),
    _text("parameter", "监测项目", "parameter", filter=True, sort=True),
    _number("year", "年", "year", filter=True, sort=True),
    _number("quarter", "季度", "quarter", filter=True, sort=True),
    _chosen("state", "判定", "verdict", {name: STATE_WORDS[name] for name in STATES}, editable=False),
    _number("due", "应判天数", "days due"),
    _number("valid", "有效天数", "valid days"),
    _number("over", "超标天数", "days beyond", sort=True),
    _number("missing", "缺失天数", "days missing"),
    _number("stopped", "停运天数", "days of standstill"),
    _number("needed", "所需天数", "days needed"),
    _of(Kind.DATE, "last", "判定至", "judged to", editable=False),
    _of(Kind.MOMENT, "reckoned", "计算时间", "reckoned", editable=False),
    _of(Kind.TRUTH, "simulated", "模拟", "simulated", filter=True, editable=False),
)
"""Columns of the verdicts of quarters."""
