"""Columns of declarations and of rates."""

from __future__ import annotations

from typing import Any

from huanzhi.ecocode.tax.models import TaxDeclaration, TaxRate
from huanzhi.ecocode.tax.settings import settings
from huanzhi.library.places.tables import REGION
from huanzhi.library.records.columns import Column, Kind, both
from huanzhi.library.records.tables import Table
from huanzhi.standards.model import Confidence

MEDIA = {"air": both("大气", "air"), "water": both("水", "water")}


def _text(name: str, zh: str, en: str, path: str = "", **more: Any) -> Column:
    return Column(name, path=path, titles=both(zh, en), **{"editable": False, **more})


def _of(kind: Kind, name: str, zh: str, en: str, **more: Any) -> Column:
    return Column(name, kind, titles=both(zh, en), **{"editable": False, **more})


def _choice(name: str, zh: str, en: str, told: Any, **more: Any) -> Column:
    words = {code: both(row["zh"], row["en"]) for code, row in told.items()}
    return _of(
        Kind.CHOICE, name, zh, en, choices=tuple(words), choice_titles=words, filter=True, sort=True, **more
    )


_END = (
    _of(Kind.TRUTH, "simulated", "模拟", "simulated", filter=True),
    _of(Kind.INTEGER, "revision", "版本", "revision"),
)

DECLARATIONS = Table(
    TaxDeclaration.KIND,
    "tax-declarations",
    TaxDeclaration,
    (
        _text("number", "编号", "number", search=True, sort=True),
        _text("enterprise", "企业编码", "enterprise", "enterprise__code", filter=True),
        _text("enterprise_name", "企业", "name of the enterprise", "enterprise__name", search=True),
        Column("region", Kind.CODE, "region_id", target="region", filter=True, sort=True, editable=False),
        REGION[1],
        _text("quarter", "所属季度", "quarter", filter=True, sort=True),
        _choice("state", "状态", "state", settings()["state"]),
        _of(Kind.DECIMAL, "total", "税额 (元)", "tax (yuan)"),
        _text("province", "适用税额", "rates of"),
        _text("confidence", "税额依据可信度", "confidence of the rates"),
        _of(Kind.DATE, "due", "申报期限", "due", sort=True, filter=True),
        _of(Kind.MOMENT, "confirmed", "企业确认", "confirmed", sort=True),
        _of(Kind.MOMENT, "reviewed", "复核时间", "reviewed", sort=True),
        _of(Kind.MOMENT, "sent", "送出时间", "sent", sort=True),
        *_END,
    ),
    ("region", "enterprise"),
    "number",
    titles=both("环境保护税申报", "declarations of the environmental tax"),
)

RATES = Table(
    TaxRate.KIND,
    "tax-rates",
    TaxRate,
    (
        _text("code", "编码", "code", search=True, sort=True),
        _text("province", "省份", "province", editable=True, required=True, filter=True, sort=True),
        _choice("medium", "介质", "medium", MEDIA, editable=True, required=True),
        _text("items", "污染物", "pollutants", editable=True),
        _of(Kind.DECIMAL, "yuan", "税额 (元/污染当量)", "yuan an equivalent", editable=True, required=True),
        _text("basis", "依据", "basis", editable=True, required=True, search=True),
        _choice(
            "confidence",
            "可信度",
            "confidence",
            {one.value: {"zh": one.value, "en": one.value} for one in Confidence},
            editable=True,
        ),
        _of(Kind.DATE, "valid_from", "起", "from", editable=True, required=True, sort=True, filter=True),
        _of(Kind.DATE, "valid_to", "止", "to", editable=True, sort=True),
        *_END,
    ),
    (),
    "code",
    titles=both("环境保护税适用税额", "rates of the environmental tax"),
)
