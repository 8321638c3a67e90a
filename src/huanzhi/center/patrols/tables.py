"""Columns of areas, keepers, plans and patrols, for forms, sheets and lists."""

from __future__ import annotations

from huanzhi.center.patrols.models import Area, Finding, Keeper, Patrol, Plan
from huanzhi.center.patrols.settings import settings
from huanzhi.library.places.tables import ATTRIBUTES, CODE, NAME, ORGANISATION, PLACED, REGION
from huanzhi.library.records.columns import Column, Kind, both
from huanzhi.library.records.tables import DATED, STANDING, Table, declare


def worded(
    name: str, zh: str, en: str, table: str = "", *, editable: bool = True, required: bool = False
) -> Column:
    """Return a column whose choices are the words of a table of ``data/patrols.toml``."""
    words = {code: both(one["zh"], one["en"]) for code, one in settings()[table or name].items()}
    return Column(
        name,
        Kind.CHOICE,
        choices=tuple(words),
        choice_titles=words,
        titles=both(zh, en),
        editable=editable,
        required=required,
        filter=True,
        sort=True,
    )


_AREA = (
    Column(
        "area",
        Kind.CODE,
        "area__code",
        target="patrol_area",
        required=True,
        filter=True,
        sort=True,
        titles=both("网格或责任段编码", "area"),
    ),
    Column(
        "area_name",
        path="area__name",
        editable=False,
        search=True,
        titles=both("网格或责任段", "name of the area"),
    ),
    Column("region", Kind.CODE, "area__region_id", target="region", filter=True, editable=False),
)

