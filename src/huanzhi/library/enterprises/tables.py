"""Columns of enterprises, outlets, permits and limits."""

from __future__ import annotations

from huanzhi.library.enterprises.models import Enterprise, Outlet, Permit, PermitLimit
from huanzhi.library.places.tables import ATTRIBUTES, CODE, NAME, ORGANISATION, PLACED, REGION, choice
from huanzhi.library.records.columns import Column, Kind
from huanzhi.library.records.tables import STANDING, Table, declare

MANAGEMENT = ("key", "simplified", "registered")
"""Management class of the permit catalogue 排污许可管理类别: 重点管理, 简化管理, 登记管理."""

_CREDIT_CODE = Column(
    "code", required=True, most=18, sort=True, search=True, filter=True, heading_key="credit_code"
)
_ENTERPRISE = (
    Column(
        "enterprise",
        Kind.CODE,
        "enterprise__code",
        target="enterprise",
        required=True,
        filter=True,
        sort=True,
    ),
    Column("enterprise_name", path="enterprise__name", editable=False, search=True),
)
_INHERITED = (
    Column("region", Kind.CODE, "region_id", target="region", filter=True, sort=True),
    REGION[1],
    *ORGANISATION,
)
_RELATED = ("region", "organisation", "enterprise")

declare(
    Table(
        "enterprise",
        "enterprises",
        Enterprise,
        (
            _CREDIT_CODE,
            NAME,
            Column("short_name", most=100, search=True),
            *REGION,
            Column("industry_code", most=10, filter=True, sort=True),
            Column("industry", most=100, filter=True, sort=True, search=True),
            choice("management", MANAGEMENT),
            Column("key_unit", Kind.TRUTH, filter=True),
            choice("status", ("operating", "suspended", "closed"), "enterprise_status"),
            Column("park", most=100, filter=True, sort=True, search=True),
            Column("address", most=300, search=True),
            Column("contact", most=100),
            Column("phone", most=40),
            *PLACED,
            *ORGANISATION,
            ATTRIBUTES,
            *STANDING,
        ),
        ("region", "organisation"),
    ),
    Table(
        "outlet",
        "outlets",
        Outlet,
        (
            CODE,
            NAME,
            *_ENTERPRISE,
            choice("medium", ("water", "gas", "noise", "waste", "other"), required=True),
            Column("permit_number", most=40, search=True, filter=True),
            Column("main", Kind.TRUTH, filter=True),
            Column("discharges_to", most=100, filter=True),
            Column("treatment", most=200),
            Column("height_m", Kind.NUMBER, least=0, most=1000),
            Column("design_flow", most=30),
            *_INHERITED,
            *PLACED,
            ATTRIBUTES,
            *STANDING,
        ),
        _RELATED,
    ),
    Table(
        "permit",
        "permits",
        Permit,
        (
            CODE,
            *_ENTERPRISE,
            Column("authority", most=200),
            choice("management", MANAGEMENT),
            choice("status", ("valid", "suspended", "revoked", "expired"), "permit_status"),
            Column("issued", Kind.DATE, sort=True, filter=True),
            *_INHERITED,
            ATTRIBUTES,
            *STANDING,
        ),
        _RELATED,
    ),
    Table(
        "permit_limit",
        "permit-limits",
        PermitLimit,
        (
            Column("code", most=150, sort=True, search=True, filter=True),
            Column("permit", Kind.CODE, "permit__code", target="permit", required=True, filter=True),
            Column(
                "enterprise", Kind.CODE, "enterprise__code", target="enterprise", filter=True, editable=False
            ),
            Column("enterprise_name", path="enterprise__name", editable=False, search=True),
            Column("outlet", Kind.CODE, "outlet__code", target="outlet", filter=True, sort=True),
            Column("parameter", required=True, most=40, filter=True, sort=True),
            choice("measure", ("concentration", "rate", "amount", "level")),
            choice("averaging", ("instant", "hour", "day", "month", "quarter", "year", "range")),
            Column("value", Kind.DECIMAL, required=True, most=30),
            Column("value_least", Kind.DECIMAL, most=30),
            Column("unit", most=30),
            Column("standard", most=100, filter=True),
            Column("clause", most=200),
            *_INHERITED,
            *STANDING,
        ),
        (*_RELATED, "permit", "outlet"),
    ),
)
