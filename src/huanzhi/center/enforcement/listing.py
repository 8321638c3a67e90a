"""Columns of cases, matters, documents and announcements, for lists and sheets."""

from __future__ import annotations

from typing import Any

from huanzhi.center.enforcement import matters
from huanzhi.center.enforcement.models import Announcement, Case, Matter, Referral
from huanzhi.center.enforcement.settings import rules, table, words
from huanzhi.library.places.tables import REGION
from huanzhi.library.records.columns import Column, Kind, both
from huanzhi.library.records.tables import DATED, Table, declare


def case_table() -> Table:
    """Return the table of cases."""
    states = {code: {"zh": one.zh, "en": one.en} for code, one in table().states.items()}
    columns = (
        _text("number", "案号", "number", sort=True, search=True),
        _text("title", "案件名称", "title", search=True),
        _choice("state", "状态", "state", states),
        _choice("origin", "案件来源", "origin", words("origin")),
        _text("issue", "问题编号", "issue", filter=True),
        _text("enterprise", "企业编码", "enterprise", filter=True),
        _text("party_name", "当事人", "party", search=True),
        _text("matter", "案由编码", "matter", filter=True),
        Column("region", Kind.CODE, "region_id", target="region", filter=True, sort=True, editable=False),
        REGION[1],
        _text("organisation_name", "承办机关", "authority", path="organisation__name"),
        _choice("decision", "处理决定", "decision", table().choices["decision"]),
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
        _moment("opened", "受理时间", "opened"),
        _moment("due", "期限", "due"),
        _choice(
            "due_rule",
            "期限事项",
            "term",
            {code: {"zh": one.zh, "en": one.en} for code, one in rules().items()},
        ),
        _text("due_note", "期限说明", "note on the term"),
        Column(
            "decided_on",
            Kind.DATE,
            filter=True,
            sort=True,
            editable=False,
            titles=both("决定日期", "decided"),
        ),
        _moment("closed", "结案时间", "closed"),
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
        _text("code", "编号", "code", sort=True),
        _text("document", "决定书文号", "document", search=True),
        _text("party", "当事人", "party", search=True),
        _text("party_code", "证照号码", "credit code", search=True),
        _text("person", "法定代表人", "representative"),
        _text("cause", "案由", "cause", search=True),
        _text("basis", "处罚依据", "basis"),
        _choice("decision", "处理决定", "decision", table().choices["decision"]),
        Column("fine", Kind.DECIMAL, sort=True, editable=False, titles=both("罚款（元）", "fine [yuan]")),
        _text("authority", "作出机关", "authority"),
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
        _text("code", "编号", "code", sort=True, search=True),
        _text("case", "案号", "case", path="case__number", search=True),
        _choice("kind", "移送类别", "kind", words("referral"), path="sort"),
        _text("target", "受移送机关", "referred to", search=True),
        _choice("state", "状态", "state", words("referral_state")),
        Column("region", Kind.CODE, "region_id", target="region", filter=True, sort=True, editable=False),
        REGION[1],
        _moment("made", "提出时间", "made"),
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


def _text(
    name: str,
    zh: str,
    en: str,
    *,
    path: str = "",
    sort: bool = False,
    search: bool = False,
    filter: bool = False,
    editable: bool = False,
    most: int | None = None,
    required: bool = False,
) -> Column:
    given: dict[str, Any] = {"sort": sort, "search": search, "filter": filter, "editable": editable}
    return Column(name, path=path, titles=both(zh, en), most=most, required=required, **given)


def _choice(name: str, zh: str, en: str, told: Any, *, path: str = "", editable: bool = False) -> Column:
    named = {code: {"zh": one["zh"], "en": one["en"]} for code, one in dict(told).items()}
    return Column(
        name,
        Kind.CHOICE,
        path,
        choices=tuple(named),
        choice_titles=named,
        titles=both(zh, en),
        editable=editable,
        filter=True,
        sort=True,
    )


def _moment(name: str, zh: str, en: str) -> Column:
    return Column(name, Kind.MOMENT, titles=both(zh, en), editable=False, filter=True, sort=True)


def _given(name: str, zh: str, en: str, most: int, **more: Any) -> Column:
    return _text(name, zh, en, editable=True, most=most, **more)


MATTERS = Table(
    Matter.KIND,
    "matters",
    Matter,
    (
        _given("code", "事项编码", "code", 60, sort=True, search=True, required=True),
        _given("name", "事项（违法行为）", "matter", 300, search=True, required=True),
        _given("name_en", "英文名称", "in English", 300, search=True),
        _choice("kind", "执法类别", "kind", matters.words("sort"), path="sort", editable=True),
        _choice("field", "领域", "field", matters.words("field"), editable=True),
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
