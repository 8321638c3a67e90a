"""Columns of public opinion, for lists, forms and sheets."""

from __future__ import annotations

from collections.abc import Mapping

from huanzhi.center.issues.settings import settings as issue_settings
from huanzhi.center.opinion.models import Opinion
from huanzhi.center.opinion.settings import settings
from huanzhi.library.places.tables import REGION
from huanzhi.library.records.columns import Column, Kind, both, told_choice
from huanzhi.library.records.tables import Table

Words = Mapping[str, Mapping[str, str]]


def opinion_table() -> Table:
    """Return the table of public opinion."""
    titles = {"zh": "舆情", "en": "public opinion"}
    return Table(Opinion.KIND, "opinion", Opinion, columns(), ("region", "organisation"), titles=titles)


def columns() -> tuple[Column, ...]:
    """Return the columns."""
    words = settings()
    return (
        Column("code", required=True, most=40, sort=True, search=True, titles=both("编号", "number")),
        Column("title", required=True, most=200, search=True, titles=both("标题", "title")),
        Column("words", most=4000, titles=both("摘要", "what it says")),
        Column("source", required=True, most=100, search=True, filter=True, titles=both("来源", "source")),
        _choice("media", "媒体", "media", words["media"], given=True),
        Column("url", most=500, titles=both("网址", "address")),
        Column(
            "published",
            Kind.MOMENT,
            required=True,
            filter=True,
            sort=True,
            titles=both("发布时间", "published"),
        ),
        _choice("topic", "主题", "topic", issue_settings()["category"], given=True),
        *REGION,
        _choice("tone", "倾向", "tone", words["tone"], given=True),
        Column("reads", Kind.INTEGER, least=0, sort=True, titles=both("阅读量", "reads")),
        Column(
            "spread", Kind.INTEGER, least=0, sort=True, titles=both("转发和评论量", "shares and comments")
        ),
        Column("incident", Kind.TRUTH, titles=both("涉及突发事件", "about an incident")),
        Column("score", Kind.INTEGER, editable=False, sort=True, titles=both("得分", "score")),
        _choice("grade", "级别", "grade", words["grade"]),
        _choice("state", "状态", "state", words["state"]),
        Column(
            "organisation",
            path="organisation__code",
            editable=False,
            filter=True,
            titles=both("责任单位编码", "owner"),
        ),
        Column(
            "organisation_name", path="organisation__name", editable=False, titles=both("责任单位", "owner")
        ),
        Column(
            "due",
            Kind.MOMENT,
            editable=False,
            filter=True,
            sort=True,
            titles=both("回应期限", "answer until"),
        ),
        Column("responded", Kind.MOMENT, editable=False, sort=True, titles=both("回应时间", "answered")),
        Column("issue", editable=False, filter=True, titles=both("问题编号", "issue")),
        Column("simulated", Kind.TRUTH, filter=True, editable=False),
        Column("revision", Kind.INTEGER, editable=False),
    )


def _choice(name: str, zh: str, en: str, words: Words, *, given: bool = False) -> Column:
    return told_choice(name, zh, en, words, required=given, editable=given)
