"""Columns of sightings and of their files."""

from __future__ import annotations

from collections.abc import Mapping

from huanzhi.center.issues.settings import settings as issue_settings
from huanzhi.center.sightings.models import Batch, Sighting
from huanzhi.center.sightings.settings import settings
from huanzhi.library.places.tables import REGION
from huanzhi.library.records.columns import Column, Kind, both
from huanzhi.library.records.tables import Table


def _text(
    name: str, zh: str, en: str, path: str = "", *, filter: bool = False, search: bool = False
) -> Column:
    return Column(
        name, path=path, filter=filter, sort=filter, search=search, editable=False, titles=both(zh, en)
    )


def _choice(name: str, zh: str, en: str, table: Mapping[str, Mapping[str, str]]) -> Column:
    words = {code: both(one["zh"], one["en"]) for code, one in table.items()}
    return Column(
        name,
        Kind.CHOICE,
        choices=tuple(words),
        choice_titles=words,
        titles=both(zh, en),
        editable=False,
        filter=True,
        sort=True,
    )


def _kind(name: str, kind: Kind, zh: str, en: str) -> Column:
    told = kind in (Kind.MOMENT, Kind.DATE)
    return Column(name, kind, titles=both(zh, en), editable=False, filter=told, sort=told)


SIGHTINGS = Table(
    Sighting.KIND,
    "sightings",
    Sighting,
    (
        _text("code", "编号", "code", filter=True, search=True),
        _text("name", "名称", "name", search=True),
        _choice("channel", "渠道", "channel", settings()["channel"]),
        _text("source", "来源", "source", filter=True, search=True),
        _text("ref", "原编号", "number there", search=True),
        _choice("category", "类别", "category", issue_settings()["category"]),
        _choice("state", "状态", "state", settings()["state"]),
        Column("region", Kind.CODE, "region_id", target="region", filter=True, sort=True, editable=False),
        REGION[1],
        _kind("seen_at", Kind.MOMENT, "发现时间", "seen"),
        _kind("area_m2", Kind.NUMBER, "面积（平方米）", "area [m²]"),
        _text("parameter", "监测项目", "parameter", filter=True),
        _text("value", "监测值", "value"),
        _text("unit", "单位", "unit"),
        _text("person", "核查人账号", "account", "person__code", filter=True),
        _text("person_name", "核查人", "verifier", "person__name"),
        _kind("due", Kind.DATE, "核查期限", "due"),
        _kind("verified_at", Kind.MOMENT, "核查时间", "verified"),
        _choice("ground", "不属实理由", "ground", settings()["ground"]),
        _text("issue", "问题编号", "issue", filter=True),
        _text("batch", "批次", "batch", "batch__code", filter=True),
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
        _text("code", "批次", "batch", filter=True, search=True),
        _choice("channel", "渠道", "channel", settings()["channel"]),
        _text("source", "来源", "source", filter=True, search=True),
        _text("datum", "坐标系", "datum"),
        _text("file", "文件", "file", search=True),
        _text("sha256", "SHA-256", "SHA-256"),
        _kind("rows", Kind.INTEGER, "图斑数", "spots"),
        _kind("known", Kind.INTEGER, "已有", "known before"),
        Column("region", Kind.CODE, "region_id", target="region", filter=True, editable=False),
        _kind("taken_in", Kind.MOMENT, "导入时间", "taken in"),
        _text("taken_in_by", "导入人", "by"),
        Column("simulated", Kind.TRUTH, filter=True, editable=False),
    ),
    ("region",),
    titles=both("图斑批次", "files of sightings"),
)
