"""Columns of the tables of waste, for lists, sheets and the API."""

from __future__ import annotations

from typing import Any

from huanzhi.ecocode.waste.codes import kilograms
from huanzhi.ecocode.waste.models import (
    Approval,
    Booking,
    Check,
    Entry,
    Finding,
    Licence,
    Manifest,
    Plan,
    Route,
    Vehicle,
)
from huanzhi.ecocode.waste.settings import manifests, settings
from huanzhi.library.records.columns import Column, Kind, both, told, told_choice, told_moment, told_truth
from huanzhi.library.records.tables import Row, Table, declare

_WHOSE = (
    told("enterprise", "企业编码", "enterprise", "enterprise__code", filter=True),
    told("enterprise_name", "企业", "name of the enterprise", "enterprise__name", search=True),
    told("region", "行政区", "region", "enterprise__region_id", kind=Kind.CODE, target="region", filter=True),
)
_END = (
    told_truth("simulated", "模拟", "simulated"),
    told("revision", "版本", "revision", kind=Kind.INTEGER),
)
_RELATED = ("enterprise",)


def _day(name: str, zh: str, en: str, path: str = "") -> Column:
    return told(name, zh, en, path, kind=Kind.DATE, filter=True, sort=True)


def _kg(name: str, zh: str, en: str, path: str = "grams") -> Column:
    """Return a column of an amount, kept in grams and shown in kilograms."""
    return told(name, f"{zh}（kg）", f"{en} [kg]", path, kind=Kind.NUMBER, sort=True)


def in_kilograms(table: Table, record: Any) -> Row:
    """Return a row with its amounts in kilograms."""
    row = table.row(record)
    for column in table.columns:
        if column.source in AMOUNTS:
            row[column.name] = kilograms(row[column.name])
    return row


_HELD = (_day("valid_from", "有效期起", "holds from"), _day("valid_to", "失效日", "no longer holds from"))
AMOUNTS = ("grams", "weighed", "grams_a_year")

