"""Columns of sightings and of their files."""

from __future__ import annotations

from huanzhi.center.issues.settings import settings as issue_settings
from huanzhi.center.sightings.models import Batch, Sighting
from huanzhi.center.sightings.settings import settings
from huanzhi.library.places.tables import REGION
from huanzhi.library.records.columns import Column, Kind, both, told, told_choice
from huanzhi.library.records.tables import Table


def _kind(name: str, kind: Kind, zh: str, en: str) -> Column:
    told = kind in (Kind.MOMENT, Kind.DATE)
    return Column(name, kind, titles=both(zh, en), editable=False, filter=told, sort=told)


SIGHTINGS = Table(
    Sighting.KIND,
    "sightings",
    Sighting,
    (
        told("code", "编号", "code", filter=True, sort=True, search=True),
        told("name", "名称", "name", search=True),
        told_choice("channel", "渠道", "channel", settings()["channel"]),
        told("source", "来源", "source", filter=True, sort=True, search=True),
        told("ref", "原编号", "number there", search=True),
        told_choice("category", "类别", "category", issue_settings()["category"]),
        told_choice("state", "状态", "state", settings()["state"]),
        Column("region", Kind.CODE, "region_id", target="region", filter=True, sort=True, editable=False),
        REGION[1],
        _kind("seen_at", Kind.MOMENT, "发现时间", "seen"),
        _kind("area_m2", Kind.NUMBER, "面积（平方米）", "area [m²]"),
        told("parameter", "监测项目", "parameter", filter=True, sort=True),
        told("value", "监测值", "value"),
        told("unit", "单位", "unit"),
        told("person", "核查人账号", "account", "person__code", filter=True, sort=True),
        told("person_name", "核查人", "verifier", "person__name"),
        _kind("due", Kind.DATE, "核查期限", "due"),
        _kind("verified_at", Kind.MOMENT, "核查时间", "verified"),
        told_choice("ground", "不属实理由", "ground", settings()["ground"]),
        told("issue", "问题编号", "issue", filter=True, sort=True),
        told("batch", "批次", "batch", "batch__code", filter=True, sort=True),
        Column("lon", Kind.NUMBER, editable=False),
        Column("lat", Kind.NUMBER, editable=False),
        Column("simulated", Kind.TRUTH, filter=True, editable=False),
        Column("revision", Kind.INTEGER, editable=False),
    ),
    ("region", "person", "batch"),
    titles=both("遥感图斑与走航点位", "sightings"),
)
BATCHES = Table(
    Batch.KIND,
    "sighting-batches",
    Batch,
    (
        told("code", "批次", "batch", filter=True, sort=True, search=True),
        told_choice("channel", "渠道", "channel", settings()["channel"]),
        told("source", "来源", "source", filter=True, sort=True, search=True),
        told("datum", "坐标系", "datum"),
        told("file", "文件", "file", search=True),
        told("sha256", "SHA-256", "SHA-256"),
        _kind("rows", Kind.INTEGER, "图斑数", "spots"),
        _kind("known", Kind.INTEGER, "已有", "known before"),
        Column("region", Kind.CODE, "region_id", target="region", filter=True, editable=False),
        _kind("taken_in", Kind.MOMENT, "导入时间", "taken in"),
        told("taken_in_by", "导入人", "by"),
        Column("simulated", Kind.TRUTH, filter=True, editable=False),
    ),
    ("region",),
    titles=both("图斑批次", "files of sightings"),
)