AREAS = Table(
    Area.KIND,
    "patrol-areas",
    Area,
    (
        CODE,
        NAME,
        worded("category", "类别", "category", required=True),
        worded("level", "级别", "level", required=True),
        Column(
            "parent",
            Kind.CODE,
            "parent__code",
            target="patrol_area",
            filter=True,
            titles=both("上级网格", "lies in"),
        ),
        *REGION,
        *PLACED,
        Column("geometry", Kind.JSON, titles=both("范围（GeoJSON）", "outline (GeoJSON)"), sheet=False),
        Column("water_body", most=100, search=True, titles=both("水体", "water body")),
        Column("covers", most=1000, search=True, titles=both("覆盖污染源", "sources within")),
        *ORGANISATION,
        ATTRIBUTES,
        *STANDING,
    ),
    ("region", "organisation", "parent"),
    titles=both("网格与责任段", "patrol areas"),
)
KEEPERS = Table(
    Keeper.KIND,
    "patrol-keepers",
    Keeper,
    (
        CODE,
        *_AREA,
        Column("name", most=100, search=True, titles=both("姓名", "name")),
        worded("role", "身份", "role", required=True),
        worded("level", "级别", "level"),
        Column(
            "person", Kind.CODE, "person__code", target="person", filter=True, titles=both("账号", "account")
        ),
        *DATED,
    ),
    ("area", "area__region", "area__organisation", "person"),
    titles=both("网格员与河湖长", "keepers of areas"),
)
PLANS = Table(
    Plan.KIND,
    "patrol-plans",
    Plan,
    (
        CODE,
        *_AREA,
        Column(
            "keeper",
            Kind.CODE,
            "keeper__code",
            target="patrol_keeper",
            filter=True,
            titles=both("责任人编码", "keeper"),
        ),
        Column(
            "keeper_name", path="keeper__name", editable=False, titles=both("责任人", "name of the keeper")
        ),
        worded("per", "周期", "period", required=True),
        Column("times", Kind.INTEGER, required=True, least=1, most=100, titles=both("次数", "times")),
        Column(
            "min_minutes",
            Kind.INTEGER,
            least=1,
            most=1440,
            titles=both("最短时长（分钟）", "least time [min]"),
        ),
        Column(
            "min_metres", Kind.INTEGER, least=1, most=200000, titles=both("最短路程（米）", "least way [m]")
        ),
        Column(
            "min_gap_hours",
            Kind.INTEGER,
            least=1,
            most=2400,
            titles=both("间隔不少于（小时）", "hours between two"),
        ),
        Column("months", most=10, titles=both("巡查月份", "months")),
        Column("basis", most=300, titles=both("依据", "basis")),
        Column("source", Kind.JSON, editable=False, titles=both("取自频次表", "from the table")),
        *DATED,
    ),
    ("area", "area__region", "area__organisation", "keeper"),
    titles=both("巡查计划", "patrol plans"),
)
VERDICTS = ("valid", "invalid", "unjudged")
PATROLS = Table(
    Patrol.KIND,
    "patrols",
    Patrol,
    (
        Column("code", sort=True, search=True, filter=True, editable=False, titles=both("巡查编号", "code")),
        *_AREA[:2],
        Column(
            "category", path="area__category", filter=True, editable=False, titles=both("类别", "category")
        ),
        Column("region", Kind.CODE, "region_id", target="region", filter=True, sort=True, editable=False),
        REGION[1],
        Column("person", path="person__code", filter=True, editable=False, titles=both("账号", "account")),
        Column("person_name", path="person__name", search=True, editable=False, titles=both("巡查人", "who")),
        Column("plan", path="plan__code", filter=True, editable=False, titles=both("计划", "plan")),
        Column(
            "started", Kind.MOMENT, filter=True, sort=True, editable=False, titles=both("开始", "started")
        ),
        Column("ended", Kind.MOMENT, filter=True, sort=True, editable=False, titles=both("结束", "ended")),
        Column(
            "arrived",
            Kind.MOMENT,
            filter=True,
            sort=True,
            editable=False,
            titles=both("到达平台", "arrived"),
        ),
        Column(
            "clock_s",
            Kind.NUMBER,
            editable=False,
            titles=both("设备时钟偏差（秒）", "clock of the device off [s]"),
        ),
        Column(
            "minutes",
            Kind.NUMBER,
            filter=True,
            sort=True,
            editable=False,
            titles=both("时长（分钟）", "time [min]"),
        ),
        Column(
            "metres",
            Kind.NUMBER,
            filter=True,
            sort=True,
            editable=False,
            titles=both("路程（米）", "way [m]"),
        ),
        Column(
            "verdict",
            Kind.CHOICE,
            choices=VERDICTS,
            words="patrol_verdict",
            filter=True,
            sort=True,
            editable=False,
            titles=both("评判", "verdict"),
        ),
        Column("findings", Kind.INTEGER, path="found", editable=False, titles=both("发现问题", "findings")),
        Column("lon", Kind.NUMBER, editable=False),
        Column("lat", Kind.NUMBER, editable=False),
        Column("simulated", Kind.TRUTH, filter=True, editable=False),
        Column("revision", Kind.INTEGER, editable=False),
    ),
    ("area", "region", "organisation", "person", "plan"),
    titles=both("巡查记录", "patrols"),
)
FINDINGS = Table(
    Finding.KIND,
    "patrol-findings",
    Finding,
    (
        Column("client", editable=False, titles=both("标识", "id")),
        Column("patrol", path="patrol__code", filter=True, editable=False, titles=both("巡查编号", "patrol")),
        Column("title", search=True, editable=False, titles=both("问题", "what")),
        Column("category", filter=True, sort=True, editable=False, titles=both("类别", "category")),
        Column("region", Kind.CODE, "patrol__region_id", target="region", filter=True, editable=False),
        Column("at", Kind.MOMENT, filter=True, sort=True, editable=False, titles=both("发现时间", "found")),
        Column(
            "handled",
            Kind.TRUTH,
            filter=True,
            editable=False,
            titles=both("现场处置", "handled on the spot"),
        ),
        Column("issue", filter=True, editable=False, titles=both("问题编号", "issue")),
        Column("lon", Kind.NUMBER, editable=False),
        Column("lat", Kind.NUMBER, editable=False),
    ),
    ("patrol", "patrol__region", "patrol__organisation"),
    "client",
    titles=both("巡查发现", "findings of patrols"),
)
declare(AREAS, KEEPERS, PLANS)
