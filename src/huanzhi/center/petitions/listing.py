"""Columns of petitions, for lists and sheets, and of the sheets by which they come in."""

from __future__ import annotations

from collections.abc import Mapping

from huanzhi.center.issues.settings import settings as issue_settings
from huanzhi.center.petitions.models import Petition
from huanzhi.center.petitions.settings import settings, table
from huanzhi.library.places.tables import REGION
from huanzhi.library.records.columns import Column, Kind, both, told, told_choice, told_moment, told_truth
from huanzhi.library.records.tables import Table

Words = Mapping[str, Mapping[str, str]]


def columns() -> tuple[Column, ...]:
    """Return the columns of the list of petitions; none tells of the informant."""
    choices = table().choices
    return (
        told("number", "编号", "number", sort=True, search=True),
        told("title", "标题", "title", search=True),
        told_choice("channel", "渠道", "channel", settings()["channel"]),
        told("external", "原编号", "number of the channel", filter=True, search=True),
        told_choice("identity", "实名匿名", "named or anonymous", settings()["identity"]),
        told_choice("category", "类别", "category", issue_settings()["category"]),
        told_choice("level", "程度", "level", choices["level"]),
        told_choice("state", "状态", "state", _states()),
        Column("region", Kind.CODE, "region_id", target="region", filter=True, sort=True, editable=False),
        REGION[1],
        told("where", "地点", "where", search=True),
        told("target", "被举报对象", "complained of", search=True),
        told("enterprise", "企业编码", "enterprise", filter=True),
        told("organisation", "承办单位编码", "in hand with", path="organisation__code", filter=True),
        told("organisation_name", "承办单位", "in hand with", path="organisation__name"),
        told("person", "经办人", "officer", path="person__code", filter=True),
        told("issue", "问题编号", "issue", filter=True, search=True),
        told("joined_to", "并入", "joined to", path="joined_to__number", filter=True),
        Column("again", Kind.INTEGER, editable=False, filter=True, titles=both("第几次", "time told")),
        told_moment("received", "收到", "received"),
        told_moment("accepted", "受理", "accepted"),
        told_moment("replied", "答复", "answered"),
        told_moment("due", "期限", "due"),
        told("due_step", "期限环节", "what is due", filter=True),
        told("due_note", "期限说明", "note on the term"),
        told("escalation", "超期升级", "escalation", filter=True),
        told_truth("supervised", "督办", "supervised"),
        told_choice("verdict", "查实结论", "verdict", choices["verdict"]),
        Column(
            "score",
            Kind.INTEGER,
            editable=False,
            filter=True,
            sort=True,
            titles=both("满意度", "satisfaction"),
        ),
        told_choice("called", "回访", "called back", choices["yes_no"]),
        Column("lon", Kind.NUMBER, editable=False),
        Column("lat", Kind.NUMBER, editable=False),
        Column("simulated", Kind.TRUTH, filter=True, editable=False),
        Column("revision", Kind.INTEGER, editable=False),
    )


def petition_table() -> Table:
    """Return the table of petitions."""
    related = ("region", "organisation", "person", "joined_to")
    titles = {"zh": "信访举报", "en": "petition"}
    return Table(Petition.KIND, "petitions", Petition, columns(), related, "number", titles=titles)


def sheet_table() -> Table:
    """Return the columns of a sheet of petitions as channels give them; those of the informant are sealed."""
    return Table(
        Petition.KIND,
        "petition_sheet",
        Petition,
        _sheet(),
        key="external",
        titles=both("信访举报导入", "petitions"),
    )


def _sheet() -> tuple[Column, ...]:
    categories = {code: dict(one) for code, one in issue_settings()["category"].items()}
    channels = {code: dict(one) for code, one in settings()["channel"].items()}
    return (
        Column("external", titles=both("原编号", "number of the channel"), required=True, most=64),
        _given("channel", "渠道", "channel", channels),
        Column("received", Kind.MOMENT, titles=both("收到时间", "received"), required=True),
        _given("category", "类别", "category", categories),
        Column("region", titles=both("区域编码", "code of the region"), required=True, most=12),
        Column("title", titles=both("标题", "title"), most=200),
        Column("words", titles=both("举报内容", "what was told"), required=True, most=4000),
        Column("where", titles=both("地点", "where"), most=300),
        Column("target", titles=both("被举报对象", "complained of"), most=200),
        Column("lon", Kind.NUMBER, titles=both("经度", "longitude"), least=-180, most=180),
        Column("lat", Kind.NUMBER, titles=both("纬度", "latitude"), least=-90, most=90),
        Column("name", titles=both("举报人姓名", "name of the informant"), most=100),
        Column("phone", titles=both("举报人电话", "telephone of the informant"), most=40),
        Column("address", titles=both("举报人住址", "address of the informant"), most=300),
        Column("identity", titles=both("证件号码", "paper of the informant"), most=40),
    )


def _given(name: str, zh: str, en: str, words: Words) -> Column:
    titles = {code: {"zh": one["zh"], "en": one["en"]} for code, one in words.items()}
    return Column(
        name, Kind.CHOICE, titles=both(zh, en), required=True, choices=tuple(words), choice_titles=titles
    )


def _states() -> Words:
    return {code: {"zh": one.zh, "en": one.en} for code, one in table().states.items()}
