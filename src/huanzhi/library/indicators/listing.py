"""Columns of indicators of the city, values, targets and assessments."""

from __future__ import annotations

from typing import Any

from huanzhi.library.indicators.models import Indicator, Score, Target, Value
from huanzhi.library.places.tables import REGION
from huanzhi.library.records.columns import Column, Kind, both
from huanzhi.library.records.tables import Table

STATES = {
    "reckoned": both("已计算", "reckoned"),
    "proposed": both("待确认", "to be confirmed"),
    "confirmed": both("已确认", "confirmed"),
    "refused": both("未通过", "refused"),
    "replaced": both("已替换", "replaced"),
}
PATH_STATES = {
    "draft": both("草案", "draft"),
    "proposed": both("待冻结", "to be frozen"),
    "frozen": both("已冻结", "frozen"),
}
SCORE_STATES = {
    "draft": both("草案", "draft"),
    "proposed": both("待发布", "to be published"),
    "published": both("已发布", "published"),
}
_REGION = Column("region", Kind.CODE, "region_id", target="region", filter=True, sort=True, editable=False)


def _of(kind: Kind, name: str, zh: str, en: str, path: str = "", **more: Any) -> Column:
    return Column(name, kind, path, titles=both(zh, en), editable=False, **more)


def _text(name: str, zh: str, en: str, path: str = "", **more: Any) -> Column:
    return _of(Kind.TEXT, name, zh, en, path, **more)


def _choice(name: str, zh: str, en: str, words: dict[str, dict[str, str]], path: str = "") -> Column:
    more = {"choices": tuple(words), "choice_titles": words, "filter": True, "sort": True}
    return _of(Kind.CHOICE, name, zh, en, path, **more)


_END = (
    _of(Kind.TRUTH, "simulated", "模拟", "simulated", filter=True),
    _of(Kind.INTEGER, "revision", "版本", "revision"),
)

INDICATOR_COLUMNS = (
    _text("code", "编码", "code", search=True, sort=True),
    _text("name", "指标", "indicator", search=True, sort=True),
    _text("theme", "领域", "theme", filter=True, sort=True),
    _text("theme_name", "领域名称", "theme name"),
    _text("unit", "单位", "unit", filter=True),
    _text("direction", "方向", "direction", filter=True),
    _text("formula_name", "公式", "formula", filter=True, search=True),
    _text("owner", "责任部门", "owner", search=True),
    _text("definition", "定义", "definition", search=True),
    _text("basis", "依据", "basis"),
    _text("confidence", "核实程度", "confidence", filter=True),
    _text("aliases", "别名", "aliases", search=True),
    _of(Kind.TRUTH, "reported", "填报", "given by hand", filter=True),
    _of(Kind.TRUTH, "own", "本市增设", "of the city", filter=True),
    _text("value", "最新值", "latest value"),
    _text("value_span", "时段", "span"),
    _of(Kind.INTEGER, "targets", "目标数", "targets", sort=True),
)

OWN = Table(
    Indicator.KIND,
    "own-indicators",
    Indicator,
    (_text("code", "编码", "code"), _text("name", "名称", "name"), _REGION, *_END),
    ("region",),
    titles=both("本市指标", "indicators of the city"),
)

VALUES = Table(
    Value.KIND,
    "indicator-values",
    Value,
    (
        _text("code", "编号", "code", search=True),
        _text("indicator", "指标", "indicator", filter=True, sort=True, search=True),
        _REGION,
        REGION[1],
        _of(Kind.DATE, "first", "起", "from", sort=True),
        _of(Kind.DATE, "last", "止", "to", sort=True, filter=True),
        _text("value", "数值", "value"),
        _text("unit", "单位", "unit"),
        _of(Kind.INTEGER, "part", "分子", "part"),
        _of(Kind.INTEGER, "whole", "分母", "whole"),
        _text("source", "来源", "source", filter=True),
        _choice("state", "状态", "state", STATES),
        _text("reason", "说明", "reason"),
        _text("reporter", "填报人", "reporter"),
        _of(Kind.MOMENT, "as_of", "计算时间", "as of", sort=True),
        _text("version", "程序版本", "version of the programme"),
        *_END,
    ),
    ("region", "organisation"),
    titles=both("指标值", "values of indicators"),
)

TARGETS = Table(
    Target.KIND,
    "targets",
    Target,
    (
        _text("number", "编号", "number", search=True, sort=True),
        _text("indicator", "指标编码", "indicator", filter=True, sort=True, search=True),
        _REGION,
        REGION[1],
        _of(Kind.INTEGER, "year", "年度", "year", filter=True, sort=True),
        _text("op", "比较", "operator"),
        _text("value", "目标值", "value"),
        _text("upper", "上限", "upper"),
        _text("unit", "单位", "unit"),
        _text("stretch", "力争值", "stretch"),
        _text("organisation", "责任单位编码", "organisation", "organisation__code", filter=True),
        _text("organisation_name", "责任单位", "organisation name", "organisation__name"),
        _text("parent", "上级目标", "parent", "parent__number", filter=True),
        _text("weight", "权重", "weight"),
        _text("data_region", "代用数据地区", "data stand in from"),
        _choice("path_state", "路径", "path", PATH_STATES),
        *_END,
    ),
    ("region", "organisation", "parent"),
    "number",
    titles=both("目标", "targets"),
)

SCORES = Table(
    Score.KIND,
    "scores",
    Score,
    (
        _text("number", "编号", "number", search=True, sort=True),
        _of(Kind.INTEGER, "year", "年度", "year", filter=True, sort=True),
        _text("subject", "考核对象编码", "subject", filter=True, sort=True),
        _text("name", "考核对象", "assessed", search=True),
        _REGION,
        _text("total", "得分", "score"),
        _text("grade", "等次", "grade", filter=True),
        _choice("state", "状态", "state", SCORE_STATES),
        _text("rulebook", "规则簿", "rulebook"),
        _text("version", "规则版本", "version"),
        _of(Kind.DATE, "day", "统计日", "as of", sort=True),
        *_END,
    ),
    ("region", "organisation"),
    "number",
    titles=both("考核结果", "assessments"),
)
