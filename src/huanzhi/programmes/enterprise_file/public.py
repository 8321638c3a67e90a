"""The public part of the file 公开档案: what everybody may read of an enterprise.

It is there for enterprises that are public, and for key units, whose list the law makes public, unless their
record is restricted or their own. Name, region, industry, classes, and where they are public the permit, the
code and the outlets with their monitoring, and penalties that were published: nothing else.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.apps import apps
from django.db.models import Q

from huanzhi.center.enforcement.records import Announcement
from huanzhi.library.enterprises.models import Enterprise, Outlet, Permit
from huanzhi.library.records.columns import Column, Kind, both
from huanzhi.library.rights import ANYONE, visible
from huanzhi.library.rights.decision import INTERNAL, PUBLIC

COLUMNS = (
    Column("code", titles=both("统一社会信用代码", "credit code"), search=True, sort=True),
    Column("name", titles=both("企业名称", "name"), search=True, sort=True),
    Column("region", titles=both("区域编码", "region"), filter=True),
    Column("region_name", titles=both("区域", "name of the region")),
    Column("industry", titles=both("行业", "industry"), filter=True, search=True),
    Column("management", titles=both("排污许可管理类别", "permit class"), filter=True),
    Column("key_unit", Kind.TRUTH, titles=both("重点单位", "key unit"), filter=True),
    Column("simulated", Kind.TRUTH, titles=both("模拟", "simulated")),
)


def public_enterprises() -> Any:
    """Return the enterprises that have a public file."""
    listed = Q(sensitivity=PUBLIC) | Q(sensitivity=INTERNAL, key_unit=True)
    return Enterprise.objects.filter(listed).select_related("region").order_by("code")


def public_row(one: Enterprise) -> dict[str, Any]:
    """Return a line of the public list."""
    names = ("code", "name", "industry", "management", "key_unit", "simulated")
    told = {name: getattr(one, name) for name in names}
    return {**told, "region": one.region_id, "region_name": one.region.name}


def public_file(one: Enterprise, today: date) -> dict[str, Any]:
    """Return the public file."""
    return {
        **public_row(one),
        "status": one.status,
        "permit": _permit(one, today),
        "code_level": _code(one),
        "outlets": _outlets(one),
        "penalties": _penalties(one, today),
    }


def _permit(one: Enterprise, today: date) -> dict[str, Any] | None:
    """Return number, authority and end of the permit that holds, where it is public."""
    rows = visible(ANYONE, Permit.KIND, Permit.objects.filter(enterprise=one, status="valid"))
    found = next((row for row in rows.order_by("-valid_from", "code") if row.holds(today)), None)
    if found is None:
        return None
    end = found.valid_to.isoformat() if found.valid_to else None
    return {"code": found.code, "authority": found.authority, "management": found.management, "valid_to": end}


def _code(one: Enterprise) -> dict[str, Any] | None:
    """Return the code, once the scheme of the place lets it be shown to everybody."""
    if not apps.is_installed("huanzhi.ecocode.grades"):
        return None
    model = apps.get_model("grades", "Code")
    row = visible(ANYONE, model.KIND, model.objects.filter(enterprise=one, sort="code")).first()
    if row is None:
        return None
    return {"scheme": row.scheme, "level": row.level, "since": row.since.isoformat()}


def _outlets(one: Enterprise) -> list[dict[str, Any]]:
    rows = visible(ANYONE, Outlet.KIND, Outlet.objects.filter(enterprise=one)).order_by("code")
    return [{"code": row.code, "name": row.name, "medium": row.medium} for row in rows]


def _penalties(one: Enterprise, today: date) -> list[dict[str, Any]]:
    """Return the penalties that are published now, by the credit code of the party."""
    rows = visible(ANYONE, Announcement.KIND, Announcement.objects.filter(party_code=one.code))
    shown = rows.filter(Q(ends=None) | Q(ends__gt=today)).order_by("-published", "code")
    names = ("document", "cause", "decision", "authority")
    return [
        {
            **{name: getattr(row, name) for name in names},
            "fine": str(row.fine) if row.fine is not None else None,
            "decided": row.decided.isoformat(),
            "published": row.published.isoformat(),
        }
        for row in shown
    ]
