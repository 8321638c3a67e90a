"""Columns of publications and of reports of regions, for lists, sheets and the open log."""

from __future__ import annotations

from huanzhi.library.places.tables import REGION
from huanzhi.library.publications.models import Publication, RegionReport
from huanzhi.library.publications.settings import settings
from huanzhi.library.records.columns import Column, Kind, both, told, told_choice, told_moment, told_truth
from huanzhi.library.records.tables import Table

_REGION = Column("region", Kind.CODE, "region_id", target="region", filter=True, sort=True, editable=False)


_ROW = (
    told_truth("simulated", "模拟", "simulated"),
    told("revision", "修订", "revision", kind=Kind.INTEGER),
)


def publication_table() -> Table:
    """Return the table of publications."""
    columns = (
        told("number", "编号", "number", search=True, sort=True),
        told_choice("kind", "类别", "kind", settings()["sort"], "sort"),
        told("title", "标题", "title", search=True),
        told("title_en", "英文标题", "title in English", search=True),
        told("period", "时段", "period", filter=True, sort=True),
        _REGION,
        REGION[1],
        told_choice("state", "状态", "state", settings()["state"]),
        told("version", "版本", "version", kind=Kind.INTEGER, sort=True, filter=True),
        told("reason", "更正理由", "reason of correction"),
        told("withdrawal", "撤回理由", "why it was taken back"),
        told_moment("drafted", "起草时间", "drafted"),
        told("drafted_by", "起草人", "drafted by"),
        told_moment("published", "发布时间", "published"),
        told("published_by", "审定人", "approved by"),
        told("digest", "内容摘要 SHA-256", "SHA-256 of the content"),
        *_ROW,
    )
    titles = both("发布件", "publications")
    return Table(Publication.KIND, "publications", Publication, columns, ("region",), "number", titles=titles)


def region_report_table() -> Table:
    """Return the table of reports of regions."""
    columns = (
        told("number", "编号", "number", search=True, sort=True),
        told("title", "标题", "title", search=True),
        _REGION,
        REGION[1],
        told_choice("level", "层级", "level", settings()["level"]),
        told("period", "时段", "period", filter=True, sort=True),
        told_choice("state", "状态", "state", settings()["report_state"]),
        told("due", "上报期限", "due", kind=Kind.DATE, sort=True, filter=True),
        told_moment("drafted", "编制时间", "drafted"),
        told("drafted_by", "编制人", "drafted by"),
        told("reviewed_by", "审核人", "reviewed by"),
        told_moment("submitted", "上报时间", "handed in"),
        told("submitted_by", "上报人", "handed in by"),
        *_ROW,
    )
    titles = both("各级生态环境状况报告", "status reports of regions")
    return Table(
        RegionReport.KIND, "region-reports", RegionReport, columns, ("region",), "number", titles=titles
    )
