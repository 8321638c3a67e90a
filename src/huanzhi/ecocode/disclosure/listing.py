"""Columns of lists, entries, objections, items, reports, findings and traits."""

from __future__ import annotations

from typing import Any

from huanzhi.ecocode.disclosure.models import DutyList, Entry, Finding, Item, Objection, Trait
from huanzhi.ecocode.disclosure.settings import settings
from huanzhi.library.places.tables import REGION
from huanzhi.library.records.columns import Column, Kind, both, told, told_choice
from huanzhi.library.records.tables import Table

_REGION = Column("region", Kind.CODE, "region_id", target="region", filter=True, sort=True, editable=False)


def _choice(name: str, zh: str, en: str, table: str, path: str = "") -> Column:
    return told_choice(name, zh, en, settings()[table], path)


def _of(kind: Kind, name: str, zh: str, en: str, path: str = "", **more: Any) -> Column:
    return Column(name, kind, path=path, titles=both(zh, en), editable=False, **more)


_END = (
    _of(Kind.TRUTH, "simulated", "模拟", "simulated", filter=True),
    _of(Kind.INTEGER, "revision", "版本", "revision"),
)
_WHOSE = (
    told("enterprise", "企业编码", "enterprise", "enterprise__code", filter=True, search=True, sort=True),
    told("enterprise_name", "企业", "name of the enterprise", "enterprise__name", search=True),
    _REGION,
    REGION[1],
)

LISTS = Table(
    DutyList.KIND,
    "disclosure-lists",
    DutyList,
    (
        told("code", "编号", "code", search=True, sort=True),
        _of(Kind.INTEGER, "year", "年份", "year", filter=True, sort=True),
        _choice("state", "状态", "state", "list"),
        _REGION,
        REGION[1],
        _of(Kind.MOMENT, "drawn_up", "拟定时间", "drawn up"),
        _of(Kind.MOMENT, "notice_from", "公示开始", "open to objections from"),
        _of(Kind.MOMENT, "notice_until", "公示截止", "until"),
        _of(Kind.DATE, "publish_by", "应公布日", "to be published by"),
        _of(Kind.MOMENT, "published", "公布时间", "published"),
        _of(Kind.MOMENT, "report_by", "报省期限", "to be reported by"),
        *_END,
    ),
    ("region",),
    titles={"zh": "环境信息依法披露企业名单", "en": "lists of who has to disclose"},
)

ENTRIES = Table(
    Entry.KIND,
    "disclosure-entries",
    Entry,
    (
        told("code", "编号", "code", search=True, sort=True),
        told("list", "名单", "list", "list__code", filter=True),
        _of(Kind.INTEGER, "year", "年份", "year", "list__year", filter=True, sort=True),
        *_WHOSE,
        _of(Kind.JSON, "reasons", "列入原因", "reasons"),
        _of(Kind.INTEGER, "until_year", "列至", "until", sort=True),
        _choice("state", "状态", "state", "entry"),
        told("words", "说明", "words"),
        *_END,
    ),
    ("list", "enterprise", "region"),
    titles={"zh": "名单企业", "en": "enterprises on the list"},
)

OBJECTIONS = Table(
    Objection.KIND,
    "disclosure-objections",
    Objection,
    (
        told("number", "编号", "number", sort=True),
        told("entry", "名单条目", "entry", "entry__code", filter=True),
        *_WHOSE,
        told("words", "异议", "objection"),
        _choice("state", "状态", "state", "objection"),
        _of(Kind.MOMENT, "made", "提出时间", "made", sort=True),
        told("answer", "答复", "answer"),
        _of(Kind.MOMENT, "answered", "答复时间", "answered"),
        *_END,
    ),
    ("entry", "enterprise", "region"),
    "number",
    titles={"zh": "名单异议", "en": "objections"},
)

ITEMS = Table(
    Item.KIND,
    "disclosure-items",
    Item,
    (
        told("code", "编号", "code", search=True, sort=True),
        told("title", "事项", "item", search=True),
        _choice("kind", "类别", "kind", "sort", "sort"),
        _of(Kind.INTEGER, "year", "年份", "year", filter=True, sort=True),
        *_WHOSE,
        _choice("event", "情形", "event", "event"),
        told("document", "文号", "document", search=True),
        _of(Kind.DATE, "received", "收到日期", "received"),
        _of(Kind.MOMENT, "due", "期限", "due", sort=True, filter=True),
        _choice("state", "状态", "state", "item"),
        _of(Kind.MOMENT, "disclosed", "披露时间", "disclosed", sort=True),
        _of(Kind.INTEGER, "versions", "版本数", "versions"),
        *_END,
    ),
    ("enterprise", "region"),
    titles={"zh": "披露事项", "en": "items to disclose"},
)

FINDINGS = Table(
    Finding.KIND,
    "disclosure-findings",
    Finding,
    (
        told("number", "编号", "number", search=True, sort=True),
        told("item", "披露事项", "item", "item__code", filter=True),
        told("item_title", "事项名称", "title of the item", "item__title", search=True),
        *_WHOSE,
        _choice("finding", "问题", "finding", "finding", "sort"),
        _choice("state", "状态", "state", "finding_state"),
        _of(Kind.DATE, "since", "自", "since", sort=True),
        _of(Kind.MOMENT, "found", "发现时间", "found", sort=True, filter=True),
        _of(Kind.MOMENT, "reply_by", "答复期限", "reply by", sort=True),
        _of(Kind.MOMENT, "ended", "办结时间", "ended"),
        *_END,
    ),
    ("item", "enterprise", "region"),
    "number",
    titles={"zh": "巡检问题", "en": "findings of the patrol"},
)

TRAITS = Table(
    Trait.KIND,
    "disclosure-traits",
    Trait,
    (
        *_WHOSE,
        _of(Kind.TRUTH, "listed", "上市公司及子公司", "listed company or subsidiary", filter=True),
        _of(Kind.TRUTH, "bond", "发债企业", "issuer of bonds", filter=True),
        _of(Kind.TRUTH, "other", "其他法定", "other by law", filter=True),
        _of(Kind.INTEGER, "audit_from", "清洁生产审核始年", "audit from"),
        _of(Kind.INTEGER, "audit_accepted", "审核验收年", "audit accepted"),
        _of(Kind.JSON, "events", "第八条情形", "events of article 8"),
        told("words", "说明", "words"),
        *_END,
    ),
    ("enterprise", "region"),
    "enterprise",
    titles={"zh": "披露主体信息", "en": "what decides who discloses"},
)
