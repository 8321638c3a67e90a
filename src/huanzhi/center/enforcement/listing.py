"""Columns of cases, matters, documents and announcements, for lists and sheets."""

from __future__ import annotations

from typing import Any

from huanzhi.center.enforcement import matters
from huanzhi.center.enforcement.models import Announcement, Case, Matter, Referral
from huanzhi.center.enforcement.settings import rules, table, words
from huanzhi.library.places.tables import REGION
from huanzhi.library.records.columns import Column, Kind, both, told, told_choice, told_moment
from huanzhi.library.records.tables import DATED, Table, declare


def case_table() -> Table:
    """Return the table of cases."""
    states = {code: {"zh": one.zh, "en": one.en} for code, one in table().states.items()}
    columns = (
        told("number", "案号", "number", sort=True, search=True),
        told("title", "案件名称", "title", search=True),
        told_choice("state", "状态", "state", states),
        told_choice("origin", "案件来源", "origin", words("origin")),
        told("issue", "问题编号", "issue", filter=True),
        told("enterprise", "企业编码", "enterprise", filter=True),
        told("party_name", "当事人", "party", search=True),
        told("matter", "案由编码", "matter", filter=True),
        Column("region", Kind.CODE, "region_id", target="region", filter=True, sort=True, editable=False),
        REGION[1],
        told("organisation_name", "承办机关", "authority", path="organisation__name"),
        told_choice("decision", "处理决定", "decision", table().choices["decision"]),
        Column(
            "fine",
            Kind.DECIMAL,
            filter=True,
            sort=True,
            editable=False,
            titles=both("罚款（元）", "fine [yuan]"),
        ),
        Column(
            "act_from",
            Kind.DATE,
            filter=True,
            sort=True,
            editable=False,
            titles=both("违法日期", "day of the act"),
        ),
        told_moment("opened", "受理时间", "opened"),
        told_moment("due", "期限", "due"),
        told_choice(
            "due_rule",
            "期限事项",
            "term",
            {code: {"zh": one.zh, "en": one.en} for code, one in rules().items()},
        ),
        told("due_note", "期限说明", "note on the term"),
        Column(
            "decided_on",
            Kind.DATE,
            filter=True,
            sort=True,
            editable=False,
            titles=both("决定日期", "decided"),
        ),
        told_moment("closed", "结案时间", "closed"),
        Column(
            "suspended", Kind.TRUTH, filter=True, editable=False, titles=both("中止计时", "clock stopped")
        ),
        Column("simulated", Kind.TRUTH, filter=True, editable=False),
        Column("revision", Kind.INTEGER, editable=False),
    )
    return Table(
        Case.KIND, "cases", Case, columns, ("region", "organisation"), "number", titles=both("案件", "case")
    )


def announcement_table() -> Table:
    """Return the table of published decisions."""
    columns = (
        told("code", "编号", "code", sort=True),
        told("document", "决定书文号", "document", search=True),
        told("party", "当事人", "party", search=True),
        told("party_code", "证照号码", "credit code", search=True),
        told("person", "法定代表人", "representative"),
        told("cause", "案由", "cause", search=True),
        told("basis", "处罚依据", "basis"),
        told_choice("decision", "处理决定", "decision", table().choices["decision"]),
        Column("fine", Kind.DECIMAL, sort=True, editable=False, titles=both("罚款（元）", "fine [yuan]")),
        told("authority", "作出机关", "authority"),
        Column("region", Kind.CODE, "region_id", target="region", filter=True, sort=True, editable=False),
        REGION[1],
        Column(
            "decided", Kind.DATE, filter=True, sort=True, editable=False, titles=both("决定日期", "decided")
        ),
        Column(
            "published",
            Kind.DATE,
            filter=True,
            sort=True,
            editable=False,
            titles=both("公开日期", "published"),
        ),
        Column("simulated", Kind.TRUTH, editable=False),
    )
    titles = both("行政处罚决定", "decisions on penalties")
    return Table(Announcement.KIND, "penalties", Announcement, columns, ("region",), titles=titles)


def referral_table() -> Table:
    """Return the table of referrals."""
    columns = (
        told("code", "编号", "code", sort=True, search=True),
        told("case", "案号", "case", path="case__number", search=True),
        told_choice("kind", "移送类别", "kind", words("referral"), path="sort"),
        told("target", "受移送机关", "referred to", search=True),
        told_choice("state", "状态", "state", words("referral_state")),
        Column("region", Kind.CODE, "region_id", target="region", filter=True, sort=True, editable=False),
        REGION[1],
        told_moment("made", "提出时间", "made"),
        Column("simulated", Kind.TRUTH, editable=False),
        Column("revision", Kind.INTEGER, editable=False),
    )
    return Table(
        Referral.KIND, "referrals", Referral, columns, ("region", "case"), titles=both("移送", "referral")
    )


def matter_columns() -> tuple[Column, ...]:
    """Return the columns of the catalogue, shipped matters and the city's own."""
    return (
        *MATTERS.columns[:-4],
        Column("valid_from", Kind.DATE, sort=True, filter=True),
        Column("valid_to", Kind.DATE, sort=True),
        Column("shipped", Kind.TRUTH, filter=True, editable=False, titles=both("平台自带", "shipped")),
        Column(
            "detention", Kind.TRUTH, filter=True, editable=False, titles=both("涉拘留条文", "with detention")
        ),
    )


def _given(name: str, zh: str, en: str, most: int, **more: Any) -> Column:
    return told(name, zh, en, editable=True, most=most, **more)


MATTERS = Table(
    Matter.KIND,
    "matters",
    Matter,
    (
        _given("code", "事项编码", "code", 60, sort=True, search=True, required=True),
        _given("name", "事项（违法行为）", "matter", 300, search=True, required=True),
        _given("name_en", "英文名称", "in English", 300, search=True),
        told_choice("kind", "执法类别", "kind", matters.words("sort"), path="sort", editable=True),
        told_choice("field", "领域", "field", matters.words("field"), editable=True),
        _given("law", "法律法规", "law", 200, search=True, filter=True),
        _given("edition", "版本", "edition", 60, filter=True),
        _given("duty", "违反条款", "clause of the duty", 300, search=True),
        _given("article", "处罚条款", "penalty clause", 300, search=True),
        Column("least", Kind.DECIMAL, sort=True, titles=both("罚款下限（元）", "fine from [yuan]")),
        Column("most", Kind.DECIMAL, sort=True, titles=both("罚款上限（元）", "fine to [yuan]")),
        _given("listed", "免罚清单事项", "items of exemption lists", 300),
        _given("confidence", "可信度", "confidence", 60, filter=True),
        _given("source", "来源", "source", 300),
        _given("note", "说明", "note", 1000),
        *DATED,
    ),
    titles=both("执法事项", "matters of enforcement"),
)
"""Matters that the city enters itself, by form or sheet."""

declare(MATTERS)