ENTRIES = Table(
    Entry.KIND,
    "waste-entries",
    Entry,
    (
        told("code", "编号", "code", sheet=False, filter=True),
        Column(
            "enterprise",
            Kind.CODE,
            "enterprise__code",
            target="enterprise",
            required=True,
            filter=True,
            titles=both("企业编码", "enterprise"),
        ),
        *_WHOSE[1:],
        Column(
            "waste", titles=both("废物代码", "waste code"), required=True, filter=True, sort=True, search=True
        ),
        Column("day", Kind.DATE, titles=both("日期", "day"), required=True, filter=True, sort=True),
        told_choice("kind", "类型", "kind", settings()["kind"], editable=True, required=True),
        Column(
            "kg", Kind.NUMBER, titles=both("数量（kg）", "amount [kg]"), required=True, least=0, most=1e10
        ),
        Column("reference", titles=both("凭证号", "reference"), most=40, search=True),
        told("manifest", "联单", "manifest", filter=True),
        told("corrects", "更正", "mends", "corrects__code"),
        told_choice("source", "来源", "source", settings()["source"]),
        Column("words", titles=both("说明", "words"), most=500),
        told("made_by", "录入人", "entered by"),
        told_moment("made", "录入时间", "entered"),
        *_END,
    ),
    ("enterprise", "corrects"),
    new=lambda: Entry(source="sheet"),
    titles=both("危险废物台账", "hazardous-waste ledger"),
)
PLANS = Table(
    Plan.KIND,
    "waste-plans",
    Plan,
    (
        told("number", "编号", "number", search=True, sort=True),
        *_WHOSE,
        told("year", "年度", "year", kind=Kind.INTEGER, filter=True, sort=True),
        told("version", "版本号", "version", kind=Kind.INTEGER),
        told_choice("state", "状态", "state", settings()["plan_state"]),
        told_choice("management", "管理类别", "class", settings()["class"]),
        told_moment("made", "编制时间", "written"),
        told_moment("filed", "备案时间", "filed"),
        told_truth("late", "逾期备案", "filed late"),
        told("words", "说明", "words"),
        *_END,
    ),
    _RELATED,
    "number",
    titles=both("危险废物管理计划", "management plans"),
)
MANIFESTS = Table(
    Manifest.KIND,
    "waste-manifests",
    Manifest,
    (
        told("number", "联单编号", "number", search=True, sort=True, filter=True),
        told_choice("state", "状态", "state", manifests()["state"]),
        told("category", "类别", "class", search=True, filter=True),
        told("generator", "移出人编码", "generator", "generator__code", filter=True),
        told("generator_name", "移出人", "name of the generator", "generator__name", search=True),
        told("carrier", "承运人编码", "carrier", "carrier__code", filter=True),
        told("carrier_name", "承运人", "name of the carrier", "carrier__name", search=True),
        told("receiver", "接受人编码", "receiver", "receiver__code", filter=True),
        told("receiver_name", "接受人", "name of the receiver", "receiver__name", search=True),
        told(
            "region", "行政区", "region", "generator__region_id", kind=Kind.CODE, target="region", filter=True
        ),
        told("vehicle", "车牌", "vehicle", filter=True, search=True),
        told_truth("continuous", "连续转移", "continuous"),
        told_truth("paper", "纸质补录", "entered from paper"),
        told_truth("paper_late", "补录逾期", "entered late"),
        told("paper_number", "纸质联单编号", "number on the paper", search=True, filter=True),
        told("paper_reason", "补录原因", "why on paper"),
        told_moment("paper_due", "补录期限", "to be entered by"),
        told("booking", "预约编号", "booking", filter=True),
        told_moment("happened", "转移时间", "begun"),
        told_moment("delivered", "送达时间", "delivered"),
        told_moment("confirm_due", "确认期限", "to be confirmed by"),
        told_moment("confirmed", "确认时间", "confirmed"),
        *_END,
    ),
    ("generator", "carrier", "receiver"),
    "number",
    titles=both("危险废物转移联单", "transfer manifests"),
)
APPROVALS = Table(
    Approval.KIND,
    "waste-approvals",
    Approval,
    (
        told("number", "编号", "number", search=True, sort=True),
        *_WHOSE,
        told("receiver", "接受人编码", "receiver", "receiver__code", filter=True),
        told("receiver_name", "接受人", "name of the receiver", "receiver__name", search=True),
        told("from_province", "移出省", "from province"),
        told("to_province", "接受省", "to province"),
        told("waste", "废物代码", "waste code", filter=True, search=True),
        _kg("kg", "数量", "amount"),
        told("left_kg", "剩余（kg）", "left [kg]", "grams", kind=Kind.NUMBER),
        told_choice("way", "方式", "way", settings()["way"]),
        told_choice("state", "状态", "state", manifests()["approval"]["state"]),
        told("document", "批准文号", "document", search=True, filter=True),
        told("reply_document", "复函文号", "document of the reply", search=True),
        told_moment("applied", "申请时间", "applied"),
        told_moment("due", "办理期限", "due"),
        told_moment("decided", "决定时间", "decided"),
        _day("wanted_from", "申请起始", "asked from"),
        _day("wanted_to", "申请截止", "asked until"),
        _day("valid_from", "有效期起", "holds from"),
        told("last_day", "有效期止", "last day", kind=Kind.DATE),
        *_END,
    ),
    ("enterprise", "receiver"),
    "number",
    titles=both("跨省转移", "transfers across provinces"),
)
BOOKINGS = Table(
    Booking.KIND,
    "waste-bookings",
    Booking,
    (
        told("number", "预约编号", "number", search=True, sort=True, filter=True),
        told_choice("state", "状态", "state", settings()["booking"]),
        *_WHOSE,
        told("collector", "收集单位编码", "collector", "collector__code", filter=True),
        told("collector_name", "收集单位", "name of the collector", "collector__name", search=True),
        told("waste", "废物代码", "waste code", filter=True, search=True),
        _kg("kg", "预约量", "booked"),
        _kg("weighed_kg", "称重量", "weighed", "weighed"),
        told_choice("packaging", "包装", "packaging", settings()["packaging"]),
        told("pieces", "件数", "pieces", kind=Kind.INTEGER),
        told_moment("begins", "时间段起", "from"),
        told_moment("ends", "时间段止", "to"),
        told("route", "线路", "route", filter=True),
        told("manifest", "联单", "manifest", filter=True),
        told("lon", "经度", "longitude", kind=Kind.NUMBER),
        told("lat", "纬度", "latitude", kind=Kind.NUMBER),
        told_moment("made", "预约时间", "booked on"),
        *_END,
    ),
    ("enterprise", "collector"),
    "number",
    titles=both("小微企业收运预约", "pick-ups of small firms"),
)
ROUTES = Table(
    Route.KIND,
    "waste-routes",
    Route,
    (
        told("number", "线路编号", "number", search=True, sort=True),
        _day("day", "日期", "day"),
        told_choice("state", "状态", "state", settings()["route"]),
        *_WHOSE,
        told("metres", "里程（m）", "length [m]", kind=Kind.INTEGER, sort=True),
        told("seed", "种子", "seed", kind=Kind.INTEGER),
        told_moment("made", "排线时间", "planned"),
        *_END,
    ),
    _RELATED,
    "number",
    titles=both("收运线路", "collection routes"),
)
CHECKS = Table(
    Check.KIND,
    "waste-checks",
    Check,
    (
        told("number", "编号", "number", search=True, sort=True),
        *_WHOSE,
        told_choice("object", "对象", "object", settings()["object"]),
        _day("day", "评估日期", "day"),
        told_choice("state", "状态", "state", settings()["check_state"]),
        told("score", "得分", "score", kind=Kind.NUMBER, sort=True, filter=True),
        told_choice("grade", "等级", "grade", settings()["grade"]),
        told_moment("due", "整改期限", "rectify by"),
        told_moment("scored", "评分时间", "scored"),
        told_moment("closed", "完成时间", "closed"),
        *_END,
    ),
    _RELATED,
    "number",
    titles=both("规范化环境管理评估", "assessments of waste management"),
)
FINDINGS = Table(
    Finding.KIND,
    "waste-findings",
    Finding,
    (
        told("code", "编号", "code", search=True, filter=True),
        told_choice("finding", "异常", "finding", settings()["finding"], "sort"),
        *_WHOSE,
        told("waste", "废物代码", "waste code", filter=True, search=True),
        _day("day", "起始日", "since"),
        _day("until", "结束日", "until"),
        told("source", "来源", "source", search=True),
        told("facts", "依据", "figures", kind=Kind.JSON),
        told("confidence", "可信度", "confidence"),
        told("issue", "问题编号", "issue", filter=True),
        told_choice("state", "状态", "state", settings()["finding_state"]),
        told("explanation", "企业说明", "explanation"),
        told_choice("basis", "核销依据", "settled on", settings()["settlement"]),
        told("settlement", "核销理由", "why it was settled"),
        told("settled_by", "核销人", "settled by"),
        told_moment("settled", "核销时间", "settled"),
        *_END,
    ),
    _RELATED,
    titles=both("危险废物异常", "findings of waste"),
)
LICENCES = Table(
    Licence.KIND,
    "waste-licences",
    Licence,
    (
        Column(
            "code", titles=both("许可证编号", "licence"), required=True, sort=True, search=True, filter=True
        ),
        *_WHOSE,
        told_choice("licence", "种类", "sort", settings()["licence"], "sort"),
        told("classes", "类别", "classes", kind=Kind.JSON),
        _kg("kg_a_year", "年经营规模", "a year", "grams_a_year"),
        told("storage_extended_days", "贮存延期天数", "storage extended by [d]", kind=Kind.INTEGER),
        told("authority", "发证机关", "issued by", search=True),
        *_HELD,
        told("words", "说明", "words"),
        *_END,
    ),
    _RELATED,
    titles=both("危险废物经营许可证", "licences of operators"),
)
VEHICLES = Table(
    Vehicle.KIND,
    "waste-vehicles",
    Vehicle,
    (
        told("code", "车牌", "plate", sort=True, search=True, filter=True),
        *_WHOSE,
        _kg("kg", "载重", "load"),
        told_truth("active", "在用", "in use"),
        told("permit", "道路运输证号", "permit", search=True, filter=True),
        *_HELD,
        *_END,
    ),
    _RELATED,
    titles=both("危险废物运输车辆", "vehicles"),
)
declare(ENTRIES)
